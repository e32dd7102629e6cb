import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import { eraseConversations, redactVisitor } from './erase';
import type { Database } from './open-database';
import type { Schema } from './schema';

/**
 * What was erased, so that a backup from before can be restored without it. The list holds hashes of the ids that this
 * service gave to conversations, and nothing of the person; it lies beside the backups, because it is needed
 * when the database is lost.
 */
export interface Erased {
  /** `conversation`: everything of it. `words`: what the visitor wrote, because they did not agree to its being kept. */
  what: 'conversation' | 'words';
  /** SHA-256 of the conversation's id, hexadecimal. */
  hash: string;
  /** ISO 8601 UTC. */
  at: string;
}

/** Beside the backups. */
export const ERASED_LIST = 'erased.jsonl';

/** Longer than any backup is kept. */
const KEPT_DAYS = 90;

/** Inside the transaction that erases. */
export async function noteErased(
  transaction: Kysely<Schema>,
  what: Erased['what'],
  conversationIds: string[],
  at: string,
): Promise<void> {
  if (conversationIds.length === 0) return;
  await addToList(
    transaction,
    conversationIds.map((id) => ({ what, hash: hashOf(id), at })),
  );
}

export async function erasedList(kysely: Kysely<Schema>): Promise<Erased[]> {
  const rows = await kysely.selectFrom('erased').selectAll().orderBy('at').orderBy('hash').execute();
  return rows.map(({ what, hash, at }) => ({ what: what === 'words' ? 'words' : 'conversation', hash, at }));
}

/** Forgets what no backup can bring back any more. */
export async function shortenErasedList(database: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000).toISOString();
  await database.write((transaction) => transaction.deleteFrom('erased').where('at', '<', before).execute());
}

/** Writes the whole list beside the backups, on disk before the old one goes. */
export async function writeErasedList(database: Database, folder: string): Promise<void> {
  const lines = (await erasedList(database.kysely)).map((erased) => `${JSON.stringify(erased)}\n`);
  const file = path.join(folder, ERASED_LIST);
  // Several instances may write at once.
  const fresh = `${file}.${process.pid}`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(lines.join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

/** Undefined where there is no list beside the backup. @throws where it cannot be read */
export function readErasedList(folder: string): Erased[] | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(folder, ERASED_LIST), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Erased);
}

/**
 * Erases again, in a restored database, whatever was erased after its backup was made.
 * Returns how many conversations that were.
 */
export async function replayErased(transaction: Kysely<Schema>, list: Erased[]): Promise<number> {
  const known = new Set((await erasedList(transaction)).map(keyOf));
  const idOf = new Map((await conversationIds(transaction)).map((id) => [hashOf(id), id]));
  let again = 0;
  for (const erased of list.filter((each) => !known.has(keyOf(each)))) {
    await addToList(transaction, [erased]);
    const id = idOf.get(erased.hash);
    if (id === undefined) continue;
    again++;
    if (erased.what === 'conversation') await eraseConversations(transaction, [id], 'all');
    else await redactVisitor(transaction, id);
  }
  return again;
}

async function addToList(transaction: Kysely<Schema>, erased: Erased[]): Promise<void> {
  await transaction
    .insertInto('erased')
    .values(erased)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Also of those whose transcript is gone while their request is still kept. */
async function conversationIds(kysely: Kysely<Schema>): Promise<string[]> {
  const rows = await kysely
    .selectFrom('conversations')
    .select('id')
    .union(kysely.selectFrom('booking_requests').select('conversation_id as id'))
    .execute();
  return rows.map(({ id }) => id);
}

function keyOf({ what, hash, at }: Erased): string {
  return `${what} ${hash} ${at}`;
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
