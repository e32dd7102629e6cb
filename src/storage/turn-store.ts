import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { CompiledQuery, Insertable, Kysely } from 'kysely';
import type { BookingRequest } from '../booking/booking-request';
import { SETTLED_BY_AN_ANSWER, TurnConflict } from '../bot/ports';
import type { KeptActivity, OutboxMessage, Sender, TurnRecord, TurnStart, TurnStore } from '../bot/ports';
import type { BookingNotice } from '../notify/ports';
import { activityRow, keptActivity } from './activity-rows';
import { writeAudit } from './audit-chain';
import { isBrokenReference, isMissingValue, isTakenKey } from './database-error';
import { emptyConversation, keepReceipt, redactVisitor } from './erase';
import { noteErased } from './erased-list';
import { inOneGo } from './in-one-go';
import type { Database } from './open-database';
import { addToOutbox, outboxQueries } from './outbox-store';
import { REDACTED, redactedActivity, redactedDecision } from './redaction';
import { findableIn, keepRequestWords } from './request-words';
import { morePressing, placeOf } from './review-reason';
import { type ValueOf, prepareQuery } from './prepared-query';
import type { ActivitiesTable, Schema } from './schema';
import { conversationStateKey, stateKeyOf } from './state-key';

/** Characters of the visitor's first sentence that the list of conversations shows. */
const FIRST_TEXT_LENGTH = 200;

/**
 * Keeps turns: transcript, state, booking requests, and what the outbox is to deliver, of one turn in one
 * transaction. Of every new, changed or withdrawn request one notice is kept for each of `noticeKinds`: the kinds
 * of senders that tell staff.
 */
export function createTurnStore(database: Database, noticeKinds: readonly string[] = []): TurnStore {
  return {
    load: (conversationId, incomingId, sender) =>
      loadTurnStart(database, { conversationId, incomingId, sender }),
    async commit(turn) {
      refuseGaps(turn);
      try {
        if (isPlain(turn)) await database.writeAtOnce(queriesOf(database.kysely, turn));
        else await database.write((transaction) => commitTurn(transaction, turn, noticeKinds));
      } catch (error) {
        // Another turn was quicker, the same incoming id, or a reference that another conversation has: a new run of the
        // turn sees it.
        if (isTakenKey(error) || isBrokenReference(error) || isMissingValue(error, 'last_sequence'))
          throw conflictIn(turn);
        throw error;
      }
      // Until then the redacted words can still be read in SQLite's write-ahead log.
      if (turn.redact || turn.erase !== undefined) await database.scrub();
    },
  };
}

interface Asked {
  conversationId: string;
  incomingId: string;
  sender: Sender | undefined;
}

/**
 * One question for all of it: one moment, and one way to the database and back. Each part is looked up by itself: joined,
 * they took SQLite six times as long (27 and 4.5 µs).
 */
const turnStart = prepareQuery((_kysely, value: ValueOf<Asked>) => {
  const id = value(({ conversationId }) => conversationId);
  const conversation = sql`from conversations where id = ${id}`;
  return sql<{
    last_sequence: number | null;
    user_id: string;
    state: string | null;
    handled: number | null;
    requests: number;
  }>`
    select (select last_sequence ${conversation}) as last_sequence,
      (select user_id ${conversation}) as user_id,
      (select value from bot_state
        where key = (select ${stateKeyOf(sql.ref('channel'), sql.ref('id'))} ${conversation})) as state,
      (select sequence from activities
        where conversation_id = ${id} and incoming_id = ${value(({ incomingId }) => incomingId)}) as handled,
      (select count(*) from booking_requests
        where sender = ${value(({ sender }) => sender?.hash ?? null)}
          and created_at > ${value(({ sender }) => sender?.countedSince ?? null)}) as requests`;
});

async function loadTurnStart(database: Database, asked: Asked): Promise<TurnStart> {
  const { kysely } = database;
  const [found] = await database.readAtOnce(turnStart(kysely, asked));
  const requests = asked.sender && { requestsFromSender: found?.requests ?? 0 };
  if (!found || found.last_sequence === null) return { lastSequence: 0, state: undefined, ...requests };
  return {
    lastSequence: found.last_sequence,
    userId: found.user_id,
    state: found.state ?? undefined,
    ...(found.handled !== null && {
      handled: await outcomeOf(kysely, asked.conversationId, found.handled),
    }),
    ...requests,
  };
}

/** The incoming activity and its replies; empty where this id was never handled. */
async function outcomeOf(
  kysely: Kysely<Schema>,
  conversationId: string,
  incoming: number,
): Promise<KeptActivity[]> {
  const rows = await kysely
    .selectFrom('activities')
    .select(['conversation_id', 'sequence', 'activity'])
    .where('conversation_id', '=', conversationId)
    .where('sequence', '>=', incoming)
    .where((where) => where.or([where('sequence', '=', incoming), where('reply_to', '=', incoming)]))
    .orderBy('sequence')
    .execute();
  return rows.map(keptActivity);
}

async function commitTurn(
  transaction: Kysely<Schema>,
  turn: TurnRecord,
  noticeKinds: readonly string[],
): Promise<void> {
  if (turn.redact) {
    await redactVisitor(transaction, turn.conversation.id);
    await noteErased(transaction, 'words', [turn.conversation.id], turn.at);
  }
  if (turn.erase !== undefined) await eraseForVisitor(transaction, turn, turn.erase);
  await inOneGo(queriesOf(transaction, turn).map((query) => transaction.executeQuery(query)));
  if (turn.answers !== undefined) await markAnswered(transaction, turn, turn.answers);
  await auditStaff(transaction, turn);
  const changes = [
    turn.request && (await keepRequest(transaction, turn, turn.request)),
    turn.withdrawn !== undefined && (await withdrawRequest(transaction, turn, turn.withdrawn)),
  ];
  const notices = changes.flatMap((change) =>
    change ? noticeKinds.map((kind) => noticeOf(turn, change, kind)) : [],
  );
  await addToOutbox(transaction, notices, turn.at);
}

/** All that is kept of it are the queries of every turn, and nothing depends on what the database answers. */
function isPlain({ redact, erase, answers, by, request, withdrawn }: TurnRecord): boolean {
  return !redact && !by && !request && [erase, answers, withdrawn].every((each) => each === undefined);
}

/**
 * The conversation, its activities, its state, and what brings the replies to channels that are written to. Of two turns
 * that started from the same sequence number the second is refused: the conversation is there already, it is not at that
 * number any more, or not there any more.
 */
function queriesOf(kysely: Kysely<Schema>, turn: TurnRecord): CompiledQuery[] {
  const rows = activityRows(turn);
  return [
    turn.lastSequence === 0 ? addedConversation(kysely, turn) : movedConversation(kysely, turn),
    addedActivities(kysely, rows, rows.length),
    keptState(kysely, turn),
    ...outboxQueries(kysely, turn.messages ?? [], turn.at),
  ];
}

const addedConversation = prepareQuery((kysely, value: ValueOf<TurnRecord>) =>
  kysely.insertInto('conversations').values({
    id: value(({ conversation }) => conversation.id),
    channel: value(({ conversation }) => conversation.channel),
    user_id: value(({ conversation }) => conversation.userId),
    started_at: value(({ at }) => at),
    updated_at: value(({ at }) => at),
    last_sequence: value(newestSequence),
    first_text: value(firstText),
    visitor_messages: value(writtenMessages),
    review: value(({ review }) => review ?? null),
    lowest_confidence: value((turn) => followedDecision(turn)?.confidence ?? null),
  }),
);

/**
 * What waited for a person's answer has it once one wrote; danger and failures still want to be looked at. Compare-and-set:
 * without the expected sequence number there is no new one, which the column refuses.
 */
const movedConversation = prepareQuery((_kysely, value: ValueOf<TurnRecord>) => {
  const at = sql`cast(${value((turn) => turn.at)} as text)`;
  const review = sql`cast(${value((turn) => turn.review ?? null)} as text)`;
  const reason = morePressing(
    value((turn) => turn.review ?? null),
    value((turn) => placeOf(turn.review)),
  );
  const confidence = sql`cast(${value((turn) => followedDecision(turn)?.confidence ?? null)} as double precision)`;
  const isSettled = sql`(cast(${value((turn) => (speaks(turn) ? 1 : 0))} as integer) = 1
    and review in (${sql.join(SETTLED_BY_AN_ANSWER)}))`;
  return sql<never>`
    update conversations set
      updated_at = ${at},
      last_sequence = case when last_sequence = ${value(({ lastSequence }) => lastSequence)}
        then cast(${value(newestSequence)} as integer) end,
      first_text = coalesce(first_text, cast(${value(firstText)} as text)),
      visitor_messages = visitor_messages + ${value(writtenMessages)},
      person_until = ${value(({ person }) => person?.until ?? null)},
      person_name = ${value(({ person }) => person?.name ?? null)},
      review = case when ${isSettled} then null else ${reason} end,
      reviewed_at = case when ${isSettled} then ${at} when ${review} is null then reviewed_at end,
      reviewed_by = case when ${isSettled} then cast(${value(({ by }) => by?.account ?? null)} as text)
        when ${review} is null then reviewed_by end,
      lowest_confidence = case when ${confidence} is null or lowest_confidence < ${confidence}
        then lowest_confidence else ${confidence} end
    where id = ${value(({ conversation }) => conversation.id)}`;
});

/** A person of the team wrote to the visitor. */
function speaks({ by, incoming }: TurnRecord): boolean {
  return by !== undefined && incoming.activity.type === 'message';
}

/**
 * The decision where the turn went by it. A name typed into the booking is matched too, and means nothing: it
 * must not count as a question that was not understood.
 */
function followedDecision({ decision }: TurnRecord): TurnRecord['decision'] {
  return decision && !STEERED_OTHERWISE.has(decision.step) ? decision : undefined;
}

/** Steps of the router that do not go by what the message was matched to. */
const STEERED_OTHERWISE = new Set(['continue-dialog', 'obey', 'let-be', 'delete-data']);

function activityRows(turn: TurnRecord): ActivityRow[] {
  const followed = followedDecision(turn);
  const row = activityRow(turn.incoming, turn.by ? 'staff' : 'user', turn.at);
  const decision = turn.decision ? JSON.stringify(turn.decision) : null;
  const erases = turn.erase !== undefined;
  const incoming = {
    ...row,
    incoming_id: turn.incomingId,
    author: turn.by?.account ?? null,
    decision,
    // The message that has everything deleted is deleted with it: a name may stand in that one, too.
    ...(erases && { text: REDACTED, activity: redactedActivity(row.activity) }),
    ...(erases && decision !== null && { decision: redactedDecision(decision) }),
    decided: followed?.decision ?? null,
    entry: followed?.entry ?? null,
    confidence: followed?.confidence ?? null,
    knowledge_version: turn.decision?.knowledgeVersion ?? null,
    error_id: turn.errorId ?? null,
  };
  const replies = turn.outgoing.map((reply) => ({
    ...activityRow(reply, 'bot', turn.at),
    reply_to: turn.incoming.sequence,
  }));
  return [incoming, ...replies];
}

type ActivityRow = Insertable<ActivitiesTable>;

const ACTIVITY_COLUMNS: readonly (keyof ActivityRow)[] = [
  'conversation_id',
  'sequence',
  'id',
  'incoming_id',
  'reply_to',
  'type',
  'role',
  'author',
  'at',
  'text',
  'activity',
  'decision',
  'decided',
  'entry',
  'confidence',
  'knowledge_version',
  'error_id',
];

const addedActivities = prepareQuery((_kysely, value: ValueOf<ActivityRow[]>, amount: number) => {
  const cellsOf = (index: number) =>
    ACTIVITY_COLUMNS.map((column) => value((rows) => rows[index]?.[column] ?? null));
  const rows = Array.from({ length: amount }, (_, index) => sql`(${sql.join(cellsOf(index))})`);
  return sql<never>`insert into activities (${sql.join(ACTIVITY_COLUMNS.map((column) => sql.ref(column)))})
    values ${sql.join(rows)}`;
});

const keptState = prepareQuery((kysely, value: ValueOf<TurnRecord>) =>
  kysely
    .insertInto('bot_state')
    .values({
      key: value(({ conversation }) => conversationStateKey(conversation.channel, conversation.id)),
      value: value(({ state }) => state),
      etag: value(() => randomUUID()),
    })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({
        value: row.ref('excluded.value'),
        etag: row.ref('excluded.etag'),
      })),
    ),
);

/**
 * A changed request keeps the status that staff gave it while they work on it; one that was withdrawn, done or
 * lost waits for them again.
 */
async function keepRequest(
  transaction: Kysely<Schema>,
  turn: TurnRecord,
  request: BookingRequest,
): Promise<RequestChange> {
  const asked = {
    kind: request.kind,
    name: request.name,
    phone: request.phone?.e164 ?? null,
    email: request.email ?? null,
    request: JSON.stringify(request),
    updated_at: turn.at,
  };
  await forgetSenders(transaction, aDayBefore(turn.at));
  const joins = await samePersonAs(transaction, turn, request);
  const kept = await transaction
    .insertInto('booking_requests')
    .values({
      ...asked,
      sender: turn.sender ?? null,
      joins,
      reference: request.reference,
      conversation_id: turn.conversation.id,
      status: 'new',
      revision: 0,
      created_at: turn.at,
      waits_since: turn.at,
    })
    .onConflict((conflict) =>
      conflict
        .column('reference')
        .doUpdateSet({
          ...asked,
          revision: sql`booking_requests.revision + 1`,
          status: sql`case when booking_requests.status in ('contacted', 'booked') then booking_requests.status else 'new' end`,
          waits_since: sql`case when booking_requests.status in ('withdrawn', 'done', 'lost') then ${turn.at} else booking_requests.waits_since end`,
        })
        .where('booking_requests.conversation_id', '=', turn.conversation.id),
    )
    .returning(['revision', 'joins'])
    .executeTakeFirst();
  // The reference is another conversation's: run again, the turn draws a new one.
  if (!kept) throw conflictIn(turn);
  await keepRequestWords(transaction, [findableIn(request)]);
  const change = kept.revision === 0 ? 'new' : 'changed';
  return {
    change,
    reference: request.reference,
    revision: kept.revision,
    request,
    ...(kept.joins !== null && { joins: kept.joins }),
  };
}

/**
 * The first of the requests that the same person sent in the last day, from another conversation: by phone number or
 * e-mail address, and for the same one ("my husband"). Null where there is none, or the visitor took it back.
 */
async function samePersonAs(
  transaction: Kysely<Schema>,
  turn: TurnRecord,
  { phone, email, kind, forWhom, reference }: BookingRequest,
): Promise<string | null> {
  if (phone === undefined && email === undefined) return null;
  const earlier = await transaction
    .selectFrom('booking_requests')
    .select(['reference', 'joins', 'request'])
    .where((row) =>
      row.or([
        ...(phone ? [row('phone', '=', phone.e164)] : []),
        ...(email !== undefined ? [row('email', '=', email)] : []),
      ]),
    )
    .where('created_at', '>', aDayBefore(turn.at))
    .where('conversation_id', '!=', turn.conversation.id)
    .where('reference', '!=', reference)
    .where('kind', '=', kind)
    .where('status', '!=', 'withdrawn')
    .orderBy('created_at')
    .limit(MOST_JOINED)
    .execute();
  const first = earlier.find(({ request }) => (JSON.parse(request) as BookingRequest).forWhom === forWhom);
  return first ? (first.joins ?? first.reference) : null;
}

/** More of one person in a day are a flood, in which the first is as good as any. */
const MOST_JOINED = 20;

/** The hash of an address is kept for as long as requests are counted, and no longer. */
export async function forgetSenders(transaction: Kysely<Schema>, before: string): Promise<void> {
  await transaction
    .updateTable('booking_requests')
    .set({ sender: null })
    .where('sender', 'is not', null)
    .where('created_at', '<=', before)
    .execute();
}

/** ISO 8601 UTC. */
export function aDayBefore(at: string): string {
  return new Date(Date.parse(at) - 86_400_000).toISOString();
}

/** Nothing happens, and nobody is told, where the request was withdrawn before or is not this conversation's. */
async function withdrawRequest(
  transaction: Kysely<Schema>,
  turn: TurnRecord,
  reference: string,
): Promise<RequestChange | undefined> {
  const withdrawn = await transaction
    .updateTable('booking_requests')
    .set((column) => ({ status: 'withdrawn', revision: column('revision', '+', 1), updated_at: turn.at }))
    .where('reference', '=', reference)
    .where('conversation_id', '=', turn.conversation.id)
    .where('status', '!=', 'withdrawn')
    .returning(['revision', 'request'])
    .executeTakeFirst();
  if (!withdrawn) return undefined;
  const request: BookingRequest = JSON.parse(withdrawn.request);
  return { change: 'withdrawn', reference, revision: withdrawn.revision, request };
}

/** A question is done with it, somebody who wants to come is contacted; what is closed or withdrawn stays as it is. */
async function markAnswered(transaction: Kysely<Schema>, turn: TurnRecord, reference: string): Promise<void> {
  const answered = await transaction
    .updateTable('booking_requests')
    .set((row) => ({
      status: sql<string>`case when kind = 'question' then 'done' else 'contacted' end`,
      updated_at: turn.at,
      contacted_at: row.fn.coalesce('contacted_at', row.val(turn.at)),
    }))
    .where('reference', '=', reference)
    .where('conversation_id', '=', turn.conversation.id)
    .where('status', 'in', ['new', 'contacted'])
    .returning('status')
    .executeTakeFirst();
  if (!answered || !turn.by) return;
  const by = { at: turn.at, actor: turn.by.account };
  await writeAudit(transaction, {
    ...by,
    action: `status:${answered.status}`,
    subject: `request:${reference}`,
  });
}

/** In the conversation's own words: join, leave, speak, answer. */
async function auditStaff(transaction: Kysely<Schema>, turn: TurnRecord): Promise<void> {
  if (!turn.by) return;
  const { type, name } = turn.incoming.activity;
  const action =
    turn.answers !== undefined
      ? 'answer'
      : (EVENT_ACTIONS[name ?? ''] ?? (type === 'message' ? 'speak' : 'act'));
  const subject = `conversation:${turn.conversation.id}`;
  await writeAudit(transaction, { at: turn.at, actor: turn.by.account, action, subject });
}

const EVENT_ACTIONS: Readonly<Record<string, string>> = { 'person-joined': 'join', 'person-left': 'leave' };

type RequestChange = Pick<BookingNotice, 'change' | 'reference' | 'revision' | 'request' | 'joins'>;

/** The notices of one request arrive in the order of its changes. */
function noticeOf(turn: TurnRecord, change: RequestChange, kind: string): OutboxMessage {
  const notice: BookingNotice = {
    ...change,
    conversationId: turn.conversation.id,
    channel: turn.conversation.channel,
    at: turn.at,
  };
  return {
    kind,
    payload: notice,
    idempotencyKey: `${kind}:${change.reference}:${change.revision}`,
    orderKey: change.reference,
  };
}

/** Takes the visitor's words out of all earlier rows of the conversation; who wrote when stays. */
async function eraseForVisitor(
  transaction: Kysely<Schema>,
  { conversation, at }: TurnRecord,
  receipt: string,
): Promise<void> {
  const erased = await emptyConversation(transaction, conversation);
  await noteErased(transaction, 'conversation', [conversation.id], at);
  await keepReceipt(transaction, { receipt, at, actor: 'visitor', erased });
}

function newestSequence(turn: TurnRecord): number {
  return turn.outgoing.at(-1)?.sequence ?? turn.incoming.sequence;
}

/** Watermarks count on sequences without gaps, so a turn that would make one is a programming error. */
function refuseGaps(turn: TurnRecord): void {
  [turn.incoming, ...turn.outgoing].forEach((kept, index) => {
    if (kept.sequence === turn.lastSequence + 1 + index) return;
    throw new RangeError(
      `The activities of a turn must be numbered from ${turn.lastSequence + 1} on, without gaps.`,
    );
  });
}

function firstText(turn: TurnRecord): string | null {
  const { type, text } = turn.incoming.activity;
  if (turn.erase !== undefined) return REDACTED;
  if (type !== 'message' || !text || turn.by) return null;
  return Array.from(text).slice(0, FIRST_TEXT_LENGTH).join('');
}

function writtenMessages(turn: TurnRecord): number {
  return turn.incoming.activity.type === 'message' && !turn.by ? 1 : 0;
}

function conflictIn(turn: TurnRecord): TurnConflict {
  return new TurnConflict(`Conversation ${turn.conversation.id} has moved on since the turn was loaded.`);
}
