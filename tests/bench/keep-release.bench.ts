import BetterSqlite3 from 'better-sqlite3';
import { type Dialect, Kysely, type LogEvent, PostgresDialect, SqliteDialect } from 'kysely';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Pool } from 'pg';
import { backUp } from '../../src/storage/backup';
import { NEWEST_STEP, applySteps } from '../../src/storage/migrations';
import { type Database, openDatabase } from '../../src/storage/open-database';
import type { Schema } from '../../src/storage/schema';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import {
  APP_ID,
  APP_SECRET,
  PAGE_ID,
  PAGE_TOKEN,
  postEvents,
  startFakeGraph,
  written,
} from '../support/fake-graph';
import { PASSWORD, StaffBrowser } from '../support/staff-console';
import { startPostgres } from '../support/start-postgres';
import { dataFolder, startService } from '../support/start-service';
import { BACKUP_KEY, STAFF, type ReleaseFacts } from '../support/released';

/**
 * `npm run bench -- keep-release`: keeps what this version leaves in a database, for the tests that every later version
 * upgrades it: the statements that make its tables, on both engines, rows in every table, made by using the service,
 * and a backup. To be run once for each release, before its tag; the files are never changed afterwards.
 */
async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const folder = path.resolve('tests', 'storage', 'released', version);
  mkdirSync(folder, { recursive: true });
  const data = dataFolder();
  const postgres = await startPostgres();
  try {
    const pool = new Pool({ connectionString: postgres.url });
    const memory = new BetterSqlite3(':memory:');
    writeFileSync(
      path.join(folder, 'sqlite.sql'),
      await statementsOf('sqlite', new SqliteDialect({ database: memory })),
    );
    writeFileSync(
      path.join(folder, 'postgres.sql'),
      await statementsOf('postgres', new PostgresDialect({ pool })),
    );
    const facts = await useEverything(data.folder);
    writeFileSync(path.join(folder, 'facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
    const database = await openDatabase(`sqlite:${path.join(data.folder, 'enquiries.db')}`);
    await useTheRest(database);
    writeFileSync(path.join(folder, 'rows.jsonl'), await rowsOf(database));
    const backup = path.join(data.folder, 'release.backup');
    await backUp(database, backup, { at: new Date(), passphrase: BACKUP_KEY });
    copyFileSync(backup, path.join(folder, 'release.backup'));
    await database.close();
    process.stdout.write(`Version ${version}, step ${NEWEST_STEP}, is kept in ${folder}.\n`);
  } finally {
    await postgres.stop();
    data.remove();
  }
}

/** What the steps ask of an empty database, one statement a line, its values written out. */
async function statementsOf(engine: Database['engine'], dialect: Dialect): Promise<string> {
  const statements: string[] = [];
  const log = ({ query }: LogEvent) => {
    if (!/^(create|alter|insert|update)/i.test(query.sql)) return;
    const values = query.parameters.map((value) => `'${String(value).replaceAll("'", "''")}'`);
    let used = 0;
    statements.push(`${query.sql.replace(/\$\d+|\?/g, () => values[used++] ?? '').replaceAll(/\s+/g, ' ')};`);
  };
  const kysely = new Kysely<Schema>({ dialect, log });
  await applySteps(kysely, engine, 'the kept form');
  await kysely.destroy();
  return `${statements.join('\n')}\n`;
}

/** Visitors on two channels, and staff who look after them. */
async function useEverything(folder: string): Promise<ReleaseFacts> {
  const meta = await startFakeGraph();
  const service = await startService(folder, {
    MESSENGER_APP_SECRET: APP_SECRET,
    MESSENGER_VERIFY_TOKEN: 'verify-me-please',
    MESSENGER_PAGE_TOKEN: PAGE_TOKEN,
    MESSENGER_PAGE_ID: PAGE_ID,
    MESSENGER_APP_ID: APP_ID,
    MESSENGER_GRAPH_URL: meta.url,
    // Nothing listens there: its notice waits.
    NOTIFY_WEBHOOK_URL: 'http://127.0.0.1:1/enquiries',
  });
  const { url } = service;
  const whole = await openChat(url);
  await whole.say('how long does one session take?');
  await whole.say("I'm Ann Lee, 410 555 0134, can I book for friday at 4pm?");
  await whole.say('yes');
  await whole.say('skip');
  const [reference = ''] = /SA-\w{5}/.exec((await whole.say('yes')).join(' ')) ?? [];

  const middle = await openChat(url);
  await middle.say('I would like to book a consultation');
  await middle.say('yes');
  const asked = (await middle.say('Bob Stone')).at(-1) ?? '';
  const kept = await fetch(`${url}/widget/resume`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${middle.token}`, origin: url },
    body: '{}',
  });
  const { resume } = (await kept.json()) as { resume: string };

  const erased = await openChat(url);
  await erased.say('my name is Zebulon');
  await erased.say('delete my data');
  await erased.say('yes');

  await postEvents({ url, appSecret: APP_SECRET, meta }, [written('7001', 'how long does it last?')]);
  await eventually(() => meta.delivered.length > 0);

  const admin = new StaffBrowser(url);
  await admin.get(new URL(service.setupLink() ?? '').href.slice(url.length));
  await admin.post('/staff/setup', {
    code: new URL(service.setupLink() ?? '').searchParams.get('code') ?? '',
    email: STAFF,
    password: PASSWORD,
  });
  if (admin.cookies.size === 0) await admin.signIn(STAFF, PASSWORD);
  const page = `/staff/conversations/${whole.conversationId}`;
  await admin.get(page);
  await admin.post(`${page}/notes`, { text: 'Called her back.' });
  await admin.post(`${page}/tags`, { tag: 'returning' });
  await admin.post('/staff/views', { name: 'Unsure ones', query: 'outcome=none' });
  await admin.post('/staff/teach', { text: 'how long do i sit there', entry: 'session-length' });
  await admin.post('/staff/teach/drafts', {
    title: 'Parking',
    phrasings: 'where can i park',
    answer: 'Behind the house.',
  });
  await fetch(`${url}/readyz`);
  // The search index takes conversations in every few seconds.
  await eventually(async () =>
    (await admin.get('/staff/conversations?search=Lee')).text.includes(whole.conversationId),
  );
  await service.stop();
  await meta.close();
  return {
    at: new Date().toISOString(),
    reference,
    whole: { conversationId: whole.conversationId },
    middle: { conversationId: middle.conversationId, resume, asked },
    erased: { conversationId: erased.conversationId },
  };
}

/** What only an outside fault, or somebody at Facebook, would make. */
async function useTheRest(database: Database): Promise<void> {
  const at = new Date().toISOString();
  await database.write(async (transaction) => {
    await transaction
      .insertInto('deletion_requests')
      .values({ code: 'A1B2C3D4E5F6A7B8C9D0', app_scoped_id: '99', at, settled_at: null })
      .execute();
    await transaction
      .insertInto('messenger_notes')
      .values({ name: 'token', text: 'The token ends.', at })
      .execute();
    await transaction
      .insertInto('messenger_sends')
      .values({ key: 'messenger:1', tried_at: at, mid: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

async function rowsOf(database: Database): Promise<string> {
  const tables = (await database.kysely.introspection.getTables()).map(({ name }) => name as keyof Schema);
  const lines: string[] = [];
  for (const table of tables.filter((name) => (name as string) !== 'schema_version')) {
    const rows = await database.kysely.selectFrom(table).selectAll().execute();
    if (rows.length === 0) throw new Error(`Nothing is in ${table}: the release is not used wholly.`);
    lines.push(...rows.map((row) => JSON.stringify({ table, row })));
  }
  return `${lines.join('\n')}\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
