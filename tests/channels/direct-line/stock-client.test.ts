import { ConnectionStatus, type DirectLineOptions } from 'botframework-directlinejs';
import { type CuttingProxy, startCuttingProxy } from '../../support/cutting-proxy';
import { StockClient } from '../../support/stock-client';
import { startDirectLine, type TestDirectLine } from './start-direct-line';

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

function stockClient(options: DirectLineOptions): StockClient {
  const client = new StockClient(`http://127.0.0.1:${proxy.port}`, options);
  clients.push(client);
  return client;
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
    const client = stockClient({ ...transport, token: (await newVisitor()).token });
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
    const first = stockClient({ ...transport, token: visitor.token });
    await first.until(() => first.received.length === 1);
    await first.post('one');
    await first.until(() => first.received.length === 3);
    first.end();
    service.passTime(31 * 60_000);
    const renewed = await service.call('POST', '/v3/directline/tokens/refresh', visitor.token, {});
    const second = stockClient({
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
    const client = stockClient({ ...transport, token: visitor.token });
    await client.until(() => client.received.length === 1);
    service.erase(visitor.conversationId);
    proxy.cut();
    await client.until(() => client.hasEnded);
  });
});

test('the stock client may start with the secret on a server', async () => {
  const client = stockClient({ webSocket: true, secret: 'a-secret-between-servers' });
  await client.until(() => client.received.length === 1);
  expect(client.texts()).toEqual(['Welcome']);
});

test('after a cut the stock client comes back and misses nothing', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0); // its pause before coming back is 3 to 15 s; this makes it 3
  const client = stockClient({ webSocket: true, token: (await newVisitor()).token });
  await client.until(() => client.received.length === 1);
  proxy.cut();
  await client.post('while away');
  await client.until(() => client.received.length === 3);
  expect(client.texts()).toEqual(['Welcome', 'while away', 'You said while away']);
});

test('the stock client stops with an expired token instead of trying for ever', async () => {
  const client = stockClient({
    webSocket: false,
    pollingInterval: 200,
    token: (await newVisitor()).token,
  });
  await client.until(() => client.received.length === 1);
  service.passTime(31 * 60_000);
  await client.until(() => client.statuses.includes(ConnectionStatus.ExpiredToken));
});
