import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { dataFolder, startService } from '../support/start-service';
import { mutated, seededRandom } from '../http/random-requests';
import { sendRaw } from '../http/raw-request';

const REQUESTS = 160_000;

test(`${REQUESTS} malformed requests to every kind of address: the service is up, and none was a failure of ours`, async () => {
  const data = dataFolder();
  const service = await startService(data.folder, { DIRECTLINE_SECRET: 'secret-of-the-soak' });
  const port = Number(new URL(service.url).port);
  const chat = await openChat(service.url);
  const host = 'Host: x\r\nConnection: close\r\n';
  const json = (path: string, body: string, more = '') =>
    `POST ${path} HTTP/1.1\r\n${host}${more}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const bearer = `Authorization: Bearer ${chat.token}\r\n`;
  const conversation = `/v3/directline/conversations/${chat.conversationId}`;
  const seeds = [
    `GET /chat HTTP/1.1\r\n${host}Cookie: a=b\r\n\r\n`,
    `GET /staff/conversations?page=1&text=a HTTP/1.1\r\n${host}Cookie: sid=abc\r\n\r\n`,
    `GET ${conversation}/activities?watermark=1 HTTP/1.1\r\n${host}${bearer}\r\n`,
    `GET ${conversation}/stream?t=abc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    json(
      `${conversation}/activities`,
      '{"type":"message","text":"hi","channelData":{"clientActivityID":"a"}}',
      bearer,
    ),
    json('/widget/token', '{"resume":"abc"}'),
    json('/webhooks/messenger', '{"object":"page","entry":[]}', 'X-Hub-Signature-256: sha256=00\r\n'),
    json('/api/messages', '{"type":"message"}'),
    `POST /staff/sign-in HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\n\r\nemail=a&password=`,
  ].map((text) => Buffer.from(text, 'latin1'));
  const random = seededRandom(20261128);
  let sent = 0;
  const failures: string[] = [];
  const send = async () => {
    while (sent < REQUESTS) {
      const bytes = mutated(seeds[sent++ % seeds.length] ?? Buffer.alloc(0), random);
      const { status } = await sendRaw(port, bytes, 30);
      // 503 and 429 are what a flood gets.
      if (status >= 500 && status !== 503)
        failures.push(`${status}: ${bytes.toString('latin1').slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, send));
  expect(failures).toEqual([]);
  expect(service.process.exitCode).toBeNull();
  // Some of them were whole requests for a token: this address is told to wait, as any other that floods.
  let again: DirectLineChat | undefined;
  await eventually(async () => (again = await openChat(service.url).catch(() => undefined)) !== undefined);
  expect((await again?.say('how long does one session take?'))?.join(' ')).toContain('3 to 5 hours');
  expect(await service.stop()).toBe(0);
  process.stderr.write(`${sent} malformed requests, 0 exits, ${failures.length} failures of ours\n`);
  data.remove();
}, 900_000);
