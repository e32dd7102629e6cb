import { chmodSync, closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { fileOf } from './sqlite';

/**
 * Writes a whole, compact copy of a SQLite database into a new file for its owner only, while others go on reading and
 * writing. What was erased is not in it: only rows that are there are copied.
 */
export async function backUpSqlite(url: string, file: string): Promise<void> {
  // Made first, so that nobody else can read it while it is written.
  closeSync(openSync(file, 'wx', 0o600));
  chmodSync(file, 0o600);
  const database = new BetterSqlite3(fileOf(url), { readonly: true });
  try {
    database.prepare('vacuum into ?').run(file);
  } finally {
    database.close();
  }
}
