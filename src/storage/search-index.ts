import type { Kysely } from 'kysely';
import { BOOKING_STEPS } from '../booking/booking-steps';
import { stepsReached } from './booking-reached';
import { feedbackIn } from './feedback-rows';
import type { Database } from './open-database';
import type { Schema } from './schema';
import { conversationStateKey } from './state-key';
import { isNearlySame, spellingsOf, wordsIn } from './search-words';

/** Words of one conversation that are indexed at a time; the longest real one has a few hundred in all. */
const MOST_WORDS = 2_000;
/** Spellings of a searched word that are looked for; a prefix such as "con" has more than anybody means. */
const MOST_EXPANSIONS = 60;
/** The beginning of a word finds the whole word from here on. */
const SHORTEST_PREFIX = 3;
/** Rows per statement: Postgres takes 65,535 parameters, SQLite 32,766. */
const ROWS_AT_ONCE = 1_000;
/** Conversations per transaction, so that a backlog does not hold up the turns: about 10 ms each batch on SQLite. */
const INDEXED_AT_ONCE = 25;

/**
 * Brings the search index up to date, at most `most` conversations, and returns how many it did. Cheap where there
 * is nothing to do. The index is written here and not in the turn, so that visitors do not wait for it; whoever
 * searches calls this first. `atOnce` is how many go into one transaction.
 */
export async function indexPending(
  database: Database,
  most: number,
  atOnce = INDEXED_AT_ONCE,
): Promise<number> {
  let done = 0;
  while (done < most) {
    const pending = await database.kysely
      .selectFrom('conversations')
      .select('id')
      .where((row) => row('last_sequence', '>', row.ref('indexed_through')))
      .limit(Math.min(atOnce, most - done))
      .execute();
    if (pending.length === 0) return done;
    // In one order everywhere, so that two instances never wait for each other in a circle.
    const ids = pending.map(({ id }) => id).sort();
    await database.write((transaction) => indexConversations(transaction, ids, database.engine));
    done += ids.length;
  }
  return done;
}

/**
 * Takes conversations out of the index, and out of the spellings each word that no other conversation has. Those that
 * stay are indexed anew, with what is left of them.
 */
export async function forgetTerms(transaction: Kysely<Schema>, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.updateTable('conversations').set({ indexed_through: 0 }).where('id', 'in', ids).execute();
  const terms = await transaction
    .deleteFrom('search_terms')
    .where('conversation_id', 'in', ids)
    .returning('term')
    .execute();
  const gone = [...new Set(terms.map(({ term }) => term))];
  for (const some of chunks(gone, ROWS_AT_ONCE)) {
    await transaction
      .deleteFrom('search_spellings')
      .where('word', 'in', some)
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('search_terms')
              .select('search_terms.term')
              .whereRef('search_terms.term', '=', 'search_spellings.word'),
          ),
        ),
      )
      .execute();
  }
}

/** What the index has for each word of a search: itself, words that begin with it, and what is nearly it. */
export async function expandSearch(kysely: Kysely<Schema>, search: string): Promise<string[][]> {
  return Promise.all(wordsIn(search).map((word) => expand(kysely, word)));
}

/** The words of conversations that may be what was meant by a mistyped one; the word itself where it is among them. */
export async function nearlyTheWord(kysely: Kysely<Schema>, word: string): Promise<string[]> {
  const near = await kysely
    .selectFrom('search_spellings')
    .select('word')
    .distinct()
    .where('spelling', 'in', spellingsOf(word))
    .execute();
  return near.map((row) => row.word).filter((other) => other === word || isNearlySame(word, other));
}

async function expand(kysely: Kysely<Schema>, word: string): Promise<string[]> {
  const nearly = await nearlyTheWord(kysely, word);
  const longer =
    word.length < SHORTEST_PREFIX
      ? []
      : await kysely
          .selectFrom('search_spellings')
          .select('word')
          .distinct()
          .where('spelling', '>=', word)
          .where('spelling', '<', `${word}\uffff`)
          .where((row) => row('spelling', '=', row.ref('word')))
          .limit(MOST_EXPANSIONS)
          .execute();
  return [...new Set([word, ...nearly, ...longer.map((row) => row.word)])].slice(0, MOST_EXPANSIONS);
}

/** What is asked for beside words. */
type Facet = 'entry' | 'outcome' | 'reached' | 'thumb' | 'tenth';

/** `entry=price`: facets stand in the index beside the words, which never have a `=`. */
export function facet(name: Facet, value: string): string {
  return `${name}=${value}`;
}

/** Adds what has been said since each was indexed last. */
async function indexConversations(
  transaction: Kysely<Schema>,
  ids: string[],
  engine: Database['engine'],
): Promise<void> {
  const pending = transaction
    .selectFrom('conversations')
    .select(['id', 'channel'])
    .where('id', 'in', ids)
    .where((row) => row('last_sequence', '>', row.ref('indexed_through')))
    .orderBy('id');
  // On Postgres an erasure of the same conversation waits for this one, or this one for it.
  const found = await (engine === 'postgres' ? pending.forUpdate() : pending).execute();
  if (found.length === 0) return;
  const foundIds = found.map(({ id }) => id);
  const lines = await transaction
    .selectFrom('activities')
    .innerJoin('conversations', 'conversations.id', 'activities.conversation_id')
    .select(['conversation_id', 'text', 'decided', 'entry', 'confidence'])
    .where('conversations.id', 'in', foundIds)
    .where((row) => row('sequence', '>', row.ref('indexed_through')))
    .where('role', '=', 'user')
    .execute();
  const termsOf = await facetsOf(transaction, found);
  const words = new Set<string>();
  for (const line of lines) {
    const terms = termsOf.get(line.conversation_id) ?? new Set();
    termsOf.set(line.conversation_id, terms);
    if (line.decided !== null) terms.add(facet('outcome', line.decided));
    if (line.decided === 'booking') terms.add(facet('reached', 'begun'));
    if (line.entry !== null) terms.add(facet('entry', line.entry));
    if (line.confidence !== null) terms.add(facet('tenth', String(tenthOf(line.confidence))));
    for (const word of wordsIn(line.text ?? '')) {
      if (terms.size >= MOST_WORDS) break;
      terms.add(word);
      words.add(word);
    }
  }
  const rows = [...termsOf].flatMap(([id, terms]) =>
    [...terms].map((term) => ({ term, conversation_id: id })),
  );
  for (const some of chunks(sortedBy(rows, 'term', 'conversation_id'), ROWS_AT_ONCE))
    await transaction
      .insertInto('search_terms')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await keepSpellings(transaction, [...words]);
  await transaction
    .updateTable('conversations')
    .set((row) => ({ indexed_through: row.ref('last_sequence') }))
    .where('id', 'in', foundIds)
    .execute();
}

/** How far bookings came, and what visitors thought of answers. */
async function facetsOf(
  transaction: Kysely<Schema>,
  conversations: { id: string; channel: string }[],
): Promise<Map<string, Set<string>>> {
  const terms = new Map<string, Set<string>>();
  const add = (id: string, term: string) => terms.set(id, (terms.get(id) ?? new Set()).add(term));
  const ids = conversations.map(({ id }) => id);
  const ofKey = new Map(conversations.map(({ id, channel }) => [conversationStateKey(channel, id), id]));
  const states = await transaction
    .selectFrom('bot_state')
    .select(['key', 'value'])
    .where('key', 'in', [...ofKey.keys()])
    .execute();
  for (const { key, value } of states)
    for (const step of stepsReached(value)) add(ofKey.get(key) ?? '', facet('reached', step));
  const sent = await transaction
    .selectFrom('booking_requests')
    .select('conversation_id')
    .where('conversation_id', 'in', ids)
    .where('kind', '=', 'consultation')
    .execute();
  for (const { conversation_id: id } of sent)
    for (const step of BOOKING_STEPS) add(id, facet('reached', step));
  const events = await transaction
    .selectFrom('activities')
    .innerJoin('conversations', 'conversations.id', 'activities.conversation_id')
    .select(['conversation_id', 'activity'])
    .where('conversations.id', 'in', ids)
    .where((row) => row('sequence', '>', row.ref('indexed_through')))
    .where('type', '=', 'event')
    .execute();
  for (const { conversation_id: id, activity } of events) {
    const feedback = feedbackIn(activity);
    if (feedback) add(id, facet('thumb', feedback.value));
  }
  return terms;
}

/** 0 up to 0.1 is 0; 1 counts to the last. */
export function tenthOf(confidence: number): number {
  return Math.min(9, Math.floor(confidence * 10));
}

/** Most words have been seen before: those cost one look-up. */
async function keepSpellings(transaction: Kysely<Schema>, words: string[]): Promise<void> {
  const fresh: string[] = [];
  for (const some of chunks(words, ROWS_AT_ONCE)) {
    const known = await transaction
      .selectFrom('search_spellings')
      .select('word')
      .where('spelling', 'in', some)
      .where((row) => row('spelling', '=', row.ref('word')))
      .execute();
    const seen = new Set(known.map(({ word }) => word));
    fresh.push(...some.filter((word) => !seen.has(word)));
  }
  const rows = fresh.flatMap((word) => spellingsOf(word).map((spelling) => ({ spelling, word })));
  for (const some of chunks(sortedBy(rows, 'spelling', 'word'), ROWS_AT_ONCE))
    await transaction
      .insertInto('search_spellings')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Two instances that write the same rows in the same order wait for each other, and never in a circle. */
function sortedBy<Name extends string>(
  rows: Record<Name, string>[],
  first: Name,
  second: Name,
): Record<Name, string>[] {
  const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  return rows.sort((one, other) => compare(one[first], other[first]) || compare(one[second], other[second]));
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
