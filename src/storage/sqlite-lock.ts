import BetterSqlite3 from 'better-sqlite3';
import { DatabaseError, errorCode } from './database-error';

/** Long enough for another process to finish taking or giving back the lock, which takes a few milliseconds. */
const PATIENCE_MS = 300;

/** The files that this process holds. */
const ours = new Set<string>();

/**
 * Makes this process the only service on a database file, by a write lock on `<file>.lock` beside it. The
 * system drops such a lock when the process ends, also on kill -9, so nothing is ever left to clean up.
 * Returns the way to give it back, or who holds it.
 */
export function lockDatabaseFile(file: string): { release: () => void } | { heldBy: string } {
  const lock = openLockFile(`${file}.lock`);
  try {
    takeFor(lock, process.pid);
    const owner = lockOwner(lock);
    if (owner === process.pid) return { release: holding(file, lock) };
    lock.close();
    return { heldBy: nameOf(owner, file) };
  } catch (error) {
    if (errorCode(error) !== 'SQLITE_BUSY') throw error;
    const heldBy = nameOf(lockOwner(lock), file);
    lock.close();
    return { heldBy };
  }
}

function holding(file: string, lock: BetterSqlite3.Database): () => void {
  ours.add(file);
  return () => {
    ours.delete(file);
    lock.close();
  };
}

/** Each container counts its processes from 1, so that another's may have our number. */
function nameOf(pid: number, file: string): string {
  if (ours.has(file)) return 'this process itself';
  return pid === process.pid ? 'a process of another container' : `process ${pid}`;
}

function openLockFile(path: string): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(path, { timeout: PATIENCE_MS });
  } catch (error) {
    throw new DatabaseError(
      `Cannot make the lock file ${path} (${errorCode(error)}). Check the folder's permissions.`,
    );
  }
}

/**
 * The process id has to be committed to be seen by others, and the lock taken again after it: whoever came in
 * between has written its own id, which the caller sees.
 */
function takeFor(lock: BetterSqlite3.Database, pid: number): void {
  lock.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${pid}; COMMIT; BEGIN IMMEDIATE`);
}

function lockOwner(lock: BetterSqlite3.Database): number {
  return Number(lock.pragma('user_version', { simple: true }));
}
