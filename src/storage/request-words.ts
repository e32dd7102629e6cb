import type { Kysely } from 'kysely';
import type { BookingRequest } from '../booking/booking-request';
import type { Database } from './open-database';
import type { BookingRequestsTable, Schema } from './schema';
import { indexPending, nearlyTheWord } from './search-index';
import { LOCAL_DIGITS, wordsIn } from './search-words';

/** A telephone number is found by its last seven digits or more, with and without its country code. */
const FEWEST_DIGITS = 7;

type Findable = Pick<BookingRequestsTable, 'reference' | 'name' | 'phone' | 'email'>;

/** The columns by which a request is found. */
export function findableIn({ reference, name, phone, email }: BookingRequest): Findable {
  return { reference, name, phone: phone?.e164 ?? null, email: email ?? null };
}

/**
 * Writes under which words requests are found, in place of those that they had. They go with their request (foreign
 * key), so whatever erases a person's requests erases these.
 */
export async function keepRequestWords(transaction: Kysely<Schema>, requests: Findable[]): Promise<void> {
  if (requests.length === 0) return;
  await transaction
    .deleteFrom('request_words')
    .where(
      'reference',
      'in',
      requests.map(({ reference }) => reference),
    )
    .execute();
  const rows = requests.flatMap((request) =>
    wordsOf(request).map((word) => ({ word, reference: request.reference })),
  );
  await transaction.insertInto('request_words').values(rows).execute();
}

function wordsOf({ reference, name, phone, email }: Findable): string[] {
  const ends = phone === null ? [] : endsOf(phone.replace(/\D/g, ''));
  const [, signs = ''] = reference.toLowerCase().split('-');
  return [
    ...new Set([reference.toLowerCase(), signs, ...wordsIn(name), ...wordsIn(email ?? ''), ...ends]),
  ].filter((word) => word !== '');
}

function endsOf(digits: string): string[] {
  const longest = digits.slice(-LOCAL_DIGITS);
  const amount = Math.max(1, longest.length - FEWEST_DIGITS + 1);
  return Array.from({ length: amount }, (_, index) => longest.slice(index));
}

/**
 * A telephone number, an e-mail address or a reference as requests have it; none where the text has no such thing. A
 * name is left out: it does not tell one person from another.
 */
export function wordsOfPerson(text: string): string[] {
  const digits = text.replace(/\D/g, '').slice(-LOCAL_DIGITS);
  return [
    // No word of a name has a hyphen, and every reference has.
    ...(text.includes('-') ? [text.toLowerCase()] : []),
    ...(digits.length >= FEWEST_DIGITS ? [digits] : []),
    ...wordsIn(text).filter((word) => word.includes('@')),
  ];
}

/** For one word of a search: what the words of a request begin with, or are. */
export type RequestTerm = { beginsWith: string } | { isOneOf: string[] };

/**
 * What a request must have, each of it, to be found; none for signs alone. A word with which no request's begins is looked
 * for as it may have been meant ("Jonhson", "Cathy" for Kathy). What is near it is known from the words of the conversations,
 * in which visitors write their names: once the transcript is deleted, a request is found by the right spelling only.
 */
export async function requestTerms(database: Database, text: string): Promise<RequestTerm[]> {
  const words = requestSearch(text);
  const known = await Promise.all(words.map((word) => isBeginning(database.kysely, word)));
  if (!known.includes(false)) return words.map((beginsWith) => ({ beginsWith }));
  await indexPending(database, INDEXED_BEFORE);
  return Promise.all(
    words.map(async (word, index) =>
      known[index]
        ? { beginsWith: word }
        : { isOneOf: [word, ...(await nearlyTheWord(database.kysely, word))] },
    ),
  );
}

/** Conversations brought into the index first: who is asked for may have written just now. */
const INDEXED_BEFORE = 200;

async function isBeginning(kysely: Kysely<Schema>, word: string): Promise<boolean> {
  const found = await kysely
    .selectFrom('request_words')
    .select('word')
    .where('word', '>=', word)
    .where('word', '<', afterAllThatBegin(word))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Greater than every word that begins so. */
export function afterAllThatBegin(word: string): string {
  return `${word}\uffff`;
}

/** The words of a search for requests. */
function requestSearch(text: string): string[] {
  const parts = text.toLowerCase().split(/\s+/);
  const references = parts.filter((part) => REFERENCE.test(part));
  return [...references, ...wordsIn(parts.filter((part) => !REFERENCE.test(part)).join(' '))];
}

const REFERENCE = /^[a-z]{1,3}-[a-z0-9]{5}$/;
