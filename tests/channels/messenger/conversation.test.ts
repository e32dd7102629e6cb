import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createPersonalData } from '../../../src/storage/personal-data';
import { type FakeGraph, PAGE_ID, inboxEcho, item, startFakeGraph, written } from '../../support/fake-graph';
import { type MessengerService, closeMessengers, startMessenger } from '../../support/start-messenger';

const HOUR = 3_600_000;

let graph: FakeGraph;
let service: MessengerService;
beforeEach(async () => {
  graph = await startFakeGraph();
  service = await startMessenger({ graph });
});
afterEach(async () => {
  await closeMessengers();
  await graph.close();
});

/** Brings one item at the service's present moment; resolves to what the person reads. */
async function happens(what: object, field?: 'messaging' | 'standby'): Promise<string> {
  const before = graph.delivered.length;
  service.pass(1000);
  expect(await service.bring([{ ...what, timestamp: service.now() }], field)).toBe(200);
  return graph.delivered
    .slice(before)
    .map(({ message }) => message.text ?? message.attachment?.payload.text ?? '')
    .join('\n');
}
const says = (text: string, more: object = {}) => happens(written('42', text, { message: more }));

const titles = () =>
  (graph.delivered.at(-1)?.message.quick_replies ?? []).map(
    ({ title, content_type }) => title ?? content_type,
  );

async function review(): Promise<string | null> {
  return (
    await service.database.kysely.selectFrom('conversations').select('review').executeTakeFirstOrThrow()
  ).review;
}

describe('each kind of event is met as a person would expect', () => {
  test('Get Started greets, and greets again where the person comes back', async () => {
    expect(
      await happens(item('42', { postback: { title: 'Get Started', payload: 'start', mid: 'p1' } })),
    ).toContain('automated assistant');
    expect(titles()).toContain('Book a consultation');
    expect(
      await happens(item('42', { postback: { title: 'Get Started', payload: 'start', mid: 'p2' } })),
    ).toContain('Welcome back');
  });

  test('a tapped quick reply says its whole question', async () => {
    const payload = 'say:How long does one session take?';
    expect(await says('Session length', { quick_reply: { payload } })).toContain('3 to 5 hours');
  });

  test('a tapped menu item does what it says', async () => {
    expect(
      await happens(item('42', { postback: { title: 'Delete my data', payload: 'say:delete my data' } })),
    ).toContain('delete');
  });

  test('an m.me link and an opt-in greet', async () => {
    expect(
      await happens(item('42', { referral: { ref: 'poster', source: 'SHORTLINK', type: 'OPEN_THREAD' } })),
    ).toContain('automated assistant');
    expect(await happens(item('43', { optin: { ref: 'plugin' } }))).toContain('automated assistant');
  });

  test.each([
    [
      'as a sticker',
      {
        attachments: [{ type: 'sticker', payload: { url: 'https://x.test/1', sticker_id: 369239263222822 } }],
      },
    ],
    [
      'as an image with a sticker id, the older form',
      {
        sticker_id: 369239263222822,
        attachments: [{ type: 'image', payload: { url: 'https://x.test/1', sticker_id: 369239263222822 } }],
      },
    ],
  ])('a thumbs-up is a kind word: %s', async (_name, message) => {
    const reply = await happens(item('42', { message: { mid: 't1', ...message } }));
    expect(reply).toMatch(/welcome|glad|pleasure|happy/i);
    expect(await review()).toBeNull();
  });

  test.each(['image', 'audio', 'video', 'file', 'reel', 'appointment_booking', 'something_new'])(
    'a %s gets a friendly line and is never fetched',
    async (type) => {
      const url = `${graph.url}/photo-of-a-scalp`;
      expect(
        await happens(item('42', { message: { mid: 'a1', attachments: [{ type, payload: { url } }] } })),
      ).toContain('only read text');
      expect(graph.calls.filter(({ path }) => path.includes('photo'))).toEqual([]);
      const rows = await service.database.kysely.selectFrom('activities').select('activity').execute();
      expect(JSON.stringify(rows)).not.toContain('photo-of-a-scalp');
    },
  );

  test('an edited message is answered as it now reads', async () => {
    await says('hello');
    expect(
      await happens(
        item('42', { message_edit: { mid: 'm1', text: 'how long does one session take?', num_edit: 1 } }),
      ),
    ).toContain('3 to 5 hours');
  });

  test('a reaction and a rating are kept for staff, and nothing is said', async () => {
    graph.echoTo(service);
    await says('how long does one session take?');
    const { mid = '' } = graph.delivered.at(-1) ?? {};
    expect(
      await happens(item('42', { reaction: { mid: 'm1', action: 'react', reaction: 'love', emoji: '❤' } })),
    ).toBe('');
    expect(await happens(item('42', { response_feedback: { mid, feedback: 'Bad response' } }))).toBe('');
    const rows = await service.database.kysely
      .selectFrom('activities')
      .select('activity')
      .where('type', '=', 'event')
      .execute();
    expect(rows.map(({ activity }) => JSON.parse(activity))).toMatchObject([
      { name: 'reaction', value: { reaction: 'love' } },
      { name: 'feedback', value: { value: 'down', activityId: expect.stringContaining('messenger-') } },
    ]);
    expect(await review()).toBe('not-helpful');
  });

  test('what Meta says of the page goes to the health lines', async () => {
    await happens({
      recipient: { id: PAGE_ID },
      'policy-enforcement': { action: 'warning', reason: 'spam' },
    });
    expect((await service.health.lines()).join()).toMatch(/warning.*spam/);
  });
});

describe('people', () => {
  test('a person who answers in the inbox silences the bot, and staff see it', async () => {
    await says('hello');
    expect(await happens(inboxEcho('42', 'Hi, this is Ann.'))).toBe('');
    expect(await says('how long does one session take?')).toBe('');
    expect(await review()).toBe('person-joined');
  });

  test('danger gets its text whoever is there', async () => {
    await says('hello');
    await happens(inboxEcho('42', 'Hi, this is Ann.'));
    expect(await says('i want to kill myself')).toContain('988');
  });

  test('asked back, the bot says that it is the automated assistant again', async () => {
    await says('hello');
    await happens(inboxEcho('42', 'Hi, this is Ann.'));
    expect(await says('back to the bot please')).toContain('automated assistant again');
    expect(await says('how long does one session take?')).toContain('3 to 5 hours');
  });

  test('it is back by itself twelve hours after the person’s last message', async () => {
    await says('hello');
    await happens(inboxEcho('42', 'Hi, this is Ann.'));
    service.pass(11 * HOUR);
    await happens(inboxEcho('42', 'Still there?'));
    service.pass(11 * HOUR);
    expect(await says('how long does one session take?')).toBe('');
    service.pass(2 * HOUR);
    const reply = await says('how long does one session take?');
    expect(reply).toMatch(/automated assistant again[\s\S]*3 to 5 hours/);
  });

  test('our own echoes silence nobody', async () => {
    graph.echoTo(service);
    await says('hello');
    expect(await says('how long does one session take?')).toContain('3 to 5 hours');
  });

  test('taken, the conversation is silent; given back, the bot says so', async () => {
    await says('hello');
    await happens(item('42', { take_thread_control: { previous_owner_app_id: 2020, new_owner_app_id: 1 } }));
    expect(await says('how long does one session take?')).toBe('');
    expect(
      await happens(
        item('42', { pass_thread_control: { previous_owner_app_id: 1, new_owner_app_id: 2020 } }),
      ),
    ).toContain('automated assistant again');
  });

  test('on standby the bot hears and keeps silent', async () => {
    expect(await happens(written('42', 'how long does one session take?'), 'standby')).toBe('');
    expect(await service.database.kysely.selectFrom('activities').select('text').execute()).toMatchObject([
      { text: 'how long does one session take?' },
    ]);
  });

  test('a request for the conversation is granted', async () => {
    await happens(item('42', { request_thread_control: { requested_owner_app_id: 26390203743090 } }));
    expect(graph.calls.at(-1)).toMatchObject({
      path: `${PAGE_ID}/pass_thread_control`,
      body: { recipient: { id: '42' }, target_app_id: '26390203743090' },
    });
  });

  test('refused because another app has the conversation, the bot falls silent', async () => {
    graph.fail({ error: { code: 100, error_subcode: 2018300 } });
    expect(await says('hello')).toBe('');
    expect(await says('how long does one session take?')).toBe('');
  });
});

describe('with whom they write', () => {
  test('people are told before the first answer, and not before every one', async () => {
    expect(await says('how long does one session take?')).toMatch(
      /^You're writing with .*automated assistant[\s\S]*3 to 5/,
    );
    expect(await says('how many sessions do i need?')).not.toContain('automated assistant');
  });

  test('whoever was welcomed knows it already', async () => {
    await happens(item('42', { postback: { title: 'Get Started', payload: 'start' } }));
    expect(await says('how long does one session take?')).not.toContain('automated assistant');
  });

  test('after two weeks they are told again', async () => {
    await says('how long does one session take?');
    service.pass(13 * 24 * HOUR);
    expect(await says('how long does one session take?')).not.toContain('automated assistant');
    service.pass(15 * 24 * HOUR);
    expect(await says('how long does one session take?')).toContain('automated assistant');
  });

  test('in danger nothing stands before the help', async () => {
    expect(await says('i want to kill myself')).not.toContain('automated assistant');
  });
});

test('questions to choose from are a row of cards, and a tap on one is its question', async () => {
  await says('how long');
  const cards = graph.delivered.at(-1)?.message.attachment?.payload.elements ?? [];
  expect(cards.length).toBeGreaterThan(0);
  expect(titles()).toEqual(['None of these']);
  const { title = '', payload = '' } = cards[0]?.buttons?.[0] ?? {};
  expect(payload).toBe(`say:${cards[0]?.title}`);
  expect(await happens(item('42', { postback: { title, payload } }))).not.toBe('');
});

test('the chips that fill in a phone number or an address stay after a slip', async () => {
  for (const line of ['i want to book', 'yes', 'Ann Lee', '12']) await says(line);
  expect(titles()).toEqual(expect.arrayContaining(['user_phone_number', 'user_email']));
  await says('i have no phone');
  expect(titles()).toEqual(['user_email']);
});

test('a booking from the first word to the reference code', async () => {
  await says('I would like to book a consultation');
  await says('yes');
  await says('Ann Lee');
  expect(titles()).toEqual(expect.arrayContaining(['user_phone_number', 'user_email']));
  await says('+14105550134', { quick_reply: { payload: '+14105550134' } });
  await says('next tuesday at 2 pm');
  await says('skip');
  const summary = graph.delivered.at(-1)?.message;
  expect(summary?.attachment?.payload.text).toContain('410');
  expect(summary?.attachment?.payload.buttons?.map(({ title }) => title)).toContain('Send it');
  expect(titles()).toContain('Change phone');
  expect(
    await happens(item('42', { postback: { title: 'Send it', payload: 'say:send it', mid: 'send' } })),
  ).toMatch(/reference is/);
});

test('"delete my data" is done and confirmed in the chat, and an erasure leaves nothing that names the person', async () => {
  const psid = '4242424242424242';
  const write = (text: string) => happens(written(psid, text));
  graph.echoTo(service);
  await write('how long does one session take for xylophonists?');
  await write('delete my data');
  expect(await write('yes')).toMatch(/deleted|removed|done/i);
  const conversation = `messenger-${PAGE_ID}-${psid}`;
  const by = { at: new Date(service.now()).toISOString(), actor: 'test' };
  expect(bytesOf(service.file).includes('xylophonist')).toBe(false);
  await createPersonalData(service.database).erase([conversation], 'R1', by);
  expect(bytesOf(service.file).includes(psid)).toBe(false);
});

function bytesOf(file: string): string {
  const folder = path.dirname(file);
  return readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'latin1'))
    .join('');
}
