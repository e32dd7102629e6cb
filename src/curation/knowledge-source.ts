import { watch, type FSWatcher } from 'node:fs';
import type { Knowledge } from '../answers/knowledge';
import { folderState, isFile, refusal } from './knowledge-files';
import { KnowledgeFileError } from './knowledge-problem';
import { readHere, type ReadResult } from './read-in-thread';
import { readKnowledge } from './read-knowledge';
import { REQUIRED_WORDING, type RequiredWording } from './required-wording';

/** The knowledge in use, kept in step with its folder. */
export interface KnowledgeSource {
  /** The newest that could be read without errors. */
  current(): Knowledge;
  /** Why the folder as it is now is not in use; undefined while it is. */
  lastError(): KnowledgeFileError | undefined;
  /** Called after every change of the folder, whether it could be read or not; returns the way to stop. */
  onChange(listener: (change: KnowledgeChange) => void): () => void;
  close(): void;
}

export type KnowledgeChange = { ok: true; knowledge: Knowledge } | { ok: false; error: KnowledgeFileError };

/** An editor that saves several files, or one in pieces, is done by then. */
const QUIET_MS = 100;
/** Where the file system does not tell of changes (network drives, some containers), they are seen by looking. */
const POLL_MS = 1_000;

/**
 * Reads the knowledge folder at `path` and then watches it; a change is in use within two seconds. A version with
 * errors never replaces a good one.
 * @param readAgain reads the folder after a change; in another thread where turns go on meanwhile.
 * @throws KnowledgeFileError where there is no good one to begin with, or only a single file.
 */
export function openKnowledgeSource(
  path: string,
  requiredWording: RequiredWording = REQUIRED_WORDING,
  readAgain: (path: string) => ReadResult | Promise<ReadResult> = (folder) =>
    readHere(folder, requiredWording),
): KnowledgeSource {
  if (isFile(path)) {
    throw new KnowledgeFileError([
      refusal(path, 'is one file: give the folder that has clinic.yaml and the rest, too.'),
    ]);
  }
  let seen = folderState(path);
  let good = readKnowledge(path, requiredWording).knowledge;
  let error: KnowledgeFileError | undefined;
  let quiet: NodeJS.Timeout | undefined;
  const listeners = new Set<(change: KnowledgeChange) => void>();

  let closed = false;
  let reading: Promise<void> = Promise.resolve();

  const reload = async (): Promise<void> => {
    if (closed) return;
    // Taken before reading: a file that changes while it is read is seen as changed at the next look.
    seen = folderState(path);
    const result = changeOf(await readAgain(path));
    if (closed) return;
    if (result.ok && error === undefined && result.knowledge.version === good.version) return;
    if (result.ok) good = result.knowledge;
    error = result.ok ? undefined : result.error;
    for (const listener of listeners) listener(result);
  };
  const reloadSoon = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      // One after the other: the newest must be the last to arrive.
      reading = reading.then(reload).catch(onBroken);
    }, QUIET_MS).unref();
  };
  /** The reading itself failed, such as for want of memory: told once, and tried again at the next look. */
  const onBroken = (broken: unknown): void => {
    seen = '';
    if (error !== undefined) return;
    const reason = broken instanceof Error ? broken.message : String(broken);
    error = new KnowledgeFileError([refusal(path, `could not be read (${reason}); it is tried again.`)]);
    for (const listener of listeners) listener({ ok: false, error });
  };

  const watcher = watchFolder(path, reloadSoon);
  const poll = setInterval(() => {
    if (folderState(path) !== seen) reloadSoon();
  }, POLL_MS).unref();
  return {
    current: () => good,
    lastError: () => error,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closed = true;
      clearTimeout(quiet);
      clearInterval(poll);
      watcher?.close();
      listeners.clear();
    },
  };
}

function changeOf(result: ReadResult): KnowledgeChange {
  return result.ok ? result : { ok: false, error: new KnowledgeFileError(result.problems) };
}

/** Undefined where the system has no more watches to give: then looking has to do. */
function watchFolder(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    // The folder was deleted, or its drive is gone; the next look sees that.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
