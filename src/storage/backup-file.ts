import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import type { CipherGCM, DecipherGCM } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/**
 * A backup's file: lines of JSON, compressed (gzip), and encrypted where there is a key:
 *
 *     "ENQB1" | 16 bytes salt | 12 bytes nonce | AES-256-GCM of the gzip | 16 bytes tag
 *
 * The key is scrypt(passphrase, salt, N 32768, r 8, p 3), 32 bytes; the first 33 bytes are authenticated, too.
 */
const MAGIC = Buffer.from('ENQB1');
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = MAGIC.length + SALT_BYTES + NONCE_BYTES;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** The file cannot be restored; the message says why, for the operator. */
export class BackupFileError extends Error {
  override name = 'BackupFileError';
}

/**
 * Writes one line for each value, for the owner's eyes only; the file has its name only once it is whole and on disk.
 * @throws where a file of that name is there already.
 */
export async function writeBackupFile(
  file: string,
  values: AsyncIterable<unknown>,
  passphrase: string | undefined,
): Promise<void> {
  const part = `${file}.part-${process.pid}`;
  const encryption = passphrase === undefined ? [] : [await encrypted(passphrase)];
  try {
    const output = createWriteStream(part, { mode: 0o600, flags: 'wx' });
    await pipeline([Readable.from(inLines(values)), createGzip(), ...encryption, output]);
    const handle = await open(part, 'r');
    await handle.sync();
    await handle.close();
    // Not renamed: that would silently replace a file of this name.
    await link(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * The values of a backup's file. That it is whole and unchanged is known only at its end: what was read must not be
 * kept where this throws.
 * @throws BackupFileError for another kind of file, a missing or wrong key, and a file that was cut or changed.
 */
export async function* readBackupFile(file: string, passphrase: string | undefined): AsyncGenerator<unknown> {
  const head = await headOf(file);
  const isEncrypted = head.subarray(0, MAGIC.length).equals(MAGIC);
  if (!isEncrypted && !head.subarray(0, 2).equals(GZIP_MAGIC))
    throw new BackupFileError(`${file} is no backup of this service.`);
  if (isEncrypted && passphrase === undefined)
    throw new BackupFileError(
      `${file} is encrypted: set BACKUP_KEY or BACKUP_KEY_FILE to the key it was made with.`,
    );
  const plain = new PassThrough({ encoding: 'utf8' });
  const source = createReadStream(file, { start: isEncrypted ? HEAD_BYTES : 0 });
  const decryption = isEncrypted && passphrase !== undefined ? [await decrypted(passphrase, head)] : [];
  // What fails on the way is thrown to the reader below.
  void pipeline([source, ...decryption, createGunzip(), plain]).catch(() => undefined);
  try {
    for await (const line of linesOf(plain)) yield JSON.parse(line);
  } catch (error) {
    throw new BackupFileError(
      `${file} cannot be read to its end: it was cut or changed${isEncrypted ? ', or the key is another one' : ''}.`,
      { cause: error },
    );
  }
}

async function* inLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw new Error('The last line has no end.');
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function encrypted(passphrase: string): Promise<Transform> {
  const head = Buffer.concat([MAGIC, randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)]);
  const cipher: CipherGCM = createCipheriv('aes-256-gcm', await keyFrom(passphrase, head), nonceOf(head));
  cipher.setAAD(head);
  return new Transform({
    construct(done) {
      this.push(head);
      done();
    },
    transform: (chunk: Buffer, _encoding, done) => done(null, cipher.update(chunk)),
    flush(done) {
      this.push(cipher.final());
      this.push(cipher.getAuthTag());
      done();
    },
  });
}

async function decrypted(passphrase: string, head: Buffer): Promise<Transform> {
  if (head.length < HEAD_BYTES) throw new BackupFileError('The file is too short to be a backup.');
  const decipher: DecipherGCM = createDecipheriv(
    'aes-256-gcm',
    await keyFrom(passphrase, head),
    nonceOf(head),
  );
  decipher.setAAD(head);
  // The last bytes are the tag, and which are the last is known only at the end.
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = Buffer.concat([held, chunk]);
      const certain = Math.max(0, all.length - TAG_BYTES);
      held = all.subarray(certain);
      done(null, decipher.update(all.subarray(0, certain)));
    },
    flush(done) {
      try {
        decipher.setAuthTag(held);
        done(null, decipher.final());
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

function nonceOf(head: Buffer): Buffer {
  return head.subarray(MAGIC.length + SALT_BYTES, HEAD_BYTES);
}

function keyFrom(passphrase: string, head: Buffer): Promise<Buffer> {
  const salt = head.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
  return derive(passphrase, salt);
}

const MEMORY = 64 * 1024 * 1024;

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, { N: 32_768, r: 8, p: 3, maxmem: MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
