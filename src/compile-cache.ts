import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import module from 'node:module';
import path from 'node:path';

const PROGRAM = path.resolve(__dirname, '..', '..');

/**
 * Has Node keep what it compiles of the program, which takes a third of a second of the processor off each later start.
 * It is kept in `compiled` below the folder that systemd names (`CACHE_DIRECTORY`), or below `.cache` beside the program.
 * Where nothing can be read or written there, the service starts as it would without.
 * @returns what writes it, to be called once everything is loaded and before anybody waits for an answer: a process that
 * is killed writes nothing at its end. That takes half a second when a version is started for the first time, and 2 ms
 * after that. Never rejects.
 */
export function keepCompiled(
  folder = process.env['CACHE_DIRECTORY'] ?? path.join(PROGRAM, '.cache'),
): () => Promise<void> {
  const compiled = path.join(folder, 'compiled');
  const version = versionOf();
  // Node 22.0 to 22.9 cannot be told when to write.
  const canBeKept = version !== undefined && 'flushCompileCache' in module && isOurs(compiled);
  if (!canBeKept || !enable(path.join(compiled, version))) return () => Promise.resolve();
  return async () => {
    module.flushCompileCache();
    await removeLeft(compiled, version).catch(() => undefined);
  };
}

function enable(folder: string): boolean {
  return module.enableCompileCache(folder).status === module.constants.compileCacheStatus.ENABLED;
}

/** Node checks each kept file against the source's; the folder changes so that what is left behind can be found. */
function versionOf(): string | undefined {
  try {
    const builtFrom = readFileSync(path.join(PROGRAM, 'dist', '.built-from'), 'utf8');
    return `${process.version}-${builtFrom.slice(0, 12)}`;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder where it is missing. What lies in it is run as this process: it has to be our own, no link to another,
 * and nobody else may write to it.
 */
export function isOurs(folder: string): boolean {
  try {
    // One after the other: all at once, Node tries for ever where there can be none, as in /proc.
    for (const each of [path.dirname(folder), folder])
      if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** Other versions, and the halves of files that a full disk or a kill in the middle of writing has left. */
async function removeLeft(compiled: string, version: string): Promise<void> {
  await removeFrom(compiled, (name) => name !== version);
  const inUse = module.getCompileCacheDir();
  if (inUse !== undefined) await removeFrom(inUse, (name) => name.includes('.'));
}

async function removeFrom(folder: string, isLeft: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(folder)).filter(isLeft))
    await rm(path.join(folder, name), { recursive: true, force: true });
}
