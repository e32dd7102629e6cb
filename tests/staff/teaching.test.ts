import { tryChange } from '../../src/curation/try-change';
import { teach } from '../../src/curation/taught-knowledge';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { clusterQuestions } from '../../src/staff/cluster-questions';
import { effectOf, labelledEffectOf } from '../../src/staff/teaching-effect';
import type { Database } from '../../src/storage/open-database';
import { createTeachingStore } from '../../src/storage/teaching-store';
import { eachDatabase } from '../support/databases';
import { smallClinic } from '../support/small-clinic';
import { decisionOf, keepConversation, startConsole } from '../support/staff-console';

const AT = '2026-03-02T14:30:00.000Z';
const QUESTION = 'is the dot thing on my noggin ouchy';

/** The console on a small knowledge, with what is taught taken into use as the service does. */
async function startTeaching(database: Database) {
  const knowledge = smallClinic();
  const teachings = createTeachingStore(database);
  let inUse = knowledge;
  let finder = createAnswerFinder(knowledge);
  const console = await startConsole(database, {
    entries: () => knowledge.entries,
    answerNow: (text) => finder.decide(text),
    tryChange: async (change, questions) => tryChange({ knowledge: inUse, change, questions }),
    labelled: [
      { text: 'is my noggin going to be ouchy', topic: 'pain', also: [] },
      { text: 'how long does one session take', topic: 'session-length', also: [] },
    ],
    reloadKnowledge: async () => {
      inUse = teach(knowledge, await teachings.live());
      finder = createAnswerFinder(inUse);
    },
  });
  return { console, teachings, answer: (text: string) => finder.decide(text) };
}

eachDatabase('teaching', (open) => {
  test('an unanswered question is a live phrasing after three steps, with its effect shown, and is taken back in one', async () => {
    const database = await open();
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [
        { said: QUESTION, decision: { decision: 'none' }, review: 'unanswered' },
        { said: 'how long does one session take', decision: { decision: 'answer', entry: 'session-length' } },
      ],
    });
    const { console: site, teachings, answer } = await startTeaching(database);
    try {
      const agent = await site.member('agent');
      expect((await agent.get('/staff/teach')).text).toContain(QUESTION);
      const preview = await agent.get(
        `/staff/teach/preview?${new URLSearchParams({ text: QUESTION, entry: 'pain' }).toString()}`,
      );
      expect(preview.text).toContain('1 better');
      expect(preview.text).toContain('0 to look at');
      expect(preview.text).toContain('On 2 labelled test questions:');
      expect(answer(QUESTION).entry).toBeNull();
      const done = await agent.post('/staff/teach', { text: QUESTION, entry: 'pain' });
      expect((await agent.get(done.headers.get('location') ?? '')).text).toContain('Live: “');
      expect(answer(QUESTION).entry).toBe('pain');
      expect((await teachings.live()).map(({ text, author }) => [text, author])).toEqual([
        [QUESTION, 'agent@clinic.test'],
      ]);
      const [{ id } = { id: 0 }] = await teachings.live();
      await agent.post(`/staff/teach/${id}/back`, {});
      expect(answer(QUESTION).entry).toBeNull();
      expect((await agent.post(`/staff/teach/${id}/back`, {})).status).toBe(404);
      const actions = (await site.accounts.auditTrail(10)).map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['teach', 'teach-back']));
    } finally {
      await site.close();
    }
  });

  test('what staff have said about a question is not asked of them again, until they take that back', async () => {
    const database = await open();
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [
        { said: 'Are you hiring?', decision: { decision: 'none' } },
        { said: 'do you sell gift cards', decision: { decision: 'none' } },
      ],
    });
    const { console: site, teachings } = await startTeaching(database);
    try {
      const agent = await site.member('agent');
      const listed = async () => {
        const page = (await agent.get('/staff/teach')).text;
        return ['Are you hiring?', 'do you sell gift cards'].filter((text) =>
          page.includes(`${text}</strong>`),
        );
      };
      expect(await listed()).toHaveLength(2);
      await agent.post('/staff/teach', { text: 'are you hiring', entry: '-out-of-scope' });
      await agent.post('/staff/teach/drafts', { title: 'Gift cards', phrasings: 'do you sell gift cards' });
      expect(await listed()).toEqual([]);
      const [phrase] = await teachings.live();
      await agent.post(`/staff/teach/${phrase?.id}/back`, {});
      expect(await listed()).toEqual(['Are you hiring?']);
    } finally {
      await site.close();
    }
  });

  test('an entry is drafted from what visitors asked, listed, and removed', async () => {
    const database = await open();
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [{ said: 'do you sell gift cards', decision: { decision: 'none' } }],
    });
    const { console: site, teachings } = await startTeaching(database);
    try {
      const agent = await site.member('agent');
      const { text } = await agent.get('/staff/teach');
      const link = /href="(\/staff\/teach\/draft\?[^"]+)"/.exec(text)?.[1] ?? '';
      expect((await agent.get(link)).text).toContain('do you sell gift cards</textarea>');
      const draft = {
        title: 'Gift cards',
        phrasings: 'do you sell gift cards\n\ncall 410 555 0177 about a voucher',
        answer: 'Yes, at the desk.',
      };
      await agent.post('/staff/teach/drafts', draft);
      expect(await teachings.openDrafts()).toMatchObject([
        {
          entry: 'gift-cards',
          phrasings: ['do you sell gift cards', 'call … 77 about a voucher'],
          author: 'agent@clinic.test',
        },
      ]);
      expect((await agent.post('/staff/teach/drafts', draft)).text).toContain('already');
      expect((await agent.post('/staff/teach/drafts', { ...draft, title: 'Pain' })).text).toContain(
        'already',
      );
      expect((await agent.post('/staff/teach/drafts', { ...draft, title: '!!' })).status).toBe(422);
      const listed = (await agent.get('/staff/teach')).text;
      expect(listed).toContain('Proposed: Yes, at the desk.');
      const id = /teach\/drafts\/(\d+)\/remove/.exec(listed)?.[1] ?? '';
      expect(listed).toContain(`href="/staff/teach/drafts/${id}">Change`);
      const opened = (await agent.get(`/staff/teach/drafts/${id}`)).text;
      expect(opened).toContain('value="Gift cards"');
      const seen = /name="seen" value="([^"]+)"/.exec(opened)?.[1] ?? '';
      const changed = { ...draft, id, seen, title: 'Gift vouchers', phrasings: 'do you sell gift cards' };
      // Tried first: nothing is kept, and what was typed stays in the form.
      const tried = (await agent.post('/staff/teach/draft/trial', changed)).text;
      expect(tried).toContain('<strong class="better">1 better</strong>');
      expect(tried).toContain(
        'not understood (10 %) → understood, no approved answer: “Gift vouchers” (100 %)',
      );
      expect(tried).toContain('value="Gift vouchers"');
      expect(await teachings.openDrafts()).toMatchObject([{ title: 'Gift cards' }]);
      const ben = await site.member('admin');
      await ben.get('/staff/teach');
      site.pass(60_000);
      expect((await ben.post(`/staff/teach/drafts/${id}`, changed)).status).toBe(303);
      expect((await agent.get('/staff/teach')).text).toContain('changed by admin@clinic.test');
      expect(await teachings.openDrafts()).toMatchObject([
        { entry: 'gift-vouchers', author: 'agent@clinic.test', changedBy: 'admin@clinic.test' },
      ]);
      // Who had it open meanwhile does not overwrite that.
      const late = await agent.post(`/staff/teach/drafts/${id}`, { ...changed, title: 'Late' });
      expect(late.text).toContain('A colleague has changed this draft meanwhile.');
      expect((await agent.post('/staff/teach/drafts/999', changed)).status).toBe(404);
      expect((await site.accounts.auditTrail(20)).map(({ action }) => action)).toContain('draft-change');
      await agent.post(`/staff/teach/drafts/${id}/remove`, {});
      expect(await teachings.openDrafts()).toEqual([]);
    } finally {
      await site.close();
    }
  });

  test('a phrase is tried on every different question, however often one was asked', async () => {
    const database = await open();
    for (let index = 0; index < 6; index++)
      await keepConversation(database, {
        id: `c${index}`,
        at: new Date(Date.parse(AT) + index * 60_000).toISOString(),
        turns: [{ said: index % 2 === 0 ? 'the same' : `other ${index}`, decision: { decision: 'answer' } }],
      });
    const teachings = createTeachingStore(database);
    expect(await teachings.recordedTexts(10)).toEqual(['other 5', 'the same', 'other 3', 'other 1']);
    expect(await teachings.recordedTexts(2)).toEqual(['other 5', 'the same']);
  });

  test('contact details in a phrase are masked before it is kept: it outlives the visitor’s own data', async () => {
    const database = await open();
    const { console: site, teachings } = await startTeaching(database);
    try {
      const agent = await site.member('agent');
      await agent.post('/staff/teach', { text: 'call 410-555-0177 or q@example.com re pain', entry: 'pain' });
      expect((await teachings.live())[0]?.text).toBe('call … 77 or q…@example.com re pain');
      expect((await agent.post('/staff/teach', { text: 'x', entry: 'no-such-entry' })).status).toBe(404);
      expect((await agent.post('/staff/teach', { text: '  ', entry: 'pain' })).status).toBe(404);
    } finally {
      await site.close();
    }
  });
});

test('alike questions are one group, the most asked first, and what is understood by now is left out', () => {
  const at = (minute: number) => `2026-03-02T14:${String(minute).padStart(2, '0')}:00.000Z`;
  const asked = [
    'do you sell gift cards',
    'Do you sell gift cards?',
    'are gift cards sold here',
    'can I bring my dog',
    'how long does it last',
    'yes pass it on',
  ].map((text, index) => ({ text, conversationId: `c${index}`, at: at(index) }));
  const clusters = clusterQuestions(asked, (text) =>
    decisionOf(text, { decision: text.startsWith('how') ? 'answer' : 'none' }),
  );
  expect(clusters.map(({ texts, asked: times }) => [texts, times])).toEqual([
    [['do you sell gift cards', 'are gift cards sold here'], 3],
    [['can I bring my dog'], 1],
  ]);
  expect(clusters[0]?.newest.conversationId).toBe('c2');
});

test('an entry is proposed for a group only where it may well be meant', () => {
  const asked = ['are you hiring', 'what of the money'].map((text) => ({
    text,
    conversationId: 'c',
    at: '2026-03-02T14:00:00.000Z',
  }));
  const clusters = clusterQuestions(asked, (text) => {
    const confidence = text.includes('money') ? 0.4 : 0.07;
    return decisionOf(text, { candidates: [{ entry: 'price', topic: 'price', confidence }] });
  });
  expect(clusters.map(({ texts: [text], entry }) => [text, entry])).toEqual([
    ['what of the money', 'price'],
    ['are you hiring', undefined],
  ]);
});

const brief = (text: string, topic: string | null) => ({
  text,
  decision: topic === null ? ('none' as const) : ('answer' as const),
  entry: topic,
  topic,
  confidence: topic === null ? 0.1 : 0.8,
  best: topic,
});
const texts = (changes: { before: { text: string } }[]) => changes.map((change) => change.before.text);

const NOTHING_MEANT = { texts: [], entry: 'z' };

test('what the change is for counts as better where it means now what the change says, whatever it meant before', () => {
  const before = [brief('a', 'x'), brief('b', 'x'), brief('c', 'x')];
  const after = [brief('a', 'new'), brief('b', 'new'), brief('c', 'y')];
  const effect = effectOf({ before, after, asSureAsBefore: after }, { texts: ['a', 'c'], entry: 'new' });
  expect([texts(effect.gained), texts(effect.moved)]).toEqual([['a'], ['b', 'c']]);
  const none = [brief('a', null), brief('b', null)];
  const outOfScope = effectOf(
    { before: before.slice(0, 2), after: none, asSureAsBefore: none },
    { texts: ['a'], entry: null },
  );
  expect([texts(outOfScope.gained), texts(outOfScope.lost)]).toEqual([['a'], ['b']]);
});

test('an effect tells what is gained, what moves and what is lost, and apart from it what only the confidence did', () => {
  const before = [brief('a', null), brief('b', 'x'), brief('c', 'x'), brief('d', 'x'), brief('e', null)];
  const after = [brief('a', 'x'), brief('b', 'y'), brief('c', null), brief('d', 'x'), brief('e', 'x')];
  const asSureAsBefore = [...after.slice(0, 4), brief('e', null)];
  const effect = effectOf({ before, after, asSureAsBefore }, NOTHING_MEANT);
  expect([effect.asked, texts(effect.gained), texts(effect.moved), texts(effect.lost)]).toEqual([
    5,
    ['a'],
    ['b'],
    ['c'],
  ]);
  expect(texts(effect.reweighed)).toEqual(['e']);
});

test('an answer that is a point less sure, and offered for that alone, is no effect of a change; one that lost much is', () => {
  const offered = (text: string, confidence: number) => ({
    ...brief(text, null),
    decision: 'clarify' as const,
    best: 'x',
    confidence,
  });
  const after = [offered('a', 0.79), offered('b', 0.6)];
  const before = [brief('a', 'x'), brief('b', 'x')];
  const effect = effectOf({ before, after, asSureAsBefore: after }, NOTHING_MEANT);
  expect([texts(effect.reweighed), texts(effect.lost)]).toEqual([['a'], ['b']]);
});

test('labelled questions tell what a phrase makes right and what it breaks, a wrong answer to none included', () => {
  const questions = [
    { text: 'a', topic: 'x', also: [] },
    { text: 'b', topic: 'x', also: ['y'] },
    { text: 'c', topic: null, also: [] },
    { text: 'd', topic: 'x', also: [] },
  ];
  const before = [brief('a', null), brief('b', 'x'), brief('c', null), brief('d', 'x')];
  const after = [brief('a', 'x'), brief('b', 'y'), brief('c', 'x'), brief('d', null)];
  const asSureAsBefore = [...after.slice(0, 3), brief('d', 'x')];
  const effect = labelledEffectOf(questions, { before, after, asSureAsBefore });
  expect(effect).toMatchObject({ asked: 4, rightBefore: 3, rightAfter: 2 });
  expect([texts(effect.better), texts(effect.worse), texts(effect.reweighed)]).toEqual([['a'], ['c'], ['d']]);
});
