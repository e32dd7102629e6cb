import { type KeyObject, createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { DateTime } from 'luxon';
import { bookingDialog } from '../../../dialogs/booking-dialog';
import { receiptCode, referenceCode } from '../../../src/booking/reference-code';
import { EnquiryBot } from '../../../src/bot/enquiry-bot';
import { createTurns } from '../../../src/bot/turn';
import { azureMessages, createAzure, emulatorAuthentication } from '../../../src/channels/azure/create-azure';
import { isAllowedServiceUrl } from '../../../src/channels/azure/trusted-activity';
import { createInbox } from '../../../src/channels/inbox';
import { createHttpServer } from '../../../src/http/create-server';
import { createOutbox } from '../../../src/notify/outbox';
import { DatabaseStorage } from '../../../src/storage/bot-storage';
import { createInboxStore } from '../../../src/storage/inbox-store';
import { openDatabase } from '../../../src/storage/open-database';
import { createOutboxStore } from '../../../src/storage/outbox-store';
import { createTurnStore } from '../../../src/storage/turn-store';
import { shippedKnowledge } from '../../support/chat';
import { dataFolder } from '../../support/start-service';

const APP_ID = '11111111-2222-3333-4444-555555555555';
const ISSUER = 'https://api.botframework.com';
const SERVICE_URL = 'https://facebook.botframework.com/';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

const closing: (() => Promise<void>)[] = [];
beforeAll(() => {
  // The SDK prints the keys it knows when a token does not fit them.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server on loopback that answers as told and remembers what came. */
async function listen(answer: (request: IncomingMessage) => object | undefined) {
  const heard: { url: string; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      heard.push({ url: request.url ?? '', body: text === '' ? {} : JSON.parse(text) });
      const body = answer(request);
      response.writeHead(body ? 200 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

/** Microsoft's published keys, with ours in their place. */
async function metadataServer(works = true) {
  const server = await listen(({ url }) => {
    if (!works) return undefined;
    if (url === '/keys')
      return {
        keys: [
          { ...keys.publicKey.export({ format: 'jwk' }), kid: 'ours', endorsements: ['facebook', 'msteams'] },
        ],
      };
    return { issuer: ISSUER, jwks_uri: `${server.url}/keys` };
  });
  return server;
}

async function startAzure(withCredentials: { metadataUrl: string } | undefined) {
  const data = dataFolder();
  const database = await openDatabase(`sqlite:${path.join(data.folder, 'azure.db')}`);
  const knowledge = shippedKnowledge();
  const clock = () => new Date();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const bot = new EnquiryBot({
    loaded: () => knowledge,
    booking: bookingDialog,
    now: () => DateTime.now().setZone('America/New_York'),
    newReference: () => referenceCode(randomBytes(32), 'Test'),
    newReceipt: () => receiptCode(randomBytes(16)),
  });
  const turns = createTurns({
    store: createTurnStore(database),
    bot,
    botName: () => 'assistant',
    clock,
    deliver: azureMessages,
    onError: (error) => {
      throw error;
    },
  });
  const store = createInboxStore(database);
  const inbox = createInbox({ store, handlers: { azure: (entry) => azure.handle(entry) }, clock, log });
  const authentication = withCredentials
    ? new ConfigurationBotFrameworkAuthentication({
        MicrosoftAppId: APP_ID,
        MicrosoftAppPassword: 'secret',
        ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
        ToChannelFromBotOAuthScope: ISSUER,
        ToBotFromChannelTokenIssuer: ISSUER,
        OAuthUrl: ISSUER,
        ToBotFromChannelOpenIdMetadataUrl: withCredentials.metadataUrl,
        ToBotFromEmulatorOpenIdMetadataUrl: withCredentials.metadataUrl,
        CallerId: 'urn:botframework:azure',
      })
    : emulatorAuthentication();
  const azure = createAzure({
    appId: withCredentials && APP_ID,
    authentication,
    facebookAppId: '2020',
    turns,
    inbox: store,
    storage: new DatabaseStorage(database),
    wake: () => inbox.wake(),
    clock,
    random: () => 0,
    log,
  });
  const outbox = createOutbox({
    store: createOutboxStore(database),
    senders: withCredentials ? {} : { azure: azure.sender },
    clock,
    random: () => 0,
    log,
  });
  const server = createHttpServer({ routes: azure.routes, upgrades: [], trustProxy: [], log });
  const { port } = await server.listen(0, '127.0.0.1');
  closing.push(async () => {
    await server.close();
    await inbox.close();
    await outbox.close();
    await database.close();
    data.remove();
  });
  return {
    database,
    async post(activity: object, token?: string): Promise<number> {
      const answer = await fetch(`http://127.0.0.1:${port}/api/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(activity),
      });
      await answer.arrayBuffer();
      await inbox.idle();
      outbox.wake();
      await outbox.idle();
      return answer.status;
    },
    async kept() {
      return database.kysely
        .selectFrom('activities')
        .select(['text', 'role', 'conversation_id'])
        .orderBy('sequence')
        .execute();
    },
    async outgoing(): Promise<Record<string, unknown>[]> {
      const rows = await database.kysely.selectFrom('outbox').select('payload').orderBy('id').execute();
      return rows.map(({ payload }) => JSON.parse(payload).activity);
    },
  };
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object = {}, header: object = {}, key: KeyObject = keys.privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const content = `${base64({ alg: 'RS256', typ: 'JWT', kid: 'ours', ...header })}.${base64({ iss: ISSUER, aud: APP_ID, serviceurl: SERVICE_URL, nbf: now - 10, exp: now + 3600, ...claims })}`;
  return `${content}.${createSign('sha256').update(content).sign(key).toString('base64url')}`;
}

let activities = 0;
function activity(more: object = {}): object {
  return {
    type: 'message',
    id: `mid-${++activities}`,
    timestamp: new Date().toISOString(),
    channelId: 'facebook',
    serviceUrl: SERVICE_URL,
    from: { id: '42' },
    recipient: { id: '1050' },
    conversation: { id: '42-1050' },
    text: 'how long does one session take?',
    ...more,
  };
}

describe('who may call', () => {
  test('the Bot Connector with a token for this bot and this serviceUrl', async () => {
    const metadata = await metadataServer();
    const azure = await startAzure({ metadataUrl: metadata.url });
    expect(await azure.post(activity(), token())).toBe(200);
    expect((await azure.kept()).map(({ text }) => text).join()).toContain('3 to 5 hours');
  });

  const past = Math.floor(Date.now() / 1000) - 3600;
  const hsContent = `${base64({ alg: 'HS256', typ: 'JWT', kid: 'ours' })}.${base64({ iss: ISSUER, aud: APP_ID, serviceurl: SERVICE_URL, exp: past + 7200 })}`;
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
      `${base64({ alg: 'none', kid: 'ours' })}.${base64({ iss: ISSUER, aud: APP_ID, serviceurl: SERVICE_URL })}.`,
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

  test('while Microsoft’s keys cannot be fetched, the caller is asked to come again', async () => {
    const metadata = await metadataServer(false);
    const azure = await startAzure({ metadataUrl: metadata.url });
    expect(await azure.post(activity(), token())).toBe(503);
  });
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
  async function facebook() {
    const metadata = await metadataServer();
    const azure = await startAzure({ metadataUrl: metadata.url });
    return {
      ...azure,
      async says(channelData: object, more: object = {}) {
        const before = (await azure.outgoing()).length;
        expect(await azure.post(activity({ text: undefined, ...more, channelData }), token())).toBe(200);
        return (await azure.outgoing()).slice(before);
      },
    };
  }
  const around = { sender: { id: '42' }, recipient: { id: '1050' }, timestamp: 1_700_000_000_000 };

  test('an activity that comes twice is answered once', async () => {
    const azure = await facebook();
    const twice = activity();
    expect([await azure.post(twice, token()), await azure.post(twice, token())]).toEqual([200, 200]);
    expect((await azure.kept()).filter(({ role }) => role === 'user')).toHaveLength(1);
  });

  test('Get Started, quick replies and menu taps mean what they mean in Messenger', async () => {
    const azure = await facebook();
    const [welcome] = await azure.says({ ...around, postback: { title: 'Get Started', payload: 'start' } });
    expect(welcome).toMatchObject({ type: 'message', text: expect.stringContaining('automated assistant') });
    expect(welcome).toMatchObject({
      channelData: {
        quick_replies: expect.arrayContaining([expect.objectContaining({ content_type: 'text' })]),
      },
    });
    const answer = await azure.says(
      {
        ...around,
        message: {
          mid: 'm1',
          text: 'Session length',
          quick_reply: { payload: 'say:How long does one session take?' },
        },
      },
      { text: 'Session length' },
    );
    expect(JSON.stringify(answer)).toContain('3 to 5 hours');
    expect(JSON.stringify(answer)).not.toContain('adaptive');
    const menu = await azure.says({
      ...around,
      timestamp: 1_700_000_001_000,
      postback: { title: 'Delete my data', payload: 'say:delete my data' },
    });
    expect(JSON.stringify(menu)).toContain('delete');
  });

  test('a person in the page’s inbox silences the bot, standby is heard, our own echoes are not', async () => {
    const azure = await facebook();
    const echo = (mid: string, appId: number) => ({
      sender: { id: '1050' },
      recipient: { id: '42' },
      timestamp: 1,
      message: { mid, is_echo: true, app_id: appId, text: 'x' },
    });
    expect(await azure.says(echo('e1', 2020))).toEqual([]);
    expect(
      (await azure.says({ ...around, message: { mid: 'm1', text: 'how long does one session take?' } }))
        .length,
    ).toBeGreaterThan(0);
    const overheard = await azure.says(
      { standby: [{ ...around, message: { mid: 'm2', text: 'hello' } }] },
      { type: 'event', name: 'standby' },
    );
    expect(overheard).toEqual([]);
    await azure.says({ ...echo('e2', 999), timestamp: Date.now() });
    expect(await azure.says({ ...around, message: { mid: 'm3', text: 'how many sessions?' } })).toEqual([]);
  });
});

test('the Emulator on this machine gets its answers where it listens, and no other channel does', async () => {
  const emulator = await listen(() => ({ id: '1' }));
  const azure = await startAzure(undefined);
  const spoken = { channelId: 'emulator', serviceUrl: emulator.url, conversation: { id: 'abc|livechat' } };
  expect(await azure.post(activity(spoken))).toBe(200);
  expect(emulator.heard.map(({ body }) => body['text']).join()).toContain('3 to 5 hours');
  expect(emulator.heard[0]?.url).toContain('/v3/conversations/abc');
  expect(await azure.post(activity({ ...spoken, channelId: 'facebook' }))).toBe(400);
  expect(await azure.post(activity({ ...spoken, serviceUrl: 'https://facebook.botframework.com/' }))).toBe(
    403,
  );
  expect(await azure.post(activity({ ...spoken, serviceUrl: 'http://192.168.1.1/' }))).toBe(403);
});
