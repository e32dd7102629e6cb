import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { createHttpServer, type HttpServer } from '../../src/http/create-server';
import { HttpError, type HttpRequest, type Route } from '../../src/http/route';
import { eventually } from '../support/eventually';
import { mutated, seededRandom } from './random-requests';
import { sendRaw } from './raw-request';

const lines: { fields: object; message: string }[] = [];
const log = {
  info: () => undefined,
  warn: (fields: object, message: string) => void lines.push({ fields, message }),
  error: (fields: object, message: string) => void lines.push({ fields, message }),
};
let last: HttpRequest | undefined;

const routes: Route[] = [
  { method: 'GET', path: '/hello', handle: async () => ({ status: 200, body: { hello: 'there' } }) },
  {
    method: 'GET',
    path: '/things/:id',
    handle: async (request) => {
      last = request;
      return { status: 200, body: { id: request.params['id'] } };
    },
  },
  { method: 'POST', path: '/json', body: 'json', maxBodyBytes: 1_000, handle: async (r) => seen(r) },
  { method: 'POST', path: '/form', body: 'form', handle: async (r) => seen(r) },
  { method: 'POST', path: '/raw', body: 'raw', handle: async (r) => seen(r) },
  { method: 'POST', path: '/nothing', handle: async (r) => seen(r) },
  {
    method: 'GET',
    path: '/throws',
    handle: () => {
      throw new Error('db password=hunter2');
    },
  },
  { method: 'GET', path: '/throws-later', handle: async () => Promise.reject(new Error('hunter2')) },
  { method: 'GET', path: '/throws-text', handle: async () => Promise.reject('hunter2') },
  {
    method: 'GET',
    path: '/refuses',
    everyAnswer: () => ({ 'access-control-allow-origin': 'https://clinic.example' }),
    handle: async () => {
      throw new HttpError(409, 'Conflict', 'Somebody was faster.', { 'retry-after': '3' });
    },
  },
  {
    method: 'GET',
    path: '/not-yours/:id',
    handle: async () => {
      throw new HttpError(403, 'Forbidden', 'The token is of another conversation.');
    },
  },
  {
    method: 'GET',
    path: '/stream',
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: Readable.from(['one ', 'two']),
    }),
  },
  {
    method: 'GET',
    path: '/broken-stream',
    handle: async () => ({
      status: 200,
      body: Readable.from(
        (function* () {
          yield 'one';
          throw new Error('hunter2');
        })(),
      ),
    }),
  },
];

function seen(request: HttpRequest): { status: number; body: object } {
  last = request;
  return { status: 200, body: { ok: true } };
}

let server: HttpServer;
let port: number;
let base: string;

beforeAll(async () => {
  server = createHttpServer({
    routes,
    upgrades: [],
    trustProxy: ['127.0.0.1'],
    log,
    timeouts: { headers: 600, request: 900 },
  });
  ({ port } = await server.listen(0, '127.0.0.1'));
  base = `http://127.0.0.1:${port}`;
});

afterAll(() => server.close());

afterEach(async () => {
  const alive = await fetch(`${base}/hello`);
  expect(alive.status).toBe(200);
});

const HOST = 'Host: x\r\nConnection: close\r\n';
const post = (path: string, headers: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\n${HOST}${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

test.each([
  ['foo|bar'],
  ['x:99999'],
  [''],
  ['[::1'],
  ['a b'],
  ['a/b'],
  ['a@b'],
  ['long'.repeat(75)],
  ['%'],
  ['x:port'],
  ['\u00e4'],
])('a Host of "%s" is refused', async (host) => {
  const answer = await sendRaw(port, `GET /hello HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect(answer.status).toBe(400);
});

test('a request without a Host, or with two, is refused', async () => {
  expect((await sendRaw(port, 'GET /hello HTTP/1.1\r\n\r\n')).status).toBe(400);
  expect((await sendRaw(port, 'GET /hello HTTP/1.0\r\n\r\n')).status).toBe(400);
  expect((await sendRaw(port, 'GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')).status).toBe(400);
});

test.each([
  'http://[::1/',
  'http://x/hello',
  'x:80',
  '*',
  '/hello%00',
  '//[',
  '/%zz',
  '/things/%c0%ae',
  '/..%2f..%2fetc/passwd',
  '/../package.json',
  '/\\..\\package.json',
  '/.git/config',
])('the target %s finds nothing', async (target) => {
  const answer = await sendRaw(port, `GET ${target} HTTP/1.1\r\n${HOST}\r\n`);
  expect([400, 404]).toContain(answer.status);
});

test('a target of more than 2,048 characters is refused', async () => {
  expect((await sendRaw(port, `GET /${'a'.repeat(2048)} HTTP/1.1\r\n${HOST}\r\n`)).status).toBe(400);
});

test.each(['gzip', 'br', 'deflate', 'x-unknown', 'gzip, identity'])(
  'a body in %s is refused',
  async (encoding) => {
    const answer = await sendRaw(
      port,
      post('/json', `Content-Encoding: ${encoding}\r\nContent-Type: application/json\r\n`, '{}'),
    );
    expect(answer.status).toBe(415);
  },
);

test('a small body that would unpack to a large one is never unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const head = `POST /json HTTP/1.1\r\n${HOST}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
  const before = process.memoryUsage.rss();
  expect((await sendRaw(port, Buffer.concat([Buffer.from(head), bomb]))).status).toBe(415);
  expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000);
});

test('a body over the limit is refused, announced or not, and the socket closed', async () => {
  const json = JSON.stringify('a'.repeat(2_000));
  const type = 'Content-Type: application/json\r\n';
  expect((await sendRaw(port, post('/json', type, json))).status).toBe(413);
  expect(
    (await sendRaw(port, `POST /json HTTP/1.1\r\nHost: x\r\n${type}Content-Length: 9999999\r\n\r\n`)).status,
  ).toBe(413);
  const chunk = `400\r\n${'a'.repeat(1024)}\r\n`;
  const chunked = `POST /json HTTP/1.1\r\nHost: x\r\n${type}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`;
  expect((await sendRaw(port, chunked)).status).toBe(413);
});

test.each([
  ['announced', 'Content-Length: 99999999\r\n\r\n'],
  ['in chunks without an end', 'Transfer-Encoding: chunked\r\n\r\n'],
])('a body of 10 MB that is %s is not read to its end', async (_how, head) => {
  const sockets: Socket[] = [];
  const remember = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', remember);
  const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`;
  const bytes = `POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${head}${chunk.repeat(640)}`;
  expect((await sendRaw(port, bytes)).status).toBe(413);
  unsubscribe('net.server.socket', remember);
  await eventually(() => sockets.every((socket) => socket.destroyed));
  expect(sockets).toHaveLength(1);
  // What one round of the event loop can take from a socket: 32 times 64 KiB.
  expect(sockets[0]?.bytesRead).toBeLessThanOrEqual(33 * 64 * 1024);
});

test.each([
  'Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}',
  'Content-Length: -1\r\n\r\n{}',
  'Content-Length: 2x\r\n\r\n{}',
  'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
  'Transfer-Encoding: gzip\r\n\r\n{}',
  'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n',
  'Content-Length: 50\r\n\r\n{}',
])('lengths that lie (%j) never hang', async (rest) => {
  const answer = await sendRaw(
    port,
    `POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${rest}`,
  );
  expect([400, 408]).toContain(answer.status);
});

test.each([
  ['{', 400],
  ['NaN', 400],
  ['\ufeff{}', 400],
  ['['.repeat(400), 400],
  [`${'['.repeat(17)}${']'.repeat(17)}`, 400],
  [`${'['.repeat(16)}${']'.repeat(16)}`, 200],
  ['{"__proto__":{"x":1}}', 400],
  ['[{"a":{"__proto__":1}}]', 400],
  ['{"constructor":{"prototype":{"x":1}}}', 200],
  ['{"a":"[[[[[[[[[[[[[[[[[[[[[[[\\"[[["}', 200],
  ['{"a":1,"a":2}', 200],
  ['"\\ud800"', 200],
])('the JSON %j is answered %i', async (json, status) => {
  expect((await sendRaw(port, post('/json', 'Content-Type: application/json\r\n', json))).status).toBe(
    status,
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x');
});

test('bytes that are not UTF-8 are refused', async () => {
  const body = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
  const head = `POST /json HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 4\r\n\r\n`;
  expect((await sendRaw(port, Buffer.concat([Buffer.from(head), body]))).status).toBe(400);
});

test('a route gets the kind of body it asked for, and other kinds are refused', async () => {
  const send = async (path: string, type: string, body: string): Promise<number> =>
    (await fetch(base + path, { method: 'POST', headers: { 'content-type': type }, body })).status;
  expect(await send('/json', 'application/json; charset=utf-8', '{"a":1}')).toBe(200);
  expect(last?.body).toEqual({ a: 1 });
  expect(await send('/form', 'application/x-www-form-urlencoded', 'a=1&b=2')).toBe(200);
  expect(String(last?.body)).toBe('a=1&b=2');
  expect(await send('/raw', 'text/anything', 'abc')).toBe(200);
  expect(last?.body).toEqual(Buffer.from('abc'));
  expect(await send('/json', 'text/plain', '{}')).toBe(415);
  expect(await send('/form', 'multipart/form-data', '{}')).toBe(415);
  expect(await send('/nothing', 'application/json', '{}')).toBe(415);
  expect((await fetch(`${base}/nothing`, { method: 'POST' })).status).toBe(200);
  expect(last?.body).toBeUndefined();
});

test('a client that waits for 100 Continue gets it, unless its body would be refused', async () => {
  const type = 'Content-Type: application/json\r\nExpect: 100-continue\r\n';
  const good = await sendRaw(port, post('/json', type, '{}'));
  expect(good.text).toMatch(/^HTTP\/1\.1 100 [^]*HTTP\/1\.1 200 /);
  const bad = await sendRaw(port, `POST /json HTTP/1.1\r\nHost: x\r\n${type}Content-Length: 5000\r\n\r\n`);
  expect(bad.status).toBe(413);
});

test.each(['/throws', '/throws-later', '/throws-text'])(
  '%s: an error is logged once and its text kept inside',
  async (path) => {
    lines.length = 0;
    const answer = await fetch(`${base}${path}?name=Maria`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toContain('hunter2');
    expect(lines).toHaveLength(1);
    expect(text).toContain(requestIdOf(lines[0]));
    expect(JSON.stringify(lines)).not.toContain('Maria');
  },
);

test('who asks for what is not theirs is a line in the log, without what they asked for', async () => {
  lines.length = 0;
  expect((await fetch(`${base}/not-yours/Maria?token=hunter2`)).status).toBe(403);
  expect(lines.map(({ fields }) => fields)).toEqual([
    { request: expect.any(String), route: 'GET /not-yours/:id', status: 403, code: 'Forbidden' },
  ]);
});

test('an expected refusal says what it is, and keeps the headers of its route', async () => {
  const answer = await fetch(`${base}/refuses`);
  expect(answer.status).toBe(409);
  expect(await answer.json()).toEqual({ error: { code: 'Conflict', message: 'Somebody was faster.' } });
  expect(answer.headers.get('retry-after')).toBe('3');
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://clinic.example');
});

test('a browser that opens a broken page reads a sentence, not JSON', async () => {
  const answer = await fetch(`${base}/throws`, { headers: { accept: 'text/html' } });
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toMatch(/^Something went wrong on our side\./);
});

test('a stream is sent; one that breaks off closes the socket instead of pretending to be whole', async () => {
  expect(await (await fetch(`${base}/stream`)).text()).toBe('one two');
  lines.length = 0;
  await expect(fetch(`${base}/broken-stream`).then((answer) => answer.text())).rejects.toThrow();
  expect(lines).toHaveLength(1);
});

test('HEAD answers like GET without the body', async () => {
  const answer = await sendRaw(port, `HEAD /hello HTTP/1.1\r\n${HOST}\r\n`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe(String('{"hello":"there"}'.length));
  expect(answer.body).toBe('');
  expect((await sendRaw(port, `HEAD /stream HTTP/1.1\r\n${HOST}\r\n`)).status).toBe(200);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])(
  '%s on a GET address is 405 and says what is allowed',
  async (method) => {
    const answer = await sendRaw(port, `${method} /hello HTTP/1.1\r\n${HOST}\r\n`);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  },
);

test.each(['FOO', 'get', 'G E T', 'CONNECT'])('the method %s gets nowhere', async (method) => {
  const answer = await sendRaw(port, `${method} /hello HTTP/1.1\r\n${HOST}\r\n`);
  expect([0, 400, 405]).toContain(answer.status);
});

test.each([
  ['a good answer', `GET /hello HTTP/1.1\r\n${HOST}\r\n`],
  ['an unknown address', `GET /nowhere HTTP/1.1\r\n${HOST}\r\n`],
  ['a failure', `GET /throws HTTP/1.1\r\n${HOST}\r\n`],
  ['a refused Host', 'GET / HTTP/1.1\r\nHost: a|b\r\n\r\n'],
  ['a wrong method', `PUT /hello HTTP/1.1\r\n${HOST}\r\n`],
  ['rubbish', 'rubbish\r\n\r\n'],
  [
    'an unknown upgrade',
    'GET /hello HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ],
])('%s carries the security headers and no server name', async (_what, bytes) => {
  const { headers, text } = await sendRaw(port, bytes);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.has('server')).toBe(false);
  expect(headers.has('x-powered-by')).toBe(false);
  expect(text).not.toContain('nowhere');
});

test('where visitors come over https, every answer tells browsers to use nothing else', async () => {
  const secure = createHttpServer({ routes, upgrades: [], trustProxy: [], https: true, log });
  const { port: securePort } = await secure.listen(0, '127.0.0.1');
  for (const path of ['/hello', '/nowhere', '/throws', '/hello%00'])
    expect(
      (await fetch(`http://127.0.0.1:${securePort}${path}`)).headers.get('strict-transport-security'),
    ).toMatch(/^max-age=\d{8}/);
  expect((await fetch(`${base}/hello`)).headers.has('strict-transport-security')).toBe(false);
  await secure.close();
});

test('cookies, query and path parts arrive decoded as text', async () => {
  await fetch(`${base}/things/a%20b?x=1&y=%C3%A4`, { headers: { cookie: 'one=1; two="2"; one=3; broken' } });
  expect(last?.params['id']).toBe('a b');
  expect(last?.query.get('y')).toBe('ä');
  expect([...(last?.cookies ?? [])]).toEqual([
    ['one', '1'],
    ['two', '"2"'],
  ]);
});

test('the address of the visitor is the one our own proxy saw', async () => {
  await fetch(`${base}/things/1`, { headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' } });
  expect(last?.clientAddress).toBe('203.0.113.9');
});

test('senders who dribble are closed, headers and bodies alike', async () => {
  const started = Date.now();
  const header = Array.from({ length: 50 }, () =>
    sendRaw(port, 'GET /hello HTTP/1.1\r\nHost: x\r\nX-', 10_000),
  );
  const body = Array.from({ length: 50 }, () =>
    sendRaw(
      port,
      'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      10_000,
    ),
  );
  const silent = Array.from({ length: 10 }, () => sendRaw(port, '', 10_000));
  await Promise.all([...header, ...body, ...silent]);
  // Else they would have gone on for the ten seconds.
  expect(Date.now() - started).toBeLessThan(9_000);
});

test.each(['/hello', '/json', '/nowhere', '/v3/directline/conversations/x/stream'])(
  'an upgrade of %s is closed at once',
  async (path) => {
    const started = Date.now();
    const answer = await sendRaw(
      port,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(answer.status).toBe(404);
    // Else it would have been left open for the five seconds that the client waits.
    expect(Date.now() - started).toBeLessThan(4_500);
  },
);

test('10,000 requests of random bytes leave the server up and its log without a failure', async () => {
  lines.length = 0;
  const random = seededRandom(20261122);
  const seeds = [
    `GET /hello?a=b HTTP/1.1\r\n${HOST}Cookie: a=b\r\n\r\n`,
    post(
      '/json',
      'Content-Type: application/json\r\n',
      '{"type":"message","text":"hi","list":[1,{"a":null}]}',
    ),
    post('/form', 'Content-Type: application/x-www-form-urlencoded\r\n', 'a=1&b=%20'),
    `POST /json HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `GET /things/%41 HTTP/1.1\r\n${HOST}Upgrade: websocket\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n\r\n`,
  ].map((text) => Buffer.from(text, 'latin1'));
  const fuzz = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const bytes = mutated(seeds[i % seeds.length] ?? Buffer.alloc(0), random);
      const answer = await sendRaw(port, bytes, 20);
      expect(answer.status).toBeLessThan(500);
    }
  };
  await Promise.all(Array.from({ length: 50 }, () => fuzz(200)));
  expect(lines).toEqual([]);
}, 60_000);

test('a port that is taken is reported with what to do', async () => {
  const second = createHttpServer({ routes: [], upgrades: [], trustProxy: [], log });
  await expect(second.listen(port, '127.0.0.1')).rejects.toThrow(/another program uses this port.*PORT=/);
});

function requestIdOf(line: (typeof lines)[number] | undefined): unknown {
  return line !== undefined && 'requestId' in line.fields ? line.fields.requestId : undefined;
}
