import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from './open-database';
import type { Schema } from './schema';

/** A backup's first line. */
export interface BackupHeader {
  /** How many migrations its tables have had. */
  step: number;
  /** ISO 8601 UTC. */
  at: string;
}

/** One row of one table. */
export interface BackupRow {
  table: keyof Schema;
  row: Record<string, string | number | null>;
}

/** Tables whose rows others refer to come first. What can be made again, or must not come back, is left out. */
const TABLES = [
  'conversations',
  'activities',
  'bot_state',
  'booking_requests',
  'request_words',
  'outbox',
  'staff',
  'audit',
  'service_secrets',
  'search_terms',
  'search_spellings',
  'conversation_notes',
  'conversation_tags',
  'teachings',
  'entry_drafts',
  'saved_views',
  'console_settings',
  'erasures',
  'resume_secrets',
  'inbox',
  'messenger_threads',
  'messenger_sends',
  'messenger_notes',
  'deletion_requests',
  'erased',
] as const satisfies (keyof Schema)[];

/** Sessions and set-up links of that time would let somebody in who was signed out since. */
type LeftOut = 'staff_sessions' | 'setup_codes' | 'kept_calibrations' | 'write_probe';

/** A new table has to be in one of the two lists. */
type Forgotten = Exclude<keyof Schema, (typeof TABLES)[number] | LeftOut>;
const noneForgotten: Forgotten extends never ? true : Forgotten = true;
void noneForgotten;

/** With the widest table, 16 columns, below the 32,766 values that SQLite takes in one statement. */
const ROWS_AT_ONCE = 500;

/** Every row of every table, as it was at one instant, while others go on writing. Memory: some hundred rows. */
export async function* backupRows(database: Database): AsyncGenerator<BackupRow> {
  const { kysely, engine } = database;
  // "repeatable read" is what makes it one instant on Postgres; SQLite's transactions are that by themselves.
  const begin = kysely.startTransaction();
  const snapshot = await (
    engine === 'postgres' ? begin.setIsolationLevel('repeatable read') : begin
  ).execute();
  try {
    for (const table of TABLES) for await (const row of rowsOf(snapshot, table, engine)) yield { table, row };
  } finally {
    await snapshot.rollback().execute();
  }
}

/** Puts rows into empty tables; inside one transaction, so that a backup that breaks off leaves nothing. */
export async function restoreRows(
  transaction: Kysely<Schema>,
  rows: AsyncIterable<BackupRow>,
  engine: Database['engine'],
): Promise<number> {
  let restored = 0;
  let waiting: BackupRow[] = [];
  const write = async () => {
    const [first] = waiting;
    if (first) await insertRows(transaction, first.table, waiting, engine);
    restored += waiting.length;
    waiting = [];
  };
  for await (const row of rows) {
    if (waiting.length === ROWS_AT_ONCE || (waiting[0] && waiting[0].table !== row.table)) await write();
    waiting.push(row);
  }
  await write();
  if (engine === 'postgres') await moveCountersOn(transaction);
  return restored;
}

async function* rowsOf(
  snapshot: Kysely<Schema>,
  table: keyof Schema,
  engine: Database['engine'],
): AsyncGenerator<BackupRow['row']> {
  if (engine === 'sqlite')
    return yield* snapshot.selectFrom(table).selectAll().stream() as AsyncGenerator<BackupRow['row']>;
  await sql`declare backup no scroll cursor for select * from ${sql.table(table)}`.execute(snapshot);
  for (;;) {
    const { rows } = await sql<BackupRow['row']>`fetch ${sql.lit(ROWS_AT_ONCE)} from backup`.execute(
      snapshot,
    );
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await sql`close backup`.execute(snapshot);
}

async function insertRows(
  transaction: Kysely<Schema>,
  table: keyof Schema,
  rows: BackupRow[],
  engine: Database['engine'],
): Promise<void> {
  const columns = Object.keys(rows[0]?.row ?? {});
  const values = rows.map(({ row }) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
  // Ids that Postgres counts itself are kept as they were.
  const overriding = engine === 'postgres' ? sql`overriding system value` : sql``;
  await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    ${overriding} values ${sql.join(values)}`.execute(transaction);
}

/** Rows to come are counted on from the restored ones. */
async function moveCountersOn(transaction: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ table: string }>`
    select table_name as "table" from information_schema.columns
    where table_schema = current_schema() and column_name = 'id' and is_identity = 'YES'`.execute(
    transaction,
  );
  for (const { table } of rows) {
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), (select coalesce(max(id), 0) + 1 from ${sql.table(table)}), false)`.execute(
      transaction,
    );
  }
}
