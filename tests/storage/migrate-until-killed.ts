/**
 * Run by upgrade tests in a process of its own: `migrate-until-killed DATABASE_URL KILL_AT` opens the database, which
 * brings its tables up to date, and kills itself (SIGKILL) just before its KILL_AT-th statement; else it says `done` and
 * how many there were.
 */
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { openDatabase } from '../../src/storage/open-database';

const [url = '', killAt = '0'] = process.argv.slice(2);
let calls = 0;

/** Calls of the engines' own classes, whoever makes them. */
function count(prototype: object, names: string[]): void {
  for (const name of names) {
    const real: (this: unknown, ...given: unknown[]) => unknown = Reflect.get(prototype, name);
    Reflect.set(prototype, name, function (this: unknown, ...given: unknown[]) {
      calls++;
      if (calls === Number(killAt)) process.kill(process.pid, 'SIGKILL');
      return real.apply(this, given);
    });
  }
}

async function migrate(): Promise<void> {
  const memory = new BetterSqlite3(':memory:');
  count(Object.getPrototypeOf(memory.prepare('select 1')) as object, ['run', 'all', 'get']);
  memory.close();
  count(BetterSqlite3.prototype, ['exec']);
  count(Client.prototype, ['query']);
  const database = await openDatabase(url);
  console.log(`done ${calls}`);
  await database.close();
}

void migrate();
