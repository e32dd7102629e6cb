import type { Database } from './open-database';

/** Readiness is asked for by proxies and supervisors, some of them every second. */
const TRUSTED_MS = 5_000;

/** Whether the database takes writes: a full disk or a replica still answers every question. */
export interface WriteProbe {
  /**
   * @param monotonic milliseconds of a clock that is never set
   * @throws what a write of one row failed with; a write that came through counts for five seconds.
   */
  check(now: Date, monotonic: number): Promise<void>;
}

export function createWriteProbe(database: Database): WriteProbe {
  let trustedUntil = Number.NEGATIVE_INFINITY;
  return {
    async check(now, monotonic) {
      if (monotonic < trustedUntil) return;
      const row = { id: 1, at: now.toISOString() };
      await database.write((transaction) =>
        transaction
          .insertInto('write_probe')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ at: row.at }))
          .execute(),
      );
      trustedUntil = monotonic + TRUSTED_MS;
    },
  };
}
