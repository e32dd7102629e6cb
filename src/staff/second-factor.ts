import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';

/** Seconds of a code, and how many codes before and after are accepted: clocks of phones drift. */
const PERIOD = 30;
const WINDOW = 1;

/** Base32, for an authenticator app. */
export function newSecret(randomBytes: (bytes: number) => Buffer): string {
  return new Secret({ buffer: new Uint8Array(randomBytes(20)).buffer }).base32;
}

/** The step of time that the code is of, so that it can be used once; undefined where it is not right. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totp(secret, '').validate({ token, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD) + delta;
}

/** The address that an authenticator app reads, as a picture for the page. */
export function qrCode(secret: string, email: string): string {
  const svg = renderSVG(totp(secret, email).toString(), { border: 2 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function totp(secret: string, email: string): TOTP {
  return new TOTP({
    issuer: 'Staff console',
    label: email,
    period: PERIOD,
    digits: 6,
    secret: Secret.fromBase32(secret),
  });
}
