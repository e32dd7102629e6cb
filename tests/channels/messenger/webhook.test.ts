import { createHmac } from 'node:crypto';
import path from 'node:path';
import fc from 'fast-check';
import {
  APP_SECRET,
  type FakeGraph,
  PAGE_ID,
  escapeUnicode,
  item,
  pageBody,
  postEvents,
  signatureOf,
  startFakeGraph,
  written,
} from '../../support/fake-graph';
import { type MessengerService, closeMessengers, startMessenger } from '../../support/start-messenger';
import { dataFolder } from '../../support/start-service';

let graph: FakeGraph;
beforeAll(async () => void (graph = await startFakeGraph()));
afterAll(async () => {
  await closeMessengers();
  await graph.close();
});

async function post(service: MessengerService, body: string | Buffer, headers: Record<string, string>) {
  const answer = await fetch(`${service.url}/webhooks/messenger`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: answer.status, text: await answer.text() };
}

const signed = (body: string | Buffer) => ({ 'x-hub-signature-256': signatureOf(body) });

async function turnsKept({ database }: MessengerService): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('activities')
    .select(['text'])
    .where('role', '=', 'user')
    .where('type', '=', 'message')
    .orderBy('conversation_id')
    .orderBy('sequence')
    .execute();
  return rows.map(({ text }) => text ?? '');
}

describe('the signature', () => {
  let service: MessengerService;
  beforeAll(async () => void (service = await startMessenger({ graph })));
  const body = pageBody([written('77', 'hi')]);
  const right = signatureOf(body);

  test.each([
    ['none', {}],
    ['of another secret', { 'x-hub-signature-256': signatureOf(body, 'another') }],
    ['of other bytes', { 'x-hub-signature-256': signatureOf(`${body} `) }],
    ['empty', { 'x-hub-signature-256': '' }],
    ['too short', { 'x-hub-signature-256': right.slice(0, -2) }],
    ['too long', { 'x-hub-signature-256': `${right}00` }],
    ['not hexadecimal', { 'x-hub-signature-256': `sha256=${'g'.repeat(64)}` }],
    ['without its scheme', { 'x-hub-signature-256': right.slice(7) }],
    ['twice', { 'x-hub-signature-256': `${right}, ${right}` }],
    [
      'SHA-1 only',
      { 'x-hub-signature': `sha1=${createHmac('sha1', APP_SECRET).update(body).digest('hex')}` },
    ],
  ])('is refused: %s', async (_name, headers: Record<string, string>) => {
    expect((await post(service, body, headers)).status).toBe(403);
    expect(await turnsKept(service)).not.toContain('hi');
  });

  test('is checked before anything is read: unsigned rubbish is refused as unsigned', async () => {
    expect((await post(service, '{"object":', {})).status).toBe(403);
  });

  test('counts over the bytes as they came, escaped letters included', async () => {
    const escaped = pageBody([written('78', 'Wie lange hält das? 👍')]);
    expect(escaped).toContain('h\\u00e4lt');
    const rewritten = JSON.stringify(JSON.parse(escaped));
    expect((await post(service, escaped, { 'x-hub-signature-256': signatureOf(rewritten) })).status).toBe(
      403,
    );
    expect((await post(service, escaped, signed(escaped))).status).toBe(200);
    await service.settle();
    expect(await turnsKept(service)).toContain('Wie lange hält das? 👍');
  });

  test('may be written in capitals', async () => {
    expect(
      (await post(service, body, { 'x-hub-signature-256': `sha256=${right.slice(7).toUpperCase()}` })).status,
    ).toBe(200);
  });

  test('10,000 bodies and signatures of chance: none is accepted, and none breaks the service', async () => {
    const statuses = new Set<number>();
    const bytes = fc.sample(fc.uint8Array({ maxLength: 300 }), 2_000).map((array) => Buffer.from(array));
    const items = fc
      .sample(fc.record({ object: fc.constant('page'), entry: fc.jsonValue() }), 3_000)
      .map((value) => Buffer.from(JSON.stringify(value)));
    const entries = fc
      .sample(fc.jsonValue(), 3_000)
      .map((value) =>
        Buffer.from(escapeUnicode({ object: 'page', entry: [{ id: PAGE_ID, messaging: [value] }] })),
      );
    const jobs = [
      ...bytes.map((each) => ({ each, isSigned: false })),
      ...bytes.map((each) => ({ each, isSigned: true })),
      ...items.map((each) => ({ each, isSigned: true })),
      ...entries.map((each) => ({ each, isSigned: true })),
    ];
    await service.settle();
    const before = await turnsKept(service);
    for (let i = 0; i < jobs.length; i += 50) {
      const batch = jobs.slice(i, i + 50).map(async ({ each, isSigned }) => {
        const header = isSigned ? signatureOf(each) : `sha256=${'0'.repeat(64)}`;
        const { status } = await post(service, each, { 'x-hub-signature-256': header });
        if (!isSigned) expect(status).toBe(403);
        statuses.add(status);
      });
      await Promise.all(batch);
    }
    await service.settle();
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    expect(await turnsKept(service)).toEqual(before);
  }, 120_000);
});

describe('the address is verified', () => {
  let service: MessengerService;
  beforeAll(async () => void (service = await startMessenger({ graph })));
  const ask = (query: string) => fetch(`${service.url}/webhooks/messenger?${query}`);

  test('with the challenge, as plain text, where the token is right', async () => {
    const answer = await ask('hub.mode=subscribe&hub.verify_token=verify-me-please&hub.challenge=1158201444');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await answer.text()).toBe('1158201444');
  });

  test.each([
    'hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1',
    'hub.mode=subscribe&hub.verify_token=&hub.challenge=1',
    'hub.verify_token=verify-me-please&hub.challenge=1',
    'hub.mode=unsubscribe&hub.verify_token=verify-me-please&hub.challenge=1',
    'hub.mode=subscribe&hub.verify_token=verify-me-please',
    'hub.mode=subscribe&hub.verify_token=verify-me-please&hub.challenge=%3Cscript%3Ealert(1)%3C/script%3E',
    'hub.mode=subscribe&hub.verify_token=verify-me-please&hub.challenge=1&hub.challenge=2',
    'hub.mode=subscribe&hub.verify_token[]=verify-me-please&hub.challenge=1',
    '',
  ])('and refused for %s', async (query) => {
    const answer = await ask(query);
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('<script>');
  });
});

test('every event of every entry is handled, one malformed among fifty, and the oldest first', async () => {
  const service = await startMessenger({ graph });
  const items: unknown[] = Array.from({ length: 49 }, (_, index) =>
    written('500', `message ${String(48 - index).padStart(2, '0')}`, { at: 1_700_000_000_000 - index }),
  );
  items.splice(20, 0, { sender: { id: 12 }, timestamp: 'now', message: 'none' });
  expect(await service.bring(items)).toBe(200);
  const kept = await turnsKept(service);
  expect(kept).toHaveLength(49);
  expect(kept).toEqual(kept.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(service.logged).toContain('Messenger events of unknown form');
});

test('events of another page and of another kind of object are not taken', async () => {
  const service = await startMessenger({ graph });
  const other = escapeUnicode({ object: 'page', entry: [{ id: '999', messaging: [written('1', 'hi')] }] });
  expect((await post(service, other, signed(other))).status).toBe(200);
  const instagram = escapeUnicode({ object: 'instagram', entry: [] });
  expect((await post(service, instagram, signed(instagram))).status).toBe(404);
  await service.settle();
  expect(await turnsKept(service)).toEqual([]);
});

test('reads, deliveries, deleted messages and events that Meta may add ask for nothing', async () => {
  const service = await startMessenger({ graph });
  const before = graph.delivered.length;
  const status = await service.bring([
    item('600', { read: { watermark: 1 } }),
    item('600', { delivery: { mids: ['m1'], watermark: 1 } }),
    item('600', { message: { mid: 'gone', is_deleted: true } }),
    item('600', { something_new: { a: 1 } }),
  ]);
  expect(status).toBe(200);
  expect(graph.delivered.length).toBe(before);
  expect(await turnsKept(service)).toEqual([]);
});

test('the same message three times over, shuffled and over restarts, is answered once, in order', async () => {
  const data = dataFolder();
  const databaseFile = path.join(data.folder, 'restarts.db');
  const PEOPLE = 20;
  const EACH = 50;
  const all = Array.from({ length: PEOPLE * EACH }, (_, index) => {
    const psid = String(9_000 + (index % PEOPLE));
    const number = Math.floor(index / PEOPLE);
    return written(psid, `message ${String(number).padStart(2, '0')}`, {
      mid: `mid-${index}`,
      at: 1_700_000_000_000 + number * 1000,
    });
  });
  // Meta brings what it could not deliver again, in batches in any order; the batches themselves come as time goes.
  const slices = Array.from({ length: 10 }, (_, index) => all.slice(index * 100, index * 100 + 100));
  const before = graph.delivered.length;
  const shuffled = (values: unknown[], seed: number) =>
    values
      .map((value, index) => ({ value, key: Math.sin(seed * 1000 + index) }))
      .sort((a, b) => a.key - b.key)
      .map(({ value }) => value);
  for (let round = 0; round < slices.length; round++) {
    const service = await startMessenger({ graph, databaseFile });
    const again = slices
      .slice(0, round + 1)
      .slice(-3)
      .flat();
    const items = shuffled(again, round);
    for (let from = 0; from < items.length; from += 60) {
      // Not waited for: the service ends in the middle of its work.
      expect(await postEvents(service, items.slice(from, from + 60).concat(items.slice(0, 5)))).toBe(200);
    }
    await service.close();
  }
  const service = await startMessenger({ graph, databaseFile });
  for (let i = 0; i < 2; i++) expect(await service.bring(slices.slice(-2).flat())).toBe(200);
  const rows = await service.database.kysely
    .selectFrom('activities')
    .select(['conversation_id', 'text'])
    .where('role', '=', 'user')
    .orderBy('conversation_id')
    .orderBy('sequence')
    .execute();
  expect(rows).toHaveLength(PEOPLE * EACH);
  const replies = await service.database.kysely
    .selectFrom('activities')
    .select(['reply_to'])
    .where('role', '=', 'bot')
    .execute();
  expect(graph.delivered.length - before).toBe(replies.length);
  const keys = graph.delivered.slice(before).map(({ message }) => message.metadata);
  expect(new Set(keys).size).toBe(keys.length);
  for (let person = 0; person < PEOPLE; person++) {
    const own = keys.filter((key) => key?.includes(`-${9_000 + person}|`));
    expect(own).toEqual(own.toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1)));
  }
  await service.close();
  data.remove();
}, 120_000);

test('what was acknowledged is answered after a crash between the acknowledgement and the turn', async () => {
  const data = dataFolder();
  const databaseFile = path.join(data.folder, 'crash.db');
  const crashed = await startMessenger({
    graph,
    databaseFile,
    turns: (real) => ({ ...real, handle: () => Promise.reject(new Error('power cut')) }),
  });
  expect(await crashed.bring([written('700', 'how long does one session take?')])).toBe(200);
  await crashed.close();
  const before = graph.delivered.length;
  const service = await startMessenger({ graph, databaseFile, start: crashed.now() + 60_000 });
  await service.settle();
  expect(
    graph.delivered
      .slice(before)
      .map(({ message }) => message.text)
      .join(' '),
  ).toContain('3 to 5 hours');
  await service.close();
  data.remove();
});

test('the acknowledgement does not wait for the turn', async () => {
  const held: (() => void)[] = [];
  const service = await startMessenger({
    graph,
    turns: (real) => ({
      ...real,
      handle: async (incoming) => {
        await new Promise<void>((resolve) => held.push(resolve));
        return real.handle(incoming);
      },
    }),
  });
  const times: number[] = [];
  for (let i = 0; i < 100; i++) {
    const started = performance.now();
    expect(await postEvents(service, [written('800', `hello ${i}`)])).toBe(200);
    times.push(performance.now() - started);
  }
  expect(times.sort((a, b) => a - b)[98]).toBeLessThan(200);
  const release = setInterval(() => held.splice(0).forEach((go) => go()), 1);
  await service.close();
  clearInterval(release);
});

test('while the database is down Meta is asked to come again', async () => {
  const service = await startMessenger({ graph });
  await service.database.close();
  expect(await postEvents(service, [written('900', 'hello')])).toBe(503);
});
