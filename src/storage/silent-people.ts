import type { Database } from './open-database';

/** Rows at a time; the rest is found at the next look. */
const AT_ONCE = 100;

/** Conversations on these channels in which a person of the team was to answer until a moment that is over. */
export async function silentPeople(
  { kysely }: Database,
  now: Date,
  channels: readonly string[],
): Promise<{ id: string; channel: string; userId: string; until: string }[]> {
  const rows = await kysely
    .selectFrom('conversations')
    .select(['id', 'channel', 'user_id', 'person_until'])
    .where('person_until', '<=', now.toISOString())
    .where('channel', 'in', channels)
    .orderBy('person_until')
    .limit(AT_ONCE)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    userId: row.user_id,
    until: row.person_until ?? '',
  }));
}
