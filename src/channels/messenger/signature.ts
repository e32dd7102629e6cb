import { createHmac, timingSafeEqual } from 'node:crypto';

/** SHA-256 in hexadecimal. Upper case is forgiven: a proxy may have changed it, and it says the same. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether Meta signed exactly these bytes (`X-Hub-Signature-256`, messenger.md D.0, 5). The bytes as they came:
 * Meta signs the form with `\u00e4`, which does not survive parsing and writing again. The old SHA-1 header counts
 * for nothing.
 */
export function isSignedByMeta(
  body: Buffer,
  header: string | string[] | undefined,
  appSecret: string,
): boolean {
  const [, hex] = typeof header === 'string' ? (SIGNATURE.exec(header) ?? []) : [];
  if (hex === undefined) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), createHmac('sha256', appSecret).update(body).digest());
}

/** Compared as hashes, so that neither the time nor the length tells anything of the secret. */
export function isSameSecret(given: string, expected: string, key: string): boolean {
  const hashOf = (text: string) => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(hashOf(given), hashOf(expected));
}

/** `appsecret_proof`: shows Meta that whoever has the page's token also has the app's secret. */
export function appSecretProof(pageToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(pageToken).digest('hex');
}

/**
 * The payload of a `signed_request` (data deletion callback): base64url of a signature, a point, base64url of JSON.
 * Undefined where it is not signed with the app's secret, or is no JSON object.
 */
export function readSignedRequest(signedRequest: string, appSecret: string): object | undefined {
  const [signature, payload, ...rest] = signedRequest.split('.');
  if (!signature || !payload || rest.length > 0) return undefined;
  const given = Buffer.from(signature, 'base64url');
  const expected = createHmac('sha256', appSecret).update(payload).digest();
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
