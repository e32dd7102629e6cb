import type BetterSqlite3 from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { Schema } from './schema';

/** At most this many writes share a commit, so that the first need not wait long for the last. */
const LARGEST_GROUP = 100;
/**
 * After so long everything else gets its turn, new visitors among it, before a group goes on: for as long as that took, so
 * that neither keeps the other waiting.
 */
const SHORTEST_STRETCH_MS = 5;

type Work<T> = (transaction: Kysely<Schema>) => Promise<T>;

interface QueuedWrite {
  /** Runs the work; the returned function tells its caller the outcome once the group is on disk. */
  run: (transaction: Kysely<Schema>) => Promise<() => void>;
  reject: (error: unknown) => void;
}

export interface GroupCommit {
  write<T>(work: Work<T>): Promise<T>;
  /** Resolves once every write asked for so far is settled. */
  idle(): Promise<void>;
}

/**
 * Writes asked for in the same instant share one BEGIN..COMMIT, and with it one fsync (3 ms). Each work has
 * its own savepoint: one that throws is undone and rejects alone. If the commit fails, every work of the group
 * rejects. The connection belongs to the groups alone, so nobody reads what is not committed yet.
 */
export function groupCommit(sqlite: BetterSqlite3.Database, transaction: Kysely<Schema>): GroupCommit {
  const commands = commandsOf(sqlite);
  const queue: QueuedWrite[] = [];
  let running: Promise<void> | undefined;

  async function runQueue(): Promise<void> {
    while (queue.length > 0) {
      // The event loop first hands out all that arrived meanwhile: what it brings joins this group.
      await nextInstant();
      await commitTogether(sqlite, commands, transaction, queue);
    }
    running = undefined;
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        const run = async (within: Kysely<Schema>) => {
          const result = await work(within);
          return () => resolve(result);
        };
        queue.push({ run, reject });
        running ??= runQueue();
      }),
    idle: async () => running,
  };
}

/** Prepared once: two of them are run for each turn. */
function commandsOf(sqlite: BetterSqlite3.Database) {
  return {
    begin: sqlite.prepare('BEGIN IMMEDIATE'),
    commit: sqlite.prepare('COMMIT'),
    savepoint: sqlite.prepare('SAVEPOINT work'),
    release: sqlite.prepare('RELEASE work'),
  };
}

async function commitTogether(
  sqlite: BetterSqlite3.Database,
  commands: ReturnType<typeof commandsOf>,
  transaction: Kysely<Schema>,
  queue: QueuedWrite[],
): Promise<void> {
  const group: QueuedWrite[] = [];
  try {
    commands.begin.run();
    const announcements = [];
    let since = performance.now();
    let stretch = SHORTEST_STRETCH_MS;
    for (let next = queue.shift(); next; next = group.length < LARGEST_GROUP ? queue.shift() : undefined) {
      group.push(next);
      const paused = performance.now();
      if (paused - since > stretch) {
        await nextInstant();
        since = performance.now();
        stretch = Math.max(SHORTEST_STRETCH_MS, since - paused);
      }
      const announce = await runInSavepoint(sqlite, commands, transaction, next);
      if (announce) announcements.push(announce);
    }
    commands.commit.run();
    for (const announce of announcements) announce();
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
    for (const queued of group) queued.reject(error);
  }
}

/** Undefined where the work failed and was rejected alone; throws where the whole group is lost. */
async function runInSavepoint(
  sqlite: BetterSqlite3.Database,
  commands: ReturnType<typeof commandsOf>,
  transaction: Kysely<Schema>,
  queued: QueuedWrite,
): Promise<(() => void) | undefined> {
  commands.savepoint.run();
  try {
    const announce = await queued.run(transaction);
    commands.release.run();
    return announce;
  } catch (error) {
    // A full or failing disk can make SQLite roll back everything: then the earlier works of the group are gone too.
    if (!sqlite.inTransaction) throw error;
    sqlite.exec('ROLLBACK TO work; RELEASE work');
    queued.reject(error);
    return undefined;
  }
}

function nextInstant(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
