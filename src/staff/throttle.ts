const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 15 * 60_000;

/**
 * Milliseconds to wait after so many wrong passwords in a row: 1 s, doubling, at most 15 minutes. Owners are
 * slowed down with everyone who guesses at their account, but never locked out.
 */
export function waitAfter(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
}

export interface Throttle {
  /** Milliseconds that this key still has to wait; 0 when it may try. */
  remaining(key: string, now: number): number;
  failed(key: string, now: number): void;
}

/**
 * Counts wrong tries by key in this process: by visitor address, and for e-mail addresses without an account
 * (known accounts count in the database). `free` tries are not slowed down. A key is forgotten an hour after
 * its last wrong try; at most `capacity` keys are held, the oldest going first.
 */
export function createThrottle(free: number, capacity = 10_000): Throttle {
  const FORGET_AFTER = 60 * 60_000;
  const tries = new Map<string, { failures: number; last: number }>();

  const current = (key: string, now: number) => {
    const kept = tries.get(key);
    return kept !== undefined && now - kept.last < FORGET_AFTER ? kept : { failures: 0, last: 0 };
  };
  return {
    remaining(key, now) {
      const { failures, last } = current(key, now);
      const wait = waitAfter(failures - free);
      // Never longer than the wait itself, where the clock has been set back since.
      return Math.min(wait, Math.max(0, last + wait - now));
    },
    failed(key, now) {
      const { failures } = current(key, now);
      tries.delete(key);
      tries.set(key, { failures: failures + 1, last: now });
      const oldest = tries.keys().next();
      if (tries.size > capacity && !oldest.done) tries.delete(oldest.value);
    },
  };
}
