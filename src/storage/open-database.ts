import { AsyncLocalStorage } from 'node:async_hooks';
import type { CompiledQuery, Kysely } from 'kysely';
import { DatabaseError } from './database-error';
import { appliedSteps, migrate } from './migrations';
import { openPostgres } from './postgres';
import type { Schema } from './schema';
import { openSqlite } from './sqlite';

export { DatabaseError } from './database-error';

/** One open database, the same to its users on both engines. */
export interface Database {
  engine: 'sqlite' | 'postgres';
  /** For reading only: sees what is committed, never a half-done write; writing through it fails. */
  kysely: Kysely<Schema>;
  /**
   * One short look-up of what is committed. On SQLite the connection that writes answers it, unless it is in the middle
   * of something: the pages it has just written are at hand there, while the reading one forgets all at each commit
   * (35 µs of a turn's 43).
   */
  readAtOnce<Row>(query: CompiledQuery<Row>): Promise<Row[]>;
  /**
   * Runs `work` in one transaction and resolves once it is on disk. A work that throws is rolled back whole,
   * and the promise rejects with what it threw. `work` awaits queries of its transaction and nothing else: on
   * SQLite the others wait for it. On Postgres it may run again, where the server asks for that (40001, 40P01).
   */
  write<T>(work: (transaction: Kysely<Schema>) => Promise<T>): Promise<T>;
  /**
   * Runs statements whose results nobody needs in one transaction, and resolves once it is on disk; the first that fails
   * undoes them all, and what it threw is thrown. On Postgres they go there together with their commit, and may run again
   * where nobody knows whether they were kept: run twice, they must fail.
   */
  writeAtOnce(queries: readonly CompiledQuery[]): Promise<void>;
  /**
   * After erasing: leaves nothing of the erased rows in SQLite's files. On Postgres that is vacuum's own work,
   * done here for the tables that hold what visitors wrote.
   */
  scrub(): Promise<void>;
  /**
   * Of SQLite's write-ahead log, which grows for as long as somebody reads in one transaction; 0 on Postgres, whose
   * log is its own affair.
   */
  logBytes(): number;
  /** Waits for the writes under way, then lets go of the database. */
  close(): Promise<void>;
}

/** What an engine hands over: a database whose tables are not checked yet. */
export interface OpenedEngine {
  database: Database;
  /** Without the address's password. */
  place: string;
  /** Whether this process may change the tables. */
  mayMigrate: boolean;
}

/**
 * Opens `sqlite:data/enquiries.db` (made where it is missing) or `postgres://user:password@host:5432/name`, and
 * brings its tables up to date.
 * A `service` is the only one on its SQLite file; a `command` (staff accounts, export, erasure) may work beside it.
 * @throws DatabaseError with what happened and what to do.
 */
export async function openDatabase(url: string, as: 'service' | 'command' = 'service'): Promise<Database> {
  const { database, place, mayMigrate } = await openEngine(url, as);
  try {
    await migrate(database, place, mayMigrate);
    return refuseNestedWrites(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * A database without tables.
 * @throws DatabaseError where it has some.
 */
export async function openEmpty(url: string): Promise<Database> {
  const { database, place } = await openEngine(url, 'service');
  try {
    if ((await appliedSteps(database.kysely, place)) > 0)
      throw new DatabaseError(
        `${place} is in use already. Restore into a new one: name another in DATABASE_URL, or move this one away first.`,
      );
    return refuseNestedWrites(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openEngine(url: string, as: 'service' | 'command'): Promise<OpenedEngine> {
  if (url.startsWith('sqlite:')) return openSqlite(url, as);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw new DatabaseError(
    'DATABASE_URL names no database this program knows. Write sqlite:data/enquiries.db or postgres://user:password@host:5432/name.',
  );
}

/** A write inside a write would wait for itself for ever on SQLite; it fails at once instead, on both engines. */
function refuseNestedWrites(database: Database): Database {
  const surroundingWrite = new AsyncLocalStorage<{ open: boolean }>();
  const refuseInside = (): void => {
    if (surroundingWrite.getStore()?.open) {
      throw new Error(
        'write() was called inside the work of another write(): use the transaction that it was given.',
      );
    }
  };
  return {
    ...database,
    async writeAtOnce(queries) {
      refuseInside();
      return database.writeAtOnce(queries);
    },
    async write(work) {
      refuseInside();
      return database.write((transaction) => {
        const mark = { open: true };
        return surroundingWrite.run(mark, async () => {
          try {
            return await work(transaction);
          } finally {
            mark.open = false;
          }
        });
      });
    },
  };
}
