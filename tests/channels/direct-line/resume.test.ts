import { startDirectLine, type TestDirectLine } from './start-direct-line';

/** How a visitor's browser comes back to its conversation after days, and how it is forgotten. */

const DAY = 24 * 3600_000;
let service: TestDirectLine;

beforeEach(async () => {
  service = await startDirectLine();
});
afterEach(() => service.close());

async function visitorWithSecret() {
  const visitor = await service.visitor();
  const { json } = await service.call('POST', '/widget/resume', visitor.token, {});
  return { ...visitor, secret: String(json['resume']), until: String(json['resumeUntil']) };
}

const comeBack = (secret: string) => service.call('POST', '/widget/token', undefined, { resume: secret });

test('the secret brings the visitor back to the same conversation, long after the token ran out', async () => {
  const { conversationId, secret } = await visitorWithSecret();
  service.passTime(29 * DAY);
  const back = await comeBack(secret);
  expect([back.status, back.json['conversationId']]).toEqual([200, conversationId]);
  const path = `/v3/directline/conversations/${conversationId}/activities`;
  const { json } = await service.call('GET', path, String(back.json['token']));
  expect(json['activities']).toHaveLength(1);
});

test('it is good for 30 days after the last visit, and the visitor is told until when', async () => {
  const { secret, until } = await visitorWithSecret();
  expect(Math.round((Date.parse(until) - Date.now()) / DAY)).toBe(30);
  service.passTime(29 * DAY);
  const back = await comeBack(secret);
  expect(Math.round((Date.parse(String(back.json['resumeUntil'])) - Date.now()) / DAY)).toBe(59);
  service.passTime(31 * DAY);
  expect((await comeBack(secret)).status).toBe(404);
});

test('after "forget me" the secret is worth nothing, and the visitor hears what was done', async () => {
  const { conversationId, token, secret } = await visitorWithSecret();
  const { status, json } = await service.call('POST', '/widget/forget', token, {});
  expect([status, json['text']]).toEqual([200, expect.stringContaining('You said')]);
  expect((await comeBack(secret)).status).toBe(404);
  const events = service.kept(conversationId).map(({ activity }) => activity.name);
  expect(events).toContain('forget');
});

test('a newer secret of the same conversation replaces the older one', async () => {
  const { token, secret } = await visitorWithSecret();
  const { json } = await service.call('POST', '/widget/resume', token, {});
  expect((await comeBack(secret)).status).toBe(404);
  expect((await comeBack(String(json['resume']))).status).toBe(200);
});

test('an erased conversation is not come back to', async () => {
  const { conversationId, secret } = await visitorWithSecret();
  service.erase(conversationId);
  expect((await comeBack(secret)).status).toBe(404);
});

test('without a token of the conversation there is no secret to be had, and nothing to be forgotten', async () => {
  for (const path of ['/widget/resume', '/widget/forget']) {
    expect((await service.call('POST', path, undefined, {})).status).toBe(401);
    expect((await service.call('POST', path, 'a.b.c', {})).status).toBe(403);
  }
});

test('a token of a conversation that was not begun gets no secret', async () => {
  const { json } = await service.call('POST', '/widget/token');
  expect((await service.call('POST', '/widget/resume', String(json['token']), {})).status).toBe(404);
});

test('when the store fails the widget is told to try again', async () => {
  const { secret } = await visitorWithSecret();
  service.failWith(new Error('no disk'));
  const { status, headers } = await comeBack(secret);
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
});
