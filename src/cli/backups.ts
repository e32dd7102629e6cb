import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { receiptCode } from '../booking/reference-code';
import type { Config } from '../config';
import type { RetentionDays } from '../staff/ports';
import { backUp, restore } from '../storage/backup';
import { backupFileName, deleteOldBackups } from '../storage/backup-folder';
import { ERASED_LIST, readErasedList, writeErasedList } from '../storage/erased-list';
import { openDatabase } from '../storage/open-database';
import { createPersonalData } from '../storage/personal-data';
import { fileOf } from '../storage/sqlite';
import { openExisting } from './open-existing';
import { CommandError } from './run-command';

export interface BackupCommandParts {
  config: Pick<Config, 'databaseUrl' | 'backupFolder' | 'backupKey'>;
  clock: () => Date;
  retention: () => RetentionDays;
  print: (text: string) => void;
}

/** `backup [FILE]`: a whole copy with the list of what was erased beside it, read back before it counts. */
export async function backupCommand(file: string | undefined, parts: BackupCommandParts): Promise<void> {
  const { config, clock, print } = parts;
  const target = path.resolve(file ?? path.join(backupFolder(config), backupFileName(clock())));
  if (!existsSync(path.dirname(target)))
    throw new CommandError(`There is no folder ${path.dirname(target)}; make it first.`);
  if (existsSync(target)) throw new CommandError(`${target} is there already; name another file.`);
  const database = await openExisting(config.databaseUrl);
  try {
    const { rows, bytes } = await backUp(database, target, { at: clock(), passphrase: config.backupKey });
    await writeErasedList(database, path.dirname(target));
    const megabytes = (bytes / 1e6).toFixed(1);
    print(`${target} is a whole copy: ${rows} rows, ${megabytes} MB, read back and found in order.`);
  } finally {
    await database.close();
  }
  if (config.backupKey === undefined)
    print(
      'It is not encrypted and holds what visitors wrote. Set BACKUP_KEY_FILE to have backups encrypted.',
    );
  if (file === undefined && config.backupFolder !== undefined) {
    for (const gone of deleteOldBackups(config.backupFolder, clock()))
      print(`${gone} was too old and is deleted.`);
  }
}

/** Beside SQLite's file where none is set: where the service itself runs, the program's own folder is read-only to it. */
function backupFolder({ backupFolder: set, databaseUrl }: BackupCommandParts['config']): string {
  if (set !== undefined) return set;
  return databaseUrl.startsWith('sqlite:') ? path.dirname(fileOf(databaseUrl)) : '.';
}

/**
 * `restore FILE`: into the new, empty database of DATABASE_URL. What was erased since the backup is erased again, and
 * the retention periods are applied, before anybody can open it.
 */
export async function restoreCommand(
  file: string,
  { withoutErased }: { withoutErased: boolean },
  { config, clock, retention, print }: BackupCommandParts,
): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(file)) throw new CommandError(`There is no file ${path.resolve(file)}.`);
  const erased = readErasedList(folder) ?? (withoutErased ? [] : undefined);
  if (erased === undefined) {
    throw new CommandError(
      `There is no ${ERASED_LIST} beside the backup, so people who have been erased since it was made would be back. ` +
        `Write it with "npm run data -- erased ${folder}" where the old database can still be read, or add --without-erased.`,
    );
  }
  const done = await restore(config.databaseUrl, file, { passphrase: config.backupKey, erased });
  print(
    `Restored ${done.rows} rows of ${done.at}; ${done.erasedAgain} conversations erased since were erased again.`,
  );
  const database = await openDatabase(config.databaseUrl);
  try {
    const by = { at: clock().toISOString(), actor: 'retention' };
    const purged = await createPersonalData(database).purge(
      clock(),
      retention(),
      receiptCode(randomBytes(16)),
      by,
    );
    if (purged) print(`The retention periods deleted ${purged.erased.conversations} conversations more.`);
  } finally {
    await database.close();
  }
  print('Staff sign in again; notices that were waiting at the time of the backup go out again.');
}

/** `erased FOLDER`: the list of what was erased, for a restore from the backups in that folder. */
export async function erasedCommand(folder: string, { config, print }: BackupCommandParts): Promise<void> {
  if (!existsSync(folder)) throw new CommandError(`There is no folder ${path.resolve(folder)}.`);
  const database = await openExisting(config.databaseUrl);
  try {
    await writeErasedList(database, folder);
  } finally {
    await database.close();
  }
  print(`${path.join(folder, ERASED_LIST)} is up to date.`);
}
