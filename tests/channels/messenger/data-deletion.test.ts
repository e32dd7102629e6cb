import { createHmac } from 'node:crypto';
import { SUBSCRIBED_FIELDS } from '../../../src/channels/messenger/page-profile';
import { APP_ID, APP_SECRET, type FakeGraph, startFakeGraph } from '../../support/fake-graph';
import { type MessengerService, closeMessengers, startMessenger } from '../../support/start-messenger';

let graph: FakeGraph;
let service: MessengerService;
beforeAll(async () => {
  graph = await startFakeGraph();
  service = await startMessenger({ graph });
});
afterAll(async () => {
  await closeMessengers();
  await graph.close();
});

function signedRequest(payload: object, secret = APP_SECRET): string {
  const content = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${createHmac('sha256', secret).update(content).digest('base64url')}.${content}`;
}

async function ask(signed: string) {
  return fetch(`${service.url}/webhooks/messenger/data-deletion`, {
    method: 'POST',
    body: new URLSearchParams({ signed_request: signed }),
  });
}

const REQUEST = { user_id: '218471', algorithm: 'HMAC-SHA256', issued_at: 1_291_836_800 };

test('a signed request gets a code and a page that says how it stands, and staff are told', async () => {
  const answer = await ask(signedRequest(REQUEST));
  expect(answer.status).toBe(200);
  const { url, confirmation_code: code } = (await answer.json()) as {
    url: string;
    confirmation_code: string;
  };
  expect(code).toMatch(/^[A-Z0-9]+$/);
  expect(url.startsWith('https://bot.clinic.test/')).toBe(true);
  const page = await fetch(url.replace('https://bot.clinic.test', service.url));
  expect(page.status).toBe(200);
  const text = await page.text();
  expect(text).toContain(code);
  expect(text).toContain('delete my data');
  expect(text).not.toContain(REQUEST.user_id);
  expect((await service.health.lines()).join()).toContain(code);
});

test.each([
  ['of another secret', signedRequest(REQUEST, 'another'), 403],
  [
    'with another payload',
    `${signedRequest(REQUEST).split('.')[0]}.${signedRequest({ user_id: '1' }).split('.')[1]}`,
    403,
  ],
  ['without a signature', `.${signedRequest(REQUEST).split('.')[1]}`, 403],
  ['of rubbish', 'abc', 403],
  ['empty', '', 403],
  ['that names nobody', signedRequest({ algorithm: 'HMAC-SHA256' }), 400],
])('a request %s is refused', async (_name, signed, status) => {
  expect((await ask(signed)).status).toBe(status);
});

test.each(['0000000000000000000A', 'x', '..%2f', APP_ID])(
  'no page for a code that was never given: %s',
  async (code) => {
    expect((await fetch(`${service.url}/webhooks/messenger/data-deletion/${code}`)).status).toBe(404);
  },
);

test('the health line says when Meta has unsubscribed the page, and goes when it is back', async () => {
  await service.health.look();
  expect((await service.health.lines()).join()).toContain('unsubscribed');
  expect(service.health.problems()).toBeGreaterThan(0);
  graph.subscribedFields = [...SUBSCRIBED_FIELDS];
  await service.health.look();
  expect((await service.health.lines()).join()).not.toContain('unsubscribed');
  graph.failAlways({ error: { code: 190 }, status: 401 });
  await service.health.look();
  expect((await service.health.lines()).join()).toContain('MESSENGER_PAGE_TOKEN');
});
