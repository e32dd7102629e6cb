import { conversationsTable } from '../../src/staff/tables';
import type { ConversationRow } from '../../src/staff/ports';

function rowWith(firstText: string): ConversationRow {
  const at = '2026-03-02T14:30:00.000Z';
  return {
    id: 'talk',
    channel: 'directline',
    startedAt: at,
    updatedAt: at,
    firstText,
    visitorMessages: 1,
    lowestConfidence: 0.5,
    review: null,
    reviewedAt: null,
    reviewedBy: null,
    assignedTo: null,
    tags: ['a', 'b'],
    notes: 0,
    found: null,
    raisedBy: null,
  };
}

/** Reads RFC 4180 back, so that what is tested is what a spreadsheet gets. */
function readTable(csv: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /("(?:[^"]|"")*"|[^,"]*?)(,|\r\n|$)/gy;
  for (const [, cell = '', end] of csv.replace(/^\uFEFF/, '').matchAll(cells)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') rows.push([]);
  }
  return rows;
}

test.each([
  ['=1+1', "'=1+1"],
  ["=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0"],
  ['+14105550134', "'+14105550134"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['  =1', "'  =1"],
  ['＝1', "'＝1"],
  ['\0=1', "'\0=1"],
  ['does it hurt?', 'does it hurt?'],
  ['he said "no", twice', 'he said "no", twice'],
  ['two\nlines; and more', 'two\nlines; and more'],
  ['张伟 🙂', '张伟 🙂'],
])('a visitor who writes %j cannot run anything in a spreadsheet', (said, cell) => {
  const rows = readTable(conversationsTable([rowWith(said)]));
  expect(rows[1]?.[4]).toBe(cell);
  expect(rows[1]).toHaveLength(rows[0]?.length ?? 0);
});
