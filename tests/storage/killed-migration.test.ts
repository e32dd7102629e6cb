import BetterSqlite3 from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Pool } from 'pg';
import { applySteps } from '../../src/storage/migrations';
import { type Database, openDatabase } from '../../src/storage/open-database';
import type { Schema } from '../../src/storage/schema';
import { createStaffStore } from '../../src/storage/staff-store';
import { bundleScript } from '../support/bundle-script';
import { postgresPlace, sqlitePlace } from '../support/databases';
import { memoryFolder } from '../support/start-service';

/** An upgrade from the oldest tables to today's, killed at one statement after the other. */
const PROJECT = path.resolve(__dirname, '..', '..');
const data = memoryFolder();
let script: string;
beforeAll(() => {
  script = bundleScript(path.join(__dirname, 'migrate-until-killed.ts'), data.folder);
});
afterAll(data.remove);

test.each([
  ['SQLite', sqlitePlace],
  ['Postgres', postgresPlace],
])(
  'an upgrade on %s that is killed has changed nothing, and the next start does all of it',
  async (_engine, makePlace) => {
    let killed = 0;
    const [whole] = await upgraded(makePlace, 0);
    // Every ninth statement, and the last ones: the commit is among them.
    const moments = Array.from({ length: whole }, (_, index) => index + 1);
    for (const moment of moments.filter((at) => at % 9 === 0 || at > whole - 4)) {
      const [statements, steps] = await upgraded(makePlace, moment);
      if (statements > 0) continue;
      killed++;
      // All or nothing: a commit whose answer was not read may have been made.
      expect([1, NEWEST]).toContain(steps);
    }
    expect(killed).toBeGreaterThan(10);
  },
  300_000,
);

let NEWEST = 0;

/**
 * Upgrades a database of the first step that has rows which later steps rewrite. Resolves to how many statements that
 * took, 0 where it was killed, and how many steps the tables had then; after that it is opened, and has all.
 */
async function upgraded(
  makePlace: () => Promise<{ url: string; remove: () => Promise<void> }>,
  killAt: number,
): Promise<[statements: number, steps: number]> {
  const place = await makePlace();
  try {
    await layOldest(place.url);
    const statements = await run(place.url, killAt);
    const between = kyselyOf(place.url);
    const steps = await stepsOf(between);
    await between.destroy();
    const database = await openDatabase(place.url);
    NEWEST = await stepsOf(database.kysely);
    await expectWhole(database);
    await database.close();
    return [statements, steps];
  } finally {
    await place.remove();
  }
}

async function expectWhole(database: Database): Promise<void> {
  expect(await createStaffStore(database).checkAudit()).toMatchObject({ ok: true });
  const { kysely } = database;
  expect(await kysely.selectFrom('audit').select('subject').orderBy('id').execute()).toEqual(
    ['one', 'two', 'three'].map((subject) => ({ subject })),
  );
  expect(await kysely.selectFrom('outbox').select(['payload', 'idempotency_key']).execute()).toEqual([
    { payload: '{"a":1}', idempotency_key: 'outbox-1' },
  ]);
  expect(await kysely.selectFrom('booking_requests').select(['reference', 'waits_since']).execute()).toEqual([
    { reference: 'SA-1', waits_since: AT },
  ]);
}

const AT = '2026-03-02T15:00:00.000Z';

/** The first tables, and in them what later steps have to carry over. */
async function layOldest(url: string): Promise<void> {
  const engine = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
  const kysely = kyselyOf(url);
  await applySteps(kysely, engine, 'the oldest form', 1);
  for (const subject of ['one', 'two', 'three'])
    await sql`insert into audit (at, actor, action, subject) values (${AT}, 'a', 'b', ${subject})`.execute(
      kysely,
    );
  await sql`insert into outbox (kind, payload, state, attempts, next_attempt_at, created_at)
    values ('notice', '{"a":1}', 'waiting', 0, ${AT}, ${AT})`.execute(kysely);
  await sql`insert into booking_requests (reference, conversation_id, kind, status, revision, name, request, created_at, updated_at)
    values ('SA-1', 'c1', 'consultation', 'new', 0, 'Ann', '{}', ${AT}, ${AT})`.execute(kysely);
  await kysely.destroy();
}

function kyselyOf(url: string): Kysely<Schema> {
  if (!url.startsWith('sqlite:'))
    return new Kysely({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: url, max: 1 }) }),
    });
  const database = new BetterSqlite3(url.slice('sqlite:'.length));
  // "ENQB": what the program puts into the file's header.
  database.pragma(`application_id = ${0x454e5142}`);
  return new Kysely({ dialect: new SqliteDialect({ database }) });
}

async function stepsOf(kysely: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ newest: number }>`select max(version) as newest from schema_version`.execute(
    kysely,
  );
  return Number(rows[0]?.newest);
}

/** Resolves to the number of statements, 0 where it was killed; rejects where it ended in another way. */
function run(url: string, killAt: number): Promise<number> {
  const child = spawn(process.execPath, [script, url, String(killAt)], {
    env: { ...process.env, NODE_PATH: path.join(PROJECT, 'node_modules') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      const [, statements] = /^done (\d+)$/m.exec(printed) ?? [];
      if (signal === 'SIGKILL') resolve(0);
      else if (code === 0 && statements) resolve(Number(statements));
      else reject(new Error(`The upgrade ended with ${code}: ${printed}`));
    });
  });
}
