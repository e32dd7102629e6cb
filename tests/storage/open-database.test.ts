import { sql } from 'kysely';
import type { Database } from '../../src/storage/open-database';
import { openDatabase } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';

function keep(database: Database, key: string): Promise<unknown> {
  return database.write((transaction) =>
    transaction.insertInto('bot_state').values({ key, value: '{}', etag: '1' }).execute(),
  );
}

async function keptKeys(database: Database): Promise<string[]> {
  const rows = await database.kysely.selectFrom('bot_state').select('key').orderBy('key').execute();
  return rows.map((row) => row.key);
}

eachDatabase('the database', (open) => {
  test('what was written is there after a restart', async () => {
    const before = await open();
    await keep(before, 'a');
    await before.close();
    expect(await keptKeys(await open())).toEqual(['a']);
  });

  test('a write that fails half way leaves nothing, and those beside it are kept', async () => {
    const database = await open();
    const failing = database.write(async (transaction) => {
      await transaction.insertInto('bot_state').values({ key: 'half', value: '{}', etag: '1' }).execute();
      throw new Error('changed my mind');
    });
    const outcomes = await Promise.allSettled([keep(database, 'a'), failing, keep(database, 'b')]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await keptKeys(database)).toEqual(['a', 'b']);
  });

  test('a look-up sees what is committed, and nothing of a write that is under way', async () => {
    const database = await open();
    await keep(database, 'a');
    const lookUp = async () => {
      const query = database.kysely.selectFrom('bot_state').select('key').orderBy('key').compile();
      return (await database.readAtOnce(query)).map(({ key }) => key);
    };
    const seen: string[][] = [];
    await database.write(async (transaction) => {
      await transaction.insertInto('bot_state').values({ key: 'b', value: '{}', etag: '1' }).execute();
      seen.push(await lookUp());
    });
    seen.push(await lookUp());
    expect(seen).toEqual([['a'], ['a', 'b']]);
  });

  test('a write the database refuses rejects alone', async () => {
    const database = await open();
    await keep(database, 'a');
    const outcomes = await Promise.allSettled([
      keep(database, 'b'),
      keep(database, 'a'),
      keep(database, 'c'),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await keptKeys(database)).toEqual(['a', 'b', 'c']);
  });

  test('of statements written at once all are kept, or none', async () => {
    const database = await open();
    const adding = (...keys: string[]) =>
      database.writeAtOnce(
        keys.map((key) =>
          database.kysely.insertInto('bot_state').values({ key, value: '{}', etag: '1' }).compile(),
        ),
      );
    await adding('a', 'b');
    const outcomes = await Promise.allSettled([adding('c', 'a', 'd'), adding('e', 'f')]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled']);
    await expect(adding('g', 'b')).rejects.toHaveProperty(
      'code',
      expect.stringMatching(/^(?:SQLITE_CONSTRAINT_PRIMARYKEY|23505)$/),
    );
    expect(await keptKeys(database)).toEqual(['a', 'b', 'e', 'f']);
  });

  test('nobody reads what is not committed yet', async () => {
    const database = await open();
    await database.write(async (transaction) => {
      await transaction.insertInto('bot_state').values({ key: 'a', value: '{}', etag: '1' }).execute();
      expect(await keptKeys(database)).toEqual([]);
    });
    expect(await keptKeys(database)).toEqual(['a']);
  });

  test('reading cannot change anything', async () => {
    const database = await open();
    await keep(database, 'a');
    await expect(database.kysely.deleteFrom('bot_state').execute()).rejects.toThrow(/read-?only/);
    expect(await keptKeys(database)).toEqual(['a']);
  });

  test('a write inside a write is refused instead of waiting for itself', async () => {
    const database = await open();
    const nested = database.write(() => keep(database, 'a'));
    await expect(nested).rejects.toThrow('inside the work of another write()');
    const atOnce = database.write(() => database.writeAtOnce([]));
    await expect(atOnce).rejects.toThrow('inside the work of another write()');
    await keep(database, 'b');
    expect(await keptKeys(database)).toEqual(['b']);
  });

  test('closing waits for the writes under way', async () => {
    const database = await open();
    const writing = keep(database, 'a');
    const also = database.writeAtOnce([
      database.kysely.insertInto('bot_state').values({ key: 'b', value: '{}', etag: '1' }).compile(),
    ]);
    await Promise.all([database.close(), writing, also]);
    await expect(database.writeAtOnce([])).rejects.toThrow('shutting down');
    expect(await keptKeys(await open())).toEqual(['a', 'b']);
  });

  test('tables of a newer version are refused, and stay as they are', async () => {
    const newer = await open();
    await newer.write((transaction) =>
      sql`insert into schema_version values (99, 'from the future', '2030-01-01T00:00:00.000Z')`.execute(
        transaction,
      ),
    );
    await newer.close();
    await expect(open()).rejects.toThrow(
      /newer version of this program \(99; this one knows \d+\)\. Start the newer version/,
    );
  });

  test('opening again changes no tables', async () => {
    const stepsOf = async ({ kysely }: Database) =>
      (await sql`select version, name, applied_at from schema_version order by version`.execute(kysely)).rows;
    const first = await open();
    const before = await stepsOf(first);
    await first.close();
    const again = await open();
    expect(before[0]).toMatchObject({ version: 1, name: 'all tables' });
    expect(await stepsOf(again)).toEqual(before);
  });

  test('lists come in the same order on every engine', async () => {
    const database = await open();
    for (const key of ['b', 'B', 'ä', 'a', 'A', '_', '1']) await keep(database, key);
    expect(await keptKeys(database)).toEqual(['1', 'A', 'B', '_', 'a', 'b', 'ä']);
  });

  test('counts and sums are numbers', async () => {
    const database = await open();
    await keep(database, 'a');
    const { rows } = await sql`select count(*) as rows, sum(length(value)) as size from bot_state`.execute(
      database.kysely,
    );
    expect(rows).toEqual([{ rows: 1, size: 2 }]);
  });

  test('text with a zero character, which Postgres cannot hold, is kept', async () => {
    const database = await open();
    await keep(database, 'a\0b');
    expect(await keptKeys(database)).toHaveLength(1);
  });
});

test.each(['', 'data/enquiries.db', 'mysql://root@localhost/x', 'sqlite:', 'sqlite::memory:'])(
  'an address that names no database is refused with an example: "%s"',
  async (url) => {
    await expect(openDatabase(url)).rejects.toThrow(
      /DATABASE_URL names no (database|file).*sqlite:data\/enquiries\.db/,
    );
  },
);
