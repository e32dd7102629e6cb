import { statSync } from 'node:fs';
import { writeBackupFile, BackupFileError, readBackupFile } from './backup-file';
import { type BackupHeader, type BackupRow, backupRows, restoreRows } from './backup-rows';
import { type Erased, replayErased } from './erased-list';
import { applySteps, appliedSteps, NEWEST_STEP } from './migrations';
import { type Database, openEmpty } from './open-database';

/**
 * Writes a whole copy of the database while the service runs on it; the same form on both engines, so that a clinic
 * which has outgrown SQLite restores it into Postgres. The file is read back to its end before this resolves.
 */
export async function backUp(
  database: Database,
  file: string,
  options: { at: Date; passphrase: string | undefined },
): Promise<{ rows: number; bytes: number }> {
  const step = await appliedSteps(database.kysely, 'the database');
  const header: BackupHeader = { step, at: options.at.toISOString() };
  let written = 0;
  const counted = async function* () {
    for await (const value of headed(header, database)) {
      written++;
      yield value;
    }
  };
  await writeBackupFile(file, counted(), options.passphrase);
  let readBack = 0;
  for await (const _ of readBackupFile(file, options.passphrase)) readBack++;
  if (readBack !== written) throw new BackupFileError(`${file} does not hold what was written into it.`);
  return { rows: written - 1, bytes: statSync(file).size };
}

async function* headed(header: BackupHeader, database: Database): AsyncGenerator<BackupHeader | BackupRow> {
  yield header;
  yield* backupRows(database);
}

export interface Restored {
  /** When the backup was made, ISO 8601 UTC. */
  at: string;
  rows: number;
  /** Conversations that were erased after the backup was made, and have been again. */
  erasedAgain: number;
}

/**
 * Restores a backup into a database that does not exist yet, or is empty: the tables of its version, its rows, the
 * steps to today's version, and what was erased since, all in one transaction.
 * @throws BackupFileError, DatabaseError; nothing is restored then.
 */
export async function restore(
  url: string,
  file: string,
  options: { passphrase: string | undefined; erased: Erased[] },
): Promise<Restored> {
  const lines = readBackupFile(file, options.passphrase);
  const { step, at } = await headerOf(lines, file);
  const database = await openEmpty(url);
  const { engine } = database;
  try {
    const restored = await database.write(async (transaction) => {
      await applySteps(transaction, engine, 'the new database', step);
      const rows = await restoreRows(transaction, lines as AsyncGenerator<BackupRow>, engine);
      await applySteps(transaction, engine, 'the new database');
      return { at, rows, erasedAgain: await replayErased(transaction, options.erased) };
    });
    await database.scrub();
    return restored;
  } finally {
    await database.close();
  }
}

async function headerOf(lines: AsyncGenerator<unknown>, file: string): Promise<BackupHeader> {
  const { value } = (await lines.next()) as IteratorResult<BackupHeader>;
  if (typeof value?.step !== 'number') throw new BackupFileError(`${file} is no backup of this service.`);
  if (value.step > NEWEST_STEP)
    throw new BackupFileError(
      `${file} was made by a newer version of this program. Restore it with that one.`,
    );
  return value;
}
