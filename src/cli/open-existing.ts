import { existsSync } from 'node:fs';
import { type Database, openDatabase } from '../storage/open-database';
import { fileOf } from '../storage/sqlite';
import { CommandError } from './run-command';

/**
 * The database beside the service. Opening a SQLite file makes it where there is none: of the wrong folder, a backup
 * would be a whole copy of nothing, and nobody's data would be found. @throws CommandError there
 */
export async function openExisting(databaseUrl: string): Promise<Database> {
  if (databaseUrl.startsWith('sqlite:') && !existsSync(fileOf(databaseUrl)))
    throw new CommandError(
      `There is no database ${fileOf(databaseUrl)}. Run this where the service runs, as its account, or name it in DATABASE_URL.`,
    );
  return openDatabase(databaseUrl, 'command');
}
