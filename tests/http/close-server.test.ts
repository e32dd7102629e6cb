import { once } from 'node:events';
import { connect } from 'node:net';
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
  finish({ status: 200, body: { done: true } });
  expect(await (await running).json()).toEqual({ done: true });
  await closed;
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('a server that never listened closes at once', async () => {
  await createHttpServer({ routes: [], upgrades: [], trustProxy: [], log }).close();
});

test('more sockets than allowed are closed as they come, and those inside are served', async () => {
  const server = createHttpServer({
    routes: [{ method: 'GET', path: '/hello', handle: async () => ({ status: 200, body: {} }) }],
    upgrades: [],
    trustProxy: [],
    log,
    maxConnections: 5,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  const inside = Array.from({ length: 5 }, () => connect(port, '127.0.0.1'));
  await Promise.all(inside.map((socket) => once(socket, 'connect')));
  const over = connect(port, '127.0.0.1');
  over.on('error', () => undefined);
  await new Promise((resolve) => void over.once('close', resolve));
  inside[0]?.write('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n');
  const [data] = await once(inside[0] ?? over, 'data');
  expect(String(data)).toContain('200 OK');
  for (const socket of inside) socket.destroy();
  await server.close();
});
