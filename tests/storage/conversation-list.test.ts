import type { ReviewReason } from '../../src/bot/ports';
import type { ConversationFilter } from '../../src/staff/ports';
import type { Database } from '../../src/storage/open-database';
import { createReviewStore } from '../../src/storage/review-store';
import { indexPending } from '../../src/storage/search-index';
import { wordsIn } from '../../src/storage/search-words';
import { createTurnStore } from '../../src/storage/turn-store';
import { eachDatabase } from '../support/databases';
import { type SeededTurn, keepConversation } from '../support/staff-console';

const BY = { at: '2026-03-03T09:00:00.000Z', actor: 'ann@clinic.test' };

async function found(database: Database, filter: ConversationFilter): Promise<string[]> {
  return (await createReviewStore(database).conversations(filter, 50)).rows.map(({ id }) => id).sort();
}

async function keepSaid(database: Database, id: string, ...said: string[]): Promise<void> {
  const at = '2026-03-02T14:30:00.000Z';
  await keepConversation(database, { id, at, turns: said.map((text) => ({ said: text })) });
}

eachDatabase('searching conversations', (open) => {
  test('finds what visitors wrote with typing errors on either side', async () => {
    const database = await open();
    await keepSaid(database, 'typo', 'how long is one sesion');
    await keepSaid(database, 'right', 'how long does a SESSION take?');
    await keepSaid(database, 'swapped', 'nubmer of sessoin');
    await keepSaid(database, 'other', 'do you have a mission');
    expect(await found(database, { search: 'session' })).toEqual(['right', 'swapped', 'typo']);
    expect(await found(database, { search: 'sesssion' })).toContain('right');
    expect(await found(database, { search: 'number' })).toEqual(['swapped']);
    expect(await found(database, { search: '?!' })).toEqual([]);
  });

  test('forgives two errors in a long word and none in a short one', async () => {
    const database = await open();
    await keepSaid(database, 'long', 'is a consultation free');
    await keepSaid(database, 'short', 'I have a cat');
    expect(await found(database, { search: 'consltaton' })).toEqual([]);
    expect(await found(database, { search: 'consultetion' })).toEqual(['long']);
    expect(await found(database, { search: 'consulttaion' })).toEqual(['long']);
    expect(await found(database, { search: 'car' })).toEqual([]);
  });

  test('finds the beginning of a word, and words whatever their accents and case', async () => {
    const database = await open();
    await keepSaid(database, 'a', 'Señor Muñoz asks about micropigmentation');
    expect(await found(database, { search: 'micropig' })).toEqual(['a']);
    expect(await found(database, { search: 'munoz' })).toEqual(['a']);
    expect(await found(database, { search: 'MUÑOZ senor' })).toEqual(['a']);
  });

  test('wants every word, in any of the messages', async () => {
    const database = await open();
    await keepSaid(database, 'both', 'does it hurt', 'and the price?');
    await keepSaid(database, 'one', 'does it hurt');
    expect(await found(database, { search: 'price hurt' })).toEqual(['both']);
    expect(await found(database, { search: 'hurt' })).toEqual(['both', 'one']);
    expect(await found(database, { search: 'hurt zebra' })).toEqual([]);
  });

  test('finds numbers and addresses however they are written', async () => {
    const database = await open();
    await keepSaid(database, 'a', 'call +1 (410) 555-0134, or Jo.Doe@Example.com.');
    for (const search of ['410 555 0134', '4105550134', 'jo.doe@example.com'])
      expect([search, await found(database, { search })]).toEqual([search, ['a']]);
  });

  test('shows the line that was found, and goes on finding as the conversation goes on', async () => {
    const database = await open();
    await keepSaid(database, 'a', 'hello there', 'is there parking nearby');
    const [row] = (await createReviewStore(database).conversations({ search: 'parkign' }, 5)).rows;
    expect(row?.found).toBe('is there parking nearby');
    await createTurnStore(database).commit({
      conversation: { id: 'a', channel: 'directline', userId: 'u' },
      lastSequence: 4,
      incomingId: 'more',
      incoming: {
        conversationId: 'a',
        sequence: 5,
        activity: { type: 'message', text: 'and the elevator?' },
      },
      outgoing: [],
      state: '{}',
      at: '2026-03-02T15:00:00.000Z',
    });
    expect(await found(database, { search: 'elevator' })).toEqual(['a']);
  });

  test('no longer finds what was redacted, and keeps no spelling of it', async () => {
    const database = await open();
    await keepSaid(database, 'a', 'my name is Quillon');
    expect(await found(database, { search: 'quillon' })).toEqual(['a']);
    await createTurnStore(database).commit({
      conversation: { id: 'a', channel: 'directline', userId: 'u' },
      lastSequence: 2,
      incomingId: 'no',
      incoming: { conversationId: 'a', sequence: 3, activity: { type: 'message', text: 'I do not agree' } },
      outgoing: [],
      state: '{}',
      at: '2026-03-02T15:00:00.000Z',
      redact: true,
    });
    expect(await found(database, { search: 'quillon' })).toEqual([]);
    const spellings = await database.kysely.selectFrom('search_spellings').select('word').execute();
    expect(spellings.map(({ word }) => word)).not.toContain('quillon');
  });

  test('words and typing that mean something to a database mean nothing here', async () => {
    const database = await open();
    await keepSaid(database, 'a', `100% "sure" _ ' or 1=1 --`);
    for (const search of ['%', '_', `' or 1=1 --`, '"', '\\', '*', '=', 'entry=x', 'a'.repeat(500)])
      expect(Array.isArray(await found(database, { search }))).toBe(true);
    expect(await found(database, { search: 'sure' })).toEqual(['a']);
  });

  test('goes on page by page without losing or repeating one, rare words and common ones', async () => {
    const database = await open();
    for (let index = 0; index < 25; index++) await keepSaid(database, `c${index}`, 'does it hurt');
    const review = createReviewStore(database);
    const seen: string[] = [];
    let after: Parameters<typeof review.conversations>[2];
    do {
      const page = await review.conversations({ search: 'hurt' }, 10, after);
      seen.push(...page.rows.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined && seen.length < 100);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  test('two instances that index at once come to the same index', async () => {
    const database = await open();
    const other = await (database.engine === 'postgres' ? open() : Promise.resolve(database));
    for (let index = 0; index < 30; index++)
      await keepSaid(database, `c${index}`, `word${index} session hurt`);
    await Promise.all([indexPending(database, 100), indexPending(other, 100)]);
    expect(await found(database, { search: 'sesion' })).toHaveLength(30);
    expect(await indexPending(database, 100)).toBe(0);
  });
});

eachDatabase('filtering conversations', (open) => {
  test('by entry, confidence, day, review, reviewer and tag, each alone and together', async () => {
    const database = await open();
    const review = createReviewStore(database);
    const decision = (entry: string, confidence: number) => ({
      decision: 'answer' as const,
      entry,
      confidence,
    });
    await keepConversation(database, {
      id: 'old',
      at: '2026-03-01T10:00:00.000Z',
      turns: [{ said: 'one', decision: decision('price', 0.9) }],
    });
    await keepConversation(database, {
      id: 'new',
      at: '2026-03-05T10:00:00.000Z',
      turns: [{ said: 'two', decision: decision('pain', 0.4), review: 'unsure' }],
    });
    await review.setTag('old', 'vip', true, BY);
    await review.markReviewed('old', 10, BY);
    const cases: [ConversationFilter, string[]][] = [
      [{ entry: 'price' }, ['old']],
      [{ entry: 'nothing' }, []],
      [{ outcome: 'answer' }, ['new', 'old']],
      [{ lessSureThan: 0.5 }, ['new']],
      [{ from: '2026-03-02T00:00:00.000Z' }, ['new']],
      [{ to: '2026-03-02T00:00:00.000Z' }, ['old']],
      [{ reviewed: true }, ['old']],
      [{ reviewed: false }, ['new']],
      [{ reviewedBy: 'ann@clinic.test' }, ['old']],
      [{ tag: 'vip' }, ['old']],
      [{ tag: 'vip', entry: 'price', search: 'one' }, ['old']],
      [{ tag: 'vip', entry: 'pain' }, []],
    ];
    for (const [filter, ids] of cases) expect([filter, await found(database, filter)]).toEqual([filter, ids]);
    expect(await review.tags()).toEqual(['vip']);
    await review.setTag('old', 'vip', false, BY);
    expect(await found(database, { tag: 'vip' })).toEqual([]);
  });
});

eachDatabase('the line for whose sake a conversation waits', (open) => {
  test('is shown and not its first one, whatever it waits for', async () => {
    const database = await open();
    const turns = (raises: ReviewReason, decision: SeededTurn['decision']): SeededTurn[] => [
      { said: 'hello' },
      { said: `this raises ${raises}`, decision, review: raises },
      ...(decision?.raises ? [{ said: 'yes pass it on', decision: { decision: 'clarify' as const } }] : []),
      { said: 'ok thanks', decision: { decision: 'answer' } },
    ];
    const cases: Partial<Record<ReviewReason, SeededTurn['decision']>> = {
      'person-wanted': { step: 'obey', raises: 'person-wanted' },
      safety: { decision: 'answer', step: 'answer', raises: 'safety' },
      'not-helpful': { decision: 'none', step: 'own-up', raises: 'not-helpful' },
      unsure: { decision: 'clarify', step: 'offer-choices', raises: 'unsure' },
      // Written to a person of the team, nothing is decided of it.
      'visitor-waits': undefined,
      // As it was kept before decisions said so.
      unanswered: { decision: 'handoff' },
    };
    for (const [reason, decision] of Object.entries(cases) as [ReviewReason, SeededTurn['decision']][])
      await keepConversation(database, {
        id: reason,
        at: '2026-03-02T14:30:00.000Z',
        turns: turns(reason, decision),
      });
    const { rows } = await createReviewStore(database).conversations({ review: true }, 9);
    expect(rows.map(({ id, raisedBy }) => [id, raisedBy])).toEqual(
      expect.arrayContaining(Object.keys(cases).map((reason) => [reason, `this raises ${reason}`])),
    );
  });

  test('to a person who answers it is the last one', async () => {
    const database = await open();
    await keepConversation(database, {
      id: 'a',
      at: '2026-03-02T14:30:00.000Z',
      turns: [{ said: 'hello' }, { said: 'are you still there', review: 'visitor-waits' }],
    });
    const [row] = (await createReviewStore(database).conversations({ review: true }, 5)).rows;
    expect(row?.raisedBy).toBe('are you still there');
  });
});

test.each([
  ['How LONG?', ['how', 'long']],
  ["don't", ['dont']],
  ['a.b@c.test!', ['a.b@c.test']],
  ['+1 410-555-0134 now', ['4105550134', 'now']],
  ['', []],
  ['!!! 🙂', []],
])('the words of %j are %j', (text, words) => {
  expect(wordsIn(text).sort()).toEqual([...words].sort());
});
