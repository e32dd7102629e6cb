import { sql } from 'kysely';
import type { Kysely, Selectable, SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import type { BookingRequest } from '../booking/booking-request';
import type {
  Authorship,
  Cursor,
  NoticeRow,
  Page,
  RequestFilter,
  RequestRow,
  Review,
  TranscriptLine,
} from '../staff/ports';
import { writeAudit } from './audit-chain';
import { listConversations, toConversation } from './conversation-list';
import { feedbackIn } from './feedback-rows';
import type { Database } from './open-database';
import { type RequestTerm, afterAllThatBegin, requestTerms } from './request-words';
import type { ActivitiesTable, BookingRequestsTable, OutboxTable, Schema } from './schema';

/** After every time that is kept. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

/** What staff read of the conversations and booking requests, and the little that they change there. */
export function createReviewStore(database: Database): Review {
  const { kysely, engine } = database;

  const termsOf = async ({ search }: RequestFilter) =>
    search === undefined ? undefined : requestTerms(database, search);

  async function linesOf(id: string, limit: number, before: number | undefined): Promise<TranscriptLine[]> {
    let newestFirst = kysely
      .selectFrom('activities')
      .selectAll()
      .where('conversation_id', '=', id)
      .orderBy('sequence', 'desc')
      .limit(limit);
    if (before !== undefined) newestFirst = newestFirst.where('sequence', '<', before);
    const rows = (await newestFirst.execute()).reverse();
    const feedback = await feedbackOn(id, rows[0]?.sequence ?? 0);
    return rows.map((row) => ({ ...toLine(row), feedback: feedback.get(row.id) ?? null }));
  }

  /** By the id of the activity that it is about; a later one counts. Feedback comes after its answer. */
  async function feedbackOn(id: string, from: number): Promise<Map<string, 'up' | 'down'>> {
    const events = await kysely
      .selectFrom('activities')
      .select('activity')
      .where('conversation_id', '=', id)
      .where('type', '=', 'event')
      .where('sequence', '>=', from)
      .orderBy('sequence')
      .execute();
    const found = new Map<string, 'up' | 'down'>();
    for (const { activity } of events) {
      const feedback = feedbackIn(activity);
      if (feedback) found.set(feedback.activityId, feedback.value);
    }
    return found;
  }

  return {
    async waiting(overdueSince) {
      const reasons = await kysely
        .selectFrom('conversations')
        .select(['review', (row) => row.fn.countAll().as('amount')])
        .where('review', 'is not', null)
        .groupBy('review')
        .execute();
      const requests = await kysely
        .selectFrom('booking_requests')
        .select((row) => row.fn.countAll().as('amount'))
        .where('status', '=', 'new')
        .executeTakeFirstOrThrow();
      const overdue = await kysely
        .selectFrom('booking_requests')
        .select((row) => row.fn.countAll().as('amount'))
        .where('status', '=', 'new')
        .where('waits_since', '<=', overdueSince)
        .executeTakeFirstOrThrow();
      const undelivered = await kysely
        .selectFrom('outbox')
        .select((row) => row.fn.countAll().as('amount'))
        .where('state', '=', 'dead')
        .executeTakeFirstOrThrow();
      return {
        reasons: counts(reasons.map(({ review, amount }) => [review, amount])),
        newRequests: Number(requests.amount),
        overdueRequests: Number(overdue.amount),
        undelivered: Number(undelivered.amount),
      };
    },

    async activitySince(at, before = END_OF_TIME) {
      const conversations = await kysely
        .selectFrom('conversations')
        .select((row) => row.fn.countAll().as('amount'))
        .where('started_at', '>=', at)
        .where('started_at', '<', before)
        .where('visitor_messages', '>', 0)
        .executeTakeFirstOrThrow();
      const requests = await kysely
        .selectFrom('booking_requests')
        .select((row) => row.fn.countAll().as('amount'))
        .where('created_at', '>=', at)
        .where('created_at', '<', before)
        .executeTakeFirstOrThrow();
      const decided = await kysely
        .selectFrom('activities')
        .select(['decided', (row) => row.fn.countAll().as('amount')])
        .where('decided', 'is not', null)
        .where('at', '>=', at)
        .where('at', '<', before)
        .groupBy('decided')
        .execute();
      return {
        conversations: Number(conversations.amount),
        requests: Number(requests.amount),
        decided: counts(decided.map((row) => [row.decided, row.amount])),
      };
    },

    conversations: (filter, limit, after) => listConversations(database, filter, limit, after),

    async conversation(id, limit, before) {
      const row = await kysely
        .selectFrom('conversations')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const lines = await linesOf(id, limit + 1, before);
      const requests = await kysely
        .selectFrom('booking_requests')
        .selectAll()
        .where('conversation_id', '=', id)
        .orderBy('created_at')
        .execute();
      const tags = await kysely
        .selectFrom('conversation_tags')
        .select('tag')
        .where('conversation_id', '=', id)
        .orderBy('tag')
        .execute();
      const notes = await kysely
        .selectFrom('conversation_notes')
        .select(['at', 'author', 'text'])
        .where('conversation_id', '=', id)
        .orderBy('id')
        .execute();
      return {
        ...toConversation(row),
        tags: tags.map(({ tag }) => tag),
        notes,
        userId: row.user_id,
        lastSequence: row.last_sequence,
        reviewedReason: row.reviewed_reason,
        lines: lines.slice(-limit),
        earlier: lines.length > limit,
        person: row.person_until === null ? null : { until: row.person_until, name: row.person_name },
        requests: requests.map(toRequest),
      };
    },

    async activities(id) {
      const rows = await kysely
        .selectFrom('activities')
        .select('activity')
        .where('conversation_id', '=', id)
        .orderBy('sequence')
        .execute();
      return rows.length === 0 ? undefined : rows.map(({ activity }) => JSON.parse(activity) as object);
    },

    channels: () => channelsOf(kysely),

    async tags() {
      const rows = await kysely
        .selectFrom('conversation_tags')
        .select('tag')
        .distinct()
        .orderBy('tag')
        .execute();
      return rows.map((row) => row.tag);
    },

    async addNote(id, text, by) {
      return database.write(async (transaction) => {
        if (!(await isKnown(transaction, id))) return 'unknown';
        await transaction
          .insertInto('conversation_notes')
          .values({ conversation_id: id, at: by.at, author: by.actor, text })
          .execute();
        await writeAudit(transaction, { ...by, action: 'note', subject: `conversation:${id}` });
        return 'added';
      });
    },

    async setTag(id, tag, isSet, by) {
      return database.write(async (transaction) => {
        if (!(await isKnown(transaction, id))) return 'unknown';
        if (isSet) {
          await transaction
            .insertInto('conversation_tags')
            .values({ conversation_id: id, tag, at: by.at, author: by.actor })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        } else {
          await transaction
            .deleteFrom('conversation_tags')
            .where('conversation_id', '=', id)
            .where('tag', '=', tag)
            .execute();
        }
        await writeAudit(transaction, {
          ...by,
          action: isSet ? 'tag' : 'untag',
          subject: `conversation:${id}`,
        });
        return 'changed';
      });
    },

    async undelivered(limit) {
      const rows = await kysely
        .selectFrom('outbox')
        .select(['id', 'kind', 'payload', 'attempts', 'last_error', 'created_at'])
        .where('state', '=', 'dead')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        what: row.kind,
        at: row.created_at,
        attempts: row.attempts,
        problem: row.last_error,
        reference: WithReference.safeParse(JSON.parse(row.payload)).data?.reference ?? null,
      }));
    },

    async settleUndelivered(id, how, by) {
      return database.write(async (transaction) => {
        const settled =
          how === 'dismiss'
            ? await transaction
                .deleteFrom('outbox')
                .where('id', '=', id)
                .where('state', '=', 'dead')
                .returning('id')
                .execute()
            : await transaction
                .updateTable('outbox')
                .set({
                  state: 'waiting',
                  attempts: 0,
                  next_attempt_at: by.at,
                  leased_until: null,
                  settled_at: null,
                })
                .where('id', '=', id)
                .where('state', '=', 'dead')
                .returning('id')
                .execute();
        if (settled.length === 0) return 'unknown';
        await writeAudit(transaction, { ...by, action: how, subject: `notice:${id}` });
        return 'settled';
      });
    },

    async markReviewed(id, upTo, by) {
      return database.write(async (transaction) => {
        const marked = await transaction
          .updateTable('conversations')
          .set((row) => ({
            review: null,
            reviewed_at: by.at,
            reviewed_by: by.actor,
            reviewed_reason: row.fn.coalesce('review', 'reviewed_reason'),
          }))
          .where('id', '=', id)
          .where('last_sequence', '<=', upTo)
          .executeTakeFirst();
        if (marked.numUpdatedRows === 0n) {
          const known = await transaction
            .selectFrom('conversations')
            .select('id')
            .where('id', '=', id)
            .executeTakeFirst();
          return known === undefined ? 'unknown' : 'moved-on';
        }
        await writeAudit(transaction, { ...by, action: 'reviewed', subject: `conversation:${id}` });
        return 'reviewed';
      });
    },

    async bringBack(id, by) {
      return database.write(async (transaction) => {
        const brought = await transaction
          .updateTable('conversations')
          .set((row) => ({ review: row.ref('reviewed_reason'), reviewed_at: null, reviewed_by: null }))
          .where('id', '=', id)
          .where('review', 'is', null)
          .where('reviewed_at', 'is not', null)
          .where('reviewed_reason', 'is not', null)
          .executeTakeFirst();
        if (brought.numUpdatedRows === 0n) return (await isKnown(transaction, id)) ? 'waits' : 'unknown';
        await writeAudit(transaction, { ...by, action: 'bring-back', subject: `conversation:${id}` });
        return 'waits';
      });
    },

    async requests(filter, limit, after) {
      const terms = await termsOf(filter);
      let query = kysely
        .selectFrom('booking_requests')
        .selectAll()
        .$call((base) => narrowedRequests(base, filter, terms, engine))
        .orderBy('created_at', 'desc')
        .orderBy('reference')
        .limit(limit + 1);
      if (after !== undefined) {
        query = query.where((row) =>
          row.and([
            row('created_at', '<=', after.at),
            row.or([row('created_at', '<', after.at), row('reference', '>', after.id)]),
          ]),
        );
      }
      return pageOf((await query.execute()).map(toRequest), limit, (row) => ({
        at: row.createdAt,
        id: row.reference,
      }));
    },

    async requestCounts(filter) {
      const terms = await termsOf(filter);
      // Not the column itself where a few are asked for: SQLite would walk all requests by their status.
      const isNarrow = filter.from !== undefined || filter.search !== undefined;
      const status = !isNarrow ? sql.ref<string>('status') : sql<string>`status || ''`;
      const rows = await kysely
        .selectFrom('booking_requests')
        .select([status.as('status'), (row) => row.fn.countAll().as('amount')])
        .$call((base) => narrowedRequests(base, filter, terms, engine))
        .groupBy(status)
        .execute();
      return counts(rows.map(({ status, amount }) => [status, amount]));
    },

    async request(reference) {
      const row = await kysely
        .selectFrom('booking_requests')
        .selectAll()
        .where('reference', '=', reference)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const history = await kysely
        .selectFrom('audit')
        .select(['at', 'actor', 'action', 'subject'])
        .where('subject', '=', `request:${reference}`)
        .where((where) =>
          where.or([where('action', 'like', 'status:%'), where('action', 'like', 'assign:%')]),
        )
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      const notices = await kysely
        .selectFrom('outbox')
        .select(['id', 'kind', 'state', 'attempts', 'created_at', 'settled_at', 'last_error'])
        .where('order_key', '=', reference)
        .orderBy('id')
        .execute();
      return {
        ...toRequest(row),
        revision: row.revision,
        request: bookingRequestOf(row),
        history,
        notices: notices.map(toNotice),
        samePerson: await joinedWith(kysely, row),
      };
    },

    async setStatus(reference, status, by) {
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('booking_requests')
          .set((row) => ({
            status,
            updated_at: by.at,
            contacted_at: status === 'new' ? null : row.fn.coalesce('contacted_at', row.val(by.at)),
          }))
          .where('reference', '=', reference)
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return 'unknown';
        await writeAudit(transaction, { ...by, action: `status:${status}`, subject: `request:${reference}` });
        if (status !== 'new') await settleJoined(transaction, reference, status, by);
        return 'changed';
      });
    },

    async assignRequest(reference, to, by) {
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('booking_requests')
          .set({ assigned_to: to })
          .where('reference', '=', reference)
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return 'unknown';
        const subject = `request:${reference}`;
        await writeAudit(transaction, { ...by, action: `assign:${to ?? 'nobody'}`, subject });
        return 'changed';
      });
    },

    async assignConversation(id, to, by) {
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('conversations')
          .set({ assigned_to: to })
          .where('id', '=', id)
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return 'unknown';
        const subject = `conversation:${id}`;
        await writeAudit(transaction, { ...by, action: `assign:${to ?? 'nobody'}`, subject });
        return 'changed';
      });
    },

    savedViews: () =>
      kysely.selectFrom('saved_views').select(['id', 'name', 'query', 'author']).orderBy('name').execute(),

    async saveView({ name, query }, by) {
      await database.write(async (transaction) => {
        const kept = { query, at: by.at, author: by.actor };
        const { id } = await transaction
          .insertInto('saved_views')
          .values({ name, ...kept })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(kept))
          .returning('id')
          .executeTakeFirstOrThrow();
        await writeAudit(transaction, { ...by, action: 'save-view', subject: `view:${id}` });
      });
    },

    async removeView(id, by) {
      return database.write(async (transaction) => {
        const removed = await transaction.deleteFrom('saved_views').where('id', '=', id).executeTakeFirst();
        if (removed.numDeletedRows === 0n) return 'unknown';
        await writeAudit(transaction, { ...by, action: 'remove-view', subject: `view:${id}` });
        return 'removed';
      });
    },
  };
}

function narrowedRequests<Output>(
  base: SelectQueryBuilder<Schema, 'booking_requests', Output>,
  filter: RequestFilter,
  terms: RequestTerm[] | undefined,
  engine: Database['engine'],
): SelectQueryBuilder<Schema, 'booking_requests', Output> {
  const { status, won, assignedTo, waitsSince, waitsAfter, from, to, channel } = filter;
  const { answered, within, later } = filter;
  let query = base;
  // Signs alone are found nowhere.
  if (terms?.length === 0) query = query.where(sql<boolean>`1 = 0`);
  for (const term of terms ?? [])
    query = query.where('reference', 'in', (row) => {
      const having = row.selectFrom('request_words').select('reference');
      return 'isOneOf' in term
        ? having.where('word', 'in', term.isOneOf)
        : having.where('word', '>=', term.beginsWith).where('word', '<', afterAllThatBegin(term.beginsWith));
    });
  if (status !== undefined) query = query.where('status', '=', status);
  if (won) query = query.where('status', 'in', ['booked', 'done']);
  if (assignedTo !== undefined)
    query = query.where('assigned_to', assignedTo === null ? 'is' : '=', assignedTo);
  if (waitsSince !== undefined) query = query.where('waits_since', '<=', waitsSince);
  if (waitsAfter !== undefined) query = query.where('waits_since', '>', waitsAfter);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (to !== undefined) query = query.where('created_at', '<', to);
  if (channel !== undefined)
    query = query.where((row) =>
      row.exists(
        row
          .selectFrom('conversations')
          .select('conversations.id')
          .whereRef('conversations.id', '=', 'booking_requests.conversation_id')
          .where('conversations.channel', '=', channel),
      ),
    );
  if (answered !== undefined) query = query.where('contacted_at', answered ? 'is not' : 'is', null);
  // Null, and so left out, where nobody has answered.
  if (within !== undefined) query = query.where(minutesToAnswer(engine), '<=', within);
  if (later !== undefined) query = query.where(minutesToAnswer(engine), '>', later);
  return query;
}

function minutesToAnswer(engine: Database['engine']) {
  return engine === 'sqlite'
    ? // Days as fractions are a few microseconds off.
      sql<number>`round((julianday(contacted_at) - julianday(created_at)) * 1440, 3)`
    : sql<number>`extract(epoch from contacted_at::timestamptz - created_at::timestamptz) / 60`;
}

/**
 * Steps from each channel to the next in the index: four look-ups instead of walking 100,000 rows, and the same
 * query on both engines.
 */
async function channelsOf(kysely: Kysely<Schema>): Promise<string[]> {
  const channels: string[] = [];
  for (;;) {
    const next = await kysely
      .selectFrom('conversations')
      .select('channel')
      .where('channel', '>', channels.at(-1) ?? '')
      .orderBy('channel')
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return channels;
    channels.push(next.channel);
  }
}

async function isKnown(kysely: Kysely<Schema>, id: string): Promise<boolean> {
  const row = await kysely.selectFrom('conversations').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

const WithReference = z.object({ reference: z.string() });

/** `rows` holds one more than the page where there is a next page. */
function pageOf<Row>(rows: Row[], limit: number, cursorOf: (row: Row) => Cursor): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return rows.length > limit && last !== undefined ? { rows: shown, next: cursorOf(last) } : { rows: shown };
}

/** Postgres counts in bigint, which its driver gives as text. */
function counts(rows: [string | null, string | number | bigint][]): Record<string, number> {
  return Object.fromEntries(rows.map(([name, amount]) => [name ?? '', Number(amount)]));
}

function toLine(row: Selectable<ActivitiesTable>): Omit<TranscriptLine, 'feedback'> {
  return {
    sequence: row.sequence,
    role: row.role === 'user' || row.role === 'staff' ? row.role : 'bot',
    author: row.author,
    at: row.at,
    type: row.type,
    text: row.text,
    offered: offeredIn(row.activity),
    decision: decisionIn(row.decision),
    errorId: row.error_id,
  };
}

const WithOffers = z.object({
  suggestedActions: z.object({ actions: z.array(z.object({ title: z.string() })) }),
});

function offeredIn(activity: string): string[] {
  const read = WithOffers.safeParse(JSON.parse(activity));
  return read.success ? read.data.suggestedActions.actions.map((action) => action.title) : [];
}

const KeptCandidate = z.object({ entry: z.string(), topic: z.string(), confidence: z.number() });

/** Forgiving, because old rows stay: what an earlier version did not keep is empty here. */
const KeptDecision = z.object({
  text: z.string().default(''),
  decision: z.enum(['answer', 'clarify', 'handoff', 'booking', 'safety', 'none']),
  entry: z.string().nullable().default(null),
  topic: z.string().nullable().default(null),
  confidence: z.number().default(0),
  candidates: z.array(KeptCandidate).default([]),
  second: KeptCandidate.optional(),
  safety: z.enum(['crisis', 'emergency']).optional(),
  why: z.object({
    corrections: z.array(z.tuple([z.string(), z.string()])).default([]),
    phrasing: z.string().nullable().default(null),
    terms: z.array(z.tuple([z.string(), z.number()])).default([]),
    unknownWords: z.array(z.string()).default([]),
    sentence: z.string().default(''),
  }),
  knowledgeVersion: z.string().nullable().default(null),
  step: z.string().nullable().default(null),
});

function decisionIn(json: string | null): TranscriptLine['decision'] {
  if (json === null) return null;
  const read = KeptDecision.safeParse(JSON.parse(json));
  if (!read.success) return null;
  const { second, safety, ...kept } = read.data;
  return { ...kept, ...(second && { second }), ...(safety && { safety }) };
}

/** References of the other requests that one person sent within a day, oldest first. */
async function joinedWith(
  kysely: Kysely<Schema>,
  { reference, joins }: Pick<BookingRequestsTable, 'reference' | 'joins'>,
): Promise<string[]> {
  const first = joins ?? reference;
  const rows = await kysely
    .selectFrom('booking_requests')
    .select('reference')
    .where((row) => row.or([row('reference', '=', first), row('joins', '=', first)]))
    .where('reference', '!=', reference)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => row.reference);
}

/** Who was answered once was answered: what the same person sent besides waits no longer. */
async function settleJoined(
  transaction: Kysely<Schema>,
  reference: string,
  status: string,
  by: Authorship,
): Promise<void> {
  const row = await transaction
    .selectFrom('booking_requests')
    .select(['reference', 'joins'])
    .where('reference', '=', reference)
    .executeTakeFirstOrThrow();
  const others = await joinedWith(transaction, row);
  if (others.length === 0) return;
  const settled = await transaction
    .updateTable('booking_requests')
    .set({ status, updated_at: by.at, contacted_at: by.at })
    .where('reference', 'in', others)
    .where('status', '=', 'new')
    .returning('reference')
    .execute();
  for (const other of settled)
    await writeAudit(transaction, {
      ...by,
      action: `status:${status}`,
      subject: `request:${other.reference}`,
    });
}

/** The columns of one booking request in the console's words. */
export function toRequest(row: Selectable<BookingRequestsTable>): RequestRow {
  const { kind, wish, question } = bookingRequestOf(row);
  return {
    reference: row.reference,
    conversationId: row.conversation_id,
    kind: row.kind,
    status: row.status,
    name: row.name,
    phone: row.phone,
    email: row.email,
    wish: wish?.words ?? null,
    question: kind === 'question' ? (question ?? null) : null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    assignedTo: row.assigned_to,
    waitsSince: row.waits_since,
    contactedAt: row.contacted_at,
    joins: row.joins,
  };
}

function toNotice(
  row: Pick<
    Selectable<OutboxTable>,
    'id' | 'kind' | 'state' | 'attempts' | 'created_at' | 'settled_at' | 'last_error'
  >,
): NoticeRow {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state === 'sent' || row.state === 'dead' ? row.state : 'waiting',
    attempts: row.attempts,
    at: row.created_at,
    settledAt: row.settled_at,
    problem: row.last_error,
  };
}

/** Written by the turn's commit from this very type. */
function bookingRequestOf(row: Pick<BookingRequestsTable, 'request'>): BookingRequest {
  return JSON.parse(row.request) as BookingRequest;
}
