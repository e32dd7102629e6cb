import { isIPv6 } from 'node:net';
import { HttpError } from './route';

/** A bucket that holds `burst` and is refilled with `perSecond`. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** Buckets of one kind, one for each key. */
export interface RateLimiter {
  /** Seconds until the key may go on, 0 if it may now; takes nothing. */
  wait(key: string): number;
  take(key: string): void;
}

/** Keys remembered at a time, some 100 bytes each; the ones unused for longest are forgotten, that is: full again. */
const MAX_KEYS = 20_000;

/** @param clock monotonic milliseconds, so that a changed wall clock neither frees nor locks anybody. */
export function createRateLimiter(rate: Rate, clock: () => number, maxKeys = MAX_KEYS): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();

  function tokensOf(key: string): number {
    const bucket = buckets.get(key);
    if (bucket === undefined) return rate.burst;
    return Math.min(rate.burst, bucket.tokens + ((clock() - bucket.at) / 1000) * rate.perSecond);
  }

  return {
    wait: (key) => Math.max(0, (1 - tokensOf(key)) / rate.perSecond),
    take(key) {
      const tokens = tokensOf(key) - 1;
      buckets.delete(key);
      buckets.set(key, { tokens, at: clock() });
      // Unused for longest first. A full bucket is as good as none, so that visitors who have left cost nothing.
      for (const oldest of buckets.keys()) {
        if (buckets.size <= maxKeys && tokensOf(oldest) < rate.burst) break;
        buckets.delete(oldest);
      }
    },
  };
}

/**
 * Takes one from every layer, or nothing from any.
 * @throws HttpError 429 with a whole number of seconds in `Retry-After`.
 */
export function takeFromAll(layers: [limiter: RateLimiter, key: string][]): void {
  const seconds = Math.ceil(Math.max(...layers.map(([limiter, key]) => limiter.wait(key))));
  if (seconds > 0) {
    throw new HttpError(429, 'TooManyRequests', `Too many requests. Try again in ${seconds} s.`, {
      'retry-after': String(seconds),
    });
  }
  for (const [limiter, key] of layers) limiter.take(key);
}

/** An address as a limit's key. One IPv6 customer has a whole /64 network to pick addresses from. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [left = '', right = ''] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === '' ? [] : right.split(':');
  // A written-out IPv4 end stands for two groups; it is never among the first four.
  const missing = 8 - head.length - tail.length - (address.includes('.') ? 1 : 0);
  const groups = [
    ...head,
    ...Array.from({ length: address.includes('::') ? missing : 0 }, () => '0'),
    ...tail,
  ];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
