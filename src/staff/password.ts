import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's equivalent of N=2^17, p=1, with a quarter of its memory; 210-225 ms and 32 MiB on the machine it was measured on. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;
/** Two at a time: the rest of the service keeps its processors while somebody guesses passwords. */
const SLOTS = 2;
const LONGEST_QUEUE = 20;

/** Too many passwords wait to be checked: ask to try again. */
export class PasswordsBusy extends Error {
  override name = 'PasswordsBusy';
}

/** The form kept in the database: `scrypt$N$r$p$salt$hash`, salt and hash in base64url. @throws PasswordsBusy */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long for a wrong password as for the right one. @throws PasswordsBusy */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [scheme, N, r, p, salt, hash] = kept.split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) {
    throw new Error('A password in the table "staff" is not in the form scrypt$N$r$p$salt$hash: reset it.');
  }
  const key = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  const expected = Buffer.from(hash, 'base64url');
  return key.length === expected.length && timingSafeEqual(key, expected);
}

/** The work of checking a password, for an account that does not exist: the answer must not come sooner. */
export async function pretendToCheck(password: string): Promise<void> {
  await derive(password, Buffer.alloc(16), COST);
}

/** Four groups of five letters and digits without look-alikes: 98 bits, and readable over the phone. */
export function generatePassword(random: (bytes: number) => Buffer): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const picked: string[] = [];
  while (picked.length < 20) {
    // Bytes above the last full round of the alphabet would make its first letters likelier.
    for (const byte of random(32)) {
      if (byte < 248 && picked.length < 20) picked.push(letters.charAt(byte % letters.length));
    }
  }
  return [0, 5, 10, 15].map((start) => picked.slice(start, start + 5).join('')).join('-');
}

interface Cost {
  N: number;
  r: number;
  p: number;
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  await takeSlot();
  try {
    return await runScrypt(password.normalize('NFKC'), salt, cost);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

function takeSlot(): Promise<void> {
  if (running < SLOTS) {
    running += 1;
    return Promise.resolve();
  }
  if (waiting.length >= LONGEST_QUEUE) throw new PasswordsBusy('Too many passwords wait to be checked.');
  return new Promise((resolve) => waiting.push(resolve));
}

function runScrypt(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  // OpenSSL refuses work that needs more than maxmem; Node's default is exactly what N=2^15 needs, and too little.
  const maxmem = 2 * 128 * cost.N * cost.r;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { ...cost, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
