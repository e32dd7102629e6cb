import { keepDigest } from '../../src/daily-digest';
import type { Database } from '../../src/storage/open-database';
import { createReviewStore } from '../../src/storage/review-store';
import { eachDatabase } from '../support/databases';
import { knowledgeOf } from '../support/knowledge';
import { bookingRequest, keepConversation } from '../support/staff-console';

const CLINIC = { ...knowledgeOf([]).clinic, name: 'Test Clinic', timeZone: 'America/New_York' };
const LINK = 'https://bot.example.com/staff';

function keep(database: Database, now: string) {
  const review = createReviewStore(database);
  return keepDigest({ database, review, clinic: CLINIC, now: new Date(now), link: LINK });
}

async function digests(database: Database): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('outbox')
    .select('payload')
    .where('kind', '=', 'digest-mail')
    .orderBy('id')
    .execute();
  return rows.map(({ payload }) => payload);
}

async function keepYesterday(database: Database): Promise<void> {
  await keepConversation(database, {
    id: 'talk',
    at: '2026-03-02T15:00:00.000Z',
    turns: [
      {
        said: 'I am Jordan, 410 555 0134, can I bring my dog',
        decision: { decision: 'none' },
        review: 'unanswered',
        request: bookingRequest(),
      },
    ],
  });
}

eachDatabase('the daily digest', (open) => {
  test('says once a day what waits and what came in, and nothing about anybody', async () => {
    const database = await open();
    await keepYesterday(database);
    expect(await keep(database, '2026-03-03T11:59:00.000Z')).toBe('too early');
    expect(await keep(database, '2026-03-03T12:00:00.000Z')).toBe('kept');
    await keep(database, '2026-03-03T18:00:00.000Z');
    const [digest = '', ...more] = await digests(database);
    expect(more).toEqual([]);
    for (const told of [
      'Test Clinic',
      'New requests: 1',
      'Not answered: 1',
      'Yesterday: 1 conversation, 1 request.',
      '1 not understood',
      LINK,
    ])
      expect(digest).toContain(told);
    expect(digest).not.toMatch(/jordan|0134|example\.com(?!\/staff)|dog|SA-7K4Q2/i);
    await keep(database, '2026-03-04T12:00:00.000Z');
    expect(await digests(database)).toHaveLength(2);
    expect((await digests(database))[1]).toContain('Overdue requests: 1');
  });

  test('is one, however many instances make it in the same instant', async () => {
    const database = await open();
    const other = database.engine === 'postgres' ? await open() : database;
    await keepYesterday(database);
    const now = '2026-03-03T12:00:00.000Z';
    await Promise.all([keep(database, now), keep(other, now), keep(database, now), keep(other, now)]);
    expect(await digests(database)).toHaveLength(1);
  });

  test('is left out where nothing waits and nothing came in', async () => {
    const database = await open();
    expect(await keep(database, '2026-03-03T12:00:00.000Z')).toBe('nothing to tell');
    expect(await digests(database)).toEqual([]);
  });
});
