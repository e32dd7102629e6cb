import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** The name, among the service's own secrets, of the key that second factors are sealed with. */
export const SECOND_FACTOR_KEY = 'second-factors';

/**
 * AES-256-GCM with a key of 32 bytes: `sealed.IV.TAG.TEXT` in base64url. A column of it that gets out by itself (an
 * export, a log of queries, a read of one table) opens nothing; a copy of the whole database has the key, too.
 */
export function seal(key: Buffer, text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return ['sealed', ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
}

/** @throws Error where it was sealed with another key or has been changed. */
export function unseal(key: Buffer, text: string): string {
  const [mark, iv, tag, sealed] = text.split('.');
  if (mark !== 'sealed' || iv === undefined || tag === undefined || sealed === undefined)
    throw new Error('A second factor in the table "staff" is not sealed: reset that account.');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 });
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]).toString(
    'utf8',
  );
}
