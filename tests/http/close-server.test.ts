import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHttpServer } from '../../src/http/create-server';
import type { HttpResponse, Route } from '../../src/http/route';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('closing lets running requests finish, ends idle sockets and open upgrades, and takes nothing new', async () => {
  let finish: (answer: HttpResponse) => void = () => undefined;
  let entered: () => void = () => undefined;
  const inside = new Promise<void>((resolve) => void (entered = resolve));
  const slow: Route = {
    method: 'GET',
    path: '/slow',
    handle: () =>
      new Promise((resolve) => {
        finish = resolve;
        entered();
      }),
  };
  const server = createHttpServer({
    routes: [slow],
    upgrades: [
      { matches: (path) => path === '/open', handle: (_request, socket) => void socket.write('hello') },
    ],
    trustProxy: [],
    log,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  const upgraded = connect(port, '127.0.0.1');
  upgraded.write('GET /open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await once(upgraded, 'data');
  const idle = connect(port, '127.0.0.1');
  idle.write('GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const running = fetch(`http://127.0.0.1:${port}/slow`);
  await inside;

  const started = performance.now();
  const closed = server.close();
  await Promise.all([once(upgraded, 'close'), once(idle, 'close')]);
  await expect(fetch(`http://127.0.0.1:${port}/slow`)).rejects.toThrow();
  let isClosed = false;
  void closed.then(() => (isClosed = true));
  // Time enough for a server that does not wait.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isClosed).toBe(false);
  finish({ status: 200, body: { done: true } });
  expect(await (await running).json()).toEqual({ done: true });
  await closed;
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('after closing nobody is let in any more, through none of its listening sockets', async () => {
  const server = createHttpServer({ routes: [], upgrades: [], trustProxy: [], log });
  const { port } = await server.listen(0, '127.0.0.1');
  await server.close();
  const tries = Array.from({ length: 50 }, () => once(connect(port, '127.0.0.1'), 'connect'));
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(50).fill('rejected'));
});

test('a server that never listened closes at once', async () => {
  await createHttpServer({ routes: [], upgrades: [], trustProxy: [], log }).close();
});

test('more sockets than allowed are closed as they come, those inside are served, and no address can have them all', async () => {
  const server = createHttpServer({
    routes: [{ method: 'GET', path: '/hello', handle: async () => ({ status: 200, body: {} }) }],
    upgrades: [],
    trustProxy: ['127.0.0.9'],
    log,
    maxConnections: 8,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  const sockets: Socket[] = [];
  const open = async (localAddress: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  const isServed = async (socket: Socket) => {
    socket.write('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n');
    const [data] = await once(socket, 'data');
    return String(data).includes('200 OK');
  };
  const closed = (socket: Socket) => new Promise((resolve) => void socket.once('close', resolve));
  const greedy: Socket[] = [];
  for (let inside = 0; inside < 6; inside++) {
    const socket = await open('127.0.0.1');
    // Which of the doors lets which socket in first is the system's choice; who was served is inside.
    expect(await isServed(socket)).toBe(true);
    greedy.push(socket);
  }
  await closed(await open('127.0.0.1'));
  expect(await isServed(await open('127.0.0.2'))).toBe(true);
  // A proxy has the sockets of all its visitors.
  expect(await isServed(await open('127.0.0.9'))).toBe(true);
  await closed(await open('127.0.0.3'));
  expect(await isServed(greedy[0]!)).toBe(true);
  greedy[1]?.destroy();
  await closed(greedy[1]!);
  for (let tries = 0; tries < 100; tries++) {
    const again = await open('127.0.0.1');
    const served = await Promise.race([isServed(again), closed(again).then(() => false)]);
    if (served) break;
    expect(tries).toBeLessThan(99);
  }
  for (const socket of sockets) socket.destroy();
  await server.close();
});
