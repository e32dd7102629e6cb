import type { ExpressionBuilder, Selectable } from 'kysely';
import { z } from 'zod';
import type { BookingRequest } from '../booking/booking-request';
import { readFeedback } from '../conversation/feedback';
import type { ConversationRow, Cursor, Page, RequestRow, Review, TranscriptLine } from '../staff/ports';
import type { Database } from './open-database';
import type { ActivitiesTable, BookingRequestsTable, ConversationsTable, Schema } from './schema';
import { writeAudit } from './staff-store';

/** What staff read of the conversations and booking requests, and the little that they change there. */
export function createReviewStore(database: Database): Review {
  const { kysely } = database;

  async function linesOf(id: string, limit: number, before: number | undefined): Promise<TranscriptLine[]> {
    let newestFirst = kysely
      .selectFrom('activities')
      .selectAll()
      .where('conversation_id', '=', id)
      .orderBy('sequence', 'desc')
      .limit(limit);
    if (before !== undefined) newestFirst = newestFirst.where('sequence', '<', before);
    const rows = (await newestFirst.execute()).reverse();
    const feedback = await feedbackIn(id, rows[0]?.sequence ?? 0);
    return rows.map((row) => ({ ...toLine(row), feedback: feedback.get(row.id) ?? null }));
  }

  /** By the id of the activity that it is about; a later one counts. Feedback comes after its answer. */
  async function feedbackIn(id: string, from: number): Promise<Map<string, 'up' | 'down'>> {
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
      const { name, value } = JSON.parse(activity) as { name?: string; value?: unknown };
      const feedback = name === 'feedback' ? readFeedback(value) : undefined;
      if (feedback) found.set(feedback.activityId, feedback.value);
    }
    return found;
  }

  return {
    async waiting() {
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
      const undelivered = await kysely
        .selectFrom('outbox')
        .select((row) => row.fn.countAll().as('amount'))
        .where('state', '=', 'dead')
        .executeTakeFirstOrThrow();
      return {
        reasons: counts(reasons.map(({ review, amount }) => [review, amount])),
        newRequests: Number(requests.amount),
        undelivered: Number(undelivered.amount),
      };
    },

    async activitySince(at) {
      const conversations = await kysely
        .selectFrom('conversations')
        .select((row) => row.fn.countAll().as('amount'))
        .where('updated_at', '>=', at)
        .where('started_at', '>=', at)
        .where('visitor_messages', '>', 0)
        .executeTakeFirstOrThrow();
      const requests = await kysely
        .selectFrom('booking_requests')
        .select((row) => row.fn.countAll().as('amount'))
        .where('created_at', '>=', at)
        .executeTakeFirstOrThrow();
      const decided = await kysely
        .selectFrom('activities')
        .select(['decided', (row) => row.fn.countAll().as('amount')])
        .where('decided', 'is not', null)
        .where('at', '>=', at)
        .groupBy('decided')
        .execute();
      return {
        conversations: Number(conversations.amount),
        requests: Number(requests.amount),
        decided: counts(decided.map((row) => [row.decided, row.amount])),
      };
    },

    async conversations(filter, limit, after) {
      const { review, reason, channel, outcome } = filter;
      let query = kysely
        .selectFrom('conversations')
        .selectAll()
        .where('visitor_messages', '>', 0)
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .limit(limit + 1);
      if (review) query = query.where('review', 'is not', null);
      if (reason !== undefined) query = query.where('review', '=', reason);
      if (channel !== undefined) query = query.where('channel', '=', channel);
      if (outcome !== undefined) query = query.where((row) => hasOutcome(row, outcome));
      if (after !== undefined) {
        query = query.where((row) =>
          row.and([
            // Says nothing new, but is what lets the index start at the right place.
            row('updated_at', '<=', after.at),
            row.or([row('updated_at', '<', after.at), row('id', '>', after.id)]),
          ]),
        );
      }
      return pageOf((await query.execute()).map(toConversation), limit, (row) => ({
        at: row.updatedAt,
        id: row.id,
      }));
    },

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
      return {
        ...toConversation(row),
        userId: row.user_id,
        lastSequence: row.last_sequence,
        lines: lines.slice(-limit),
        earlier: lines.length > limit,
        requests: requests.map(toRequest),
      };
    },

    async channels() {
      const rows = await kysely
        .selectFrom('conversations')
        .select('channel')
        .distinct()
        .orderBy('channel')
        .execute();
      return rows.map((row) => row.channel);
    },

    async markReviewed(id, upTo, by) {
      return database.write(async (transaction) => {
        const marked = await transaction
          .updateTable('conversations')
          .set({ review: null, reviewed_at: by.at, reviewed_by: by.actor })
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

    async requests({ status }, limit, after) {
      let query = kysely
        .selectFrom('booking_requests')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('reference')
        .limit(limit + 1);
      if (status !== undefined) query = query.where('status', '=', status);
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

    async requestCounts() {
      const rows = await kysely
        .selectFrom('booking_requests')
        .select(['status', (row) => row.fn.countAll().as('amount')])
        .groupBy('status')
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
        .where('action', 'like', 'status:%')
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return { ...toRequest(row), revision: row.revision, request: bookingRequestOf(row), history };
    },

    async setStatus(reference, status, by) {
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('booking_requests')
          .set({ status, updated_at: by.at })
          .where('reference', '=', reference)
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return 'unknown';
        await writeAudit(transaction, { ...by, action: `status:${status}`, subject: `request:${reference}` });
        return 'changed';
      });
    },
  };
}

function hasOutcome(row: ExpressionBuilder<Schema, 'conversations'>, outcome: string) {
  return row.exists(
    row
      .selectFrom('activities')
      .select('activities.sequence')
      .whereRef('activities.conversation_id', '=', 'conversations.id')
      .where('activities.decided', '=', outcome),
  );
}

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

function toConversation(row: ConversationsTable): ConversationRow {
  return {
    id: row.id,
    channel: row.channel,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    firstText: row.first_text,
    visitorMessages: row.visitor_messages,
    lowestConfidence: row.lowest_confidence,
    review: row.review,
    reviewedAt: row.reviewed_at,
    reviewedBy: row.reviewed_by,
  };
}

function toLine(row: Selectable<ActivitiesTable>): Omit<TranscriptLine, 'feedback'> {
  return {
    sequence: row.sequence,
    role: row.role === 'user' ? 'user' : 'bot',
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

function toRequest(row: BookingRequestsTable): RequestRow {
  return {
    reference: row.reference,
    conversationId: row.conversation_id,
    kind: row.kind,
    status: row.status,
    name: row.name,
    phone: row.phone,
    email: row.email,
    wish: bookingRequestOf(row).wish?.words ?? null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Written by the turn's commit from this very type. */
function bookingRequestOf(row: BookingRequestsTable): BookingRequest {
  return JSON.parse(row.request) as BookingRequest;
}
