import { type RawBuilder, sql } from 'kysely';

/** No attempt is ever planned further ahead than this. */
const FARTHEST_MS = 3_600_000;

/**
 * Of the inbox and the outbox: whether the next attempt's time has come. One that is planned further ahead than any
 * ever is was planned by a clock that has been set back since, and is due as well: a lead must not wait for the hours
 * that the clock was wrong by.
 */
export function isDue(now: Date): RawBuilder<boolean> {
  const farthest = new Date(now.getTime() + FARTHEST_MS).toISOString();
  return sql<boolean>`(next_attempt_at <= ${now.toISOString()} or next_attempt_at > ${farthest})`;
}
