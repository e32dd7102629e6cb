import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { HttpResponse } from '../../../src/http/route';
import { buildWidget, pagesOf, TEST_CLINIC } from '../../support/widget-page';

const built = buildWidget();
afterAll(built.remove);

async function ask(address: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  const [path = '', query = ''] = address.split('?');
  const routes = pagesOf(built.folder, {
    origins: ['https://www.clinic.example', 'https://shop.clinic.example'],
  });
  const route = routes.find((candidate) => candidate.path === path);
  if (!route) throw new Error(`There is no ${path}.`);
  return route.handle({
    id: 'r1',
    method: 'GET',
    path,
    params: {},
    query: new URLSearchParams(query),
    headers,
    cookies: new Map(),
    body: undefined,
    clientAddress: '127.0.0.1',
  });
}

test('only our own pages and the listed sites may frame the chat; nobody frames the others', async () => {
  expect(await policyOf('/chat')).toContain(
    "frame-ancestors 'self' https://www.clinic.example https://shop.clinic.example",
  );
  for (const path of ['/', '/privacy']) expect(await policyOf(path)).toContain("frame-ancestors 'none'");
});

test('no page may run or style anything inline', async () => {
  for (const path of ['/', '/privacy', '/chat']) {
    expect(await policyOf(path)).toContain("default-src 'none'");
    expect(await policyOf(path)).not.toContain('unsafe');
    const html = await pageOf(path);
    expect(html).not.toMatch(/<style|style="|<script(?![^>]*\ssrc=)|\son\w+="/);
  }
});

test('an unchanged script is not sent again', async () => {
  const first = await ask('/widget.js');
  const again = await ask('/widget.js', { 'if-none-match': String(first.headers?.['etag']) });
  expect([first.status, again.status, again.body]).toEqual([200, 304, undefined]);
});

test('scripts are sent compressed to those who can read it', async () => {
  const plain = (await ask('/chat.js')).body as Buffer;
  const brotli = await ask('/chat.js', { 'accept-encoding': 'gzip, deflate, br' });
  const gzip = await ask('/chat.js', { 'accept-encoding': 'gzip, br;q=0' });
  expect(brotliDecompressSync(brotli.body as Buffer)).toEqual(plain);
  expect(gunzipSync(gzip.body as Buffer)).toEqual(plain);
});

test('our own pages name each file by its content, and it is kept for a year', async () => {
  const html = await pageOf('/chat');
  const address = /src="(chat\.js\?v=\w+)"/.exec(html)?.[1] ?? '';
  expect((await ask(`/${address}`)).headers?.['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await ask('/widget.js')).headers?.['cache-control']).toBe('public, max-age=300');
});

test('the privacy notice tells what is kept for how long, in the clinic’s own figures and words', async () => {
  const html = await pageOf('/privacy');
  for (const words of ['30 days', '180 days', '730 days', TEST_CLINIC.consent.text, 'delete my data']) {
    expect(html).toContain(words);
  }
});

test('a missing build is named with the command that makes it', () => {
  expect(() => pagesOf('/nowhere')).toThrow(
    /\/nowhere\/chat\.js cannot be read\. Build it: node src\/cli\/build-widget\.mjs/,
  );
});

async function pageOf(path: string): Promise<string> {
  return (await ask(path)).body as string;
}

async function policyOf(path: string): Promise<string> {
  return String((await ask(path)).headers?.['content-security-policy']);
}
