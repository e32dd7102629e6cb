import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupCommit } from '../../src/storage/group-commit';
import { openDatabase } from '../../src/storage/open-database';
import type { Schema } from '../../src/storage/schema';

/** A disk that answers when the test says so. */
function slowDisk() {
  const waits: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    waits,
    wait: () => new Promise<void>((resolve, reject) => void waits.push({ resolve, reject })),
  };
}

let mockWait = async (): Promise<void> => undefined;
jest.mock('../../src/storage/disk-waits', () => ({
  diskWaits: () => ({ wait: () => mockWait(), close: () => undefined }),
}));

let folder: string;
let sqlite: BetterSqlite3.Database;
let reader: BetterSqlite3.Database;
let writing: Kysely<Schema>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enquiry-groups-'));
  sqlite = new BetterSqlite3(join(folder, 'x.db'));
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec('create table bot_state (key text primary key, value text, etag text)');
  reader = new BetterSqlite3(join(folder, 'x.db'), { readonly: true });
  writing = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) });
});
afterEach(() => {
  reader.close();
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

function keeping(groups: ReturnType<typeof groupCommit>, key: string): Promise<string> {
  return groups.write(async (transaction) => {
    await transaction.insertInto('bot_state').values({ key, value: '{}', etag: '1' }).execute();
    return key;
  });
}

const keysIn = (database: BetterSqlite3.Database) =>
  database
    .prepare<[], { key: string }>('select key from bot_state order by key')
    .all()
    .map(({ key }) => key);
const committed = () => keysIn(reader);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test('nobody is told of a write before it is on disk, and what comes meanwhile shares the next wait', async () => {
  const { waits, wait } = slowDisk();
  const groups = groupCommit(sqlite, writing, wait);
  const told: string[] = [];
  const tell = (key: string) => void told.push(key);
  const first = keeping(groups, 'a').then(tell);
  await until(() => waits.length === 1);
  expect(committed()).toEqual(['a']);
  const others = [keeping(groups, 'b').then(tell), keeping(groups, 'c').then(tell)];
  const reading = groups.untilOnDisk();
  expect(reading).toBeInstanceOf(Promise);
  expect(told).toEqual([]);
  waits[0]?.resolve();
  await Promise.all([first, reading]);
  expect(told).toEqual(['a']);
  await until(() => waits.length === 2);
  expect(committed()).toEqual(['a', 'b', 'c']);
  waits[1]?.resolve();
  await Promise.all(others);
  expect(told).toEqual(['a', 'b', 'c']);
  await groups.idle();
  expect(groups.untilOnDisk()).toBeUndefined();
  expect(waits).toHaveLength(2);
});

test('who reads right behind a commit waits for the disk too', async () => {
  const { waits, wait } = slowDisk();
  const groups = groupCommit(sqlite, writing, wait);
  for (let steps = 0; steps < 8; steps++) {
    const kept = keeping(groups, `${steps}`);
    const refused = groups.write(() => Promise.reject(new Error('not this one')));
    // What fails alone is told at once, and whoever hears it may read before, in and after the instant of the commit.
    await refused.catch(async () => {
      for (let step = 0; step < steps; step++) await Promise.resolve();
      const isReadable = !sqlite.inTransaction && keysIn(sqlite).includes(`${steps}`);
      expect(isReadable && groups.untilOnDisk() === undefined).toBe(false);
    });
    await until(() => waits.length > steps);
    waits[steps]?.resolve();
    await kept;
  }
});

test('after a wait that failed, nothing is acknowledged before the log is in the database itself', async () => {
  const { waits, wait } = slowDisk();
  const groups = groupCommit(sqlite, writing, wait);
  const refused = keeping(groups, 'a');
  await until(() => waits.length === 1);
  waits[0]?.reject(Object.assign(new Error('the disk failed'), { code: 'EIO' }));
  await expect(refused).rejects.toThrow('the disk failed');

  // Somebody who has begun to read before keeps the log from being copied whole.
  reader.exec('begin');
  expect(committed()).toEqual(['a']);
  sqlite.exec("insert into bot_state values ('beside', '{}', '1')");
  await expect(keeping(groups, 'b')).rejects.toThrow('The disk failed');
  reader.exec('rollback');
  expect(waits).toHaveLength(1);

  const kept = keeping(groups, 'c');
  await until(() => waits.length === 2);
  // Without its log beside it.
  copyFileSync(join(folder, 'x.db'), join(folder, 'alone.db'));
  const alone = new BetterSqlite3(join(folder, 'alone.db'));
  expect(keysIn(alone)).toEqual(['a', 'beside']);
  alone.close();
  waits[1]?.resolve();
  await expect(kept).resolves.toBe('c');
  expect(committed()).toEqual(['a', 'beside', 'c']);
});

test('nobody reads what is not on disk yet', async () => {
  const database = await openDatabase(`sqlite:${join(folder, 'enquiries.db')}`);
  const { waits, wait } = slowDisk();
  mockWait = wait;
  const happened: string[] = [];
  const writing = database
    .writeAtOnce([
      database.kysely.insertInto('bot_state').values({ key: 'a', value: '{}', etag: '1' }).compile(),
    ])
    .then(() => happened.push('written'));
  await until(() => waits.length === 1);
  const query = database.kysely.selectFrom('bot_state').select('key');
  const reading = Promise.all([query.execute(), database.readAtOnce(query.compile())]).then((read) =>
    happened.push(...read.map((rows) => `read ${rows.map(({ key }) => key).join()}`)),
  );
  for (let instant = 0; instant < 20; instant++) await new Promise((resolve) => setImmediate(resolve));
  expect(happened).toEqual([]);
  waits[0]?.resolve();
  await Promise.all([writing, reading]);
  expect(happened).toEqual(['written', 'read a', 'read a']);
  await database.close();
});
