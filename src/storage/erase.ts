import type { Kysely } from 'kysely';
import type { ErasedRows, ErasureReceipt } from '../staff/ports';
import { eraseAuditSubjects, writeAudit } from './audit-chain';
import { redactedActivity, redactedDecision, REDACTED } from './redaction';
import type { Schema } from './schema';
import { forgetTerms } from './search-index';
import { conversationStateKey } from './state-key';

export const NOTHING_ERASED: ErasedRows = {
  conversations: 0,
  messages: 0,
  requests: 0,
  notices: 0,
  notes: 0,
};

/**
 * Deletes conversations with everything that hangs on them. `what` `transcript` leaves their booking requests, for
 * which another retention period counts.
 */
export async function eraseConversations(
  transaction: Kysely<Schema>,
  ids: string[],
  what: 'all' | 'transcript',
): Promise<ErasedRows> {
  if (ids.length === 0) return NOTHING_ERASED;
  // First of all: on Postgres whatever else writes to these conversations waits, and then finds nothing.
  const rows = await transaction
    .deleteFrom('conversations')
    .where('id', 'in', ids)
    .returning(['id', 'channel', 'user_id', 'visitor_messages'])
    .execute();
  await eraseWaysBack(transaction, ids);
  const stateKeys = rows.map(({ id, channel }) => conversationStateKey(channel, id));
  const people = rows.map((row) => row.user_id).filter((id) => id !== '');
  const contents = await eraseContents(transaction, stateKeys, ids, people, what);
  // Deleted with their conversations by the foreign key; what the visitor wrote is counted.
  const messages = rows.reduce((sum, row) => sum + row.visitor_messages, 0);
  return { ...contents, conversations: rows.length, messages };
}

/**
 * "Delete my data", confirmed in the chat: everything that was written in the conversation is gone, on both sides,
 * and the conversation itself stays, empty, because it is still open on the visitor's screen.
 */
export async function emptyConversation(
  transaction: Kysely<Schema>,
  conversation: { id: string; channel: string },
): Promise<ErasedRows> {
  const { id, channel } = conversation;
  await transaction
    .updateTable('conversations')
    .set({
      first_text: REDACTED,
      lowest_confidence: null,
      review: null,
      reviewed_by: null,
      reviewed_at: null,
      reviewed_reason: null,
    })
    .where('id', '=', id)
    .execute();
  const messages = await redactActivities(transaction, id, 'everybody');
  // What could not be handled still has its words; what waits there came after the message that deletes all this.
  await transaction
    .deleteFrom('inbox')
    .where('conversation_id', '=', id)
    .where('state', '=', 'failed')
    .execute();
  await namelessReference(transaction, id);
  const contents = await eraseContents(transaction, [conversationStateKey(channel, id)], [id], [], 'all');
  return { ...contents, conversations: 1, messages };
}

/** Takes the visitor's own words out of a conversation; what was answered stays. */
export async function redactVisitor(transaction: Kysely<Schema>, conversationId: string): Promise<void> {
  await redactActivities(transaction, conversationId, 'visitor');
  await transaction
    .updateTable('conversations')
    .set({ first_text: REDACTED })
    .where('id', '=', conversationId)
    .where('first_text', 'is not', null)
    .execute();
}

/** Takes the words out of a conversation's activities, who wrote when stays. Returns how many were the visitor's. */
async function redactActivities(
  transaction: Kysely<Schema>,
  conversationId: string,
  whose: 'visitor' | 'everybody',
): Promise<number> {
  let query = transaction
    .selectFrom('activities')
    .select(['sequence', 'role', 'text', 'activity', 'decision'])
    .where('conversation_id', '=', conversationId);
  if (whose === 'visitor') query = query.where('role', '=', 'user');
  const rows = await query.execute();
  for (const row of rows) {
    await transaction
      .updateTable('activities')
      .set({
        text: row.text === null ? null : REDACTED,
        activity: redactedActivity(row.activity),
        decision: row.decision === null ? null : redactedDecision(row.decision),
      })
      .where('conversation_id', '=', conversationId)
      .where('sequence', '=', row.sequence)
      .execute();
  }
  await forgetTerms(transaction, [conversationId]);
  return rows.filter(({ role }) => role === 'user').length;
}

/** Deletes booking requests by reference, with the notices about them. */
export async function eraseRequests(transaction: Kysely<Schema>, references: string[]): Promise<ErasedRows> {
  if (references.length === 0) return NOTHING_ERASED;
  const deleted = await transaction
    .deleteFrom('booking_requests')
    .where('reference', 'in', references)
    .returning('reference')
    .execute();
  const notices = await eraseNotices(transaction, new Set(references));
  await eraseAuditSubjects(
    transaction,
    references.map((reference) => `request:${reference}`),
  );
  return { ...NOTHING_ERASED, requests: deleted.length, notices };
}

/** The proof that stays: how much, when and by whom, and nothing of whose. */
export async function keepReceipt(transaction: Kysely<Schema>, receipt: ErasureReceipt): Promise<void> {
  const { at, actor, erased } = receipt;
  await transaction
    .insertInto('erasures')
    .values({ receipt: receipt.receipt, at, actor, erased: JSON.stringify(erased) })
    .execute();
  await writeAudit(transaction, { at, actor, action: 'erase', subject: `receipt:${receipt.receipt}` });
}

export function sumOf(one: ErasedRows, other: ErasedRows): ErasedRows {
  return {
    conversations: one.conversations + other.conversations,
    messages: one.messages + other.messages,
    requests: one.requests + other.requests,
    notices: one.notices + other.notices,
    notes: one.notes + other.notes,
  };
}

/** Where the Azure channel keeps how a conversation is answered. */
function azureReferenceKey(conversationId: string): string {
  return `azure-reference/${conversationId}`;
}

/** The address to answer to stays while the conversation does; the profile's name goes. */
async function namelessReference(transaction: Kysely<Schema>, conversationId: string): Promise<void> {
  const key = azureReferenceKey(conversationId);
  const row = await transaction
    .selectFrom('bot_state')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return;
  const reference: { user?: { id?: string } } = JSON.parse(row.value);
  const value = JSON.stringify({ ...reference, user: { id: reference.user?.id } });
  await transaction.updateTable('bot_state').set({ value }).where('key', '=', key).execute();
}

async function eraseContents(
  transaction: Kysely<Schema>,
  stateKeys: string[],
  ids: string[],
  people: string[],
  what: 'all' | 'transcript',
): Promise<ErasedRows> {
  if (stateKeys.length > 0) await transaction.deleteFrom('bot_state').where('key', 'in', stateKeys).execute();
  await forgetTerms(transaction, ids);
  const notes = await transaction
    .deleteFrom('conversation_notes')
    .where('conversation_id', 'in', ids)
    .executeTakeFirst();
  await transaction.deleteFrom('conversation_tags').where('conversation_id', 'in', ids).execute();
  const notices = await eraseNotices(transaction, new Set([...ids, ...people]));
  await eraseAuditSubjects(
    transaction,
    ids.map((id) => `conversation:${id}`),
  );
  const requests =
    what === 'all' ? await eraseRequests(transaction, await referencesOf(transaction, ids)) : NOTHING_ERASED;
  return sumOf({ ...NOTHING_ERASED, notes: Number(notes.numDeletedRows), notices }, requests);
}

/**
 * What remote channels remember of where and how a person is answered. It stays with a conversation that was only
 * emptied: the person is still told that it is done.
 */
async function eraseWaysBack(transaction: Kysely<Schema>, ids: string[]): Promise<void> {
  await transaction.deleteFrom('inbox').where('conversation_id', 'in', ids).execute();
  await transaction.deleteFrom('messenger_threads').where('conversation_id', 'in', ids).execute();
  for (const id of ids) {
    // An activity's id is the conversation's with a number behind it; `|` is no letter of an id.
    const [from, until] = [`messenger:${id}|`, `messenger:${id}}`];
    await transaction
      .deleteFrom('messenger_sends')
      .where('key', '>=', from)
      .where('key', '<', until)
      .execute();
  }
  await transaction.deleteFrom('bot_state').where('key', 'in', ids.map(azureReferenceKey)).execute();
}

async function referencesOf(transaction: Kysely<Schema>, ids: string[]): Promise<string[]> {
  const rows = await transaction
    .selectFrom('booking_requests')
    .select('reference')
    .where('conversation_id', 'in', ids)
    .execute();
  return rows.map(({ reference }) => reference);
}

/** Rows of the outbox read at a time. */
const NOTICES_AT_ONCE = 1_000;

/**
 * Deletes every row of the outbox that mentions one of these ids anywhere in its payload or is ordered by it, sent or
 * not: what the payloads look like is the business of those who write and send them.
 */
async function eraseNotices(transaction: Kysely<Schema>, ids: ReadonlySet<string>): Promise<number> {
  let after = 0;
  let deleted = 0;
  for (;;) {
    const page = await transaction
      .selectFrom('outbox')
      .select(['id', 'payload', 'order_key'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(NOTICES_AT_ONCE)
      .execute();
    const theirs = page
      .filter((row) => ids.has(row.order_key ?? '') || mentions(JSON.parse(row.payload), ids))
      .map(({ id }) => id);
    if (theirs.length > 0) await transaction.deleteFrom('outbox').where('id', 'in', theirs).execute();
    deleted += theirs.length;
    if (page.length < NOTICES_AT_ONCE) return deleted;
    after = page.at(-1)?.id ?? after;
  }
}

function mentions(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return ids.has(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => mentions(part, ids));
}
