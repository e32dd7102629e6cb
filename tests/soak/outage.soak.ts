import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { dataFolder, startService } from '../support/start-service';

const BOOKINGS = 200;
const KILLS = 4;

test(`${BOOKINGS} bookings while the webhook is down and the service is killed ${KILLS} times: each is told within a minute of its return`, async () => {
  const told: { id: string; reference: string }[] = [];
  let isDown = true;
  let refused = 0;
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.statusCode = isDown ? 503 : 200;
      if (isDown) refused++;
      else
        told.push({
          id: String(request.headers['webhook-id']),
          reference: (JSON.parse(body) as { reference: string }).reference,
        });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const data = dataFolder();
  const env = {
    TRUST_PROXY: '127.0.0.1',
    NOTIFY_WEBHOOK_URL: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/enquiries`,
  };
  let service = await startService(data.folder, env);

  /** Sent again until it is taken, over a kill and a start, as the widget does. */
  const surely = async <T>(send: (url: string) => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await send(service.url);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const take = async (chat: DirectLineChat, text: string, id: string) => {
    if ((await chat.post(text, id)) !== 200) throw new Error('Not taken yet.');
  };
  const references: string[] = [];
  let begun = 0;
  const book = async () => {
    while (begun < BOOKINGS) {
      const own = begun++;
      const chat = await surely((url) => openChat(url, `198.51.${100 + (own >> 8)}.${own & 255}`));
      const texts = [
        `I'm Ann Lee, 410 555 ${1000 + own}, can I book for friday at 4pm?`,
        'yes',
        'skip',
        'yes',
      ];
      for (const [step, text] of texts.entries())
        await surely((url) => take(chat.at(url), text, `${own}-${step}`));
      const said = await surely((url) => chat.at(url).activities());
      references.push(
        /reference is (\S+)\./.exec(said.map(({ text }) => text).join(' '))?.[1] ?? `none of ${own}`,
      );
    }
  };
  const booking = Promise.all(Array.from({ length: 8 }, book));
  for (let kill = 1; kill <= KILLS; kill++) {
    while (references.length < (kill * BOOKINGS) / (KILLS + 1))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await service.kill();
    service = await startService(data.folder, env);
  }
  await booking;
  expect(new Set(references).size).toBe(BOOKINGS);
  expect(refused).toBeGreaterThan(0);

  isDown = false;
  const back = performance.now();
  const wanted = new Set(references);
  while (wanted.size > 0 && performance.now() - back < 60_000) {
    for (const { reference } of told) wanted.delete(reference);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.stderr.write(
    `${BOOKINGS} bookings, ${refused} attempts refused, ${told.length} told ${((performance.now() - back) / 1000).toFixed(0)} s after the return\n`,
  );
  expect([...wanted]).toEqual([]);
  // What came twice came under the same id.
  expect(new Set(told.map(({ id }) => id)).size).toBe(BOOKINGS);
  expect(await service.stop()).toBe(0);
  hook.close();
  data.remove();
}, 600_000);
