import { type KeyObject, createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activity } from 'botbuilder';
import { STAFF_ID } from '../../../src/bot/ports';
import { azureMessages } from '../../../src/channels/azure/create-azure';
import { isAllowedServiceUrl } from '../../../src/channels/azure/trusted-activity';
import { addToOutbox } from '../../../src/storage/outbox-store';
import {
  type AzureServiceOptions,
  BOT_APP_ID,
  ISSUER,
  SERVICE_URL,
  closeAzures,
  connectorToken,
  facebookActivity,
  keys,
  startAzure as start,
  startMetadata,
} from '../../support/start-azure';

const HOUR = 3_600_000;
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

const closing: (() => Promise<void>)[] = [];
beforeAll(() => {
  // The SDK prints the keys it knows when a token does not fit them.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  await closeAzures();
  for (const close of closing.splice(0)) await close();
});

async function metadataServer(how?: Parameters<typeof startMetadata>[0]) {
  const metadata = await startMetadata(how);
  closing.push(metadata.close);
  return metadata;
}

async function startAzure(options: Partial<AzureServiceOptions> = {}) {
  const metadataUrl = 'metadataUrl' in options ? options.metadataUrl : (await metadataServer()).url;
  const azure = await start({ ...options, metadataUrl });
  return {
    ...azure,
    async kept() {
      return azure.database.kysely
        .selectFrom('activities')
        .select(['text', 'role', 'conversation_id'])
        .orderBy('sequence')
        .execute();
    },
    async outbox() {
      return azure.database.kysely
        .selectFrom('outbox')
        .select(['state', 'last_error'])
        .orderBy('id')
        .execute();
    },
  };
}

const token = (claims?: object, header?: object, key?: KeyObject) => connectorToken(claims, header, key);
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const QUESTION = 'how long does one session take?';
const activity = (more: object = {}) => facebookActivity({ text: QUESTION, ...more });

describe('who may call', () => {
  test('the Bot Connector with a token for this bot and this serviceUrl', async () => {
    const metadata = await metadataServer();
    const azure = await startAzure({ metadataUrl: metadata.url });
    expect(await azure.post(activity(), token())).toBe(200);
    expect((await azure.kept()).map(({ text }) => text).join()).toContain('3 to 5 hours');
  });

  const past = Math.floor(Date.now() / 1000) - 3600;
  const hsContent = `${base64({ alg: 'HS256', typ: 'JWT', kid: 'ours' })}.${base64({ iss: ISSUER, aud: BOT_APP_ID, serviceurl: SERVICE_URL, exp: past + 7200 })}`;
  const publicPem = keys.publicKey.export({ format: 'pem', type: 'spki' });
  test.each([
    ['no token', undefined],
    ['rubbish', 'a.b.c'],
    ['an expired one', token({ exp: past })],
    ['one that is not valid yet', token({ nbf: past + 7200 })],
    ['one for another bot', token({ aud: '99999999-2222-3333-4444-555555555555' })],
    ['one of another issuer', token({ iss: 'https://evil.test' })],
    ['one signed with another key', token({}, {}, foreign.privateKey)],
    ['one of a key that nobody published', token({}, { kid: 'theirs' })],
    ['one for another serviceUrl', token({ serviceurl: 'https://other.botframework.com/' })],
    ['one without a serviceUrl', token({ serviceurl: undefined })],
    [
      'one that is not signed',
      `${base64({ alg: 'none', kid: 'ours' })}.${base64({ iss: ISSUER, aud: BOT_APP_ID, serviceurl: SERVICE_URL })}.`,
    ],
    [
      'one signed with the public key as a password',
      `${hsContent}.${createHmac('sha256', publicPem).update(hsContent).digest('base64url')}`,
    ],
  ])('not %s', async (_name, given) => {
    const metadata = await metadataServer();
    const azure = await startAzure({ metadataUrl: metadata.url });
    expect(await azure.post(activity(), given)).toBe(401);
    expect(await azure.kept()).toEqual([]);
  });

  test.each(['fails', 'hangs'] as const)(
    'while the server of Microsoft’s keys %s, the caller is asked to come again',
    async (how) => {
      const metadata = await metadataServer(how);
      const azure = await startAzure({ metadataUrl: metadata.url });
      expect(await azure.post(activity(), token())).toBe(503);
    },
  );
});

describe('what is refused before anything of it is used', () => {
  test.each([
    'http://facebook.botframework.com/',
    'https://127.0.0.1/',
    'http://127.0.0.1:3978/internal',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://botframework.com.evil.test/',
    'https://evilbotframework.com/',
    'https://user:pass@facebook.botframework.com/',
    'https://facebook.botframework.com:8443/',
    'https://facebook.botframework.com/?x=',
    'file:///etc/passwd',
    'facebook.botframework.com',
    '',
  ])('the serviceUrl %s', async (serviceUrl) => {
    const metadata = await metadataServer();
    const azure = await startAzure({ metadataUrl: metadata.url });
    expect(await azure.post(activity({ serviceUrl }), token({ serviceurl: serviceUrl }))).toBe(403);
    expect(isAllowedServiceUrl(serviceUrl, false)).toBe(false);
    expect(metadata.heard).toEqual([]);
  });

  test.each([
    ['a channel of this service’s own', { channelId: 'directline' }],
    ['the other one', { channelId: 'messenger' }],
    ['a channel with a slash', { channelId: 'face/book' }],
    ['a conversation with a slash', { conversation: { id: 'c1/users/alice' } }],
    ['a conversation with a NUL', { conversation: { id: 'c1\u0000' } }],
    ['a conversation with a new line', { conversation: { id: 'c1\nx' } }],
    ['a conversation of 10 kB', { conversation: { id: 'c'.repeat(10_000) } }],
    ['a person with a slash', { from: { id: 'a/b' } }],
    ['nobody', { from: undefined }],
    ['no serviceUrl', { serviceUrl: undefined }],
    ['a text that is an object', { text: { a: 1 } }],
  ])('%s', async (_name, more) => {
    const metadata = await metadataServer();
    const azure = await startAzure({ metadataUrl: metadata.url });
    expect(await azure.post(activity(more), token())).toBe(400);
    expect(metadata.heard).toEqual([]);
  });
});

describe('the Facebook channel through Azure', () => {
  async function facebook(options: Partial<AzureServiceOptions> = {}) {
    const azure = await startAzure(options);
    return {
      ...azure,
      /** Meta's item as Azure hands it on; resolves to what reaches the person. */
      async happens(channelData: object, more: object = {}) {
        const { delivered } = azure.connector;
        const before = delivered.length;
        azure.pass(1000);
        const timestamp = new Date(azure.now()).toISOString();
        expect(await azure.post(facebookActivity({ timestamp, ...more, channelData }), token())).toBe(200);
        return delivered.slice(before);
      },
    };
  }
  const around = { sender: { id: '42' }, recipient: { id: '1050' } };
  const wrote = (mid: string, text: string) => ({ ...around, message: { mid, text } });
  const echo = (mid: string, appId: number) => ({
    sender: { id: '1050' },
    recipient: { id: '42' },
    message: { mid, is_echo: true, app_id: appId, text: 'x' },
  });

  test('an activity that comes twice is answered once', async () => {
    const azure = await facebook();
    const twice = activity();
    expect([await azure.post(twice, token()), await azure.post(twice, token())]).toEqual([200, 200]);
    expect((await azure.kept()).filter(({ role }) => role === 'user')).toHaveLength(1);
    expect(new Set(azure.connector.calls.map(({ activity: { text } }) => text)).size).toBe(
      azure.connector.calls.length,
    );
  });

  test('Get Started, quick replies and menu taps mean what they mean in Messenger', async () => {
    const azure = await facebook();
    const [welcome] = await azure.happens({
      ...around,
      postback: { title: 'Get Started', payload: 'start' },
    });
    expect(welcome?.message.text).toContain('automated assistant');
    expect(welcome?.message.quick_replies).toContainEqual(expect.objectContaining({ content_type: 'text' }));
    const payload = 'say:How long does one session take?';
    const answer = await azure.happens(
      { ...around, message: { mid: 'm1', text: 'Session length', quick_reply: { payload } } },
      { text: 'Session length' },
    );
    expect(answer.map(({ message }) => message.text).join()).toContain('3 to 5 hours');
    const menu = await azure.happens(
      { ...around, postback: { title: 'Delete my data', payload: 'say:delete my data' } },
      { text: 'say:delete my data' },
    );
    expect(menu.map(({ message }) => message.text).join()).toContain('delete');
  });

  test('a person in the page’s inbox silences the bot, standby is heard, our own echoes are not', async () => {
    const azure = await facebook();
    expect(await azure.happens(echo('e1', 2020), { from: { id: '1050' }, recipient: { id: '42' } })).toEqual(
      [],
    );
    expect((await azure.happens(wrote('m1', QUESTION))).length).toBeGreaterThan(0);
    const overheard = { type: 'event', name: 'standby' };
    expect(await azure.happens({ standby: [wrote('m2', 'hello')] }, overheard)).toEqual([]);
    await azure.happens(echo('e2', 999), { from: { id: '1050' }, recipient: { id: '42' } });
    expect(await azure.happens(wrote('m3', 'how many sessions?'))).toEqual([]);
    expect((await azure.kept()).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['hello', 'how many sessions?']),
    );
    const [conversation] = await azure.database.kysely.selectFrom('conversations').selectAll().execute();
    expect(conversation).toMatchObject({ user_id: '42', review: 'person-joined' });
  });

  test('taken, the conversation is silent; passed back, the bot says that it is there again', async () => {
    const azure = await facebook();
    const update = { type: 'conversationUpdate' };
    await azure.happens(wrote('m1', 'hello'));
    const taken = { previous_owner_app_id: 2020, new_owner_app_id: 26390203743090 };
    expect(await azure.happens({ ...around, take_thread_control: taken }, update)).toEqual([]);
    expect(await azure.happens(wrote('m2', QUESTION))).toEqual([]);
    const back = { previous_owner_app_id: 26390203743090, new_owner_app_id: 2020 };
    const [said] = await azure.happens({ ...around, pass_thread_control: back }, update);
    expect(said?.message.text).toContain('automated assistant again');
  });

  test('where our app’s id is not known, an echo silences nobody: it may be our own', async () => {
    const azure = await facebook({ facebookAppId: undefined });
    await azure.happens(echo('e1', 2020), { from: { id: '1050' }, recipient: { id: '42' } });
    expect((await azure.happens(wrote('m1', QUESTION))).length).toBeGreaterThan(0);
  });

  test('the booking’s summary has Messenger’s own buttons, and no card of the Bot Framework’s', async () => {
    const azure = await facebook();
    const lines = ['i want to book', 'yes', 'Ann Lee', '+14105550134', 'next tuesday at 2 pm', 'skip'];
    for (const [index, line] of lines.entries())
      await azure.happens(wrote(`b${index}`, line), { text: line });
    const chips = azure.connector.delivered.flatMap(({ message }) => message.quick_replies ?? []);
    expect(chips).toContainEqual({ content_type: 'user_phone_number' });
    expect(chips).toContainEqual({ content_type: 'user_email' });
    const { buttons } = azure.connector.delivered.at(-1)?.message.attachment?.payload ?? {};
    expect(buttons?.map(({ title }) => title)).toContain('Send it');
    expect(JSON.stringify(azure.connector.calls)).not.toContain('adaptive');
  });

  test('24 hours after the visitor’s last message the bot is silent; a person may write for seven days', async () => {
    const azure = await facebook();
    await azure.happens(wrote('m1', 'hello'));
    const [{ id } = { id: '' }] = await azure
      .kept()
      .then((rows) => rows.map((row) => ({ id: row.conversation_id })));
    let number = 100;
    const writes = async (author: 'bot' | 'staff', text: string) => {
      const said: Partial<Activity> = {
        type: 'message',
        id: `${id}|${++number}`,
        text,
        ...(author === 'staff' && { from: { id: STAFF_ID, name: 'Ann' } }),
      };
      const kept = { conversationId: id, sequence: number, activity: said };
      const messages = azureMessages({ id, channel: 'facebook', userId: '42' }, [kept]);
      const at = new Date(azure.now()).toISOString();
      await azure.database.write((transaction) => addToOutbox(transaction, messages, at));
      const before = azure.connector.delivered.length;
      await azure.settle();
      const [arrived] = azure.connector.delivered.slice(before);
      return arrived && [arrived.messagingType, arrived.tag, arrived.message.text];
    };
    expect(await writes('staff', 'Hi, Ann here.')).toEqual(['RESPONSE', undefined, 'Hi, Ann here.']);
    azure.pass(24 * HOUR);
    expect(await writes('bot', 'Still there?')).toBeUndefined();
    expect(await writes('staff', 'It is Ann again.')).toEqual([
      'MESSAGE_TAG',
      'HUMAN_AGENT',
      'It is Ann again.',
    ]);
    azure.pass(6 * 24 * HOUR);
    expect(await writes('staff', 'And once more.')).toBeUndefined();
    const [conversation] = await azure.database.kysely.selectFrom('conversations').selectAll().execute();
    expect(conversation?.review).toBe('window-closed');
  });
});

describe('the way back through the Bot Connector', () => {
  test('a token that has expired is replaced at once, and the reply arrives once', async () => {
    const azure = await startAzure({ tokens: ['expired', 'fresh'] });
    azure.connector.accept('fresh');
    expect(await azure.post(activity(), token())).toBe(200);
    const [refused, ...others] = azure.connector.calls;
    expect(refused?.authorization).toBe('Bearer expired');
    expect(others.every(({ authorization }) => authorization === 'Bearer fresh')).toBe(true);
    expect(azure.connector.delivered.map(({ message }) => message.text).join()).toContain('3 to 5 hours');
    expect((await azure.outbox()).every(({ state }) => state === 'sent')).toBe(true);
  });

  test('where a fresh token is refused too, all waits and nothing is lost', async () => {
    const azure = await startAzure({ tokens: ['wrong'] });
    azure.connector.accept('right');
    await azure.post(activity(), token());
    for (let minute = 0; minute < 5; minute++) {
      azure.pass(60_000);
      await azure.settle();
    }
    // Two tries with two posts each; then nothing for a quarter of an hour.
    expect(azure.connector.calls.length).toBe(4);
    azure.connector.accept('wrong');
    azure.pass(15 * 60_000);
    await azure.settle();
    expect(azure.connector.delivered.length).toBeGreaterThan(0);
  });

  test.each([429, 502])('%d: again later, once, in order', async (status) => {
    const azure = await startAzure();
    // The SDK itself tries three times more before it gives up.
    azure.connector.failAlways(status);
    await azure.post(activity(), token());
    expect(azure.connector.delivered).toEqual([]);
    azure.connector.failAlways(undefined);
    azure.pass(60_000);
    await azure.settle();
    const texts = azure.connector.delivered.map(({ message }) => message.text);
    expect(texts.join()).toContain('3 to 5 hours');
    expect(new Set(texts).size).toBe(texts.length);
  });

  test.each([400, 403, 413])('%d: this message is given up, and the next one is sent', async (status) => {
    const azure = await startAzure();
    azure.connector.fail(status);
    await azure.post(activity(), token());
    await azure.post(activity({ text: 'how many sessions do i need?' }), token());
    const states = (await azure.outbox()).map(({ state }) => state);
    expect(states[0]).toBe('dead');
    expect(states.at(-1)).toBe('sent');
  });
});

test('the Emulator on this machine gets its answers where it listens, and no other channel does', async () => {
  const heard: { url: string; text: unknown }[] = [];
  const emulator = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { text } = JSON.parse(Buffer.concat(chunks).toString()) as { text: unknown };
      heard.push({ url: request.url ?? '', text });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"id":"1"}');
    });
  });
  await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    emulator.closeAllConnections();
    await new Promise((resolve) => emulator.close(resolve));
  });
  const serviceUrl = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  const azure = await startAzure({ metadataUrl: undefined });
  const spoken = { channelId: 'emulator', serviceUrl, conversation: { id: 'abc|livechat' } };
  expect(await azure.post(activity(spoken))).toBe(200);
  expect(heard.map(({ text }) => text).join()).toContain('3 to 5 hours');
  expect(heard[0]?.url).toContain('/v3/conversations/abc');
  expect(await azure.post(activity({ ...spoken, channelId: 'facebook' }))).toBe(400);
  expect(await azure.post(activity({ ...spoken, serviceUrl: 'https://facebook.botframework.com/' }))).toBe(
    403,
  );
  expect(await azure.post(activity({ ...spoken, serviceUrl: 'http://192.168.1.1/' }))).toBe(403);
});
