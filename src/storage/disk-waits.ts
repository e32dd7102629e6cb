import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** Waits until what a file holds at this moment is on disk. */
export type DiskWait = () => Promise<void>;

const sync = promisify(fdatasync);

/**
 * Of a file that is there from the first wait on. Nobody else is held up: the thread that waits is the system's.
 * `close` comes after the last wait.
 */
export function diskWaits(file: string): { wait: DiskWait; close(): void } {
  let opened: number | undefined;

  function open(): number {
    // Windows waits only for what may be written.
    opened = openSync(file, 'r+');
    syncFolder(path.dirname(file));
    return opened;
  }

  return {
    wait: async () => sync(opened ?? open()),
    close() {
      if (opened !== undefined) closeSync(opened);
    },
  };
}

/** A new file's name is on disk no sooner than its folder (fsync(2)); Windows has nothing of the kind. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
