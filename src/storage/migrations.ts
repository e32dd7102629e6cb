import { sql } from 'kysely';
import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import { DatabaseError } from './database-error';
import type { Database } from './open-database';
import { chainHash, newSalt, saltedHash } from './audit-chain';
import { keepRequestWords } from './request-words';
import type { Schema } from './schema';
import { SECOND_FACTOR_KEY, seal } from './sealed';
import { keptOrNewSecret } from './service-secrets';

type Engine = Database['engine'];

/** Applied once, in this order, and never changed after a release: a change to the tables is one more at the end. */
const MIGRATIONS: { name: string; up: (transaction: Kysely<Schema>, engine: Engine) => Promise<void> }[] = [
  { name: 'all tables', up: createTables },
  { name: 'outbox: order and idempotency', up: orderOutbox },
  { name: 'console: search, notes, tags, teaching, erasures, audit chain', up: addConsoleTables },
  { name: 'widget-resume', up: createResumeSecrets },
  { name: 'answers: kept calibrations', up: keepCalibrations },
  { name: 'messenger: inbox, threads and sends', up: createMessengerTables },
  { name: 'operation: what was erased, write probe', up: createOperationTables },
  { name: 'console: assignment, saved views, drafts, sealed second factors', up: addStaffWork },
  { name: 'console: staff speak in conversations', up: letStaffSpeak },
  { name: 'booking: senders, the same person again', up: addSenders },
  { name: 'console: what visitors thought', up: indexEvents },
  { name: 'messenger: deletion requests are settled', up: settleDeletionRequests },
  { name: 'console: requests by time', up: indexRequestsByTime },
  { name: 'console: settings', up: addConsoleSettings },
  { name: 'retention: what is due', up: indexRetention },
  { name: 'console: drafts are changed', up: letDraftsChange },
  { name: 'console: requests are found by words', up: indexRequestWords },
  { name: 'console: a review is taken back', up: keepReviewedReason },
  { name: 'turns: fewer indexes to write', up: writeFewerIndexes },
];

/** Any number that no one else on the server locks: "ENQB". */
const MIGRATION_LOCK = 0x454e5142;

/**
 * Brings the tables up to date, all missing steps in one transaction: a process killed half way leaves them as
 * they were. Several instances starting at once do it one after the other.
 * @throws DatabaseError for tables of a newer program, or where steps are missing and `mayMigrate` is false.
 */
export async function migrate(database: Database, place: string, mayMigrate: boolean): Promise<void> {
  const before = await appliedSteps(database.kysely, place);
  refuseNewer(before, place);
  if (before === MIGRATIONS.length) return;
  if (!mayMigrate) {
    throw new DatabaseError(
      `The tables of ${place} are older than this program, and a service of the older one is running. Restart the service first.`,
    );
  }
  await database.write(async (transaction) => {
    if (database.engine === 'postgres')
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    refuseNewer(await appliedSteps(transaction, place), place);
    await applySteps(transaction, database.engine, place);
  });
}

/** Applies what is missing, up to the step `through`: all, unless a backup of an older version is being restored. */
export async function applySteps(
  transaction: Kysely<Schema>,
  engine: Engine,
  place: string,
  through = MIGRATIONS.length,
): Promise<void> {
  await sql`create table if not exists schema_version (version integer primary key, name text not null, applied_at text not null)`.execute(
    transaction,
  );
  for (let version = await appliedSteps(transaction, place); version < through; version++)
    await apply(version, transaction, engine);
}

/** How many steps the tables of this program have had. */
export const NEWEST_STEP = MIGRATIONS.length;

/** How many steps this database has had; 0 for a new one. */
export async function appliedSteps(kysely: Kysely<Schema>, place: string): Promise<number> {
  const tables = await kysely.introspection.getTables().catch((error: unknown) => {
    throw new DatabaseError(`${place} cannot be read: it is damaged. Restore the newest backup.`, {
      cause: error,
    });
  });
  const names = tables.map((table) => table.name);
  if (!names.includes('schema_version')) {
    if (names.includes('conversations')) {
      throw new DatabaseError(
        `${place} already has tables of another program. Name an empty database in DATABASE_URL.`,
      );
    }
    return 0;
  }
  const { rows } = await sql<{
    newest: number | null;
  }>`select max(version) as newest from schema_version`.execute(kysely);
  return rows[0]?.newest ?? 0;
}

function refuseNewer(applied: number, place: string): void {
  if (applied <= MIGRATIONS.length) return;
  throw new DatabaseError(
    `The tables of ${place} are of a newer version of this program (${applied}; this one knows ${MIGRATIONS.length}). Start the newer version, or restore a backup from before the upgrade.`,
  );
}

async function apply(version: number, transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const migration = MIGRATIONS[version];
  if (!migration) return;
  await migration.up(transaction, engine);
  await sql`insert into schema_version values (${version + 1}, ${migration.name}, ${new Date().toISOString()})`.execute(
    transaction,
  );
}

/** Byte order, as SQLite has it: lists come in the same order on both, whatever the server's locale. */
function textOf(engine: Engine) {
  return engine === 'postgres' ? sql`text collate "C"` : ('text' as const);
}

function counterOf(engine: Engine) {
  return (column: ColumnDefinitionBuilder) =>
    engine === 'postgres'
      ? column.generatedAlwaysAsIdentity().primaryKey()
      : column.primaryKey().autoIncrement();
}

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

/** 1: the first tables. */
async function createTables(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const real = engine === 'postgres' ? ('double precision' as const) : ('real' as const);
  const counter = counterOf(engine);
  const { schema } = transaction;

  await schema
    .createTable('conversations')
    .addColumn('id', text, key)
    .addColumn('channel', text, required)
    .addColumn('user_id', text, required)
    .addColumn('started_at', text, required)
    .addColumn('updated_at', text, required)
    .addColumn('last_sequence', 'integer', required)
    .addColumn('first_text', text)
    .addColumn('visitor_messages', 'integer', required)
    .addColumn('review', text)
    .addColumn('reviewed_at', text)
    .addColumn('reviewed_by', text)
    .addColumn('lowest_confidence', real)
    .execute();
  await schema
    .createIndex('conversations_newest')
    .on('conversations')
    .columns(['updated_at desc', 'id'])
    .execute();
  await schema
    .createIndex('conversations_to_review')
    .on('conversations')
    .columns(['review', 'updated_at'])
    .execute();
  await schema
    .createIndex('conversations_of_user')
    .on('conversations')
    .columns(['user_id', 'channel'])
    .execute();
  await schema
    .createIndex('conversations_of_channel')
    .on('conversations')
    .columns(['channel', 'started_at', 'id'])
    .execute();

  await schema
    .createTable('activities')
    .addColumn('conversation_id', text, (column) =>
      column.notNull().references('conversations.id').onDelete('cascade'),
    )
    .addColumn('sequence', 'integer', required)
    .addColumn('id', text, required)
    .addColumn('incoming_id', text)
    .addColumn('reply_to', 'integer')
    .addColumn('type', text, required)
    .addColumn('role', text, required)
    .addColumn('at', text, required)
    .addColumn('text', text)
    .addColumn('activity', text, required)
    .addColumn('decision', text)
    .addColumn('decided', text)
    .addColumn('entry', text)
    .addColumn('confidence', real)
    .addColumn('knowledge_version', text)
    .addColumn('error_id', text)
    .addPrimaryKeyConstraint('activities_in_order', ['conversation_id', 'sequence'])
    .addUniqueConstraint('activities_by_id', ['id'])
    .execute();
  await schema
    .createIndex('activities_incoming_once')
    .unique()
    .on('activities')
    .columns(['conversation_id', 'incoming_id'])
    .where('incoming_id', 'is not', null)
    .execute();
  await schema.createIndex('activities_by_time').on('activities').columns(['at']).execute();
  await schema
    .createIndex('activities_decided')
    .on('activities')
    .columns(['decided', 'at'])
    .where('decided', 'is not', null)
    .execute();

  await schema
    .createTable('bot_state')
    .addColumn('key', text, key)
    .addColumn('value', text, required)
    .addColumn('etag', text, required)
    .execute();

  await schema
    .createTable('booking_requests')
    .addColumn('reference', text, key)
    .addColumn('conversation_id', text, required)
    .addColumn('kind', text, required)
    .addColumn('status', text, required)
    .addColumn('revision', 'integer', required)
    .addColumn('name', text, required)
    .addColumn('phone', text)
    .addColumn('email', text)
    .addColumn('request', text, required)
    .addColumn('created_at', text, required)
    .addColumn('updated_at', text, required)
    .execute();
  await schema
    .createIndex('booking_requests_by_status')
    .on('booking_requests')
    .columns(['status', 'created_at'])
    .execute();
  await schema
    .createIndex('booking_requests_of_conversation')
    .on('booking_requests')
    .columns(['conversation_id'])
    .execute();

  await schema
    .createTable('outbox')
    .addColumn('id', 'integer', counter)
    .addColumn('kind', text, required)
    .addColumn('payload', text, required)
    .addColumn('state', text, required)
    .addColumn('attempts', 'integer', required)
    .addColumn('next_attempt_at', text, required)
    .addColumn('leased_until', text)
    .addColumn('last_error', text)
    .addColumn('created_at', text, required)
    .execute();
  await schema.createIndex('outbox_due').on('outbox').columns(['state', 'next_attempt_at']).execute();

  await schema
    .createTable('staff')
    .addColumn('email', text, key)
    .addColumn('role', text, required)
    .addColumn('password', text, required)
    .addColumn('created_at', text, required)
    .addColumn('disabled', 'integer', required)
    .addColumn('failures', 'integer', required)
    .addColumn('locked_until', text)
    .execute();
  await schema
    .createTable('staff_sessions')
    .addColumn('id_hash', text, key)
    .addColumn('email', text, required)
    .addColumn('csrf', text, required)
    .addColumn('created_at', text, required)
    .addColumn('seen_at', text, required)
    .addColumn('user_agent', text, required)
    .execute();
  await schema.createIndex('staff_sessions_of_member').on('staff_sessions').columns(['email']).execute();
  await schema
    .createTable('setup_codes')
    .addColumn('code_hash', text, key)
    .addColumn('expires_at', text, required)
    .addColumn('used_at', text)
    .execute();

  await schema
    .createTable('audit')
    .addColumn('id', 'integer', counter)
    .addColumn('at', text, required)
    .addColumn('actor', text, required)
    .addColumn('action', text, required)
    .addColumn('subject', text, required)
    .execute();
  await schema.createIndex('audit_by_time').on('audit').columns(['at']).execute();
  await schema.createIndex('audit_of_subject').on('audit').columns(['subject', 'at']).execute();

  await schema
    .createTable('service_secrets')
    .addColumn('name', text, key)
    .addColumn('value', text, required)
    .execute();
}

/** Rows from before have no receiver that knows their key; any that is unique will do. */
async function orderOutbox(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const { schema } = transaction;
  for (const column of ['order_key', 'idempotency_key', 'settled_at'])
    await schema.alterTable('outbox').addColumn(column, text).execute();
  await sql`update outbox set idempotency_key = 'outbox-' || id`.execute(transaction);
  await schema.createIndex('outbox_once').on('outbox').columns(['idempotency_key']).unique().execute();
  await schema.createIndex('outbox_in_order').on('outbox').columns(['order_key', 'state', 'id']).execute();
}

/** What the staff console has beside the transcripts. */
async function addConsoleTables(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const counter = counterOf(engine);
  const { schema } = transaction;

  await schema
    .alterTable('conversations')
    .addColumn('indexed_through', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`create index conversations_to_index on conversations (id) where last_sequence > indexed_through`.execute(
    transaction,
  );
  await schema
    .createIndex('conversations_newest_of_channel')
    .on('conversations')
    .columns(['channel', 'updated_at desc', 'id'])
    .execute();
  await schema
    .createIndex('conversations_reviewed_by')
    .on('conversations')
    .columns(['reviewed_by', 'updated_at desc', 'id'])
    .execute();
  await schema
    .createIndex('conversations_by_start')
    .on('conversations')
    .columns(['started_at', 'channel', 'visitor_messages'])
    .execute();
  // Figures are counted from this alone: the rows themselves, with their JSON, are fifty times as large.
  await schema
    .createIndex('activities_figures')
    .on('activities')
    .columns(['at', 'decided', 'entry', 'confidence', 'conversation_id'])
    .where('decided', 'is not', null)
    .execute();
  // Without a second copy of the rows, the index of 100,000 conversations is half as large.
  const keyOnly = engine === 'sqlite' ? sql`without rowid` : sql``;
  await schema
    .createTable('search_terms')
    .addColumn('term', text, required)
    .addColumn('conversation_id', text, required)
    .addPrimaryKeyConstraint('search_terms_once', ['term', 'conversation_id'])
    .modifyEnd(keyOnly)
    .execute();
  await schema
    .createIndex('search_terms_of_conversation')
    .on('search_terms')
    .columns(['conversation_id'])
    .execute();
  await schema
    .createTable('search_spellings')
    .addColumn('spelling', text, required)
    .addColumn('word', text, required)
    .addPrimaryKeyConstraint('search_spellings_once', ['spelling', 'word'])
    .modifyEnd(keyOnly)
    .execute();
  await schema.createIndex('search_spellings_of_word').on('search_spellings').columns(['word']).execute();

  await schema
    .createTable('conversation_notes')
    .addColumn('id', 'integer', counter)
    .addColumn('conversation_id', text, required)
    .addColumn('at', text, required)
    .addColumn('author', text, required)
    .addColumn('text', text, required)
    .execute();
  await schema
    .createIndex('notes_of_conversation')
    .on('conversation_notes')
    .columns(['conversation_id'])
    .execute();
  await schema
    .createTable('conversation_tags')
    .addColumn('tag', text, required)
    .addColumn('conversation_id', text, required)
    .addColumn('at', text, required)
    .addColumn('author', text, required)
    .addPrimaryKeyConstraint('conversation_tags_once', ['tag', 'conversation_id'])
    .execute();
  await schema
    .createIndex('tags_of_conversation')
    .on('conversation_tags')
    .columns(['conversation_id'])
    .execute();

  await schema
    .createTable('teachings')
    .addColumn('id', 'integer', counter)
    .addColumn('at', text, required)
    .addColumn('author', text, required)
    .addColumn('entry', text)
    .addColumn('text', text, required)
    .addColumn('removed_at', text)
    .addColumn('removed_by', text)
    .addColumn('merged_at', text)
    .execute();
  await schema
    .createTable('erasures')
    .addColumn('receipt', text, key)
    .addColumn('at', text, required)
    .addColumn('actor', text, required)
    .addColumn('erased', text, required)
    .execute();

  await schema.alterTable('staff').addColumn('totp_secret', text).execute();
  await schema
    .alterTable('staff')
    .addColumn('totp_step', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('audit').addColumn('subject_salt', text).execute();
  for (const column of ['subject_hash', 'hash'] as const) {
    await schema
      .alterTable('audit')
      .addColumn(column, text, (definition) => definition.notNull().defaultTo(''))
      .execute();
  }
  await chainAuditSoFar(transaction);
}

async function chainAuditSoFar(transaction: Kysely<Schema>): Promise<void> {
  const rows = await transaction
    .selectFrom('audit')
    .select(['id', 'at', 'actor', 'action', 'subject'])
    .orderBy('id')
    .execute();
  let before = '';
  for (const row of rows) {
    const salt = newSalt();
    const subject = saltedHash(salt, row.subject);
    const hash = chainHash(before, { ...row, subject_hash: subject });
    await transaction
      .updateTable('audit')
      .set({ subject_salt: salt, subject_hash: subject, hash })
      .where('id', '=', row.id)
      .execute();
    before = hash;
  }
}

/** What the widget comes back with after days. */
async function createResumeSecrets({ schema }: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  await schema
    .createTable('resume_secrets')
    .addColumn('conversation_id', text, (column) =>
      column.notNull().primaryKey().references('conversations.id').onDelete('cascade'),
    )
    .addColumn('secret_hash', text, (column) => column.notNull().unique())
    .addColumn('expires_at', text, required)
    .execute();
  await schema.createIndex('resume_secrets_expired').on('resume_secrets').columns(['expires_at']).execute();
}

async function keepCalibrations(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  await transaction.schema
    .createTable('kept_calibrations')
    .addColumn('key', text, key)
    .addColumn('calibration', text, required)
    .execute();
}

/** The inbox of channels that are acknowledged at once, and what Messenger's rules need. */
async function createMessengerTables(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const { schema } = transaction;
  await schema
    .createTable('inbox')
    .addColumn('id', 'integer', counterOf(engine))
    .addColumn('kind', text, required)
    .addColumn('key', text, required)
    .addColumn('conversation_id', text, required)
    .addColumn('payload', text, required)
    .addColumn('happened_at', text, required)
    .addColumn('received_at', text, required)
    .addColumn('state', text, required)
    .addColumn('attempts', 'integer', required)
    .addColumn('next_attempt_at', text, required)
    .addColumn('leased_until', text)
    .addColumn('last_error', text)
    .addUniqueConstraint('inbox_once', ['key'])
    .execute();
  await schema.createIndex('inbox_due').on('inbox').columns(['state', 'happened_at', 'id']).execute();
  await schema
    .createIndex('inbox_in_order')
    .on('inbox')
    .columns(['conversation_id', 'state', 'happened_at', 'id'])
    .execute();
  await schema
    .createTable('messenger_threads')
    .addColumn('psid', text, key)
    .addColumn('conversation_id', text, required)
    .addColumn('opened_at', text, required)
    .addColumn('stopped', text)
    .execute();
  await schema
    .createTable('messenger_sends')
    .addColumn('key', text, key)
    .addColumn('tried_at', text, required)
    .addColumn('mid', text)
    .execute();
  await schema.createIndex('messenger_sends_by_mid').on('messenger_sends').columns(['mid']).execute();
  await schema
    .createTable('messenger_notes')
    .addColumn('name', text, key)
    .addColumn('text', text, required)
    .addColumn('at', text, required)
    .execute();
  await schema
    .createTable('deletion_requests')
    .addColumn('code', text, key)
    .addColumn('app_scoped_id', text, required)
    .addColumn('at', text, required)
    .execute();
}

/** What restoring a backup and telling whether the service is ready need. */
async function createOperationTables(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  await transaction.schema
    .createTable('erased')
    .addColumn('what', text, required)
    .addColumn('hash', text, required)
    .addColumn('at', text, required)
    .addPrimaryKeyConstraint('erased_once', ['hash', 'what', 'at'])
    .execute();
  await transaction.schema
    .createTable('write_probe')
    .addColumn('id', 'integer', key)
    .addColumn('at', text, required)
    .execute();
}

/** Whose a conversation or a request is, filters that staff keep, entries that they propose. */
async function addStaffWork(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const { schema } = transaction;
  await schema.alterTable('conversations').addColumn('assigned_to', text).execute();
  await schema
    .createIndex('conversations_assigned')
    .on('conversations')
    .columns(['assigned_to', 'updated_at desc', 'id'])
    .execute();
  await schema.alterTable('booking_requests').addColumn('assigned_to', text).execute();
  await schema.alterTable('booking_requests').addColumn('contacted_at', text).execute();
  await schema
    .alterTable('booking_requests')
    .addColumn('waits_since', text, (column) => column.notNull().defaultTo(''))
    .execute();
  await transaction
    .updateTable('booking_requests')
    .set((row) => ({ waits_since: row.ref('created_at') }))
    .execute();
  await schema
    .createIndex('booking_requests_waiting')
    .on('booking_requests')
    .columns(['status', 'waits_since'])
    .execute();
  await schema
    .createIndex('booking_requests_assigned')
    .on('booking_requests')
    .columns(['assigned_to', 'created_at'])
    .execute();
  await schema
    .createTable('saved_views')
    .addColumn('id', 'integer', counterOf(engine))
    .addColumn('name', text, (column) => column.notNull().unique())
    .addColumn('query', text, required)
    .addColumn('at', text, required)
    .addColumn('author', text, required)
    .execute();
  await schema
    .createTable('entry_drafts')
    .addColumn('id', 'integer', counterOf(engine))
    .addColumn('entry', text, (column) => column.notNull().unique())
    .addColumn('title', text, required)
    .addColumn('phrasings', text, required)
    .addColumn('answer', text, required)
    .addColumn('at', text, required)
    .addColumn('author', text, required)
    .addColumn('merged_at', text)
    .execute();
  const secrets = await transaction
    .selectFrom('staff')
    .select(['email', 'totp_secret'])
    .where('totp_secret', 'is not', null)
    .execute();
  if (secrets.length === 0) return;
  const secret = await keptOrNewSecret(transaction, SECOND_FACTOR_KEY);
  for (const { email, totp_secret: plain } of secrets)
    await transaction
      .updateTable('staff')
      .set({ totp_secret: seal(secret, plain ?? '') })
      .where('email', '=', email)
      .execute();
}

/** Who of the team answers in a conversation, who wrote a line of it, and under which name. */
async function letStaffSpeak({ schema }: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  await schema.alterTable('conversations').addColumn('person_until', text).execute();
  await schema.alterTable('conversations').addColumn('person_name', text).execute();
  await schema
    .createIndex('conversations_with_person')
    .on('conversations')
    .columns(['person_until'])
    .where('person_until', 'is not', null)
    .execute();
  await schema.alterTable('activities').addColumn('author', text).execute();
  await schema.alterTable('staff').addColumn('display_name', text).execute();
}

/** How many requests an address sends in a day, and which of them one person sent. */
async function addSenders(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const { schema } = transaction;
  await schema.alterTable('booking_requests').addColumn('sender', text).execute();
  await schema.alterTable('booking_requests').addColumn('joins', text).execute();
  for (const column of ['sender', 'phone', 'email'] as const)
    await schema
      .createIndex(`booking_requests_by_${column}`)
      .on('booking_requests')
      .columns([column, 'created_at'])
      .execute();
  await schema.createIndex('booking_requests_joined').on('booking_requests').columns(['joins']).execute();
}

/** Events (a thumb under an answer) are a few among many messages. */
async function indexEvents({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createIndex('activities_events')
    .on('activities')
    .columns(['at'])
    .where(sql.ref('type'), '=', 'event')
    .execute();
}

/** Staff say when a deletion request that came through Facebook is done, and its status page says so. */
async function settleDeletionRequests({ schema }: Kysely<Schema>, engine: Engine): Promise<void> {
  await schema.alterTable('deletion_requests').addColumn('settled_at', textOf(engine)).execute();
}

/** Of any status: the list of requests, and the figures of a day. */
async function indexRequestsByTime({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createIndex('booking_requests_by_time')
    .on('booking_requests')
    .columns(['created_at desc', 'reference'])
    .execute();
}

/** What admins decide for everybody, such as whether each account needs a second factor. */
async function addConsoleSettings({ schema }: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  await schema
    .createTable('console_settings')
    .addColumn('name', text, (column) => column.primaryKey())
    .addColumn('value', text, required)
    .execute();
}

/** The few conversations in which a dialog was left open, and requests by when they were last touched. */
async function indexRetention({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createIndex('bot_state_with_dialog')
    .on('bot_state')
    .columns(['key'])
    .where(sql<boolean>`value like '%"dialog":{%'`)
    .execute();
  await schema
    .createIndex('booking_requests_by_change')
    .on('booking_requests')
    .columns(['updated_at', 'reference'])
    .execute();
}

/** Who last changed a draft, and when. */
async function letDraftsChange({ schema }: Kysely<Schema>, engine: Engine): Promise<void> {
  for (const column of ['changed_at', 'changed_by'])
    await schema.alterTable('entry_drafts').addColumn(column, textOf(engine)).execute();
}

/** Requests found by name, number, address or reference without reading all of them. */
async function indexRequestWords(transaction: Kysely<Schema>, engine: Engine): Promise<void> {
  const text = textOf(engine);
  const { schema } = transaction;
  await schema
    .createTable('request_words')
    .addColumn('word', text, required)
    .addColumn('reference', text, (column) =>
      column.notNull().references('booking_requests.reference').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('request_words_once', ['word', 'reference'])
    .modifyEnd(engine === 'sqlite' ? sql`without rowid` : sql``)
    .execute();
  await schema.createIndex('request_words_of_request').on('request_words').columns(['reference']).execute();
  for (let after = ''; ;) {
    const requests = await transaction
      .selectFrom('booking_requests')
      .select(['reference', 'name', 'phone', 'email'])
      .where('reference', '>', after)
      .orderBy('reference')
      .limit(REQUESTS_AT_ONCE)
      .execute();
    await keepRequestWords(transaction, requests);
    const last = requests.at(-1);
    if (last === undefined) return;
    after = last.reference;
  }
}

/** Some ten words each: far below the 32,766 values that SQLite takes in one statement. */
const REQUESTS_AT_ONCE = 200;

/** What a conversation waited for before somebody reviewed it. */
async function keepReviewedReason({ schema }: Kysely<Schema>, engine: Engine): Promise<void> {
  await schema.alterTable('conversations').addColumn('reviewed_reason', textOf(engine)).execute();
}

/**
 * Every turn moves its conversation in each index that has the time of the newest activity: those of the few
 * conversations that wait, were reviewed or are somebody's now have those only. Messages are found by time in
 * `activities_figures`, and by conversation.
 */
async function writeFewerIndexes({ schema }: Kysely<Schema>): Promise<void> {
  await schema.dropIndex('activities_by_time').execute();
  await schema.dropIndex('activities_decided').execute();
  const few = [
    ['conversations_to_review', 'review', ['review', 'updated_at']],
    ['conversations_reviewed_by', 'reviewed_by', ['reviewed_by', 'updated_at desc', 'id']],
    ['conversations_assigned', 'assigned_to', ['assigned_to', 'updated_at desc', 'id']],
  ] as const;
  for (const [name, column, columns] of few) {
    await schema.dropIndex(name).execute();
    await schema
      .createIndex(name)
      .on('conversations')
      .columns([...columns])
      .where(sql.ref(column), 'is not', null)
      .execute();
  }
}
