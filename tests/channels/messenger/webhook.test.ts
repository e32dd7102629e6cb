import { createHmac } from 'node:crypto';
import path from 'node:path';
import fc from 'fast-check';
import type { Turns } from '../../../src/bot/ports';
import { HttpError, type HttpRequest } from '../../../src/http/route';
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

  test('10,000 bodies and signatures of chance: none is accepted unsigned, and none breaks the service', async () => {
    const bytesOf = (json: unknown) => Buffer.from(JSON.stringify(json));
    const bodies = [
      ...fc.sample(fc.uint8Array({ maxLength: 300 }), 1_000).map((array) => Buffer.from(array)),
      ...fc.sample(fc.jsonValue(), 1_000).map((entry) => bytesOf({ object: 'page', entry })),
      ...fc.sample(fc.jsonValue(), 1_000).map((each) => Buffer.from(pageBody([each]))),
      ...fc.sample(nearlyAnItem, 2_000).map((each) => Buffer.from(pageBody([each]))),
    ];
    const real = Buffer.from(pageBody([written('79', 'accepted unsigned')]));
    const jobs = [
      ...bodies.map((bytes) => ({ bytes, header: signatureOf(bytes), isSigned: true })),
      ...fc.sample(nearlySigned(real), 5_000).map((header) => ({ bytes: real, header, isSigned: false })),
    ];
    const statuses = new Map<string, number>();
    for (const [index, { bytes, header, isSigned }] of jobs.entries()) {
      // One in twenty over the wire, the others straight to the route.
      const status =
        index % 20 === 0
          ? (await post(service, bytes, { 'x-hub-signature-256': header })).status
          : await handle(service, bytes, header);
      const kind = `${isSigned ? 'signed' : 'unsigned'}: ${status}`;
      statuses.set(kind, (statuses.get(kind) ?? 0) + 1);
    }
    expect(jobs).toHaveLength(10_000);
    expect([...statuses.keys()].filter((kind) => /unsigned: (?!403)|: 5/.test(kind))).toEqual([]);
    expect(statuses.get('unsigned: 403')).toBe(5_000);
    await service.settle();
    expect(await turnsKept(service)).not.toContain('accepted unsigned');
  }, 120_000);
});

/** The form of an event with anything in the places. */
const nearlyAnItem = fc.record(
  {
    sender: fc.oneof(fc.record({ id: fc.oneof(fc.constant('80'), fc.string()) }), fc.jsonValue()),
    recipient: fc.oneof(fc.constant({ id: PAGE_ID }), fc.jsonValue()),
    timestamp: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
    ...Object.fromEntries(
      [
        'message',
        'message_edit',
        'postback',
        'referral',
        'optin',
        'reaction',
        'response_feedback',
        'pass_thread_control',
        'take_thread_control',
        'request_thread_control',
        'policy_enforcement',
      ].map((name) => [name, fc.jsonValue()]),
    ),
  },
  { requiredKeys: ['sender', 'recipient', 'timestamp'] },
);

/** Headers that are not the right one: one hexadecimal digit off, cut, grown, of another secret, or nothing like it. */
function nearlySigned(body: Buffer): fc.Arbitrary<string> {
  const right = signatureOf(body);
  const hex = fc.constantFrom(...'0123456789abcdef'.split(''));
  return fc
    .oneof(
      fc
        .tuple(fc.integer({ min: 7, max: right.length - 1 }), hex)
        .map(([at, digit]) => right.slice(0, at) + digit + right.slice(at + 1)),
      fc.integer({ min: 0, max: right.length - 1 }).map((end) => right.slice(0, end)),
      hex.map((digit) => right + digit),
      fc.string().map((secret) => signatureOf(body, `not ${secret}`)),
      fc.stringMatching(/^(sha1|sha256|sha512)?=?[0-9a-f]{0,70}$/),
      // Latin-1, as Node reads headers.
      fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
    )
    .filter((header) => header.toLowerCase() !== right);
}

/** The route without the network; what is no HttpError is a 500. */
async function handle(service: MessengerService, body: Buffer, header: string): Promise<number> {
  const route = service.routes.find(
    ({ method, path: place }) => method === 'POST' && place === '/webhooks/messenger',
  );
  const request = { id: 'fuzz', body, headers: { 'x-hub-signature-256': header } } as unknown as HttpRequest;
  try {
    return (await route?.handle(request))?.status ?? 404;
  } catch (error) {
    return error instanceof HttpError ? error.status : 500;
  }
}

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
  const start = Date.now();
  const items: unknown[] = Array.from({ length: 49 }, (_, index) =>
    written('500', `message ${String(48 - index).padStart(2, '0')}`, { at: start - index }),
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

test('1,000 messages three times each, shuffled and over restarts: 1,000 turns and their replies, in order', async () => {
  const PEOPLE = 20;
  const EACH = 50;
  const start = Date.now();
  const all = Array.from({ length: PEOPLE * EACH }, (_, index) => {
    const number = Math.floor(index / PEOPLE);
    return written(String(9_000 + (index % PEOPLE)), `lorem ${String(number).padStart(2, '0')}`, {
      mid: `mid-${index}`,
      at: start - 3_600_000 + number * 1000,
    });
  });
  const data = dataFolder();
  const databaseFile = path.join(data.folder, 'restarts.db');
  const before = graph.delivered.length;
  const shuffled = (list: object[]) =>
    fc.sample(fc.shuffledSubarray(list, { minLength: list.length }), { numRuns: 1, seed: 1 })[0] ?? [];
  const stored = shuffled([...all, ...all]);
  const again = shuffled(all);
  let now = start;
  const next = (turns?: (real: Turns) => Turns) =>
    startMessenger({ graph, databaseFile, start: (now += 60_000), ...(turns && { turns }) });

  // Two copies come in while no turn gets through: three instances acknowledge and end.
  for (let instance = 0; instance < 3; instance++) {
    const held: (() => void)[] = [];
    const powerCut = () =>
      new Promise<never>((_resolve, reject) => held.push(() => reject(new Error('power cut'))));
    const service = await next((real) => ({ ...real, handle: powerCut }));
    const share = stored.slice(instance * 700, instance * 700 + 700);
    for (let from = 0; from < share.length; from += 100)
      expect(await postEvents(service, share.slice(from, from + 100))).toBe(200);
    const release = setInterval(() => held.splice(0).forEach((reject) => reject()), 1);
    await service.close();
    clearInterval(release);
  }
  // The third copy comes while four instances work it off, each of which ends in the middle.
  for (let instance = 0; instance < 4; instance++) {
    let turnsLeft = 150;
    let tellEnough = () => undefined as void;
    const enough = new Promise<void>((resolve) => (tellEnough = resolve));
    const service = await next((real) => ({
      ...real,
      handle: (incoming) => {
        if (--turnsLeft === 0) tellEnough();
        return real.handle(incoming);
      },
    }));
    expect(await postEvents(service, again.slice(instance * 200, instance * 200 + 200))).toBe(200);
    await Promise.race([enough, service.settle()]);
    await service.close();
  }
  const service = await next();
  expect(await service.bring(again.slice(800, 1_000))).toBe(200);
  await service.settle();

  const rows = await service.database.kysely
    .selectFrom('activities')
    .select(['conversation_id', 'text', 'role'])
    .orderBy('conversation_id')
    .orderBy('sequence')
    .execute();
  const said = rows.filter(({ role }) => role === 'user');
  expect(said).toHaveLength(1_000);
  const delivered = graph.delivered.slice(before);
  expect(delivered).toHaveLength(rows.length - said.length);
  expect(delivered.length).toBeGreaterThanOrEqual(1_000);
  for (let person = 9_000; person < 9_000 + PEOPLE; person++) {
    const own = said.filter(({ conversation_id }) => conversation_id.endsWith(`-${person}`));
    expect(own.map(({ text }) => text)).toEqual(
      Array.from({ length: EACH }, (_, number) => `lorem ${String(number).padStart(2, '0')}`),
    );
    const keys = delivered
      .filter(({ psid }) => psid === String(person))
      .map(({ message }) => message.metadata ?? '');
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(keys.toSorted((one, other) => (one < other ? -1 : 1)));
  }
  await service.close();
  data.remove();
}, 180_000);

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
  expect(await postEvents(service, [written('800', 'hello')])).toBe(200);
  expect(await postEvents(service, [written('800', 'hello again')])).toBe(200);
  expect(await turnsKept(service)).toEqual([]);
  const release = setInterval(() => held.splice(0).forEach((go) => go()), 1);
  await service.settle();
  expect(await turnsKept(service)).toEqual(['hello', 'hello again']);
  clearInterval(release);
});

test('while the database is down Meta is asked to come again', async () => {
  const service = await startMessenger({ graph });
  await service.database.close();
  expect(await postEvents(service, [written('900', 'hello')])).toBe(503);
});
