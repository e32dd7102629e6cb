import BetterSqlite3 from 'better-sqlite3';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

/** What tests/storage/released has of each version; made by tests/bench/keep-release.bench.ts, and never changed. */
const FOLDER = path.resolve(__dirname, '..', 'storage', 'released');

export const RELEASES = readdirSync(FOLDER);

export interface ReleaseFacts {
  /** When it was used, ISO 8601 UTC. */
  at: string;
  /** Of the request that Ann Lee has sent. */
  reference: string;
  whole: { conversationId: string };
  /** A booking in its middle: the widget's way back to it, and what the visitor was asked last. */
  middle: { conversationId: string; resume: string; asked: string };
  erased: { conversationId: string };
}

export interface ReleasedRow {
  table: string;
  row: Record<string, string | number | null>;
}

export const STAFF = 'office@clinic.example';
/** Of the kept backups; it guards nothing. */
export const BACKUP_KEY = 'the key of every kept release, not a secret';

export function releaseFile(version: string, name: string): string {
  return path.join(FOLDER, version, name);
}

export function releaseFacts(version: string): ReleaseFacts {
  return JSON.parse(readFileSync(releaseFile(version, 'facts.json'), 'utf8')) as ReleaseFacts;
}

export function releasedRows(version: string): ReleasedRow[] {
  const lines = readFileSync(releaseFile(version, 'rows.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as ReleasedRow);
}

/** Leaves a database in which the program of that version was used: at a place that is empty. */
export async function layRelease(version: string, url: string, rows = releasedRows(version)): Promise<void> {
  if (url.startsWith('sqlite:')) return layOnSqlite(version, url.slice('sqlite:'.length), rows);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(readFileSync(releaseFile(version, 'postgres.sql'), 'utf8'));
  for (const { table, row } of inOrder(rows)) {
    const marks = Object.keys(row).map((_, index) => `$${index + 1}`);
    await client.query(
      `insert into ${table} (${Object.keys(row).join(', ')}) overriding system value values (${marks.join(', ')})`,
      Object.values(row),
    );
  }
  const { rows: counted } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.columns where column_name = 'id' and is_identity = 'YES'`,
  );
  for (const { name } of counted)
    await client.query(
      `select setval(pg_get_serial_sequence('${name}', 'id'), (select coalesce(max(id), 0) + 1 from ${name}), false)`,
    );
  await client.end();
}

function layOnSqlite(version: string, file: string, rows: ReleasedRow[]): void {
  const database = new BetterSqlite3(file);
  // "ENQB": what the program puts into the file's header.
  database.pragma(`application_id = ${0x454e5142}`);
  database.pragma('journal_mode = WAL');
  database.exec(readFileSync(releaseFile(version, 'sqlite.sql'), 'utf8'));
  for (const { table, row } of inOrder(rows)) {
    const marks = Object.keys(row).map(() => '?');
    database
      .prepare(`insert into ${table} (${Object.keys(row).join(', ')}) values (${marks.join(', ')})`)
      .run(...Object.values(row));
  }
  database.close();
}

/** Others refer to conversations. */
function inOrder(rows: ReleasedRow[]): ReleasedRow[] {
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ table }: ReleasedRow): number {
  return table === 'conversations' ? 0 : 1;
}
