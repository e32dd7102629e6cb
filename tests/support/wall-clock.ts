import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from './eventually';
import type { RunningService } from './start-service';

/** The wall clock of a service in a process of its own: see set-clock.cjs. */
export interface WallClock {
  /** For `startService`. */
  env: Record<string, string>;
  flags: string[];
  /** Milliseconds; resolves once the service goes by it. */
  setOff: (milliseconds: number, service: RunningService) => Promise<void>;
}

/** `off`: how many milliseconds it is ahead of this machine's at the start. */
export function wallClock(folder: string, off = 0): WallClock {
  const file = path.join(folder, 'clock');
  writeFileSync(file, String(off));
  let set = 0;
  return {
    env: { CLOCK_FILE: file },
    flags: ['--require', path.resolve(__dirname, 'set-clock.cjs')],
    async setOff(milliseconds, service) {
      writeFileSync(file, String(milliseconds));
      service.process.kill('SIGUSR2');
      set++;
      await eventually(() => (service.output().match(/^clock is -?\d+ ms off$/gm) ?? []).length >= set);
    },
  };
}
