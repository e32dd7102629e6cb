import { createHttpServer, type HttpServer } from '../../src/http/create-server';
import { healthRoutes, type ReadinessCheck } from '../../src/http/health';
import { createMetrics } from '../../src/http/metrics';

const warnings: object[] = [];
const log = {
  info: () => undefined,
  warn: (fields: object) => void warnings.push(fields),
  error: () => undefined,
};
const metrics = createMetrics();
let server: HttpServer;
let base: string;
let database: ReadinessCheck = async () => undefined;

beforeAll(async () => {
  server = createHttpServer({
    routes: healthRoutes({
      checks: { database: () => database(), knowledge: async () => undefined },
      metrics,
      log,
    }),
    upgrades: [],
    trustProxy: [],
    log,
    onAnswered: ({ method, route, status }) =>
      metrics.count('http_requests_total', { method, route, status: String(status) }),
  });
  base = `http://127.0.0.1:${(await server.listen(0, '127.0.0.1')).port}`;
});

afterAll(() => server.close());

test('alive does not depend on anything', async () => {
  database = () => Promise.reject(new Error('gone'));
  const answer = await fetch(`${base}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
});

test('ready while everything is', async () => {
  database = async () => undefined;
  const answer = await fetch(`${base}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { status: 'ok', checks: { database: 'ok', knowledge: 'ok' } },
  ]);
});

test.each<[string, ReadinessCheck]>([
  ['rejects', () => Promise.reject(new Error('password=hunter2'))],
  [
    'throws',
    () => {
      throw new Error('password=hunter2');
    },
  ],
  ['never answers', () => new Promise(() => undefined)],
])('not ready where a check %s; the public hears which, the log why', async (_how, check) => {
  warnings.length = 0;
  database = check;
  const answer = await fetch(`${base}/readyz`);
  expect(answer.status).toBe(503);
  const text = await answer.text();
  expect(JSON.parse(text)).toEqual({ status: 'failing', checks: { database: 'failing', knowledge: 'ok' } });
  expect(text).not.toContain('hunter2');
  expect(warnings).toHaveLength(1);
});

test('what is worth a look is told by its word, and no reason to take no visitors', async () => {
  database = async () => 'stale';
  const answer = await fetch(`${base}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { status: 'ok', checks: { database: 'stale', knowledge: 'ok' } },
  ]);
});

test('the figures count answers by route, never by what a stranger typed', async () => {
  metrics.gauge('open_streams', () => 3);
  await fetch(`${base}/healthz`);
  await fetch(`${base}/secret-path-of-a-stranger`);
  const answer = await fetch(`${base}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await answer.text();
  expect(text).toMatch(/^http_requests_total\{method="GET",route="\/healthz",status="200"\} [1-9]/m);
  expect(text).toMatch(/^http_requests_total\{method="GET",route="none",status="404"\} 1$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).toMatch(/^open_streams 3$/m);
  expect(text).not.toContain('stranger');
});
