import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy';
import { postgresPlace } from '../support/databases';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { type TestClinic, startClinic } from '../support/start-clinic';

/**
 * What a turn asks of Postgres, as a relay between the two sees it. The service is put together by its own builders, and
 * nothing in it runs by the clock: what is asked, a turn has asked for.
 */
let place: Awaited<ReturnType<typeof postgresPlace>>;
let relay: CuttingProxy;
let database: Database;
let clinic: TestClinic;
let hook: Server;
let trips = 0;
let asked = '';
const told: string[] = [];

beforeAll(async () => {
  place = await postgresPlace();
  const url = new URL(place.url);
  relay = await startCuttingProxy(Number(url.port), (bytes, begins) => {
    asked += bytes.toString('latin1');
    if (begins) trips++;
  });
  url.port = String(relay.port);
  hook = createServer((request, response) => {
    told.push(String(request.headers['webhook-id']));
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => void hook.listen(0, '127.0.0.1', resolve));
  const { port } = hook.address() as AddressInfo;
  database = await openDatabase(url.href);
  clinic = await startClinic(database, { env: { NOTIFY_WEBHOOK_URL: `http://127.0.0.1:${port}/enquiries` } });
});

afterAll(async () => {
  await clinic.close();
  await database.close();
  await relay.close();
  hook.closeAllConnections();
  hook.close();
  await place.remove();
});

test('a plain turn goes to Postgres and back twice: to load, and with all that it keeps and the commit', async () => {
  const chat = await openChat(clinic.url);
  // The connection is made and the queries are prepared by the first ones.
  for (let before = 0; before < 3; before++) await chat.post('how long does it last');
  trips = 0;
  asked = '';
  expect(await chat.post('how long does it last')).toBe(200);
  expect(trips).toBe(2);
  // Two or three words are sent for a query that is prepared; the outbox's are not.
  expect(asked).toContain('start transaction');
  expect(asked).not.toContain('outbox');
});

test('a turn that keeps a notice has it sent at once, without waiting for anybody to look', async () => {
  const chat = await openChat(clinic.url);
  await chat.say("I'm Ann Lee, 410 555 0134, can I book for friday at 4pm?");
  await chat.say('yes');
  await chat.say('skip');
  expect(told).toEqual([]);
  await chat.say('yes');
  await eventually(() => told.length > 0);
  await chat.say('cancel my request');
  await chat.say('yes');
  await eventually(() => told.length > 1);
  expect(told).toEqual([expect.stringMatching(/:0$/), expect.stringMatching(/:1$/)]);
});
