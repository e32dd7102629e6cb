import { createHmac, createSecretKey } from 'node:crypto';
import { remembering } from '../answers/remembering';
import { addressKey } from '../http/rate-limit';

/**
 * A visitor's network address as requests are counted by it: HMAC-SHA256, 128 bits, so that nobody who reads the
 * database learns an address. Of IPv6 a whole /64 network counts as one.
 */
export function senderHashes(signingKey: Buffer): (clientAddress: string) => string {
  // A plain buffer would be made a key at each use, which takes five times as long as the hash itself.
  const key = createSecretKey(signingKey);
  return remembering(MOST_ADDRESSES, (clientAddress) => {
    const hash = createHmac('sha256', key)
      .update(`sender ${addressKey(clientAddress)}`)
      .digest();
    return hash.subarray(0, 16).toString('base64url');
  });
}

/** Most visitors write more than once; the limits of messages remember their addresses as well. */
const MOST_ADDRESSES = 1_000;
