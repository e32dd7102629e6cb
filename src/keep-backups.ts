import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import path from 'node:path';
import type { Foundation } from './foundation';
import { repeat } from './repeat';
import { newestBackup } from './storage/backup-folder';
import { erasedList, shortenErasedList, writeErasedList } from './storage/erased-list';

const EVERY_HOURS = 24;
/** Readiness says so, and the service goes on. */
const STALE_HOURS = 2 * EVERY_HOURS;
const LOOK_EVERY_SECONDS = 10;
/** After one that failed. */
const TRY_AGAIN_MS = 10 * 60_000;
/** How much of what was erased a restore could bring back at most. */
const ERASED_EVERY_SECONDS = 30;
/** While it reads, nothing can be taken out of SQLite's log: one that hangs on its folder must not fill the disk. */
const LONGEST_MS = 2 * 3_600_000;
/** Below everything that visitors wait for. */
const LOWEST_PRIORITY = 19;

export interface Backups {
  /** For readiness: `stale` where the newest backup is older than two days, or cannot be looked for. */
  check: () => Promise<string | undefined>;
  close: () => Promise<void>;
}

/**
 * Makes a backup into BACKUP_FOLDER once a day, and keeps the list of what was erased beside them up to date. The copy
 * is made by `npm run data -- backup` in a process of its own, so that neither its work nor its memory is the service's.
 */
export function keepBackups(foundation: Foundation, folder: string): Backups {
  const { database, clock, metrics, log } = foundation;
  let written = '';
  let notBefore = Number.NEGATIVE_INFINITY;
  let running: ChildProcess | undefined;

  /** Infinity where there is none, NaN where the folder cannot be read. */
  function ageInHours(): number {
    try {
      const newest = newestBackup(folder, clock());
      return newest ? (clock().getTime() - newest.getTime()) / 3_600_000 : Infinity;
    } catch {
      return Number.NaN;
    }
  }

  async function keepErased(): Promise<void> {
    await shortenErasedList(database, clock());
    const list = await erasedList(database.kysely);
    const now = `${list.length} ${list.at(-1)?.at}`;
    if (now === written) return;
    await writeErasedList(database, folder);
    written = now;
  }

  async function backUp(): Promise<void> {
    if (ageInHours() < EVERY_HOURS || performance.now() < notBefore) return;
    notBefore = performance.now() + TRY_AGAIN_MS;
    running = startBackup();
    const output = await outputOf(running);
    running = undefined;
    log.info({ output }, 'a backup was made');
  }

  metrics.gauge('enquiries_backup_age_seconds', () => Math.round(ageInHours() * 3600));
  const stops = [
    repeat('list of what was erased', ERASED_EVERY_SECONDS, keepErased, log),
    repeat('backup', LOOK_EVERY_SECONDS, backUp, log),
  ];
  return {
    check: async () => (ageInHours() <= STALE_HOURS ? undefined : 'stale'),
    close: async () => {
      running?.kill();
      await Promise.all(stops.map((stop) => stop()));
      // An erasure of the last half minute is on the list of a service that is stopped, too.
      await keepErased().catch((error: unknown) =>
        log.error({ err: error }, 'the list of what was erased is old'),
      );
    },
  };
}

/** The settings come from the same environment and `.env`. */
function startBackup(): ChildProcess {
  const child = spawn(process.execPath, [path.join(__dirname, 'cli', 'data.js'), 'backup'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  if (child.pid !== undefined) setPriority(child.pid, LOWEST_PRIORITY);
  return child;
}

/** @throws with what it said where it failed; that holds no personal data */
async function outputOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(String(text)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The backup ended with ${code}: ${said.join('').slice(-1_000)}`);
  return said.join('').trim();
}
