import { type KeyObject, createHmac } from 'node:crypto';
import { addressKey } from '../http/rate-limit';

/**
 * A visitor's network address as requests are counted by it: HMAC-SHA256, 128 bits, so that nobody who reads the
 * database learns an address. Of IPv6 a whole /64 network counts as one.
 */
export function senderHash(key: Buffer | KeyObject, clientAddress: string): string {
  const hash = createHmac('sha256', key)
    .update(`sender ${addressKey(clientAddress)}`)
    .digest();
  return hash.subarray(0, 16).toString('base64url');
}
