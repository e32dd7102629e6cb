import type BetterSqlite3 from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { DatabaseError } from './database-error';
import type { DiskWait } from './disk-waits';
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
  /** Resolves once what is committed by now is on disk, or never will be; undefined where it is. */
  untilOnDisk(): Promise<void> | undefined;
  /** Resolves once every write asked for so far is settled. */
  idle(): Promise<void>;
}

/** What ran in one transaction. */
interface Group {
  announcements: (() => void)[];
  writes: QueuedWrite[];
}

/**
 * Writes asked for in the same instant share one BEGIN..COMMIT, and with it one wait for the disk. Each work has
 * its own savepoint: one that throws is undone and rejects alone. If the commit fails, every work of the group
 * rejects. The connection belongs to the groups alone, so nobody reads what is not committed yet.
 *
 * SQLite writes its log and does not wait (synchronous=NORMAL); `waitForDisk` does, beside everything else: in the
 * main thread it took a tenth of a busy service's time, and a slow disk stopped everybody. Until then nobody is told.
 */
export function groupCommit(
  sqlite: BetterSqlite3.Database,
  transaction: Kysely<Schema>,
  waitForDisk: DiskWait,
): GroupCommit {
  const commands = commandsOf(sqlite);
  const queue: QueuedWrite[] = [];
  let running: Promise<void> | undefined;
  /** The wait for the newest commit: one at a time, so that what comes meanwhile shares the next. */
  let settling: Promise<void> | undefined;
  let isLogSafe = true;

  async function runQueue(): Promise<void> {
    while (queue.length > 0) {
      // The event loop first hands out all that arrived meanwhile: what it brings joins this group.
      await nextInstant();
      try {
        mendLog();
      } catch (error) {
        for (const { reject } of queue.splice(0)) reject(error);
        continue;
      }
      await commitTogether(sqlite, commands, transaction, queue, (group) => {
        settling = tellOnceOnDisk(group);
      });
      await settling;
      settling = undefined;
    }
    running = undefined;
  }

  async function tellOnceOnDisk({ announcements, writes }: Group): Promise<void> {
    try {
      await waitForDisk();
      announcements.forEach((announce) => announce());
    } catch (error) {
      isLogSafe = false;
      writes.forEach(({ reject }) => reject(error));
    }
  }

  /**
   * After a wait that failed the system counts as written what the disk may not have (fsync(2)), and what follows in the
   * log would be lost with it. So nothing is committed before all of the log is in the database itself.
   * @throws where the disk does not take it
   */
  function mendLog(): void {
    if (isLogSafe) return;
    const [copied] = sqlite.pragma('wal_checkpoint(PASSIVE)') as { log: number; checkpointed: number }[];
    if (copied?.log !== copied?.checkpointed)
      throw new DatabaseError('The disk failed, and a long reader keeps the log from being copied.');
    isLogSafe = true;
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
    untilOnDisk: () => settling,
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

/** `onCommit` is called in the instant of the commit: who reads right behind it is to wait for the disk too. */
async function commitTogether(
  sqlite: BetterSqlite3.Database,
  commands: ReturnType<typeof commandsOf>,
  transaction: Kysely<Schema>,
  queue: QueuedWrite[],
  onCommit: (group: Group) => void,
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
    onCommit({ announcements, writes: group });
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
