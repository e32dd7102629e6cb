import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/storage/open-database';
import { openDatabase } from '../../src/storage/open-database';
import { LARGEST_LOG_BYTES } from '../../src/storage/sqlite';
import { runScript } from '../support/run-script';

const SCRIPT = 'tests/storage/write-until-killed.ts';

let folder: string;
let file: string;
let url: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enquiry-sqlite-'));
  file = join(folder, 'enquiries.db');
  url = `sqlite:${file}`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep(database: Database, key: string): Promise<unknown> {
  return database.write((transaction) =>
    transaction.insertInto('bot_state').values({ key, value: '{}', etag: '1' }).execute(),
  );
}

async function isKept(database: Database, keys: string[]): Promise<string[]> {
  const rows = await database.kysely.selectFrom('bot_state').select('key').execute();
  const kept = new Set(rows.map((row) => row.key));
  return keys.filter((key) => !kept.has(key));
}

/** Commits in the write-ahead log: frames whose header names the file's size afterwards (SQLite's file format, 4.1). */
function commitsInLog(): number {
  const log = readFileSync(`${file}-wal`);
  const frame = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= log.length; at += frame) if (log.readUInt32BE(at + 4) > 0) commits += 1;
  return commits;
}

describe('writes of the same instant', () => {
  test('share one commit, and with it one wait for the disk', async () => {
    const database = await openDatabase(url);
    const before = commitsInLog();
    await Promise.all(Array.from({ length: 50 }, (_, index) => keep(database, `row ${index}`)));
    expect(commitsInLog() - before).toBe(1);
    await database.close();
  });

  test('have one commit each when they come one after the other', async () => {
    const database = await openDatabase(url);
    const before = commitsInLog();
    for (let index = 0; index < 5; index++) await keep(database, `row ${index}`);
    expect(commitsInLog() - before).toBe(5);
    await database.close();
  });

  test('are all refused when their commit fails', async () => {
    const database = await openDatabase(url);
    // A deferred foreign key is checked at the commit only, as a full disk is noticed there.
    const orphan = database.write(async (transaction) => {
      await sql`pragma defer_foreign_keys = on`.execute(transaction);
      const activity = {
        conversation_id: 'nowhere',
        sequence: 1,
        id: 'x',
        type: 'message',
        role: 'user',
        at: '',
        activity: '{}',
      };
      await transaction.insertInto('activities').values(activity).execute();
    });
    const outcomes = await Promise.allSettled([keep(database, 'a'), orphan, keep(database, 'b')]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await isKept(database, ['a', 'b'])).toEqual(['a', 'b']);
    await keep(database, 'afterwards');
    expect(await isKept(database, ['afterwards'])).toEqual([]);
    await database.close();
  });
});

describe('one service a file', () => {
  test('a second one is refused, told who has the file, and gets it at once after a kill -9', async () => {
    const first = runScript(SCRIPT, url, 'first');
    await first.line('open');
    await expect(openDatabase(url)).rejects.toThrow(
      `${file} is in use by process ${first.process.pid}: a SQLite file serves one service at a time. Stop the other one`,
    );
    await first.kill();
    const second = await openDatabase(url);
    await second.close();
  });

  test('the same process opening it twice is told so', async () => {
    const first = await openDatabase(url);
    await expect(openDatabase(url)).rejects.toThrow('in use by this process itself');
    await first.close();
    await (await openDatabase(url)).close();
  });

  test('a container that has it is not taken for this process, though both may be number 1', async () => {
    const other = new BetterSqlite3(`${file}.lock`);
    other.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${process.pid}; COMMIT; BEGIN IMMEDIATE`);
    await expect(openDatabase(url)).rejects.toThrow('in use by a process of another container');
    other.close();
  });

  test('a command may read and write beside the service', async () => {
    const service = await openDatabase(url);
    const command = await openDatabase(url, 'command');
    await keep(command, 'by the command');
    await keep(service, 'by the service');
    expect(await isKept(command, ['by the service'])).toEqual([]);
    expect(await isKept(service, ['by the command'])).toEqual([]);
    await command.close();
    await keep(service, 'later');
    await service.close();
  });
});

test('nothing acknowledged is lost when the process is killed while it writes', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round++) {
    const writer = runScript(SCRIPT, url, String(round));
    // Killed at another point of the loop each time: after 1, 34, 67 ... acknowledgements.
    await writer.line(`kept ${round}-${round * 33}`);
    await writer.kill();
    acknowledged.push(
      ...writer.lines.filter((line) => line.startsWith('kept ')).map((line) => line.slice('kept '.length)),
    );
  }
  const database = await openDatabase(url);
  expect(acknowledged.length).toBeGreaterThan(300);
  expect(await isKept(database, acknowledged)).toEqual([]);
  await database.close();
  const check = new BetterSqlite3(file);
  expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
  check.close();
});

describe('a file that is not ours', () => {
  test('that is a text is refused and left untouched', async () => {
    writeFileSync(file, 'Dear diary, this is not a database. '.repeat(10), { mode: 0o644 });
    const before = readFileSync(file);
    await expect(openDatabase(url)).rejects.toThrow(
      `${file} is not a SQLite database, so it was left alone.`,
    );
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['enquiries.db']);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  test("that is another program's database is refused and left untouched", async () => {
    const other = new BetterSqlite3(file);
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
    other.close();
    const before = readFileSync(file);
    await expect(openDatabase(url)).rejects.toThrow(
      `${file} is another program's database, so it was left alone.`,
    );
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['enquiries.db']);
  });

  test('that is a folder is refused', async () => {
    mkdirSync(file);
    await expect(openDatabase(url)).rejects.toThrow(`Cannot open the database ${file}: it is a folder.`);
  });

  test('that lies below a file is refused', async () => {
    writeFileSync(join(folder, 'notes'), 'x');
    await expect(openDatabase(`sqlite:${folder}/notes/enquiries.db`)).rejects.toThrow(
      'a part of the path is a file, not a folder',
    );
  });
});

test('a damaged file is refused with what to do', async () => {
  const whole = await openDatabase(url);
  await keep(whole, 'a');
  await whole.close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 100);
  writeFileSync(file, bytes);
  await expect(openDatabase(url)).rejects.toThrow(/damaged\. Restore the newest backup/);
  expect(readFileSync(file)).toEqual(bytes);
});

test('folder and files are made where they are missing, for their owner only', async () => {
  const deeper = join(folder, 'data', 'clinic', 'enquiries.db');
  const database = await openDatabase(`sqlite:${deeper}`);
  await keep(database, 'a');
  const modes = ['', '-wal', '-shm'].map((end) => (statSync(`${deeper}${end}`).mode & 0o777).toString(8));
  expect(modes).toEqual(['600', '600', '600']);
  await database.close();
});

test('after an erasure and a scrub, the erased words are in none of the files', async () => {
  const database = await openDatabase(url);
  await keep(database, 'the secret of Ms Quillfeather');
  await database.write((transaction) => transaction.deleteFrom('bot_state').execute());
  await database.scrub();
  const found = readdirSync(folder).filter((name) =>
    readFileSync(join(folder, name)).includes('Quillfeather'),
  );
  expect(found).toEqual([]);
  await database.close();
});

test('the log grows while somebody reads in one transaction, and says so; afterwards it is cut back by itself', async () => {
  const database = await openDatabase(url);
  await keep(database, 'before');
  const longReader = new BetterSqlite3(file, { readonly: true });
  longReader.exec('BEGIN');
  longReader.prepare('SELECT * FROM bot_state').all();
  const megabyte = 'x'.repeat(1024 * 1024);
  const writeOne = (key: string) =>
    database.write((transaction) =>
      transaction.insertInto('bot_state').values({ key, value: megabyte, etag: '1' }).execute(),
    );
  for (let count = 0; count < 70; count++) await writeOne(`row ${count}`);
  expect(database.logBytes()).toBeGreaterThan(LARGEST_LOG_BYTES);
  // Nobody waits meanwhile: the long reader sees what it saw, everybody else what is new.
  expect(longReader.prepare('SELECT count(*) FROM bot_state').pluck().get()).toBe(1);
  expect(await isKept(database, ['row 69'])).toEqual([]);

  longReader.exec('ROLLBACK');
  longReader.close();
  await keep(database, 'copies the log into the database');
  await keep(database, 'begins the log anew');
  expect(database.logBytes()).toBeLessThanOrEqual(LARGEST_LOG_BYTES);
  await database.close();
});
