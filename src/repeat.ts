import type { Log } from './http/logger';

/**
 * Does something again and again, `seconds` after the last time ended, the first time `seconds` from now. One that
 * fails is logged and tried again next time. Returns the way to stop, which waits for what is under way.
 */
export function repeat(
  name: string,
  seconds: number,
  work: () => Promise<void>,
  log: Log,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const plan = () => {
    timer = setTimeout(() => {
      running = run();
    }, seconds * 1000).unref();
  };
  const run = async () => {
    try {
      await work();
    } catch (error) {
      log.error({ err: error, work: name }, 'work in the background failed; it is tried again');
    }
    if (!stopped) plan();
  };
  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}
