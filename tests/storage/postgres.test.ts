import { sql } from 'kysely';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { weakDurability } from '../../src/storage/durability';
import { openDatabase } from '../../src/storage/open-database';
import type { Database } from '../../src/storage/open-database';
import { postgresPlace } from '../support/databases';
import { startPostgres } from '../support/start-postgres';

let place: Awaited<ReturnType<typeof postgresPlace>>;

beforeEach(async () => {
  place = await postgresPlace();
});
afterEach(() => place.remove());

function withUrl(change: (url: URL) => void): string {
  const url = new URL(place.url);
  change(url);
  return url.href;
}

async function problem(url: string): Promise<string> {
  const opened: unknown = await openDatabase(url).catch((error: unknown) => error);
  if (opened instanceof Error && opened.name === 'DatabaseError') return opened.message;
  throw new Error('the database was opened, or failed with something else', { cause: opened });
}

function keep(database: Database, key: string): Promise<unknown> {
  return database.write((transaction) =>
    transaction.insertInto('bot_state').values({ key, value: '{}', etag: '1' }).execute(),
  );
}

describe('a Postgres that cannot be used is told apart, with the remedy and without the password', () => {
  test('nothing listens', async () => {
    const message = await problem(withUrl((url) => ((url.port = '1'), (url.password = 'hunter2'))));
    expect(message).toMatch(
      /127\.0\.0\.1:1 as user "clinic": nothing listens there\. Start the server.*ECONNREFUSED/,
    );
    expect(message).not.toContain('hunter2');
  });

  test('the password is wrong', async () => {
    const message = await problem(withUrl((url) => (url.password = 'hunter2')));
    expect(message).toMatch(/user or password is wrong.*28P01/);
    expect(message).not.toContain('hunter2');
  });

  test('there is no such database', async () => {
    expect(await problem(withUrl((url) => (url.pathname = '/nowhere')))).toMatch(
      /"nowhere".*no such database\. Create it/,
    );
  });

  test.each(['/', '?', '#'])('the password holds an unescaped %s', async (character) => {
    const message = await problem(`postgres://clinic:1${character}hunter2@127.0.0.1:5432/enquiries`);
    expect(message).toMatch(/not a valid Postgres address.*%2F/);
    expect(message).not.toContain('hunter2');
  });

  test('the server accepts and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await problem(withUrl((url) => (url.port = String(port))))).toContain(
      'no answer within 5 seconds',
    );
    silent.close();
  });

  test('the database is full of tables of another program', async () => {
    const ours = await openDatabase(place.url);
    await ours.write((transaction) => sql`drop table schema_version`.execute(transaction));
    await ours.close();
    expect(await problem(place.url)).toMatch(
      /already has tables of another program\. Name an empty database/,
    );
  });
});

test('several instances starting at once on an empty database all succeed', async () => {
  const instances = await Promise.all([1, 2, 3].map(() => openDatabase(place.url)));
  const { rows } = await sql<{
    version: number;
  }>`select version from schema_version order by version`.execute(instances[0]?.kysely ?? fail());
  expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
  for (const instance of instances) await instance.close();
});

test('a transaction that the server breaks off for the sake of others is run again', async () => {
  const database = await openDatabase(place.url);
  let runs = 0;
  await database.write(async (transaction) => {
    runs += 1;
    await transaction
      .insertInto('bot_state')
      .values({ key: 'a', value: String(runs), etag: '1' })
      .execute();
    if (runs < 3) await sql.raw(`do $$ begin raise serialization_failure; end $$`).execute(transaction);
  });
  expect(await database.kysely.selectFrom('bot_state').select('value').execute()).toEqual([{ value: '3' }]);
  await database.close();
});

test('two writes that wait for each other both succeed', async () => {
  const database = await openDatabase(place.url);
  await keep(database, 'a');
  await keep(database, 'b');
  let locked = 0;
  let bothLocked: () => void;
  const meeting = new Promise<void>((resolve) => (bothLocked = resolve));
  const change = (first: string, second: string) =>
    database.write(async (transaction) => {
      const mark = (key: string) =>
        transaction.updateTable('bot_state').set({ etag: first }).where('key', '=', key).execute();
      await mark(first);
      if (++locked === 2) bothLocked();
      await meeting;
      await mark(second);
    });
  await Promise.all([change('a', 'b'), change('b', 'a')]);
  expect(locked).toBe(3);
  await database.close();
});

test('connections that the server ends are replaced', async () => {
  const database = await openDatabase(place.url);
  await Promise.all(Array.from({ length: 10 }, (_, index) => keep(database, `before ${index}`)));
  const other = await openDatabase(place.url);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
    other.kysely,
  );
  await other.close();
  await keep(database, 'after');
  expect(await database.kysely.selectFrom('bot_state').select('key').execute()).toHaveLength(11);
  await database.close();
});

describe('a server that may lose what it has acknowledged is told by the setting that makes it so', () => {
  test('the one of the tests does not wait for the disk, to be quick', async () => {
    const database = await openDatabase(place.url);
    expect(await weakDurability(database)).toEqual(['fsync=off']);
    await database.close();
  });

  test('something on the way has taken off that our commits are to wait', async () => {
    const url = withUrl(({ searchParams }) => searchParams.set('options', '-c synchronous_commit=off'));
    const database = await openDatabase(url);
    expect(await weakDurability(database)).toEqual(['fsync=off', 'synchronous_commit=off']);
    await database.close();
  });

  test('of one as it comes from its maker there is nothing to say', async () => {
    const server = await startPostgres(['fsync=on']);
    const database = await openDatabase(server.url);
    expect(await weakDurability(database)).toEqual([]);
    await database.close();
    await server.stop();
  });
});

test('every commit waits for the disk, whatever the server is set to', async () => {
  const database = await openDatabase(place.url);
  const { rows } = await sql`show synchronous_commit`.execute(database.kysely);
  expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  await database.close();
});
