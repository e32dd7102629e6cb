import { setImmediate as nextInstant } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ErasedRows, ErasureReceipt, FoundBy, PersonalData, RetentionDays } from '../staff/ports';
import { toFound } from './conversation-list';
import { eraseConversations, eraseRequests, keepReceipt, NOTHING_ERASED, sumOf } from './erase';
import { noteErased } from './erased-list';
import type { Database } from './open-database';
import { toRequest } from './review-store';
import { wordsOfPerson } from './request-words';
import type { Schema } from './schema';
import { conversationOfStateKey } from './state-key';
import { aDayBefore, forgetSenders } from './turn-store';
import { indexPending } from './search-index';
import { wordsIn } from './search-words';

/** More than any one person has; a search for "a" must not list the clinic. */
const MOST_CONVERSATIONS = 500;
/** Conversations per transaction: the turns of others go on in between. */
const ERASED_AT_ONCE = 100;

/** Finds, exports and erases what the service keeps of a person, and deletes what is too old. */
export function createPersonalData(database: Database): PersonalData {
  const { kysely } = database;

  /** In small transactions; the receipt is kept with the last one, so that it never claims too much. */
  async function eraseInSteps(
    steps: ((transaction: Kysely<Schema>) => Promise<ErasedRows>)[],
    receipt: Omit<ErasureReceipt, 'erased'>,
  ): Promise<ErasureReceipt> {
    let erased = NOTHING_ERASED;
    for (const step of steps) erased = sumOf(erased, await database.write(step));
    const kept = { ...receipt, erased };
    await database.write((transaction) => keepReceipt(transaction, kept));
    await database.scrub();
    return kept;
  }

  return {
    async find(what) {
      await indexPending(database, Infinity);
      const by = new Map<string, FoundBy>();
      const add = (ids: string[], how: FoundBy) => {
        for (const id of ids) if (!by.has(id)) by.set(id, how);
      };
      const text = what.trim();
      add(await conversationsNamed(kysely, text), 'id');
      add(await conversationsOfRequests(kysely, text), 'request');
      add(await conversationsWithWord(kysely, text), 'words');
      add(await conversationsOfSameVisitors(kysely, [...by.keys()]), 'same visitor');
      const ids = [...by.keys()].slice(0, MOST_CONVERSATIONS);
      if (ids.length === 0) return { conversations: [], requests: [] };
      const conversations = await kysely
        .selectFrom('conversations')
        .selectAll()
        .where('id', 'in', ids)
        .orderBy('updated_at', 'desc')
        .execute();
      const requests = await kysely
        .selectFrom('booking_requests')
        .selectAll()
        .where('conversation_id', 'in', ids)
        .orderBy('created_at', 'desc')
        .execute();
      return {
        conversations: conversations.map((row) => ({ ...toFound(row), by: by.get(row.id) ?? 'id' })),
        requests: requests.map(toRequest),
      };
    },

    export: (ids) => exported(kysely, ids),

    erase: (ids, receipt, by) =>
      eraseInSteps(
        inBatches(ids).map((some) => async (transaction) => {
          await noteErased(transaction, 'conversation', some, by.at);
          return eraseConversations(transaction, some, 'all');
        }),
        { receipt, ...by },
      ),

    async receipts(limit) {
      const rows = await kysely
        .selectFrom('erasures')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('receipt')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, erased: JSON.parse(row.erased) as ErasedRows }));
    },

    async due(now, days) {
      const before = limitsOf(now, days);
      const { transcripts } = await kysely
        .selectFrom('conversations')
        .select((row) => row.fn.countAll().as('transcripts'))
        .where('updated_at', '<', before.transcripts)
        .executeTakeFirstOrThrow();
      const { requests } = await kysely
        .selectFrom('booking_requests')
        .select((row) => row.fn.countAll().as('requests'))
        .where('updated_at', '<', before.requests)
        .executeTakeFirstOrThrow();
      return {
        unfinishedChats: (await unfinishedChats(kysely, before)).length,
        transcripts: Number(transcripts),
        requests: Number(requests),
      };
    },

    async dueConversations(what, now, days, limit, after) {
      const before = limitsOf(now, days);
      let query = kysely
        .selectFrom('conversations')
        .selectAll()
        .orderBy('updated_at')
        .orderBy('id')
        .limit(limit + 1);
      if (what === 'transcripts') query = query.where('updated_at', '<', before.transcripts);
      else {
        const left = (await unfinishedChats(kysely, before)).filter(
          (row) => after === undefined || oldestFirst(row, { updated_at: after.at, id: after.id }) > 0,
        );
        const ids = left.slice(0, limit + 1).map(({ id }) => id);
        if (ids.length === 0) return { rows: [] };
        query = query.where('id', 'in', ids);
      }
      if (after !== undefined)
        query = query.where((row) =>
          row.and([
            row('updated_at', '>=', after.at),
            row.or([row('updated_at', '>', after.at), row('id', '>', after.id)]),
          ]),
        );
      const rows = await query.execute();
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        rows: rows.slice(0, limit).map(toFound),
        ...(last && { next: { at: last.updated_at, id: last.id } }),
      };
    },

    async dueRequests(now, days, limit, after) {
      let query = kysely
        .selectFrom('booking_requests')
        .selectAll()
        .where('updated_at', '<', limitsOf(now, days).requests)
        .orderBy('updated_at')
        .orderBy('reference')
        .limit(limit + 1);
      if (after !== undefined)
        query = query.where((row) =>
          row.and([
            row('updated_at', '>=', after.at),
            row.or([row('updated_at', '>', after.at), row('reference', '>', after.id)]),
          ]),
        );
      const rows = await query.execute();
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        rows: rows.slice(0, limit).map(toRequest),
        ...(last && { next: { at: last.updated_at, id: last.reference } }),
      };
    },

    async oldest() {
      const conversation = await kysely
        .selectFrom('conversations')
        .select('updated_at')
        .orderBy('updated_at')
        .limit(1)
        .executeTakeFirst();
      const request = await kysely
        .selectFrom('booking_requests')
        .select('updated_at')
        .orderBy('updated_at')
        .limit(1)
        .executeTakeFirst();
      return {
        transcripts: conversation?.updated_at ?? null,
        requests: request?.updated_at ?? null,
        unfinishedChats: (await unfinishedChats(kysely))[0]?.updated_at ?? null,
      };
    },

    async purge(now, days, receipt, by) {
      await database.write((transaction) => forgetSenders(transaction, aDayBefore(now.toISOString())));
      const due = await whatIsDue(kysely, now, days);
      const conversations = [...due.unfinishedChats, ...due.transcripts];
      if (conversations.length + due.requests.length === 0) return undefined;
      return eraseInSteps(
        [
          ...inBatches(conversations).map(
            (some) => (transaction: Kysely<Schema>) => eraseConversations(transaction, some, 'transcript'),
          ),
          ...inBatches(due.requests).map(
            (some) => (transaction: Kysely<Schema>) => eraseRequests(transaction, some),
          ),
        ],
        { receipt, ...by },
      );
    },
  };
}

async function conversationsNamed(kysely: Kysely<Schema>, id: string): Promise<string[]> {
  const rows = await kysely
    .selectFrom('conversations')
    .select('id')
    .where((row) => row.or([row('id', '=', id), row('user_id', '=', id)]))
    .limit(MOST_CONVERSATIONS)
    .execute();
  return rows.map((row) => row.id);
}

async function conversationsOfRequests(kysely: Kysely<Schema>, text: string): Promise<string[]> {
  const words = wordsOfPerson(text);
  if (words.length === 0) return [];
  const rows = await kysely
    .selectFrom('booking_requests')
    .select('conversation_id')
    .where('reference', 'in', (row) =>
      row.selectFrom('request_words').select('reference').where('word', 'in', words),
    )
    .limit(MOST_CONVERSATIONS)
    .execute();
  return rows.map((row) => row.conversation_id);
}

/** Who typed their address or number in the chat without sending a request. One word only: a name is no identity. */
async function conversationsWithWord(kysely: Kysely<Schema>, text: string): Promise<string[]> {
  const words = wordsIn(text);
  const [word] = words;
  if (words.length !== 1 || word === undefined || !/@|^\d{7,}$/.test(word)) return [];
  const rows = await kysely
    .selectFrom('search_terms')
    .select('conversation_id')
    .where('term', '=', word)
    .limit(MOST_CONVERSATIONS)
    .execute();
  return rows.map((row) => row.conversation_id);
}

/** The same browser or Messenger account in other conversations. */
async function conversationsOfSameVisitors(kysely: Kysely<Schema>, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await kysely
    .selectFrom('conversations as other')
    .innerJoin('conversations as found', (join) =>
      join.onRef('found.user_id', '=', 'other.user_id').onRef('found.channel', '=', 'other.channel'),
    )
    .select('other.id')
    .distinct()
    .where('found.id', 'in', ids)
    .where('found.user_id', '!=', '')
    .limit(MOST_CONVERSATIONS)
    .execute();
  return rows.map((row) => row.id);
}

async function exported(kysely: Kysely<Schema>, ids: string[]): Promise<object> {
  if (ids.length === 0) return { conversations: [], requests: [] };
  const conversations = await kysely
    .selectFrom('conversations')
    .select(['id', 'channel', 'user_id', 'started_at', 'updated_at'])
    .where('id', 'in', ids)
    .orderBy('started_at')
    .execute();
  const lines = await kysely
    .selectFrom('activities')
    .select(['conversation_id', 'at', 'role', 'type', 'text'])
    .where('conversation_id', 'in', ids)
    .orderBy('conversation_id')
    .orderBy('sequence')
    .execute();
  const notes = await kysely
    .selectFrom('conversation_notes')
    .select(['conversation_id', 'at', 'text'])
    .where('conversation_id', 'in', ids)
    .orderBy('id')
    .execute();
  const requests = await kysely
    .selectFrom('booking_requests')
    .select(['request', 'status', 'created_at', 'updated_at'])
    .where('conversation_id', 'in', ids)
    .orderBy('created_at')
    .execute();
  return {
    conversations: conversations.map((row) => ({
      id: row.id,
      channel: row.channel,
      userId: row.user_id,
      startedAt: row.started_at,
      lastMessageAt: row.updated_at,
      messages: lines
        .filter((line) => line.conversation_id === row.id && line.type === 'message')
        .map(({ at, role, text }) => ({ at, from: role === 'user' ? 'you' : role, text })),
      notesByStaff: notes
        .filter((note) => note.conversation_id === row.id)
        .map(({ at, text }) => ({ at, text })),
    })),
    requests: requests.map(({ request, status, created_at: createdAt, updated_at: updatedAt }) => ({
      ...(JSON.parse(request) as object),
      status,
      createdAt,
      updatedAt,
    })),
  };
}

interface Due {
  unfinishedChats: string[];
  transcripts: string[];
  /** References. */
  requests: string[];
}

async function whatIsDue(kysely: Kysely<Schema>, now: Date, days: RetentionDays): Promise<Due> {
  const before = limitsOf(now, days);
  const transcripts = await kysely
    .selectFrom('conversations')
    .select('id')
    .where('updated_at', '<', before.transcripts)
    .execute();
  const requests = await kysely
    .selectFrom('booking_requests')
    .select('reference')
    .where('updated_at', '<', before.requests)
    .execute();
  return {
    unfinishedChats: (await unfinishedChats(kysely, before)).map(({ id }) => id),
    transcripts: transcripts.map(({ id }) => id),
    requests: requests.map(({ reference }) => reference),
  };
}

/** ISO 8601 UTC: what was last touched before is due. */
type Limits = Record<keyof RetentionDays, string>;

function limitsOf(now: Date, days: RetentionDays): Limits {
  const before = (amount: number) => new Date(now.getTime() - amount * 86_400_000).toISOString();
  return {
    unfinishedChats: before(days.unfinishedChats),
    transcripts: before(days.transcripts),
    requests: before(days.requests),
  };
}

/** Ids in one statement; the turns of visitors go on in between. */
const IDS_AT_ONCE = 1_000;

interface Chat {
  id: string;
  updated_at: string;
}

function oldestFirst(one: Chat, other: Chat): number {
  if (one.updated_at !== other.updated_at) return one.updated_at < other.updated_at ? -1 : 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

/**
 * A booking that was begun and left: there are contact details in it that nobody agreed to have kept. Those that are
 * due, and not as transcripts already; all of them without limits. Oldest first.
 */
async function unfinishedChats(kysely: Kysely<Schema>, before?: Limits): Promise<Chat[]> {
  const open = await kysely
    .selectFrom('bot_state')
    .select('key')
    // Word for word the condition of the index `bot_state_with_dialog`, which is all that is read here.
    .where(sql<boolean>`value like '%"dialog":{%'`)
    .execute();
  const ids = open.flatMap(({ key }) => conversationOfStateKey(key) ?? []);
  const unfinished: Chat[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    let query = kysely
      .selectFrom('conversations')
      .select(['id', 'channel', 'updated_at'])
      .where('id', 'in', some);
    if (before !== undefined)
      query = query
        .where('updated_at', '<', before.unfinishedChats)
        .where('updated_at', '>=', before.transcripts);
    unfinished.push(...(await withoutRequest(kysely, await query.execute())));
    await nextInstant();
  }
  return unfinished.sort(oldestFirst);
}

async function withoutRequest(kysely: Kysely<Schema>, chats: Chat[]): Promise<Chat[]> {
  if (chats.length === 0) return [];
  const sent = await kysely
    .selectFrom('booking_requests')
    .select('conversation_id')
    .where(
      'conversation_id',
      'in',
      chats.map(({ id }) => id),
    )
    .execute();
  const finished = new Set(sent.map((row) => row.conversation_id));
  return chats.filter(({ id }) => !finished.has(id));
}

function inBatches(ids: string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / ERASED_AT_ONCE) }, (_, batch) =>
    ids.slice(batch * ERASED_AT_ONCE, (batch + 1) * ERASED_AT_ONCE),
  );
}
