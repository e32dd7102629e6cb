import { stringify } from 'csv-stringify/sync';
import type { ConversationRow, RequestRow } from './ports';

/** Conversations for a spreadsheet; times are ISO 8601 UTC. */
export function conversationsTable(rows: ConversationRow[]): string {
  const columns = [
    'id',
    'channel',
    'begun',
    'last message',
    'first words',
    'messages',
    'least sure',
    'waits because',
    'reviewed',
    'reviewed by',
    'tags',
  ];
  return table(
    columns,
    rows.map((row) => [
      row.id,
      row.channel,
      row.startedAt,
      row.updatedAt,
      row.firstText,
      row.visitorMessages,
      row.lowestConfidence,
      row.review,
      row.reviewedAt,
      row.reviewedBy,
      row.tags.join(', '),
    ]),
  );
}

/** Booking requests for a spreadsheet. */
export function requestsTable(rows: RequestRow[]): string {
  const columns = [
    'reference',
    'kind',
    'status',
    'name',
    'phone',
    'e-mail',
    'would like',
    'asked',
    'received',
    'changed',
  ];
  return table(
    columns,
    rows.map((row) => [
      row.reference,
      row.kind,
      row.status,
      row.name,
      row.phone,
      row.email,
      row.wish,
      row.question,
      row.createdAt,
      row.updatedAt,
    ]),
  );
}

/**
 * RFC 4180 with a byte order mark, without which Excel reads UTF-8 as something else. What a spreadsheet would run as
 * a formula gets an apostrophe in front: visitors choose what stands in these cells (OWASP ASVS 1.2.10).
 */
function table(columns: string[], rows: (string | number | null)[][]): string {
  return stringify([columns, ...rows], {
    bom: true,
    record_delimiter: 'windows',
    cast: { string: (value) => (MAY_BE_FORMULA.test(value) ? `'${value}` : value) },
  });
}

/** Also after white space, which some spreadsheets take away; full-width signs count as well. */
const MAY_BE_FORMULA = /^[\s\0]*[=+\-@\t\r\n\0＝＋－＠]/u;
