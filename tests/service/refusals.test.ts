import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { openChat } from '../support/direct-line-chat';
import { type RunningService, dataFolder, startRefused, startService } from '../support/start-service';

const KNOWLEDGE = path.resolve(__dirname, '..', '..', 'knowledge');
/** sysexits.h: a supervisor starts it again. 78 leaves it stopped. */
const TRY_AGAIN = 75;
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
    expect(code).toBe(TRY_AGAIN);
  });

  test('an unreachable database, without its password', async () => {
    const { code, output } = await startRefused(data.folder, {
      DATABASE_URL: 'postgres://clinic:hush-hush@127.0.0.1:1/enquiries',
    });
    expect(output).toMatch(/127\.0\.0\.1:1/);
    expect(output).not.toContain('hush-hush');
    // It may only come up later than this machine, as after a power cut.
    expect(code).toBe(TRY_AGAIN);
  });

  test('a second service on the same SQLite file', async () => {
    const first = await startService(data.folder);
    const { code, output } = await startRefused(data.folder, {});
    await first.kill();
    expect(output).toContain(String(first.process.pid));
    expect(code).toBe(TRY_AGAIN);
  });

  test('nothing that a supervisor is told not to try again mends itself', () => {
    const unit = readFileSync(path.resolve(__dirname, '..', '..', 'deploy', 'enquiry-bot.service'), 'utf8');
    expect(unit).toMatch(/^Restart=always$/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=78$/m);
    expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
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

test('SIGTERM while it starts ends it at once: a first process of a container has no other way out', async () => {
  // A database that takes the connection and never says a word: the start would wait for five seconds.
  const silent = createTcpServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const starting = startRefused(
    data.folder,
    { DATABASE_URL: `postgres://clinic:x@127.0.0.1:${port}/enquiries` },
    (child) => silent.once('connection', () => child.kill('SIGTERM')),
  );
  const { code, output } = await starting;
  silent.close();
  expect({ code, output }).toEqual({ code: 0, output: '' });
});

test('SIGTERM ends the service cleanly, with exit code 0', async () => {
  const service = await startService(data.folder);
  await openChat(service.url);
  expect(await service.stop()).toBe(0);
});
