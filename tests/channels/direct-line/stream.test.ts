import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { type CuttingProxy, startCuttingProxy } from '../../support/cutting-proxy';
import { startDirectLine, type TestDirectLine, type TestVisitor } from './start-direct-line';

let service: TestDirectLine;
let proxy: CuttingProxy | undefined;

beforeEach(async () => {
  service = await startDirectLine();
});

afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await service.close();
});

const say = (visitor: TestVisitor, text: string): ReturnType<TestDirectLine['call']> =>
  service.call('POST', `/v3/directline/conversations/${visitor.conversationId}/activities`, visitor.token, {
    type: 'message',
    text,
    channelData: { clientActivityID: `id ${text}`.replaceAll(' ', '-') },
  });

/** Collects what a socket brings; `until` resolves as soon as that many activities are there. */
function listen(url: string, headers: Record<string, string> = {}): Listener {
  return new Listener(new WebSocket(url, { headers }));
}

class Listener {
  readonly texts: string[] = [];
  /** Activities of each frame. */
  readonly frames: number[] = [];
  watermark = '';
  private wake = (): void => undefined;

  constructor(readonly socket: WebSocket) {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const set = JSON.parse(data.toString()) as { activities: { text: string }[]; watermark: string };
      this.texts.push(...set.activities.map(({ text }) => text));
      this.frames.push(set.activities.length);
      this.watermark = set.watermark;
      this.wake();
    });
  }

  async until(count: number): Promise<void> {
    while (this.texts.length < count) await new Promise<void>((resolve) => void (this.wake = resolve));
  }

  /** The code it was closed with; 1006 where it was cut. */
  async closed(): Promise<number> {
    return new Promise((resolve) => void this.socket.once('close', resolve));
  }
}

/** Bounded by the test's own time limit. */
async function openStreamsAre(count: number): Promise<void> {
  while (service.directLine.openStreams() !== count) await new Promise((resolve) => setImmediate(resolve));
}

async function refusal(url: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const [, response] = await once(socket, 'unexpected-response');
  socket.terminate();
  return response.statusCode;
}

test('several tabs of one visitor hear the same', async () => {
  const visitor = await service.visitor();
  const tabs = [listen(visitor.streamUrl), listen(visitor.streamUrl)];
  await Promise.all(tabs.map((tab) => tab.until(1)));
  await say(visitor, 'hi');
  await Promise.all(tabs.map((tab) => tab.until(3)));
  expect(tabs.map(({ texts }) => texts)).toEqual([
    ['Welcome', 'hi', 'You said hi'],
    ['Welcome', 'hi', 'You said hi'],
  ]);
  expect(service.directLine.openStreams()).toBe(2);
});

test('nobody hears another conversation', async () => {
  const [one, other] = [await service.visitor(), await service.visitor()];
  const stream = listen(other.streamUrl);
  await stream.until(1);
  await say(one, 'for one');
  await say(other, 'for other');
  await stream.until(3);
  expect(stream.texts).toEqual(['Welcome', 'for other', 'You said for other']);
});

test('a socket cut fifty times at any byte while messages flow: none lost, none doubled, order kept', async () => {
  const visitor = await service.visitor();
  const cutting = (proxy = await startCuttingProxy(service.port));
  let cuts = 0;
  // 0 to 2,600 bytes: within the handshake, within a frame, between frames.
  cutting.cutAfter(() => (cuts++ < 50 ? Math.floor((cuts * 7919) % 2_600) : Infinity));
  const heard: string[] = [];
  const expected = ['Welcome', ...Array.from({ length: 60 }, (_, i) => [`m${i}`, `You said m${i}`]).flat()];
  let watermark = '';

  const listening = (async (): Promise<void> => {
    while (heard.length < expected.length) {
      const path = `/v3/directline/conversations/${visitor.conversationId}?watermark=${watermark}`;
      const { json } = await service.call('GET', path, visitor.token);
      const url = new URL(String(json['streamUrl']));
      url.port = String(cutting.port);
      const stream = listen(url.href);
      await Promise.race([stream.closed(), stream.until(expected.length - heard.length)]);
      stream.socket.terminate();
      heard.push(...stream.texts);
      watermark = stream.watermark || watermark;
    }
  })();
  for (let i = 0; i < 60; i++) await say(visitor, `m${i}`);
  await listening;

  expect(heard).toEqual(expected);
  expect(cuts).toBeGreaterThanOrEqual(50);
});

test('a long backlog comes in frames of 20: who loses the connection after one goes on behind it', async () => {
  const visitor = await service.visitor();
  const expected = ['Welcome'];
  for (let i = 0; i < 60; i++) {
    await say(visitor, `m${i}`);
    expected.push(`m${i}`, `You said m${i}`);
  }
  const heard: string[] = [];
  let watermark = '';
  while (heard.length < expected.length) {
    const { json } = await service.call(
      'GET',
      `/v3/directline/conversations/${visitor.conversationId}?watermark=${watermark}`,
      visitor.token,
    );
    const stream = listen(String(json['streamUrl']));
    await stream.until(1);
    stream.socket.terminate();
    expect(Math.max(...stream.frames)).toBeLessThanOrEqual(20);
    heard.push(...stream.texts);
    ({ watermark } = stream);
  }
  expect(heard).toEqual(expected);
});

test('posting and opening the stream at the same time leaves no gap, however they fall', async () => {
  for (let round = 0; round < 100; round++) {
    const visitor = await service.visitor();
    const posting = Promise.all([say(visitor, 'a'), say(visitor, 'b')]);
    const stream = listen(visitor.streamUrl);
    await posting;
    await stream.until(5);
    expect([...stream.texts].sort()).toEqual(['Welcome', 'You said a', 'You said b', 'a', 'b']);
    stream.socket.terminate();
  }
});

test('what another instance of the service has kept arrives with the next heartbeat', async () => {
  await service.close();
  service = await startDirectLine({ limits: { heartbeatMs: 50 } });
  const visitor = await service.visitor();
  const stream = listen(visitor.streamUrl);
  await stream.until(1);
  await service.keepElsewhere(visitor.conversationId, 'from elsewhere');
  await stream.until(3);
  await say(visitor, 'here');
  await stream.until(5);
  expect(stream.texts.slice(1)).toEqual([
    'from elsewhere',
    'You said from elsewhere',
    'here',
    'You said here',
  ]);
});

test('a stream address opens its own conversation only, for a minute, from our pages only', async () => {
  const [visitor, other] = [await service.visitor(), await service.visitor()];
  const url = visitor.streamUrl;
  expect(await refusal(url.replace(visitor.conversationId, other.conversationId))).toBe(403);
  expect(await refusal(url.replace(/t=.*/, `t=${visitor.token}`))).toBe(403);
  expect(await refusal(url.replace(/&t=.*/, ''))).toBe(401);
  expect(await refusal(url.replace('watermark=', 'watermark=x'))).toBe(400);
  expect(await refusal(url, { origin: 'https://evil.example' })).toBe(403);
  const allowed = listen(url, { origin: 'https://clinic.example' });
  await allowed.until(1);
  service.passTime(61_000);
  expect(await refusal(url)).toBe(403);
});

test('the stream of an erased conversation is not there', async () => {
  const visitor = await service.visitor();
  service.erase(visitor.conversationId);
  expect(await refusal(visitor.streamUrl)).toBe(404);
});

test('empty keep-alive frames and a ping are taken; frames of other kinds, and floods of any, are not', async () => {
  const visitor = await service.visitor();
  const open = async (): Promise<Listener> => {
    const stream = listen(visitor.streamUrl);
    await stream.until(1);
    return stream;
  };
  const good = await open();
  good.socket.send('');
  good.socket.ping();
  const large = await open();
  large.socket.send('a'.repeat(17 * 1024));
  expect(await large.closed()).toBe(1009);
  const binary = await open();
  binary.socket.send(Buffer.from('x'));
  expect(await binary.closed()).toBe(1003);
  const notUtf8 = await open();
  notUtf8.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect(await notUtf8.closed()).toBe(1007);
  for (const flood of [
    (socket: WebSocket) => socket.send(''),
    (socket: WebSocket) => socket.ping(),
    (socket: WebSocket) => socket.pong(),
  ]) {
    const stream = await open();
    for (let i = 0; i < 100; i++) flood(stream.socket);
    expect(await stream.closed()).toBe(1008);
  }
  await say(visitor, 'still here');
  await good.until(3);
});

test.each([
  ['of a thousand letters, at 16 KiB', 'a'.repeat(1_000), 17, 1009],
  ['without any, at as many fragments', '', 16 * 1024 + 1, 1008],
])('a message in fragments that never ends is given up: %s', async (_which, fragment, most, code) => {
  const stream = listen((await service.visitor()).streamUrl);
  await stream.until(1);
  // No more than that: what the server has not read when it hangs up would cut off its reason.
  for (let sent = 0; sent < most; sent++) stream.socket.send(fragment, { fin: false });
  expect(await stream.closed()).toBe(code);
});

test('a client that no longer answers pings is dropped', async () => {
  await service.close();
  service = await startDirectLine({ limits: { heartbeatMs: 50 } });
  const visitor = await service.visitor();
  const dead = new Listener(new WebSocket(visitor.streamUrl, { autoPong: false }));
  const alive = listen(visitor.streamUrl);
  await Promise.all([dead.until(1), alive.until(1)]);
  expect(await dead.closed()).toBe(1006);
  await openStreamsAre(1);
  await say(visitor, 'hi');
  await alive.until(3);
});

test('a client that does not read is dropped before it fills the memory, and resumes from its watermark', async () => {
  const visitor = await service.visitor();
  const { conversationId } = visitor;
  const userId = String(service.kept(conversationId)[0]?.activity.from?.id);
  const lazy = listen(visitor.streamUrl);
  await lazy.until(1);
  lazy.socket.pause();
  // Past the channel's own limit on texts, to fill the operating system's buffers of some MB quickly.
  const text = 'a'.repeat(100_000);
  let said = 0;
  while (service.directLine.openStreams() === 1 && said < 1_000) {
    const activity = { type: 'message', text };
    await service.turns.handle({
      conversationId,
      channel: 'directline',
      userId,
      incomingId: `${said++}`,
      activity,
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await openStreamsAre(0);
  expect(said).toBeLessThan(1_000);
  lazy.socket.terminate();
  const url = new URL(visitor.streamUrl);
  url.searchParams.set('watermark', String(2 + 2 * (said - 1)));
  const again = listen(url.href);
  await again.until(2);
  expect(again.texts).toEqual([text, `You said ${text}`]);
}, 60_000);

test('one conversation, and one address, may hold only so many sockets', async () => {
  await service.close();
  service = await startDirectLine({ limits: { streams: { conversation: 2, address: 3, all: 10 } } });
  const [one, other] = [await service.visitor(), await service.visitor()];
  const open = [listen(one.streamUrl), listen(one.streamUrl), listen(other.streamUrl)];
  await Promise.all(open.map((stream) => stream.until(1)));
  expect(await refusal(one.streamUrl)).toBe(429);
  expect(await refusal(other.streamUrl)).toBe(429);
  open[0]?.socket.close();
  await open[0]?.closed();
  const again = listen(other.streamUrl);
  await again.until(1);
});

test('while the database fails a stream ends with "come back", and the next one has everything', async () => {
  const visitor = await service.visitor();
  service.failWith(new Error('disk I/O error'));
  expect(await refusal(visitor.streamUrl)).toBe(503);
  service.failWith(undefined);
  const stream = listen(visitor.streamUrl);
  await stream.until(1);
});

test('a restart says goodbye to its streams and is over at once', async () => {
  const visitor = await service.visitor();
  const streams = Array.from({ length: 5 }, () => listen(visitor.streamUrl));
  await Promise.all(streams.map((stream) => stream.until(1)));
  const started = performance.now();
  const closing = service.close();
  expect(await Promise.all(streams.map((stream) => stream.closed()))).toEqual([1001, 1001, 1001, 1001, 1001]);
  await closing;
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('broken handshakes are answered and closed', async () => {
  const visitor = await service.visitor();
  const url = new URL(visitor.streamUrl);
  for (const extra of [
    'Sec-WebSocket-Key: bad\r\nSec-WebSocket-Version: 13\r\n',
    'Sec-WebSocket-Version: 8\r\n',
    '',
  ]) {
    const socket = connect(service.port, '127.0.0.1');
    socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${extra}\r\n`,
    );
    const [data] = await once(socket, 'data');
    expect(String(data)).toMatch(/^HTTP\/1\.1 4/);
    await once(socket, 'close');
  }
  expect(service.directLine.openStreams()).toBe(0);
});
