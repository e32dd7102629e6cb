import { type Calibration, readCalibration } from '../answers/calibration';
import type { Database } from './open-database';

/** What the matching learnt from a knowledge, kept so that the next start need not learn it again. */
export interface KeptCalibrations {
  /** `key` names the knowledge's content and the engine's; undefined where nothing usable is kept for the two. */
  find(key: string): Promise<Calibration | undefined>;
  /** Replaces what was kept: only the newest is worth having. */
  keep(key: string, calibration: Calibration): Promise<void>;
}

export function createKeptCalibrations(database: Database): KeptCalibrations {
  return {
    async find(key) {
      const row = await database.kysely
        .selectFrom('kept_calibrations')
        .select('calibration')
        .where('key', '=', key)
        .executeTakeFirst();
      return row && readCalibration(row.calibration);
    },
    keep: (key, calibration) =>
      database.write(async (transaction) => {
        await transaction.deleteFrom('kept_calibrations').execute();
        await transaction
          .insertInto('kept_calibrations')
          .values({ key, calibration: JSON.stringify(calibration) })
          // Two instances that start at once learn the same.
          .onConflict((conflict) => conflict.column('key').doNothing())
          .execute();
      }),
  };
}
