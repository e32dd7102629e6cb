import { randomBytes } from 'node:crypto';
import { createTokens } from '../../../src/channels/direct-line/token';
import { newPass } from '../../../src/channels/direct-line/token-routes';
import { startDirectLine, type TestDirectLine } from './start-direct-line';

let service: TestDirectLine;

beforeEach(async () => {
  service = await startDirectLine({ secret: 'a-secret-between-servers' });
});

afterEach(() => service.close());

const routes = (id: string): [method: string, path: string, body?: object][] => [
  ['GET', `/v3/directline/conversations/${id}`],
  ['GET', `/v3/directline/conversations/${id}/activities`],
  ['POST', `/v3/directline/conversations/${id}/activities`, { type: 'message', text: 'hi' }],
  ['POST', `/v3/directline/conversations/${id}/upload`],
];

test("a visitor's token opens no other conversation, whether there is one or not", async () => {
  const [one, other] = [await service.visitor(), await service.visitor()];
  const turns = service.count();
  for (const id of [other.conversationId, 'nothing-here']) {
    for (const [method, path, body] of routes(id)) {
      const answer = await service.call(method, path, one.token, body);
      expect([answer.status, answer.json]).toEqual([
        403,
        { error: { code: 'Forbidden', message: 'This token does not open this conversation.' } },
      ]);
    }
  }
  expect(service.count()).toBe(turns);
});

test.each([
  ['no token', undefined, 401],
  ['rubbish', 'rubbish', 401],
  ['the secret', 'a-secret-between-servers', 401],
  ['two dots', '..', 401],
])('%s on every route of a conversation: %s gives %i', async (_what, token, status) => {
  const visitor = await service.visitor();
  for (const [method, path, body] of routes(visitor.conversationId)) {
    expect((await service.call(method, path, token, body)).status).toBe(status);
  }
});

test('a token with any one character changed is refused', async () => {
  const { token, conversationId } = await service.visitor();
  for (let at = 0; at < token.length; at += 3) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    const { status } = await service.call('GET', `/v3/directline/conversations/${conversationId}`, changed);
    expect([401, 403]).toContain(status);
  }
});

test('a token that names no algorithm, or was signed with another key, is refused', () => {
  const clock = (): number => 1_700_000_000_000;
  const pass = { conversationId: 'c', userId: 'dl_u' };
  const ours = createTokens(Buffer.alloc(32, 1), clock);
  const [, payload] = ours.issue('chat', pass).split('.');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  expect(() => ours.verify('chat', `${none}.${payload}.AAAA`)).toThrow('does not open');
  expect(() => ours.verify('chat', createTokens(Buffer.alloc(32, 2), clock).issue('chat', pass))).toThrow(
    'does not open',
  );
});

test('a token serves one purpose: the one in a stream address does not open the REST routes, nor the other way', () => {
  const tokens = createTokens(randomBytes(32), Date.now);
  const pass = { conversationId: 'c', userId: 'dl_u' };
  const [chat, stream] = (['chat', 'stream'] as const).map((purpose) => tokens.issue(purpose, pass));
  // Before and after it has served its own.
  for (let times = 0; times < 2; times++) {
    expect(() => tokens.verify('chat', stream)).toThrow('does not open');
    expect(() => tokens.verify('stream', chat)).toThrow('does not open');
    expect(() => tokens.verifyForRefresh(stream)).toThrow('does not open');
    expect(tokens.verify('chat', chat)).toEqual(pass);
    expect(tokens.verify('stream', stream)).toEqual(pass);
  }
});

test('a chat token lives 30 minutes, a stream token one', () => {
  let now = 0;
  const tokens = createTokens(randomBytes(32), () => now);
  const [chat, stream] = (['chat', 'stream'] as const).map((purpose) =>
    tokens.issue(purpose, { conversationId: 'c', userId: 'dl_u' }),
  );
  now = 60_000;
  tokens.verify('stream', stream);
  now = 61_000;
  expect(() => tokens.verify('stream', stream)).toThrow('run out');
  now = 1_800_000;
  tokens.verify('chat', chat);
  now = 1_801_000;
  expect(() => tokens.verify('chat', chat)).toThrow('run out');
});

test('ids of visitors and conversations are 128 random bits; 100,000 of them are all different', () => {
  const passes = Array.from({ length: 100_000 }, () => newPass(randomBytes));
  expect(new Set(passes.flatMap(({ userId, conversationId }) => [userId, conversationId])).size).toBe(
    200_000,
  );
  expect(passes.every(({ userId }) => /^dl_[\w-]{22}$/.test(userId))).toBe(true);
});

test('stock clients can read from the token who they are', async () => {
  const { token } = await service.visitor();
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims.user).toMatch(/^dl_/);
});

test('with the secret a server gets tokens; without it, or with another, it does not', async () => {
  const path = '/v3/directline/tokens/generate';
  const good = await service.call('POST', path, 'a-secret-between-servers', { user: { id: 'dl_mine' } });
  expect(good.status).toBe(200);
  expect(good.json).toEqual({
    conversationId: expect.any(String),
    token: expect.any(String),
    expires_in: 1800,
  });
  expect((await service.call('POST', path)).status).toBe(401);
  expect((await service.call('POST', path, 'a-secret-between-server')).status).toBe(403);
  const { token } = await service.visitor();
  expect((await service.call('POST', path, token)).status).toBe(403);
});

test('where no secret is set, there is no way to use one', async () => {
  const plain = await startDirectLine();
  expect((await plain.call('POST', '/v3/directline/tokens/generate', '')).status).toBe(404);
  expect((await plain.call('POST', '/v3/directline/tokens/generate', 'x')).status).toBe(404);
  expect((await plain.call('POST', '/v3/directline/conversations', 'x')).status).toBe(401);
  await plain.close();
});

test.each([
  [undefined, 200],
  ['https://clinic.example', 200],
  ['http://clinic.example', 403],
  ['https://clinic.example.evil.tld', 403],
  ['https://evil-clinic.example', 403],
  ['https://clinic.example:8443', 403],
  ['null', 403],
])('a page at %s asking for a token gets %i', async (origin, status) => {
  const answer = await service.call(
    'POST',
    '/widget/token',
    undefined,
    {},
    origin === undefined ? {} : { origin },
  );
  expect(answer.status).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBe(status === 200 ? (origin ?? null) : null);
  expect(answer.headers.get('vary')).toBe('Origin');
});

test('our own page gets a token', async () => {
  expect((await service.call('POST', '/widget/token', undefined, {}, { origin: service.base })).status).toBe(
    200,
  );
});

test("a browser's question before a request is answered with what stock clients send", async () => {
  const headers = { origin: 'https://clinic.example', 'access-control-request-method': 'POST' };
  const answer = await service.call('OPTIONS', '/v3/directline/conversations', undefined, undefined, headers);
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-headers')).toBe(
    'authorization, content-type, x-ms-bot-agent, x-requested-with',
  );
  const refused = await service.call('GET', '/v3/directline/conversations/x', undefined, undefined, headers);
  expect(refused.headers.get('access-control-allow-origin')).toBe('https://clinic.example');
});

test('one address that asks for many tokens is asked to wait', async () => {
  const slow = await startDirectLine({ limits: { tokens: { burst: 3, perSecond: 0.1 } } });
  const answers = await Promise.all(Array.from({ length: 5 }, () => slow.call('POST', '/widget/token')));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('10');
  await slow.close();
});

test.each([[{ resume: 1 }], [[]], ['"x"'], [{ resume: 'rubbish' }]])(
  'a resumption with %j is refused',
  async (body) => {
    const { status } = await service.call('POST', '/widget/token', undefined, body);
    expect([400, 404]).toContain(status);
  },
);
