import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openChat } from '../support/direct-line-chat';
import { type RunningService, dataFolder, startRefused, startService } from '../support/start-service';

const KNOWLEDGE = path.resolve(__dirname, '..', '..', 'knowledge');
let data: ReturnType<typeof dataFolder>;
beforeEach(() => (data = dataFolder()));
afterEach(() => data.remove());

describe('the start is refused with the reason and what to do', () => {
  test('a broken knowledge file: file, line and column', async () => {
    const folder = path.join(data.folder, 'knowledge');
    cpSync(KNOWLEDGE, folder, { recursive: true });
    const file = path.join(folder, 'smp.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('    phrasings:', '    phrasing:'));
    const { code, output } = await startRefused(data.folder, { KNOWLEDGE_DIR: folder });
    expect(output).toMatch(/smp\.yaml:\d+:\d+: .*phrasings/);
    expect(output).not.toMatch(/\n\s+at .*\.js:\d+/);
    expect(code).toBe(78);
  });

  test('mistyped settings: all of them at once, each with its remedy', async () => {
    const { code, output } = await startRefused(data.folder, {
      PORT: 'eighty',
      DATABSE_URL: 'x',
      LOG_LEVEL: 'loud',
    });
    expect(output).toContain('PORT');
    expect(output).toContain('DATABASE_URL');
    expect(output).toContain('LOG_LEVEL');
    expect(code).toBe(78);
  });

  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, output } = await startRefused(data.folder, { PORT: String(port) });
    other.close();
    expect(output).toContain(String(port));
    expect(output).toMatch(/uses this port/);
    expect(code).not.toBe(0);
  });

  test('an unreachable database, without its password', async () => {
    const { code, output } = await startRefused(data.folder, {
      DATABASE_URL: 'postgres://clinic:hush-hush@127.0.0.1:1/enquiries',
    });
    expect(output).toMatch(/127\.0\.0\.1:1/);
    expect(output).not.toContain('hush-hush');
    expect(code).not.toBe(0);
  });

  test('a second service on the same SQLite file', async () => {
    const first = await startService(data.folder);
    const { code, output } = await startRefused(data.folder, {});
    await first.kill();
    expect(output).toContain(String(first.process.pid));
    expect(code).not.toBe(0);
  });
});

describe('a running service refuses and lives on', () => {
  let service: RunningService;
  const own = dataFolder();
  beforeAll(async () => (service = await startService(own.folder)));
  afterAll(async () => {
    await service.kill();
    own.remove();
  });

  test.each([
    ['an over-long message', { body: JSON.stringify({ type: 'message', text: 'a'.repeat(1001) }) }, 400],
    ['malformed JSON', { body: '{"type":' }, 400],
    ['a forged token', { token: 'abc.def.ghi' }, 403],
    ['no token', { token: '' }, 401],
  ])('%s', async (_name, given: { body?: string; token?: string }, status) => {
    const chat = await openChat(service.url);
    const token = given.token ?? chat.token;
    const answer = await fetch(
      `${service.url}/v3/directline/conversations/${chat.conversationId}/activities`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: given.body ?? JSON.stringify({ type: 'message', text: 'hello' }),
      },
    );
    expect(answer.status).toBe(status);
    const body = (await answer.json()) as { error: { code: string; message: string } };
    expect(body.error.message).toMatch(/\w+ \w+/);
    expect((await chat.say('how long is a session')).join(' ')).toContain('3 to 5 hours');
  });

  test('the Bot Connector endpoint is off without credentials', async () => {
    const answer = await fetch(`${service.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
  });
});

test('SIGTERM ends the service cleanly, with exit code 0', async () => {
  const service = await startService(data.folder);
  await openChat(service.url);
  expect(await service.stop()).toBe(0);
});
