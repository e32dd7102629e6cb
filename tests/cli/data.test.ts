import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { receiptCode } from '../../src/booking/reference-code';
import { dataCommand } from '../../src/cli/data';
import { fillDemo } from '../../src/cli/fill-demo';
import { openDatabase } from '../../src/storage/open-database';
import type { Database } from '../../src/storage/open-database';
import { createPersonalData } from '../../src/storage/personal-data';
import { createReviewStore } from '../../src/storage/review-store';
import { shippedKnowledge } from '../support/shipped-knowledge';
import { bookingRequest, keepConversation } from '../support/staff-console';
import { dataFolder } from '../support/start-service';

const AT = '2026-03-02T14:30:00.000Z';
let database: Database;
let data: ReturnType<typeof dataFolder>;
let url: string;
let printed: string[];

beforeEach(async () => {
  data = dataFolder();
  url = `sqlite:${path.join(data.folder, 'enquiries.db')}`;
  database = await openDatabase(url);
  printed = [];
});
afterEach(async () => {
  await database.close();
  data.remove();
});

const keepJordan = () =>
  keepConversation(database, { id: 'talk', at: AT, turns: [{ said: 'call me', request: bookingRequest() }] });

async function run(...args: string[]): Promise<void> {
  return dataCommand(args)({
    data: createPersonalData(database),
    clock: () => new Date('2026-12-01T12:00:00.000Z'),
    retention: () => ({ unfinishedChats: 30, transcripts: 180, requests: 730 }),
    newReceipt: () => receiptCode(randomBytes(16)),
    print: (text) => printed.push(text),
  });
}

test('a person is exported as JSON, shown before erasing, and erased with a receipt', async () => {
  await keepJordan();
  await run('export', 'jordan@example.com');
  expect(JSON.parse(printed.join('\n'))).toMatchObject({ requests: [{ reference: 'SA-7K4Q2' }] });
  printed = [];
  await run('erase', 'SA-7K4Q2');
  expect(printed.join('\n')).toContain('Nothing is erased yet.');
  await run('erase', 'SA-7K4Q2', '--yes');
  expect(printed.at(-1)).toMatch(/^Erased\. Receipt DEL-/);
  await expect(run('export', 'SA-7K4Q2')).rejects.toThrow('Nothing is kept under that.');
});

test('the retention run says what is due, deletes it with --yes, and proves that nothing is left', async () => {
  await keepJordan();
  await run('purge');
  expect(printed.join('\n')).toContain('Transcripts, older than 180 days: 1');
  printed = [];
  await run('purge', '--yes');
  expect(printed.at(-1)).toBe('Due now: 0');
  expect((await createReviewStore(database).conversations({}, 5)).rows).toEqual([]);
});

test.each([[['export']], [['erase', '']], [['nothing']], [['purge', '--maybe']]])(
  'what is not understood (%j) changes nothing and shows the usage',
  async (args) => {
    await expect(run(...args)).rejects.toThrow('npm run data -- COMMAND');
  },
);

test('the demo is the same for the same seed, can be searched at once, and is never added to real conversations', async () => {
  const options = { amount: 60, seed: 7, until: new Date(AT), days: 30 };
  await fillDemo(database, shippedKnowledge(), options);
  const texts = async (from: Database) =>
    (await from.kysely.selectFrom('activities').select('text').orderBy('id').execute()).map(
      ({ text }) => text,
    );
  const review = createReviewStore(database);
  expect((await review.conversations({}, 100)).rows).toHaveLength(60);
  expect((await review.conversations({ outcome: 'answer' }, 100)).rows.length).toBeGreaterThan(10);
  await expect(fillDemo(database, shippedKnowledge(), options)).rejects.toThrow('has conversations already');
  const other = await openDatabase(`sqlite:${path.join(data.folder, 'second.db')}`);
  await fillDemo(other, shippedKnowledge(), options);
  expect(await texts(other)).toEqual(await texts(database));
  await other.close();
}, 120_000);
