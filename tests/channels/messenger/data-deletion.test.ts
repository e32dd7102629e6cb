import { createHmac } from 'node:crypto';
import { SUBSCRIBED_FIELDS } from '../../../src/channels/messenger/page-profile';
import { createMessengerStore } from '../../../src/storage/messenger-store';
import { createPageNotes } from '../../../src/storage/page-notes';
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

test('once staff have seen to it, the page says so and the note is gone', async () => {
  const answer = (await (await ask(signedRequest(REQUEST))).json()) as {
    url: string;
    confirmation_code: string;
  };
  const notes = createPageNotes(service.database);
  const by = { at: '2026-11-30T10:00:00.000Z', actor: 'ann@example.com' };
  expect(await notes.settle(`deletion-${answer.confirmation_code}`, by)).toBe('settled');
  expect(await notes.settle(`deletion-${answer.confirmation_code}`, by)).toBe('unknown');
  const page = await fetch(answer.url.replace('https://bot.clinic.test', service.url));
  expect(await page.text()).toContain('seen to it on 2026-11-30');
  expect((await notes.list()).map(({ name }) => name)).not.toContain(`deletion-${answer.confirmation_code}`);
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

test('the health lines say what is the matter with the subscription and the token, and go when it is mended', async () => {
  const store = createMessengerStore(service.database);
  await service.health.look();
  expect((await service.health.lines()).join()).toContain('unsubscribed');
  expect(service.health.problems()).toBeGreaterThan(0);
  graph.subscribedFields = [...SUBSCRIBED_FIELDS];
  await service.health.look();
  expect((await service.health.lines()).join()).not.toContain('unsubscribed');
  await store.note('permission', 'may not send', new Date());
  await service.health.look();
  expect((await service.health.lines()).join()).toContain('may not send');
  await store.clearNote('permission');
  graph.failAlways({ error: { code: 200, message: 'Requires pages_manage_metadata' }, status: 403 });
  await service.health.look();
  expect((await service.health.lines()).join()).toContain('pages_manage_metadata');
  graph.failAlways({ error: { code: 190, error_subcode: 463 }, status: 401 });
  await service.health.look();
  expect((await service.health.lines()).join()).toContain('MESSENGER_PAGE_TOKEN');
});
