import {
  type Activity,
  ConnectionStatus,
  DirectLine,
  type DirectLineOptions,
} from 'botframework-directlinejs';
import { WebSocket } from 'ws';
import { type CuttingProxy, startCuttingProxy } from '../../support/cutting-proxy';
import { startDirectLine, type TestDirectLine } from './start-direct-line';

// The library is made for browsers and takes both from the global object.
Object.assign(globalThis, { XMLHttpRequest: jest.requireActual('xhr2'), WebSocket });

let service: TestDirectLine;
let proxy: CuttingProxy;
const clients: StockClient[] = [];

beforeEach(async () => {
  service = await startDirectLine({ secret: 'a-secret-between-servers' });
  proxy = await startCuttingProxy(service.port);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await proxy.close();
  await service.close();
  jest.restoreAllMocks();
});

/** The stock library, with what it received and where its connection stands. */
class StockClient {
  readonly received: Activity[] = [];
  readonly statuses: ConnectionStatus[] = [];
  /** No more activities will come. */
  hasEnded = false;
  private readonly waiting = new Set<() => void>();
  private readonly directLine: DirectLine;

  constructor(options: DirectLineOptions) {
    this.directLine = new DirectLine({ ...options, domain: `http://127.0.0.1:${proxy.port}/v3/directline` });
    this.directLine.connectionStatus$.subscribe((status) => {
      this.statuses.push(status);
      this.wake();
    });
    this.directLine.activity$.subscribe(
      (activity) => {
        this.received.push(activity);
        this.wake();
      },
      () => {
        this.hasEnded = true;
        this.wake();
      },
    );
    clients.push(this);
  }

  texts(): (string | undefined)[] {
    return this.received.map((activity) => (activity.type === 'message' ? activity.text : activity.type));
  }

  async post(text: string, clientActivityID = `id-${text}`): Promise<string> {
    const activity: Activity = {
      type: 'message',
      text,
      from: { id: 'somebody else', role: 'bot' },
      channelData: { clientActivityID },
    };
    return new Promise((resolve, reject) =>
      this.directLine.postActivity(activity).subscribe(resolve, reject),
    );
  }

  /** Resolves as soon as it is so; the test's own time limit ends a wait for what never comes. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => void this.waiting.add(resolve));
  }

  end(): void {
    this.directLine.end();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

async function newVisitor(): Promise<{ token: string; conversationId: string }> {
  const { json } = await service.call('POST', '/widget/token');
  return { token: String(json['token']), conversationId: String(json['conversationId']) };
}

describe.each([
  ['over a WebSocket', { webSocket: true }],
  ['by polling', { webSocket: false, pollingInterval: 200 }],
])('the stock client %s', (_how, transport) => {
  test('is welcomed, and hears its own message and the answer, in order', async () => {
    const client = new StockClient({ ...transport, token: (await newVisitor()).token });
    await client.until(() => client.received.length === 1);
    const id = await client.post('hello');
    await client.until(() => client.received.length === 3);
    expect(client.texts()).toEqual(['Welcome', 'hello', 'You said hello']);
    const own = client.received[1];
    expect(own?.id).toBe(id);
    expect(own?.channelData).toEqual({ clientActivityID: 'id-hello' });
    expect(own?.from.role).toBe('user');
    expect(own?.from.id).toMatch(/^dl_/);
    expect(client.statuses).toContain(ConnectionStatus.Online);
  });

  test('gets the whole conversation after the page was loaded again', async () => {
    const visitor = await newVisitor();
    const first = new StockClient({ ...transport, token: visitor.token });
    await first.until(() => first.received.length === 1);
    await first.post('one');
    await first.until(() => first.received.length === 3);
    first.end();
    service.passTime(31 * 60_000);
    const renewed = await service.call('POST', '/v3/directline/tokens/refresh', visitor.token, {});
    const second = new StockClient({
      ...transport,
      token: String(renewed.json['token']),
      conversationId: visitor.conversationId,
    });
    await second.until(() => second.received.length === 3);
    expect(second.texts()).toEqual(['Welcome', 'one', 'You said one']);
  });

  test('is told when the conversation has been erased', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0); // its pause before coming back is 3 to 15 s; this makes it 3
    const visitor = await newVisitor();
    const client = new StockClient({ ...transport, token: visitor.token });
    await client.until(() => client.received.length === 1);
    service.erase(visitor.conversationId);
    proxy.cut();
    await client.until(() => client.hasEnded);
  });
});

test('the stock client may start with the secret on a server', async () => {
  const client = new StockClient({ webSocket: true, secret: 'a-secret-between-servers' });
  await client.until(() => client.received.length === 1);
  expect(client.texts()).toEqual(['Welcome']);
});

test('after a cut the stock client comes back and misses nothing', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0); // its pause before coming back is 3 to 15 s; this makes it 3
  const client = new StockClient({ webSocket: true, token: (await newVisitor()).token });
  await client.until(() => client.received.length === 1);
  proxy.cut();
  await client.post('while away');
  await client.until(() => client.received.length === 3);
  expect(client.texts()).toEqual(['Welcome', 'while away', 'You said while away']);
});

test('the stock client stops with an expired token instead of trying for ever', async () => {
  const client = new StockClient({
    webSocket: false,
    pollingInterval: 200,
    token: (await newVisitor()).token,
  });
  await client.until(() => client.received.length === 1);
  service.passTime(31 * 60_000);
  await client.until(() => client.statuses.includes(ConnectionStatus.ExpiredToken));
});
