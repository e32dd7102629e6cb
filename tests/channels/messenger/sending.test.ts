import fc from 'fast-check';
import { STAFF_ID } from '../../../src/bot/ports';
import { createGraph } from '../../../src/channels/messenger/graph';
import { messengerMessages } from '../../../src/channels/messenger/sender';
import { addToOutbox } from '../../../src/storage/outbox-store';
import { remedyFor } from '../../../src/channels/messenger/graph-errors';
import { presentForMessenger, splitText } from '../../../src/channels/messenger/present-reply';
import { sendingTerms } from '../../../src/channels/messenger/sending-terms';
import {
  APP_SECRET,
  PAGE_ID,
  PAGE_TOKEN,
  type Fault,
  type FakeGraph,
  postEvents,
  problemWith,
  startFakeGraph,
  written,
} from '../../support/fake-graph';
import { type MessengerService, closeMessengers, startMessenger } from '../../support/start-messenger';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let graph: FakeGraph;
beforeEach(async () => void (graph = await startFakeGraph()));
afterEach(async () => {
  await closeMessengers();
  await graph.close();
});

const texts = () =>
  graph.delivered.map(({ message }) => message.text ?? message.attachment?.payload.text ?? '');
const QUESTION = 'how long does one session take?';

async function outboxOf({ database }: MessengerService) {
  return database.kysely.selectFrom('outbox').select(['state', 'last_error']).orderBy('id').execute();
}

async function reviewOf({ database }: MessengerService) {
  return (await database.kysely.selectFrom('conversations').select('review').executeTakeFirstOrThrow())
    .review;
}

describe('who wrote it, and how long ago the person last wrote, decides what Meta is asked to allow', () => {
  test.each([
    ['bot', 0, 'RESPONSE'],
    ['bot', 23.9, 'RESPONSE'],
    ['bot', 24, 'refused'],
    ['bot', 100, 'refused'],
    ['service', 1, 'UPDATE'],
    ['service', 24, 'refused'],
    ['staff', 1, 'RESPONSE'],
    ['staff', 24, 'MESSAGE_TAG HUMAN_AGENT'],
    ['staff', 167.9, 'MESSAGE_TAG HUMAN_AGENT'],
    ['staff', 168, 'refused'],
    ['bot', undefined, 'refused'],
    ['staff', undefined, 'refused'],
  ] as const)('%s after %s hours: %s', (author, hours, expected) => {
    const terms = sendingTerms(author, hours === undefined ? undefined : hours * HOUR);
    const said = terms.allowed
      ? [terms.messaging_type, ...('tag' in terms ? [terms.tag] : [])].join(' ')
      : 'refused';
    expect(said).toBe(expected);
  });
});

/** Puts a message of the bot's into the outbox, as a turn does. */
async function sendAsBot(service: MessengerService, text: string): Promise<void> {
  const id = 'messenger-1050-1';
  const activity = { type: 'message', id: `${id}|9999999`, text };
  const kept = { conversationId: id, sequence: 9_999_999, activity };
  const messages = messengerMessages({ id, channel: 'messenger', userId: '1' }, [kept]);
  await service.database.write((transaction) =>
    addToOutbox(transaction, messages, new Date(service.now()).toISOString()),
  );
  await service.settle();
}

test('never more than twenty messages a second leave, so that the page’s inbox goes on being shown', async () => {
  const service = await startMessenger({ graph });
  graph.limitTo(undefined);
  await service.bring(Array.from({ length: 30 }, (_, person) => written(String(5_000 + person), QUESTION)));
  expect(graph.delivered).toHaveLength(30);
  // Each waits 50 ms more than the one before, on a clock that stands still.
  expect(service.paused).toEqual(Array.from({ length: 29 }, (_, index) => (index + 1) * 50));
});

test('over Meta’s rate limit the rest follow, each once', async () => {
  const service = await startMessenger({ graph });
  graph.limitTo(5);
  await service.bring(Array.from({ length: 20 }, (_, person) => written(String(5_000 + person), QUESTION)));
  expect(graph.delivered).toHaveLength(5);
  for (let second = 0; second < 60; second++) {
    service.pass(1_000);
    await service.settle();
  }
  expect(new Set(graph.delivered.map(({ psid }) => psid)).size).toBe(20);
  expect(graph.delivered).toHaveLength(20);
});

test('what a person of the team writes goes out for seven days, after the first marked as a person’s', async () => {
  const service = await startMessenger({ graph });
  await service.bring([written('1', 'hello')]);
  const id = 'messenger-1050-1';
  let number = 100;
  const staffWrite = async (text: string) => {
    const activity = { type: 'message', id: `${id}|${++number}`, text, from: { id: STAFF_ID, name: 'Ann' } };
    const messages = messengerMessages({ id, channel: 'messenger', userId: '1' }, [
      { conversationId: id, sequence: number, activity },
    ]);
    const at = new Date(service.now()).toISOString();
    await service.database.write((transaction) => addToOutbox(transaction, messages, at));
    const before = graph.delivered.length;
    await service.settle();
    const [arrived] = graph.delivered.slice(before);
    return arrived && [arrived.messagingType, arrived.tag];
  };
  expect(await staffWrite('Hi, Ann here.')).toEqual(['RESPONSE', undefined]);
  service.pass(25 * HOUR);
  expect(await staffWrite('Ann again.')).toEqual(['MESSAGE_TAG', 'HUMAN_AGENT']);
  service.pass(6 * 24 * HOUR);
  expect(await staffWrite('Once more.')).toBeUndefined();
  expect(await reviewOf(service)).toBe('window-closed');
});

test('an answer arrives with the page’s proof, after seen and typing, and not with the token in the address', async () => {
  const service = await startMessenger({ graph });
  await service.bring([written('1', QUESTION)]);
  expect(texts().join(' ')).toContain('3 to 5 hours');
  expect(graph.actions.map(({ action }) => action)).toEqual(['mark_seen', 'typing_on']);
  expect(graph.calls.map(({ query }) => query.get('appsecret_proof'))).not.toContain(null);
  expect(graph.calls.map(({ query }) => query.toString()).join()).not.toContain(PAGE_TOKEN);
  expect(JSON.stringify(graph.calls.map(({ body }) => body))).not.toContain(APP_SECRET);
  expect(graph.delivered[0]?.messagingType).toBe('RESPONSE');
});

describe('what Meta refuses', () => {
  type Expected = {
    /** It arrives at the second or a later attempt, or had arrived although Meta said no. */
    arrives: boolean;
    review?: string;
    note?: string;
    /** Nothing more goes to this person before they write again. */
    stopped?: true;
  };
  const again: Expected = { arrives: true };
  const givenUp: Expected = { arrives: false };
  const windowClosed: Expected = { arrives: false, review: 'window-closed' };
  const stopped: Expected = { arrives: false, stopped: true };
  const error = (code: number, error_subcode?: number) => ({
    error: { code, ...(error_subcode !== undefined && { error_subcode }) },
  });
  // Every row of messenger.md D.3; those that stop all sending follow below.
  const cases: [string, Fault, Expected][] = [
    ['1: unknown, passing', { ...error(1), status: 500 }, again],
    ['2: Meta itself is down', { ...error(2), status: 503 }, again],
    ['4: the app’s limit', error(4), again],
    ['17: the user’s limit', error(17), again],
    ['613: a rate limit, with Retry-After', { ...error(613), status: 429, retryAfter: 20 }, again],
    ['613/2534040: the page’s rate limit', error(613, 2534040), again],
    ['HTTP 500 without a known code', { ...error(999), status: 500 }, again],
    ['1/1357046: refused, and delivered all the same', { ...error(1, 1357046), delivered: true }, again],
    ['10/2018278: the window is closed', error(10, 2018278), windowClosed],
    ['10/2534022: the window is closed', error(10, 2534022), windowClosed],
    ['10/2018065: the window is closed', error(10, 2018065), windowClosed],
    ['10/2018108: the person is not available', error(10, 2018108), stopped],
    ['551/1545041: the person has blocked the page', error(551, 1545041), stopped],
    ['551: the person is not available', error(551), stopped],
    ['200/1545041: the person is not available', error(200, 1545041), stopped],
    ['10/2018336: the rules for Europe', error(10, 2018336), { arrives: false, note: 'eu-rules' }],
    ['100/2018001: nobody of that id', error(100, 2018001), givenUp],
    ['100: invalid id', { error: { code: 100, message: 'Invalid FBID' } }, givenUp],
    ['100/2018008: an attachment', error(100, 2018008), givenUp],
    ['100/2018047: an attachment’s type', error(100, 2018047), givenUp],
    ['100/2018109: an attachment’s size', error(100, 2018109), givenUp],
    ['100/2018294: an attachment’s time', error(100, 2018294), givenUp],
    ['100/2018014: a message with a sender action', error(100, 2018014), givenUp],
    ['200/2018028: the app is not live', error(200, 2018028), { arrives: false, note: 'permission' }],
    ['613/2018338: people find it bothersome', error(613, 2018338), { arrives: true, note: 'bothersome' }],
    ['2018218: no profile', error(100, 2018218), givenUp],
    ['2018247: the profile may not be read', error(100, 2018247), givenUp],
    [
      '10/2018300: another app has the conversation',
      error(10, 2018300),
      { ...givenUp, review: 'person-joined' },
    ],
    ['10/2018321: the page’s own automation has it', error(10, 2018321), again],
  ];
  test.each(cases)('%s', async (_name, fault, expected) => {
    const service = await startMessenger({ graph });
    graph.fail(fault);
    await service.bring([written('1', QUESTION)]);
    const hadArrived = 'delivered' in fault && fault.delivered ? 1 : 0;
    expect(graph.delivered.length).toBe(hadArrived);
    expect(await reviewOf(service)).toBe(expected.review ?? null);
    const notes = await service.database.kysely.selectFrom('messenger_notes').select('name').execute();
    expect(notes.map(({ name }) => name)).toEqual(expected.note === undefined ? [] : [expected.note]);
    if (expected.stopped) {
      const tries = graph.calls.length;
      service.pass(1_000);
      await sendAsBot(service, 'One more thing.');
      expect(graph.calls.length).toBe(tries);
    }
    service.pass(16 * MINUTE);
    await service.settle();
    expect(graph.delivered.length).toBe(expected.arrives ? 1 : 0);
    expect((await outboxOf(service))[0]?.state).toBe(expected.arrives ? 'sent' : 'dead');
  });

  test('the page’s own automation that keeps the conversation is asked once more, and never again', async () => {
    const service = await startMessenger({ graph });
    graph.failAlways(error(10, 2018321));
    await service.bring([written('1', QUESTION)]);
    for (let minute = 0; minute < 10; minute++) {
      service.pass(MINUTE);
      await service.settle();
    }
    expect(graph.calls.filter(({ body }) => body['message'])).toHaveLength(2);
  });

  test('after a warning, messages leave two seconds apart for a quarter of an hour', async () => {
    const service = await startMessenger({ graph });
    graph.fail(error(613, 2018338));
    await service.bring([written('1', QUESTION)]);
    service.paused.length = 0;
    await service.bring([written('2', QUESTION), written('3', QUESTION), written('4', QUESTION)]);
    expect(Math.max(...service.paused)).toBeGreaterThanOrEqual(4_000);
    expect(new Set(graph.delivered.map(({ psid }) => psid))).toEqual(new Set(['2', '3', '4']));
    service.pass(16 * MINUTE);
    service.paused.length = 0;
    await service.bring([
      written('5', QUESTION, { at: service.now() }),
      written('6', QUESTION, { at: service.now() }),
    ]);
    expect(Math.max(0, ...service.paused)).toBeLessThan(1_000);
  });

  test.each([
    ['a dead token', { error: { code: 190 }, status: 401 }, /page token/],
    ['a restricted page', { error: { code: 10, error_subcode: 1893063 } }, /restricted the page/],
    ['a missing permission', { error: { code: 10 } }, /pages_messaging/],
  ])('%s stops all sending, without a loop, and says what to do', async (_name, fault: Fault, words) => {
    const service = await startMessenger({ graph });
    graph.failAlways(fault);
    await service.bring([written('1', QUESTION), written('2', QUESTION)]);
    const calls = graph.calls.filter(({ body }) => body['message']).length;
    service.pass(5 * MINUTE);
    await service.settle();
    expect(graph.calls.filter(({ body }) => body['message']).length).toBe(calls);
    expect((await service.health.lines()).join()).toMatch(words);
    graph.failAlways(undefined);
    service.pass(11 * MINUTE);
    await service.settle();
    expect(new Set(graph.delivered.map(({ psid }) => psid))).toEqual(new Set(['1', '2']));
    expect(await service.health.lines()).toEqual([]);
  });

  test('somebody who blocked the page is answered again once they write again', async () => {
    const service = await startMessenger({ graph });
    graph.fail({ error: { code: 551 } });
    await service.bring([written('1', QUESTION)]);
    service.pass(1000);
    await service.bring([written('1', 'how many sessions do i need?', { at: service.now() })]);
    expect(graph.delivered.length).toBeGreaterThan(0);
  });

  test('after 24 hours of silence nothing is even tried, and staff see why', async () => {
    const service = await startMessenger({ graph });
    graph.failAlways({ error: { code: 2 }, status: 500 });
    await service.bring([written('1', QUESTION)]);
    graph.failAlways(undefined);
    service.pass(24 * HOUR);
    await service.settle();
    expect(graph.delivered).toEqual([]);
    expect(await reviewOf(service)).toBe('window-closed');
  });

  test('refusals that the sheet does not name are final below 500, and passing from there on', () => {
    expect(remedyFor({ status: 400, code: 100, subcode: 0, text: '' })).toEqual({ do: 'drop' });
    expect(remedyFor({ status: 503, code: 0, subcode: 0, text: '' })).toEqual({ do: 'retry' });
  });
});

describe('a call whose answer is lost', () => {
  test.each([
    ['cut off after it was delivered', { cut: true, delivered: true } as Fault],
    ['cut off before it was delivered', { cut: true, delivered: false } as Fault],
    ['answered by a gateway', { gateway: 502 } as Fault],
  ])('%s arrives exactly once: the echo tells', async (_name, fault) => {
    const service = await startMessenger({ graph });
    graph.fail(fault);
    await service.bring([written('1', QUESTION)]);
    // Meta's echo comes a moment later, before the second attempt.
    expect(await postEvents(service, graph.echoes)).toBe(200);
    const atFirst = graph.delivered.length;
    service.pass(5_000);
    await service.settle();
    expect(graph.delivered.length).toBe(atFirst);
    service.pass(30_000);
    await service.settle();
    service.pass(30_000);
    await service.settle();
    const keys = graph.delivered.map(({ message }) => message.metadata);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
    expect((await outboxOf(service)).every(({ state }) => state === 'sent')).toBe(true);
  });
});

test('ten minutes without Meta, 200 replies waiting: all arrive within a minute of its return, once, in order', async () => {
  const PEOPLE = 100;
  const service = await startMessenger({ graph });
  // As the outage begins, calls get through whose answers do not.
  graph.fail(...Array.from({ length: 10 }, (): Fault => ({ cut: true, delivered: true })));
  await service.bring([written('2999', QUESTION)]);
  await service.bring(Array.from({ length: 9 }, (_, person) => written(String(2_990 + person), QUESTION)));
  const gotThrough = graph.delivered.length;
  expect(gotThrough).toBe(10);
  graph.down();
  for (const text of [QUESTION, 'how many sessions do i need?']) {
    service.pass(1000);
    await service.bring(
      Array.from({ length: PEOPLE }, (_, person) =>
        written(String(3_000 + person), text, { at: service.now() }),
      ),
    );
  }
  expect((await outboxOf(service)).filter(({ state }) => state === 'waiting')).toHaveLength(210);
  for (let minute = 0; minute < 10; minute += 2) {
    service.pass(2 * MINUTE);
    await service.settle();
  }
  expect(graph.delivered.length).toBe(gotThrough);
  graph.up();
  // What Meta could not bring either: the echoes of what had got through.
  expect(await postEvents(service, graph.echoes.splice(0))).toBe(200);
  graph.echoTo(service);
  for (let passed = 0; passed < MINUTE; passed += 5_000) {
    service.pass(5_000);
    await service.settle();
  }
  expect((await outboxOf(service)).every(({ state }) => state === 'sent')).toBe(true);
  const keys = graph.delivered.map(({ message }) => message.metadata ?? '');
  expect(keys).toHaveLength(210);
  expect(new Set(keys).size).toBe(keys.length);
  for (let person = 0; person < PEOPLE; person++) {
    const own = graph.delivered.filter(({ psid }) => psid === String(3_000 + person));
    expect(own.map(({ message }) => message.text?.includes('3 to 5 hours'))).toEqual([true, false]);
  }
}, 120_000);

test('a call that cannot even reach Meta has done nothing, one that is not answered may have', async () => {
  const at = (graphUrl: string) => createGraph({ graphUrl, pageToken: PAGE_TOKEN, appSecret: APP_SECRET });
  const nobody = await at('http://127.0.0.1:2/v26.0').call('GET', 'me', {});
  expect(nobody).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
  graph.failAlways({ hang: true, delivered: false });
  const body = { recipient: { id: '1' }, messaging_type: 'RESPONSE', message: { text: 'hello' } };
  const hanging = await at(graph.url).call('POST', `${PAGE_ID}/messages`, { body }, AbortSignal.timeout(100));
  expect(hanging.kind).toBe('unclear');
});

describe('a reply in Messenger’s terms', () => {
  test('a long text is cut at ends of sentences, and nothing of it is lost', () => {
    const sentence = 'One session usually takes about 3 to 5 hours, and it depends on the style. ';
    const text = sentence.repeat(60).trim();
    const pieces = splitText(text);
    expect(pieces.length).toBe(3);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(1_900);
      expect(piece).toMatch(/style\.$/);
    }
    expect(pieces.join(' ')).toBe(text);
  });

  test.each([['👍'.repeat(3_000)], ['a'.repeat(5_000)], [`${'word '.repeat(900)}`]])(
    'a text without sentences is cut too, never inside an emoji (%#)',
    (text) => {
      const pieces = splitText(text);
      expect(pieces.every((piece) => piece.length <= 1_900 && Buffer.from(piece).toString() === piece)).toBe(
        true,
      );
      expect(pieces.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    },
  );

  test('titles are cut to 20, thirteen quick replies are the most, and they stand under the last piece', () => {
    const actions = Array.from({ length: 20 }, (_, index) => ({
      type: 'imBack',
      title: `A title that is far too long 👍 ${index}`,
      value: `value ${index}`,
    }));
    const messages = presentForMessenger({
      type: 'message',
      text: 'Sentence. '.repeat(300),
      suggestedActions: { to: [], actions },
    });
    expect(messages.slice(0, -1).every((message) => message.quick_replies === undefined)).toBe(true);
    const replies = messages.at(-1)?.quick_replies ?? [];
    expect(replies).toHaveLength(13);
    expect(replies.every((reply) => reply.content_type !== 'text' || reply.title.length <= 20)).toBe(true);
    expect(replies[0]).toMatchObject({ payload: 'say:value 0' });
  });

  test('questions to choose from are cards that show each whole; what has no longer form is a quick reply', () => {
    const question = 'How long does one session take?';
    const messages = presentForMessenger({
      type: 'message',
      text: 'Did you mean one of these?',
      suggestedActions: {
        to: [],
        actions: [
          { type: 'imBack', title: 'Session length', value: question },
          { type: 'imBack', title: 'Sessions', value: `How many ${'many '.repeat(30)}sessions?` },
          { type: 'imBack', title: 'None of these', value: 'None of these' },
        ],
      },
      channelData: { choice: true },
    });
    expect(messages).toEqual([
      { text: 'Did you mean one of these?' },
      {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'generic',
            elements: [
              {
                title: question,
                buttons: [{ type: 'postback', title: 'Session length', payload: `say:${question}` }],
              },
              expect.objectContaining({ title: expect.stringMatching(/^How many many.{50,70}…$/) }),
            ],
          },
        },
        quick_replies: [{ content_type: 'text', title: 'None of these', payload: 'say:None of these' }],
      },
    ]);
    expect(messages.map((message) => problemWith({ messaging_type: 'RESPONSE', message }))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('whatever the bot says, nothing that comes out is over Meta’s limits', () => {
    const words = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 3_000 }));
    const action = fc.record({ type: fc.constant('imBack'), title: words, value: words });
    const summary = fc.record({ change: fc.record({ title: words, value: words }) });
    const activity = fc.record({
      type: fc.constant('message'),
      text: words,
      suggestedActions: fc.record({
        to: fc.constant<string[]>([]),
        actions: fc.array(action, { maxLength: 20 }),
      }),
      channelData: fc.record(
        {
          summary: fc.array(summary, { maxLength: 15 }),
          asks: fc.constantFrom('phone', 'email', 'contact'),
          choice: fc.constant(true),
        },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(activity, (each) => {
        for (const message of presentForMessenger(each))
          expect(problemWith({ messaging_type: 'RESPONSE', message })).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('where the booking asks how to reach the visitor, the phone and e-mail chips are offered', () => {
    const [message] = presentForMessenger({
      type: 'message',
      text: 'How?',
      channelData: { asks: 'contact' },
    });
    expect(message?.quick_replies).toEqual([
      { content_type: 'user_phone_number' },
      { content_type: 'user_email' },
    ]);
  });
});
