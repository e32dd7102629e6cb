import { createHttpServer, type HttpServer } from '../../../src/http/create-server';
import { createMemoryTurns, type MemoryTurns } from '../../support/memory-turns';
import { buildWidget, pagesOf } from '../../support/widget-page';

/** The page without scripts, over HTTP as a browser talks to it. */

const built = buildWidget();
let server: HttpServer;
let memory: MemoryTurns;
let base: string;
let now: number;

beforeEach(async () => {
  memory = createMemoryTurns();
  now = Date.now();
  server = createHttpServer({
    routes: pagesOf(built.folder, {
      memory,
      plain: { clock: () => now, limits: { messages: { burst: 5, perSecond: 0.001 } } },
    }),
    upgrades: [],
    trustProxy: [],
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  base = `http://127.0.0.1:${(await server.listen(0, '127.0.0.1')).port}`;
});
afterEach(() => server.close());
afterAll(built.remove);

interface PlainPage {
  status: number;
  html: string;
  headers: Headers;
  /** Of its form. */
  token: string;
  turn: string;
  /** Messages as `bot: ...`, `visitor: ...`. */
  messages: string[];
  draft: string;
  problem: string | undefined;
}

async function open(): Promise<PlainPage> {
  return read(await fetch(`${base}/chat`));
}

async function send(
  page: { token: string; turn: string },
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<PlainPage> {
  const body = new URLSearchParams({ token: page.token, turn: page.turn, ...fields });
  return read(await fetch(`${base}/chat`, { method: 'POST', body, headers }));
}

async function read(answer: Response): Promise<PlainPage> {
  const html = await answer.text();
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
  return {
    status: answer.status,
    html,
    headers: answer.headers,
    token: field('token'),
    turn: field('turn'),
    messages: [
      ...html.matchAll(/class="message (bot|visitor)[^>]*>.*?class="bubble"[^>]*>(.*?)<\/div>/gs),
    ].map(([, from, text]) => `${from}: ${text?.replaceAll(/<[^>]+>/g, '')}`),
    draft: /<textarea[^>]*>([^<]*)</.exec(html)?.[1] ?? '',
    problem: /class="problem"[^>]*>([^<]*)</.exec(html)?.[1],
  };
}

test('a message is answered, and the next one goes on with the same conversation', async () => {
  const first = await send(await open(), { text: 'one' });
  expect(first.messages).toEqual(['bot: Welcome', 'visitor: one', 'bot: You said one']);
  const second = await send(first, { text: 'two' });
  expect(second.messages.slice(3)).toEqual(['visitor: two', 'bot: You said two']);
});

test('nothing is kept of somebody who only looks at the page, and there is no cookie at all', async () => {
  const page = await open();
  expect(memory.count()).toBe(0);
  expect(page.headers.get('set-cookie')).toBeNull();
  expect((await send(page, { text: 'hello' })).headers.get('set-cookie')).toBeNull();
});

test('a form sent twice says its message once', async () => {
  const page = await open();
  const [one, two] = await Promise.all([send(page, { text: 'hello' }), send(page, { text: 'hello' })]);
  expect([one.messages.length, two.messages.length].at(-1)).toBe(3);
  expect((await send(page, { text: 'hello' })).messages).toEqual([
    'bot: Welcome',
    'visitor: hello',
    'bot: You said hello',
  ]);
});

test('a quick reply is a button that sends its own words; what was typed beside it stays', async () => {
  const page = await send(await open(), { text: 'half a sen', choice: 'How long does one session take?' });
  expect(page.messages[1]).toBe('visitor: How long does one session take?');
  expect(page.draft).toBe('half a sen');
});

test('an empty or an over-long message is refused with a reason, and kept', async () => {
  const empty = await send(await open(), { text: ' \r\n ' });
  expect(empty.problem).toMatch(/write a message/);
  const long = await send(empty, { text: 'x'.repeat(1001) });
  expect(long.problem).toMatch(/at most 1,000 characters/);
  expect(long.draft).toHaveLength(1001);
  expect(memory.count()).toBe(0);
});

test('a form’s line ends count as one character each', async () => {
  const page = await send(await open(), { text: `${'x\r\n'.repeat(499)}xx` });
  expect(page.problem).toBeUndefined();
});

test('a field that people do not see takes no message from what fills in every field', async () => {
  const trapped = await send(await open(), { text: 'cheap pills', website: 'https://pills.example' });
  expect(memory.count()).toBe(0);
  expect([trapped.draft, trapped.problem]).toEqual(['cheap pills', expect.stringMatching(/send it again/)]);
  // A person whose browser filled it in by itself sends again.
  expect((await send(trapped, { text: 'hello', website: '' })).messages).toContain('visitor: hello');
});

test('when the store fails the message stays in the box, and sent again it is taken once', async () => {
  const page = await send(await open(), { text: 'one' });
  memory.failWith(new Error('no disk'));
  const failed = await send(page, { text: 'two' });
  expect([failed.status, failed.draft]).toEqual([503, 'two']);
  expect(failed.problem).toMatch(/send it again/);
  memory.failWith(undefined);
  const again = await send(failed, { text: failed.draft });
  expect(again.messages.slice(3)).toEqual(['visitor: two', 'bot: You said two']);
});

test('too many messages at once are put off, not lost', async () => {
  let page = await open();
  for (const text of ['1', '2', '3', '4', '5']) page = await send(page, { text });
  const refused = await send(page, { text: 'one too many' });
  expect([refused.status, refused.draft]).toEqual([429, 'one too many']);
  expect(refused.messages).toHaveLength(11);
});

test('a form of two days ago begins a new conversation and keeps what was typed', async () => {
  const page = await send(await open(), { text: 'my phone is 410 555 0134' });
  now += 49 * 3600_000;
  const late = await send(page, { text: 'and?' });
  expect(late.problem).toMatch(/has ended/);
  expect(late.html).not.toContain('410 555 0134');
  expect((await send(late, { text: late.draft })).messages.at(-1)).toBe('bot: You said and?');
});

test('a token that was changed, or made for something else, opens nothing', async () => {
  const page = await send(await open(), { text: 'secret thing' });
  for (const token of [`${page.token.slice(0, -1)}_`, 'a.b.c', 'x']) {
    expect((await send({ ...page, token }, { text: 'x' })).html).not.toContain('secret thing');
  }
});

test('no other site can send the form', async () => {
  const page = await open();
  const foreign: [string, string][] = [
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
    ['origin', 'https://evil.example'],
    ['origin', 'null'],
  ];
  for (const [name, value] of foreign) {
    expect((await send(page, { text: 'forged' }, { [name]: value })).status).toBe(403);
  }
  expect(memory.count()).toBe(0);
  expect((await send(page, { text: 'own' }, { origin: base })).status).toBe(200);
});

test('whatever is written stands there as text', async () => {
  const page = await send(await open(), {
    text: '<img src=x onerror=alert(1)> "quoted" </textarea><script>',
  });
  expect(page.html).not.toMatch(/<img|<script>/);
  expect(page.html).toContain('&lt;img src=x onerror=alert(1)>');
});
