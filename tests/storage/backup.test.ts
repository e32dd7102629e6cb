import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { receiptCode } from '../../src/booking/reference-code';
import { backUp, restore } from '../../src/storage/backup';
import { backupFileName, deleteOldBackups } from '../../src/storage/backup-folder';
import { readErasedList, writeErasedList } from '../../src/storage/erased-list';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { createPersonalData } from '../../src/storage/personal-data';
import { createReviewStore } from '../../src/storage/review-store';
import { createStaffStore } from '../../src/storage/staff-store';
import { postgresPlace, sqlitePlace } from '../support/databases';
import { bookingRequest, keepConversation } from '../support/staff-console';
import { dataFolder } from '../support/start-service';

const AT = '2026-03-02T14:30:00.000Z';
const NOW = new Date('2026-03-03T09:00:00.000Z');
const KEY = 'a key of at least thirty-two characters';
let data: ReturnType<typeof dataFolder>;
let file: string;
beforeEach(() => {
  data = dataFolder();
  file = path.join(data.folder, 'a.backup');
});
afterEach(() => data.remove());

const places = { SQLite: sqlitePlace, Postgres: postgresPlace };

/** From one engine into another, or a new one of the same; both are removed afterwards. */
async function between(
  [from, to]: (keyof typeof places)[],
  work: (database: Database, target: string) => Promise<void>,
): Promise<void> {
  const source = await places[from ?? 'SQLite']();
  const target = await places[to ?? 'SQLite']();
  const database = await openDatabase(source.url);
  try {
    await work(database, target.url);
  } finally {
    await database.close();
    await source.remove();
    await target.remove();
  }
}

/** Every row of every table but those that are not restored, in one order. */
async function everything({ kysely }: Database): Promise<Record<string, string[]>> {
  const tables = (await kysely.introspection.getTables()).map(({ name }) => name);
  const kept = tables.filter(
    (name) =>
      !/^(schema_version|staff_sessions|setup_codes|kept_calibrations|write_probe|sqlite_)/.test(name),
  );
  const contents: Record<string, string[]> = {};
  for (const name of kept) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(kysely);
    contents[name] = rows.map((row) => JSON.stringify(inOrder(row as Record<string, unknown>))).toSorted();
  }
  return contents;
}

async function fill(database: Database): Promise<void> {
  for (let index = 0; index < 8; index++)
    await keepConversation(database, {
      id: `talk-${index}`,
      at: AT,
      turns: [
        { said: `does it hurt? ${index}`, replied: 'Most people describe it as mild.' },
        { said: 'call me', request: bookingRequest({ reference: `SA-${index}`, note: 'quokkafish' }) },
      ],
    });
}

test.each([
  ['SQLite', 'SQLite'],
  ['Postgres', 'Postgres'],
  ['SQLite', 'Postgres'],
  ['Postgres', 'SQLite'],
] as (keyof typeof places)[][])(
  'a backup of %s restored into %s has every row of that moment, and goes on',
  (from, to) =>
    between([from!, to!], async (database, target) => {
      await fill(database);
      const before = await everything(database);
      const writing = Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          keepConversation(database, { id: `while-${index}`, at: AT, turns: [{ said: 'x' }] }),
        ),
      );
      await backUp(database, file, { at: NOW, passphrase: undefined });
      await writing;
      const done = await restore(target, file, { passphrase: undefined, erased: [] });
      expect(done).toMatchObject({ at: NOW.toISOString(), erasedAgain: 0 });
      const restored = await openDatabase(target);
      const after = await everything(restored);
      for (const [table, rows] of Object.entries(before))
        expect(after[table]).toEqual(expect.arrayContaining(rows));
      // Each of those kept meanwhile is there whole or not at all.
      for (const row of after['conversations'] ?? []) {
        const id = /(?:talk|while)-\d+/.exec(row)?.[0];
        expect(after['activities']?.some((activity) => activity.includes(`"${id}"`))).toBe(true);
      }
      // Counted ids go on behind the restored ones, and the audit trail is sound.
      await createPersonalData(restored).erase(['talk-1'], receiptCode(Buffer.alloc(16, 1)), {
        at: AT,
        actor: 'admin',
      });
      await keepConversation(restored, {
        id: 'next',
        at: AT,
        turns: [{ said: 'call me', request: bookingRequest({ reference: 'SA-NEXT' }) }],
      });
      expect(await createReviewStore(restored).request('SA-NEXT')).toBeDefined();
      expect(await createStaffStore(restored).checkAudit()).toMatchObject({ ok: true });
      await restored.close();
    }),
);

test.each(['SQLite', 'Postgres'] as const)(
  'whoever was erased after the backup is not brought back by it, on %s',
  (engine) =>
    between([engine, engine], async (database, target) => {
      await fill(database);
      await backUp(database, file, { at: NOW, passphrase: undefined });
      await createPersonalData(database).erase(['talk-3', 'talk-4'], receiptCode(Buffer.alloc(16, 1)), {
        at: NOW.toISOString(),
        actor: 'admin',
      });
      await writeErasedList(database, data.folder);
      // The list that lies beside the backups names nobody.
      expect(readFileSync(path.join(data.folder, 'erased.jsonl'), 'utf8')).not.toContain('talk');
      const erased = readErasedList(data.folder) ?? [];
      const done = await restore(target, file, { passphrase: undefined, erased });
      expect(done.erasedAgain).toBe(2);
      const restored = await openDatabase(target);
      const kept = JSON.stringify(await everything(restored));
      expect(kept).not.toMatch(/talk-[34]"/);
      expect(kept).not.toMatch(/"SA-[34]"/);
      expect(kept).toContain('talk-5');
      // A second backup knows of them, so that restoring that one erases nothing again.
      const second = path.join(data.folder, 'b.backup');
      await backUp(restored, second, { at: NOW, passphrase: undefined });
      await restored.close();
      const third = await sqlitePlace();
      expect((await restore(third.url, second, { passphrase: undefined, erased })).erasedAgain).toBe(0);
      await third.remove();
    }),
);

describe('an encrypted backup', () => {
  test('is for its owner only, shows nothing, and opens with its key', () =>
    between(['SQLite', 'SQLite'], async (database, target) => {
      await fill(database);
      await backUp(database, file, { at: NOW, passphrase: KEY });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file).toString('latin1')).not.toMatch(/quokkafish|talk-/);
      await restore(target, file, { passphrase: KEY, erased: [] });
      const restored = await openDatabase(target);
      expect(await everything(restored)).toEqual(await everything(database));
      await restored.close();
    }));

  test.each<[string, (file: string) => void, string | undefined]>([
    ['without a key', () => undefined, undefined],
    ['with another key', () => undefined, KEY.toUpperCase()],
    ['cut short', (name) => truncateSync(name, statSync(name).size - 1), KEY],
    ['with a byte changed in its middle', (name) => changeByte(name, 0.5), KEY],
    ['with a byte changed in its head', (name) => changeByte(name, 0), KEY],
    ['with a byte changed in its tag', (name) => changeByte(name, 1), KEY],
  ])('%s is refused, and nothing of it is restored', (_name, damage, passphrase) =>
    between(['SQLite', 'SQLite'], async (database, target) => {
      await fill(database);
      await backUp(database, file, { at: NOW, passphrase: KEY });
      damage(file);
      await expect(restore(target, file, { passphrase, erased: [] })).rejects.toThrow(
        /encrypted: set BACKUP_KEY|cannot be read to its end|no backup of this service/,
      );
      const untouched = await openDatabase(target);
      expect((await everything(untouched))['conversations']).toEqual([]);
      await untouched.close();
    }),
  );
});

test('a backup is never restored over a database that is in use', () =>
  between(['SQLite', 'SQLite'], async (database, target) => {
    await backUp(database, file, { at: NOW, passphrase: undefined });
    await (await openDatabase(target)).close();
    await expect(restore(target, file, { passphrase: undefined, erased: [] })).rejects.toThrow(
      /is in use already\. Restore into a new one/,
    );
  }));

test('a backup that fails half way leaves no file under its name', () =>
  between(['SQLite', 'SQLite'], async (database) => {
    await fill(database);
    writeFileSync(file, 'there already');
    await expect(backUp(database, file, { at: NOW, passphrase: undefined })).rejects.toThrow('EEXIST');
    expect(readFileSync(file, 'utf8')).toBe('there already');
    expect(readdirSync(data.folder)).toEqual(['a.backup']);
  }));

test('backups are deleted after 35 days, and the newest never', () => {
  const days = (amount: number) => new Date(NOW.getTime() - amount * 86_400_000);
  const make = (...ages: number[]) =>
    ages.forEach((age) => writeFileSync(path.join(data.folder, backupFileName(days(age))), ''));
  make(36, 40);
  writeFileSync(path.join(data.folder, 'erased.jsonl'), '');
  expect(deleteOldBackups(data.folder, NOW)).toEqual([backupFileName(days(40))]);
  make(34, 0);
  expect(deleteOldBackups(data.folder, NOW)).toEqual([backupFileName(days(36))]);
  expect(readdirSync(data.folder)).toHaveLength(3);
});

function changeByte(name: string, where: number): void {
  const bytes = readFileSync(name);
  const at = Math.round(where * (bytes.length - 1));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(name, bytes);
}

/** The engines give their columns in different orders. */
function inOrder(row: Record<string, unknown>): [string, unknown][] {
  return Object.keys(row)
    .toSorted()
    .map((column) => [column, row[column]]);
}
