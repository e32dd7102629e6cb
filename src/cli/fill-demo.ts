import type { Insertable, Kysely } from 'kysely';
import type { LoadedKnowledge } from '../bot/enquiry-bot';
import type { Database } from '../storage/open-database';
import { findableIn, keepRequestWords } from '../storage/request-words';
import type { ActivitiesTable, Schema } from '../storage/schema';
import { indexPending } from '../storage/search-index';
import { conversationStateKey } from '../storage/state-key';
import { demoConversations, type DemoConversation } from './demo-conversations';
import { CommandError } from './run-command';

/** Conversations per transaction: nobody waits for a turn meanwhile. */
const AT_ONCE = 500;
const INDEXED_AT_ONCE = 1_000;
const AUTHOR = 'demo@example.com';

/** Keeps made-up conversations. @throws CommandError where the database has conversations already */
export async function fillDemo(
  database: Database,
  loaded: LoadedKnowledge,
  options: { amount: number; seed: number; until: Date; days: number },
  progress: (done: number) => void = () => undefined,
): Promise<void> {
  const used = await database.kysely.selectFrom('conversations').select('id').limit(1).executeTakeFirst();
  if (used) {
    throw new CommandError(
      'This database has conversations already, so nothing was added. Name an empty one: DATABASE_URL=sqlite:data/demo.db',
    );
  }
  let batch: DemoConversation[] = [];
  let done = 0;
  const keep = async () => {
    const some = batch;
    batch = [];
    if (some.length === 0) return;
    await database.write((transaction) => keepBatch(transaction, some, loaded));
    progress((done += some.length));
  };
  for (const conversation of demoConversations(loaded, options)) {
    batch.push(conversation);
    if (batch.length === AT_ONCE) await keep();
  }
  await keep();
  await indexPending(database, Infinity, INDEXED_AT_ONCE);
}

async function keepBatch(
  transaction: Kysely<Schema>,
  batch: DemoConversation[],
  loaded: LoadedKnowledge,
): Promise<void> {
  await transaction
    .insertInto('conversations')
    .values(batch.map((conversation) => conversationRow(conversation)))
    .execute();
  const activities = batch.flatMap((conversation) => activityRows(conversation, loaded));
  for (let start = 0; start < activities.length; start += 1_000)
    await transaction
      .insertInto('activities')
      .values(activities.slice(start, start + 1_000))
      .execute();
  const requests = batch.flatMap((conversation) => requestRow(conversation));
  if (requests.length > 0) await transaction.insertInto('booking_requests').values(requests).execute();
  await keepRequestWords(
    transaction,
    batch.flatMap(({ request }) => (request === undefined ? [] : [findableIn(request)])),
  );
  const tags = batch.flatMap(({ id, tags: own, startedAt }) =>
    own.map((tag) => ({ conversation_id: id, tag, at: startedAt.toISOString(), author: AUTHOR })),
  );
  if (tags.length > 0) await transaction.insertInto('conversation_tags').values(tags).execute();
  const notes = batch.flatMap(({ id, note, startedAt }) =>
    note === undefined
      ? []
      : [{ conversation_id: id, at: startedAt.toISOString(), author: AUTHOR, text: note }],
  );
  if (notes.length > 0) await transaction.insertInto('conversation_notes').values(notes).execute();
  const states = batch.flatMap(({ id, channel, left }) =>
    left === undefined
      ? []
      : [{ key: conversationStateKey(channel, id), value: JSON.stringify(left), etag: 'demo' }],
  );
  if (states.length > 0) await transaction.insertInto('bot_state').values(states).execute();
  const notices = batch.flatMap((conversation) => noticeRows(conversation));
  if (notices.length > 0) await transaction.insertInto('outbox').values(notices).execute();
}

/** A minute between the visitor's messages. */
function timeOf({ startedAt }: DemoConversation, turn: number): string {
  return new Date(startedAt.getTime() + turn * 60_000).toISOString();
}

function conversationRow(conversation: DemoConversation): Insertable<Schema['conversations']> {
  const { turns } = conversation;
  const sure = turns.flatMap(({ decision }) => decision?.confidence ?? []);
  return {
    id: conversation.id,
    channel: conversation.channel,
    user_id: `user-of-${conversation.id}`,
    started_at: timeOf(conversation, 0),
    updated_at: timeOf(conversation, turns.length - 1),
    last_sequence: turns.length * 2 + (conversation.thumb === undefined ? 0 : 1),
    first_text: turns[0]?.said ?? null,
    visitor_messages: turns.length,
    review: conversation.review,
    reviewed_at: conversation.reviewedAt?.toISOString() ?? null,
    reviewed_by: conversation.reviewedAt ? AUTHOR : null,
    assigned_to: conversation.note === undefined ? null : AUTHOR,
    lowest_confidence: sure.length === 0 ? null : Math.min(...sure),
  };
}

function activityRows(
  conversation: DemoConversation,
  { knowledge }: LoadedKnowledge,
): Insertable<ActivitiesTable>[] {
  const { id, channel } = conversation;
  const from = { visitor: { id: `user-of-${id}`, role: 'user' }, bot: { id: 'enquiry-bot', role: 'bot' } };
  const messages = conversation.turns.flatMap(({ said, replied, decision, step }, turn) => {
    const at = timeOf(conversation, turn);
    const base = { conversation_id: id, type: 'message', at };
    const activity = (number: number, side: 'visitor' | 'bot', text: string) =>
      JSON.stringify({
        type: 'message',
        id: `${id}|${number}`,
        channelId: channel,
        conversation: { id },
        timestamp: at,
        from: from[side],
        text,
      });
    const first = turn * 2 + 1;
    return [
      {
        ...base,
        sequence: first,
        id: `${id}|${first}`,
        incoming_id: `demo-${first}`,
        reply_to: null,
        role: 'user',
        text: said,
        activity: activity(first, 'visitor', said),
        decision: decision && JSON.stringify({ ...decision, knowledgeVersion: knowledge.version, step }),
        decided: decision?.decision ?? null,
        entry: decision?.entry ?? null,
        confidence: decision?.confidence ?? null,
        knowledge_version: decision && knowledge.version,
        error_id: null,
      },
      {
        ...base,
        sequence: first + 1,
        id: `${id}|${first + 1}`,
        incoming_id: null,
        reply_to: first,
        role: 'bot',
        text: replied,
        activity: activity(first + 1, 'bot', replied),
        decision: null,
        decided: null,
        entry: null,
        confidence: null,
        knowledge_version: null,
        error_id: null,
      },
    ];
  });
  return conversation.thumb === undefined
    ? messages
    : [...messages, thumbRow(conversation, conversation.thumb)];
}

/** What the visitor thought of the first answer, told at the end. */
function thumbRow(conversation: DemoConversation, value: 'up' | 'down'): Insertable<ActivitiesTable> {
  const { id, turns } = conversation;
  const sequence = turns.length * 2 + 1;
  return {
    conversation_id: id,
    type: 'event',
    at: timeOf(conversation, turns.length - 1),
    sequence,
    id: `${id}|${sequence}`,
    incoming_id: `demo-${sequence}`,
    reply_to: null,
    role: 'user',
    text: null,
    activity: JSON.stringify({ type: 'event', name: 'feedback', value: { activityId: `${id}|2`, value } }),
    decision: null,
    decided: null,
    entry: null,
    confidence: null,
    knowledge_version: null,
    error_id: null,
  };
}

/** An e-mail to staff about each request; of the newest a few could not be delivered. */
function noticeRows(conversation: DemoConversation): Insertable<Schema['outbox']>[] {
  const { request, isMailLost, turns } = conversation;
  if (request === undefined) return [];
  const at = timeOf(conversation, turns.length - 1);
  const { reference } = request;
  return [
    {
      kind: 'notice-mail',
      payload: isMailLost ? JSON.stringify({ change: 'new', reference, revision: 0, request, at }) : '{}',
      state: isMailLost ? 'dead' : 'sent',
      attempts: isMailLost ? 288 : 0,
      next_attempt_at: at,
      created_at: at,
      order_key: reference,
      idempotency_key: `notice-mail:${reference}:0`,
      last_error: isMailLost ? 'mail: ECONNREFUSED' : null,
      settled_at: at,
    },
  ];
}

function requestRow(conversation: DemoConversation): Insertable<Schema['booking_requests']>[] {
  const { id, request, status = 'new', turns } = conversation;
  if (request === undefined) return [];
  const at = timeOf(conversation, turns.length - 1);
  return [
    {
      reference: request.reference,
      conversation_id: id,
      kind: request.kind,
      status,
      revision: 0,
      name: request.name,
      phone: request.phone?.e164 ?? null,
      email: request.email ?? null,
      request: JSON.stringify(request),
      created_at: at,
      updated_at: at,
      waits_since: at,
      contacted_at: conversation.contactedAt?.toISOString() ?? null,
      assigned_to: status === 'new' ? null : AUTHOR,
    },
  ];
}
