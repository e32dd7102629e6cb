import path from 'node:path';
import { eventually } from './eventually';
import type { RunningService } from './start-service';

/** Node's flags for a service whose memory is to be asked for. */
export const MEMORY_FLAGS = ['--expose-gc', '--require', path.resolve(__dirname, 'tell-memory.cjs')];

/** Bytes in use after a collection, outside the heap too, and how many sockets, timers and the like are open. */
export async function memoryOf(service: RunningService): Promise<{ bytes: number; active: number }> {
  const said = () => [...service.output().matchAll(/^memory (\d+) active (\d+)$/gm)];
  const before = said().length;
  service.process.kill('SIGUSR2');
  await eventually(() => said().length > before);
  const [, bytes, active] = said().at(-1) ?? [];
  return { bytes: Number(bytes), active: Number(active) };
}
