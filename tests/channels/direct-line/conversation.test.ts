import { startDirectLine, type TestDirectLine, type TestVisitor } from './start-direct-line';

let service: TestDirectLine;

beforeEach(async () => {
  service = await startDirectLine();
});

afterEach(() => service.close());

const CONVERSATIONS = '/v3/directline/conversations';
const minutes = (count: number): number => count * 60_000;

function post(visitor: TestVisitor, activity: unknown): ReturnType<TestDirectLine['call']> {
  return service.call(
    'POST',
    `${CONVERSATIONS}/${visitor.conversationId}/activities`,
    visitor.token,
    activity,
  );
}

async function read(visitor: TestVisitor, watermark = ''): Promise<{ texts: unknown[]; watermark: unknown }> {
  const path = `${CONVERSATIONS}/${visitor.conversationId}/activities?watermark=${watermark}`;
  const { json } = await service.call('GET', path, visitor.token);
  return {
    texts: (json['activities'] as { text: string }[]).map(({ text }) => text),
    watermark: json['watermark'],
  };
}

test('a conversation starts once: 201, then 200 with the same id and no second welcome', async () => {
  const { json } = await service.call('POST', '/widget/token');
  const first = await service.call('POST', CONVERSATIONS, String(json['token']), { user: {} });
  const again = await service.call('POST', CONVERSATIONS, String(json['token']));
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.json['conversationId']).toBe(json['conversationId']);
  expect(first.json).toMatchObject({ conversationId: json['conversationId'], expires_in: 1800 });
  expect(first.json['streamUrl']).toMatch(
    /^ws:\/\/127\.0\.0\.1:\d+\/v3\/directline\/conversations\/[\w-]+\/stream\?watermark=&t=/,
  );
  expect(service.kept(String(json['conversationId'])).map(({ activity }) => activity.type)).toEqual([
    'conversationUpdate',
    'message',
  ]);
});

test('ten posts of one message at once are one turn with one id', async () => {
  const visitor = await service.visitor();
  const turnsBefore = service.count();
  const activity = { type: 'message', text: 'hi', channelData: { clientActivityID: 'same' } };
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(visitor, activity)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1);
  expect((await post(visitor, activity)).json['id']).toBe(answers[0]?.json['id']);
  expect(service.count() - turnsBefore).toBe(1);
});

test('messages without an id of the client are all kept, in the order they came', async () => {
  const visitor = await service.visitor();
  for (const text of ['one', 'two', 'one']) await post(visitor, { type: 'message', text });
  expect((await read(visitor)).texts).toEqual([
    'Welcome',
    'one',
    'You said one',
    'two',
    'You said two',
    'one',
    'You said one',
  ]);
});

test('what a client claims about itself is replaced by what its token says, and what is not asked for is dropped', async () => {
  const visitor = await service.visitor();
  await post(visitor, {
    type: 'message',
    text: 'hi',
    id: 'mine',
    from: { id: 'dl_another', role: 'bot', name: 'Staff' },
    role: 'bot',
    channelId: 'messenger',
    conversation: { id: 'other' },
    serviceUrl: 'http://127.0.0.1/internal',
    timestamp: '1999-01-01',
    entities: [{ type: 'x' }],
    channelData: { clientActivityID: 'c1', postBack: true },
    unknown: 1,
  });
  const own = service.kept(visitor.conversationId)[2]?.activity;
  expect(own?.from).toMatchObject({ role: 'user' });
  expect(own?.from?.id).toMatch(/^dl_(?!another)[\w-]{22}$/);
  expect(own?.channelId).toBe('directline');
  expect(own?.channelData).toEqual({ clientActivityID: 'c1' });
  expect(Object.keys(own ?? {}).sort()).toEqual([
    'channelData',
    'channelId',
    'from',
    'id',
    'text',
    'timestamp',
    'type',
  ]);
});

test.each([
  ['no object', '"hello"', 'Send an activity as a JSON object.'],
  ['a list', [], 'Send an activity as a JSON object.'],
  ['null', null, 'Send an activity as a JSON object.'],
  ['no type', { text: 'hi' }, 'type must be message, event or typing.'],
  ['another type', { type: 'conversationUpdate' }, 'type must be message, event or typing.'],
  ['an object as text', { type: 'message', text: {} }, 'text must be text.'],
  ['a number as text', { type: 'message', text: 1e308 }, 'text must be text.'],
  ['null as text', { type: 'message', text: null }, 'text must be text.'],
  ['a long text', { type: 'message', text: 'a'.repeat(1001) }, 'text is longer than 1,000 characters.'],
  ['a long event name', { type: 'event', name: 'a'.repeat(101) }, 'name is longer than 100 characters.'],
  ['a large value', { type: 'event', value: 'a'.repeat(4001) }, 'value is longer than 4000 characters.'],
  [
    'channel data that is text',
    { type: 'message', text: 'hi', channelData: 'x' },
    'channelData must be an object.',
  ],
  [
    'an empty client id',
    { type: 'message', text: 'hi', channelData: { clientActivityID: '' } },
    'channelData.clientActivityID must be 1 to 128 ASCII characters.',
  ],
  [
    'a client id with a line break',
    { type: 'message', text: 'hi', channelData: { clientActivityID: 'a\nb' } },
    'channelData.clientActivityID must be 1 to 128 ASCII characters.',
  ],
  [
    'a client id that is a list',
    { type: 'message', text: 'hi', channelData: { clientActivityID: ['a'] } },
    'channelData.clientActivityID must be text.',
  ],
])('%s is refused with 400 and nothing is kept', async (_what, activity, message) => {
  const visitor = await service.visitor();
  const answer = await post(visitor, activity);
  expect(answer.status).toBe(400);
  expect(answer.json.error).toEqual({ code: 'BadArgument', message });
  expect(service.kept(visitor.conversationId)).toHaveLength(2);
});

test('a text of exactly 1,000 characters is taken; one more is refused with the limit in the answer', async () => {
  const visitor = await service.visitor();
  expect((await post(visitor, { type: 'message', text: 'a'.repeat(1000) })).status).toBe(200);
  const refused = await post(visitor, { type: 'message', text: 'a'.repeat(1001) });
  expect(refused.json.error?.message).toBe('text is longer than 1,000 characters.');
});

test.each(['../../etc', 'en-US@posix', 7])(
  '%s as the language is passed over, the message is taken',
  async (locale) => {
    const visitor = await service.visitor();
    expect((await post(visitor, { type: 'message', text: 'hi', locale })).status).toBe(200);
    expect(service.kept(visitor.conversationId)[2]?.activity.locale).toBeUndefined();
  },
);

test('the answer that starts a conversation brings the greeting along, the stream brings it again', async () => {
  const { json: issued } = await service.call('POST', '/widget/token');
  const { status, json } = await service.call(
    'POST',
    '/v3/directline/conversations',
    String(issued['token']),
    {},
  );
  expect(status).toBe(201);
  expect(json['greeting']).toEqual([expect.objectContaining({ type: 'message', text: 'Welcome' })]);
  const again = await service.call('POST', '/v3/directline/conversations', String(issued['token']), {});
  expect([again.status, again.json['greeting']]).toEqual([200, undefined]);
});

test('the widget begins its conversation in one request, within the limits of both', async () => {
  const { status, json } = await service.call('POST', '/widget/token', undefined, { start: true });
  expect(status).toBe(201);
  expect(json['greeting']).toHaveLength(1);
  const { conversationId, token } = json as unknown as TestVisitor;
  expect(await read({ conversationId, token, streamUrl: '' })).toMatchObject({ texts: ['Welcome'] });
  const foreign = await service.call(
    'POST',
    '/widget/token',
    undefined,
    { start: true },
    { origin: 'https://evil.example' },
  );
  expect(foreign.status).toBe(403);
});

test('halves of characters and NUL never reach the database', async () => {
  const visitor = await service.visitor();
  await post(visitor, '{"type":"message","text":"a\\ud800b\\u0000c"}');
  expect((await read(visitor)).texts).toContain('a\ufffdbc');
});

test('that somebody is typing is answered but not kept', async () => {
  const visitor = await service.visitor();
  const answer = await post(visitor, { type: 'typing' });
  expect(answer.status).toBe(200);
  expect(answer.json['id']).toEqual(expect.any(String));
  expect(service.kept(visitor.conversationId)).toHaveLength(2);
});

test('a file is refused with a sentence', async () => {
  const visitor = await service.visitor();
  const path = `${CONVERSATIONS}/${visitor.conversationId}/upload?userId=x`;
  const answer = await service.call('POST', path, visitor.token, 'x', {
    'content-type': 'multipart/form-data; boundary=x',
  });
  expect(answer.status).toBe(415);
  expect(answer.json.error).toEqual({
    code: 'AttachmentsNotSupported',
    message: 'Files cannot be sent in this chat. Please describe it in words.',
  });
});

test('prefix and rest make the whole, at every watermark', async () => {
  const visitor = await service.visitor();
  for (const text of ['one', 'two']) await post(visitor, { type: 'message', text });
  const whole = await read(visitor);
  expect(whole).toEqual({ texts: ['Welcome', 'one', 'You said one', 'two', 'You said two'], watermark: '6' });
  for (let seen = 1; seen <= 6; seen++) {
    expect((await read(visitor, String(seen))).texts).toEqual(whole.texts.slice(seen - 1));
  }
  expect(await read(visitor, '999')).toEqual({ texts: [], watermark: '6' });
});

test.each(['-1', '1e9', 'abc', '1.5', '0x1', ' 1', '9'.repeat(40), 'null'])(
  'the watermark "%s" is refused',
  async (watermark) => {
    const visitor = await service.visitor();
    const path = `${CONVERSATIONS}/${visitor.conversationId}`;
    const query = `?watermark=${encodeURIComponent(watermark)}`;
    expect((await service.call('GET', `${path}/activities${query}`, visitor.token)).status).toBe(400);
    expect((await service.call('GET', path + query, visitor.token)).status).toBe(400);
  },
);

test('a long conversation is read in pages without a gap', async () => {
  const visitor = await service.visitor();
  for (let i = 0; i < 90; i++) await post(visitor, { type: 'message', text: `m${i}` });
  const first = await read(visitor);
  const second = await read(visitor, String(first.watermark));
  expect([...first.texts, ...second.texts]).toHaveLength(181);
  expect(second.watermark).toBe('182');
});

test('while the database fails a message is not acknowledged; sent again it is kept once', async () => {
  const visitor = await service.visitor();
  const activity = { type: 'message', text: 'hi', channelData: { clientActivityID: 'c1' } };
  service.failWith(new Error('disk I/O error'));
  const refused = await post(visitor, activity);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(JSON.stringify(refused.json)).not.toContain('disk');
  expect(service.errors.length).toBeGreaterThan(0);
  service.failWith(undefined);
  expect((await post(visitor, activity)).status).toBe(200);
  expect((await read(visitor)).texts).toEqual(['Welcome', 'hi', 'You said hi']);
});

test('where too many messages wait, the client is asked to come back in a second', async () => {
  const visitor = await service.visitor();
  service.failWith(Object.assign(new Error('20 wait'), { name: 'TurnsBusy' }));
  const answer = await post(visitor, { type: 'message', text: 'hi' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect(service.errors).toEqual([]);
});

test('an erased conversation has ended: nothing is read from it or written to it', async () => {
  const visitor = await service.visitor();
  service.erase(visitor.conversationId);
  const path = `${CONVERSATIONS}/${visitor.conversationId}`;
  expect((await service.call('GET', path, visitor.token)).status).toBe(404);
  expect((await service.call('GET', `${path}/activities`, visitor.token)).status).toBe(404);
  expect((await post(visitor, { type: 'message', text: 'hi' })).status).toBe(404);
});

test('a conversation that went on for more than the life of a token is refreshed, up to 24 hours later', async () => {
  const visitor = await service.visitor();
  service.passTime(minutes(31));
  const expired = await post(visitor, { type: 'message', text: 'hi' });
  expect([expired.status, expired.json.error?.code]).toEqual([403, 'TokenExpired']);
  const refreshed = await service.call('POST', '/v3/directline/tokens/refresh', visitor.token);
  expect(refreshed.json).toMatchObject({ conversationId: visitor.conversationId, expires_in: 1800 });
  expect(
    (await post({ ...visitor, token: String(refreshed.json['token']) }, { type: 'message', text: 'hi' }))
      .status,
  ).toBe(200);
  service.passTime(minutes(25 * 60));
  expect((await service.call('POST', '/v3/directline/tokens/refresh', visitor.token)).status).toBe(403);
});

test('one visitor who floods is slowed down; another is not', async () => {
  await service.close();
  service = await startDirectLine({ limits: { messages: { burst: 5, perSecond: 0.01 } } });
  const [one, other] = [await service.visitor(), await service.visitor()];
  const statuses: number[] = [];
  for (let i = 0; i < 6; i++) statuses.push((await post(one, { type: 'message', text: 'hi' })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  const refused = await post(one, { type: 'message', text: 'hi' });
  expect(Number.isInteger(Number(refused.headers.get('retry-after')))).toBe(true);
  expect((await post(other, { type: 'message', text: 'hi' })).status).toBe(200);
});
