import { type CuttingProxy, startCuttingProxy } from '../../support/cutting-proxy';
import { dataFolder, type RunningService, startService } from '../../support/start-service';
import { StockClient } from '../../support/stock-client';

/** Microsoft's own client as the judge: a whole conversation with a booking, on the service as it is run. */

const data = dataFolder();
let service: RunningService;
let proxy: CuttingProxy;

beforeAll(async () => {
  service = await startService(data.folder);
  proxy = await startCuttingProxy(Number(new URL(service.url).port));
}, 60_000);
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await proxy.close();
  await service.kill();
  data.remove();
});

test.each([
  ['over a WebSocket', { webSocket: true }],
  ['by polling', { webSocket: false, pollingInterval: 200 }],
])('the stock client holds a whole booking %s, cut in the middle', async (_how, transport) => {
  jest.spyOn(Math, 'random').mockReturnValue(0); // its pause before coming back is 3 to 15 s; this makes it 3
  const url = `http://127.0.0.1:${proxy.port}`;
  const issued = await fetch(`${url}/widget/token`, { method: 'POST' });
  const { token } = (await issued.json()) as { token: string };
  const client = new StockClient(url, { ...transport, token });
  await client.until(() => client.received.length === 1);
  expect(client.texts()[0]).toContain('automated assistant');

  const say = async (text: string, wanted: RegExp) => {
    const id = await client.post(text, `${transport.webSocket}-${text}`);
    const answers = () =>
      client.received.flatMap((activity) =>
        activity.type === 'message' && 'replyToId' in activity && activity.replyToId === id
          ? [activity.text ?? '']
          : [],
      );
    await client.until(() => answers().length > 0);
    expect(answers().join('\n')).toMatch(wanted);
  };
  await say('how long dose one sesion take', /3 to 5 hours/);
  await say('I want to book a consultation', /all right/);
  await say('yes', /name/);
  await say('Jo Example', /reach you/);
  if (transport.webSocket) proxy.cut();
  await say('410 555 0134', /day and time/);
  await say('next tuesday afternoon', /know beforehand/);
  await say('skip', /Jo Example[^]*\(410\) 555-0134/);
  await say('yes, send it', /reference/i);

  const ids = client.received.map((activity) => activity.id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toEqual(ids.toSorted((one = '', other = '') => one.localeCompare(other)));
  client.end();
});
