import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { sendRaw } from '../http/raw-request';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { memoryOf, MEMORY_FLAGS } from '../support/service-memory';
import { dataFolder, type RunningService, startService } from '../support/start-service';

/** What one attacker does to the built service, from addresses of its own, while a visitor writes. */
const data = dataFolder();
let service: RunningService;
let visitor: DirectLineChat;
let port: number;
beforeAll(async () => {
  service = await startService(data.folder);
  port = Number(new URL(service.url).port);
  visitor = await openChat(service.url);
  await visitor.say('how long does it last');
});
afterAll(async () => {
  await service.kill();
  data.remove();
});

const ATTACKER = '127.0.0.66';

/** Runs the attack; meanwhile one visitor asks and waits, again and again. All of it is answered; returns the times. */
async function under(attack: Promise<unknown>): Promise<{ p50: number; p99: number; asked: number }> {
  let over = false;
  const ended = attack.finally(() => (over = true));
  const times: number[] = [];
  while (!over || times.length < 20) {
    const started = performance.now();
    expect(await visitor.post('how long does it last')).toBe(200);
    times.push(performance.now() - started);
    // A conversation may have two messages a second for long.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await ended;
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), asked: times.length };
}

function tell(what: string, { p50, p99, asked }: Awaited<ReturnType<typeof under>>): void {
  process.stderr.write(
    `${what}: ${asked} messages meanwhile, all taken; half within ${p50.toFixed(0)} ms, 99 of 100 within ${p99.toFixed(0)} ms\n`,
  );
}

test('500 who dribble headers and 500 who dribble bodies are closed, and the visitor is served', async () => {
  const started = performance.now();
  const headers = 'Host: x\r\nContent-Type: application/json\r\n';
  const dribblers = Array.from({ length: 1_000 }, (_, own) =>
    dribble(
      own % 2 === 0
        ? `GET /chat HTTP/1.1\r\n${headers}X-`
        : `POST /widget/token HTTP/1.1\r\n${headers}Content-Length: 900\r\n\r\n{`,
    ),
  );
  tell('1,000 dribblers', await under(Promise.all(dribblers)));
  // Ten seconds for the headers, fifteen for all; the rest is the last message of the visitor.
  expect(performance.now() - started).toBeLessThan(25_000);
}, 120_000);

/** A byte a second; resolves once the service has closed it. */
function dribble(beginning: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: ATTACKER }, () =>
      socket.write(beginning),
    );
    const drops = setInterval(() => socket.write('a'), 1_000);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      clearInterval(drops);
      resolve();
    });
  });
}

test('2,000 idle sockets of one address do not keep others out', async () => {
  const idle: Socket[] = [];
  const attack = async () => {
    for (let opened = 0; opened < 2_000; opened++) {
      const socket = connect({ port, host: '127.0.0.1', localAddress: ATTACKER });
      socket.on('error', () => undefined);
      idle.push(socket);
      if (opened % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  };
  tell('2,000 idle sockets', await under(attack()));
  for (const socket of idle) socket.destroy();
}, 120_000);

test('a flood from one address is told when to come back, and the visitor is served', async () => {
  const statuses = new Map<number, number>();
  const until = performance.now() + 10_000;
  const flood = async () => {
    const body = '{}';
    const request = Buffer.from(
      `POST /widget/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n${body}`,
    );
    while (performance.now() < until) {
      const { status, text } = await sendRaw(port, request, 5_000);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429) expect(text).toMatch(/retry-after: \d+\r\n/i);
    }
  };
  tell('a flood', await under(Promise.all(Array.from({ length: 32 }, flood))));
  process.stderr.write(`the flood was answered ${JSON.stringify(Object.fromEntries(statuses))}\n`);
  expect([...statuses.keys()].toSorted((one, other) => one - other)).toEqual([200, 429]);
}, 120_000);

test('100 streams that are never read do not fill the memory', async () => {
  const chats: DirectLineChat[] = [];
  await service.kill();
  const settings = { PORT: String(port), TRUST_PROXY: '127.0.0.1' };
  service = await startService(data.folder, settings, { flags: MEMORY_FLAGS });
  // Each from an address of its own, so that the limit of one is not what keeps the memory small.
  for (let count = 0; count < 100; count++) chats.push(await openChat(service.url, `192.0.2.${count}`));
  const sockets = await Promise.all(chats.map(lazyStream));
  const before = (await memoryOf(service)).bytes;
  const talk = async () => {
    for (let round = 0; round < 60; round++) {
      await Promise.all(chats.map((chat) => chat.post('how long does it last, please tell me all of it')));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  tell('100 lazy readers', await under(talk()));
  const grown = ((await memoryOf(service)).bytes - before) / 1e6;
  process.stderr.write(`memory grew by ${grown.toFixed(0)} MB\n`);
  expect(grown).toBeLessThan(50);
  for (const socket of sockets) socket.terminate();
  const [chat] = chats;
  expect((await chat?.activities())?.length).toBeGreaterThan(100);
  expect(await service.stop()).toBe(0);
}, 180_000);

async function lazyStream(chat: DirectLineChat): Promise<WebSocket> {
  const answer = await fetch(`${service.url}/v3/directline/conversations/${chat.conversationId}`, {
    headers: { authorization: `Bearer ${chat.token}` },
  });
  const { streamUrl } = (await answer.json()) as { streamUrl: string };
  const socket = new WebSocket(streamUrl);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.pause();
  return socket;
}
