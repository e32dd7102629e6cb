import BetterSqlite3 from 'better-sqlite3';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Kysely, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { CompiledQuery, Dialect, SqliteDatabase } from 'kysely';
import { DatabaseError, closedError, errorCode } from './database-error';
import { diskWaits } from './disk-waits';
import { groupCommit } from './group-commit';
import { lentToAll } from './lent-to-all';
import type { OpenedEngine } from './open-database';
import type { Schema } from './schema';
import { lockDatabaseFile } from './sqlite-lock';

/** "ENQB", in the file's header: tells our databases from other programs'. */
const APPLICATION_ID = 0x454e5142;

/** Waiting for a command that writes beside the service; a write of one takes milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** The write-ahead log is cut back to this after a long reader has let it grow: 64 MiB. */
export const LARGEST_LOG_BYTES = 64 * 1024 * 1024;

/** Of pages of each connection: the system keeps them as well, and better-sqlite3's 16 MiB gave no more turns a second. */
const CACHE_KIB = 4 * 1024;

/**
 * Of the log (16 MiB), after which SQLite copies it into the database: a busy service writes the same pages again and
 * again, and each of them is copied once. At SQLite's own 1,000 a turn takes 0.02 ms more.
 */
const PAGES_BETWEEN_COPIES = 4_000;

/** One connection that writes, in groups, and one that reads what is committed. */
export async function openSqlite(url: string, as: 'service' | 'command'): Promise<OpenedEngine> {
  const file = fileOf(url);
  prepareFile(file);
  const lock = lockDatabaseFile(file);
  if ('heldBy' in lock && as === 'service') throw inUse(file, lock.heldBy);
  const release = 'release' in lock ? lock.release : () => undefined;
  try {
    return { database: connect(file, release), place: file, mayMigrate: 'release' in lock };
  } catch (error) {
    release();
    throw explained(error, file);
  }
}

/** `sqlite:data/x.db`, `sqlite:/data/x.db` and `sqlite:///data/x.db`. */
export function fileOf(url: string): string {
  const path = url.slice('sqlite:'.length).replace(/^\/\//, '');
  if (path === '' || path.startsWith(':')) {
    throw new DatabaseError('DATABASE_URL names no file. Write for example sqlite:data/enquiries.db.');
  }
  return resolve(path);
}

/** Makes folder and file where they are missing, for their owner only; refuses a file that is not ours. */
function prepareFile(file: string): void {
  try {
    if (existsSync(file)) refuseForeign(file);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    // SQLite gives its log and index files the mode of the database.
    chmodSync(file, 0o600);
  } catch (error) {
    throw explained(error, file);
  }
}

/** Reads the header's bytes, because opening a foreign database with SQLite could already change it. */
function refuseForeign(file: string): void {
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, header, 0, header.length, 0);
  closeSync(descriptor);
  if (length === 0) return;
  if (length < header.length || !header.toString('latin1').startsWith('SQLite format 3\0')) {
    throw new DatabaseError(
      `${file} is not a SQLite database, so it was left alone. Name another file in DATABASE_URL, or restore a backup if this one was damaged.`,
    );
  }
  if (header.readUInt32BE(68) !== APPLICATION_ID) {
    throw new DatabaseError(
      `${file} is another program's database, so it was left alone. Name another file in DATABASE_URL.`,
    );
  }
}

function connect(file: string, release: () => void): OpenedEngine['database'] {
  const writer = openWriter(file);
  const reader = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  reader.pragma('query_only = ON');
  reader.pragma(`cache_size = -${CACHE_KIB}`);
  const statements = keepingStatements(writer);
  const writing = new Kysely<Schema>({ dialect: withoutWaiting(statements) });
  const log = diskWaits(`${file}-wal`);
  const groups = groupCommit(writer, writing, log.wait);
  const kysely = new Kysely<Schema>({
    dialect: withoutWaiting(keepingStatements(reader), () => groups.untilOnDisk()),
  });
  let closed = false;
  return {
    engine: 'sqlite',
    kysely,
    logBytes: () => statSync(`${file}-wal`).size,
    async readAtOnce<Row>(query: CompiledQuery<Row>) {
      if (closed || writer.inTransaction) return (await kysely.executeQuery(query)).rows;
      const rows = statements.prepare(query.sql).all(query.parameters) as Row[];
      await groups.untilOnDisk();
      return rows;
    },
    async write(work) {
      if (closed) throw closedError();
      return groups.write(work);
    },
    async writeAtOnce(queries) {
      if (closed) throw closedError();
      return groups.write(async () => {
        for (const { sql, parameters } of queries) statements.prepare(sql).run(parameters);
      });
    },
    async scrub() {
      await groups.idle();
      writer.pragma('wal_checkpoint(TRUNCATE)');
    },
    async close() {
      if (closed) return;
      closed = true;
      await groups.idle();
      await kysely.destroy();
      await writing.destroy();
      closeBoth(reader, writer);
      log.close();
      release();
    },
  };
}

/**
 * A statement runs to its end in one go here, and transactions are the groups' alone. What it found is handed out once it
 * is on disk: what somebody has read is not lost either.
 */
function withoutWaiting(database: SqliteDatabase, untilOnDisk?: () => Promise<void> | undefined): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createDriver: () => lentToAll(new SqliteDriver({ database }), untilOnDisk),
  };
}

/** As many as the service has in turn; lists of every length make more. */
const MOST_STATEMENTS = 300;

/** Kysely prepares every statement anew, a sixth of a turn's time; the ones last used are kept instead. */
function keepingStatements(connection: BetterSqlite3.Database): SqliteDatabase {
  const kept = new Map<string, BetterSqlite3.Statement<unknown[]>>();
  return {
    close: () => connection.close(),
    prepare(source) {
      const statement = kept.get(source) ?? connection.prepare<unknown[]>(source);
      kept.delete(source);
      kept.set(source, statement);
      if (kept.size > MOST_STATEMENTS) kept.delete(kept.keys().next().value ?? '');
      return statement as ReturnType<SqliteDatabase['prepare']>;
    },
  };
}

function openWriter(file: string): BetterSqlite3.Database {
  const writer = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  // The very first page written carries the id, so a file is either empty or known as ours.
  if (writer.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    writer.pragma(`application_id = ${APPLICATION_ID}`);
  if (writer.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
    throw new DatabaseError(
      `${file} lies where SQLite cannot keep a write-ahead log, as on a network drive. Put it on a local disk.`,
    );
  // The groups wait for the log themselves; SQLite waits before it copies the log into the database, and after.
  writer.pragma('synchronous = NORMAL');
  writer.pragma('foreign_keys = ON');
  writer.pragma('secure_delete = ON');
  // What a turn's savepoint could undo is kept there: in a file it took 0.04 ms a turn, more than SQLite's own work.
  writer.pragma('temp_store = MEMORY');
  writer.pragma(`cache_size = -${CACHE_KIB}`);
  writer.pragma(`wal_autocheckpoint = ${PAGES_BETWEEN_COPIES}`);
  writer.pragma(`journal_size_limit = ${LARGEST_LOG_BYTES}`);
  return writer;
}

/** kysely closes a connection only if it was used. */
function closeBoth(reader: BetterSqlite3.Database, writer: BetterSqlite3.Database): void {
  if (reader.open) reader.close();
  if (writer.open) writer.close();
}

function inUse(file: string, who: string): DatabaseError {
  return new DatabaseError(
    `${file} is in use by ${who}: a SQLite file serves one service at a time. Stop the other one, or use Postgres to run several.`,
  );
}

const REMEDIES: Record<string, string> = {
  EACCES: 'this user may not write there. Change the permissions or name another file in DATABASE_URL',
  EPERM: 'this user may not write there. Change the permissions or name another file in DATABASE_URL',
  EROFS: 'the disk is read-only. Name a file on a writable disk in DATABASE_URL',
  EISDIR: 'it is a folder. Name a file in DATABASE_URL',
  ENOTDIR: 'a part of the path is a file, not a folder. Correct DATABASE_URL',
  EEXIST: 'a part of the path is a file, not a folder. Correct DATABASE_URL',
  ENOSPC: 'the disk is full. Free some space',
  SQLITE_FULL: 'the disk is full. Free some space',
  SQLITE_READONLY: 'it is read-only for this user. Change its permissions',
  SQLITE_CANTOPEN: 'SQLite cannot open it. Check the permissions of the file and its folder',
  SQLITE_NOTADB: 'it is damaged. Restore the newest backup',
  SQLITE_CORRUPT: 'it is damaged. Restore the newest backup',
};

function explained(error: unknown, file: string): unknown {
  const code = errorCode(error);
  if (error instanceof DatabaseError || code === undefined) return error;
  return new DatabaseError(
    `Cannot open the database ${file}: ${REMEDIES[code] ?? 'see the code'} (${code}).`,
    { cause: error },
  );
}
