import { DateTime } from 'luxon';
import type { Cursor, Page } from './ports';

/** The value where it is one of these; undefined otherwise, so that an old link still shows a list. */
export function oneOf<Value extends string>(
  values: readonly Value[],
  text: string | null,
): Value | undefined {
  return values.find((value) => value === text);
}

/** Characters of a search that count: nobody types more. */
export const LONGEST_SEARCH = 200;

/** Sequence numbers and ids; Postgres takes no integer above 2^31 - 1. */
export function numberIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The moment the clinic's day `2026-03-02` begins, `later` days after it, as ISO 8601 UTC; undefined for no day. */
export function dayIn(text: string | null, zone: string, later: number): string | undefined {
  const day = DateTime.fromISO(text ?? '', { zone });
  return day.isValid ? (day.plus({ days: later }).toUTC().toISO() ?? undefined) : undefined;
}

/** Where the page of an address begins; undefined for the first. */
export function cursorIn(query: URLSearchParams): Cursor | undefined {
  const at = query.get('at');
  const id = query.get('id');
  return at !== null && id !== null && /^\d{4}-[\dT:.-]{5,24}Z$/.test(at) ? { at, id } : undefined;
}

/** The address of the next page; undefined on the last. */
export function olderLink(
  path: string,
  filter: URLSearchParams,
  next: Cursor | undefined,
): string | undefined {
  if (next === undefined) return undefined;
  const query = new URLSearchParams(filter);
  query.set('at', next.at);
  query.set('id', next.id);
  return `${path}?${query.toString()}`;
}

/** In an address: what is nobody's, and what is one's own. No e-mail address begins so. */
export const NOBODY = '-nobody';
export const ME = '-me';

/** Whose things an address asks for: null for nobody's, undefined for everybody's. */
export function assigneeIn(text: string | null, self: string): string | null | undefined {
  if (text === null || text.trim() === '') return undefined;
  if (text === NOBODY) return null;
  return text === ME ? self : text;
}

/** Rows of a table read at once, and at most. */
const ROWS_IN_ONE_READ = 1_000;
const LONGEST_TABLE = 10_000;

/** Page after page, until there is no more or the table is long enough. */
export async function allRows<Row>(
  read: (limit: number, after: Cursor | undefined) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: Cursor | undefined;
  do {
    const found = await read(ROWS_IN_ONE_READ, after);
    rows.push(...found.rows);
    after = found.next;
  } while (after !== undefined && rows.length < LONGEST_TABLE);
  return rows;
}
