import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDatabase } from '../../src/storage/open-database';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { PASSWORD, StaffBrowser } from '../support/staff-console';
import { dataFolder, startService } from '../support/start-service';
import { wallClock } from '../support/wall-clock';
import { widgetClient } from '../support/widget-client';

const HOUR = 3_600_000;
const STAFF = 'office@clinic.example';

/** The wall clock of the whole service is set while visitors write, staff work and notices wait. */
test('a clock that jumps by hours, a day or a year loses no message, no notice and nobody who is at work', async () => {
  const data = dataFolder();
  const told: { reference: string }[] = [];
  let isDown = false;
  let refused = 0;
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (isDown) refused++;
      else told.push(JSON.parse(body) as { reference: string });
      response.statusCode = isDown ? 503 : 200;
      response.end();
    });
  }).listen(0, '127.0.0.1');
  hook.unref();
  await once(hook, 'listening');
  const clock = wallClock(data.folder);
  const env = {
    NOTIFY_WEBHOOK_URL: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/enquiries`,
    ...clock.env,
  };
  const service = await startService(data.folder, env, { flags: clock.flags });
  const visitor = widgetClient(service.url);
  await visitor.hears('assistant');
  const office = new StaffBrowser(service.url);
  const link = new URL(service.setupLink() ?? '');
  await office.get(link.pathname + link.search);
  const code = link.searchParams.get('code') ?? '';
  await office.post('/staff/setup', { code, email: STAFF, password: PASSWORD });
  expect((await office.get('/staff')).status).toBe(200);

  const books = async (): Promise<string> => {
    const chat = await openChat(service.url);
    await chat.say("I'm Ann Lee, 410 555 0134, can I book for friday at 4pm?");
    await chat.say('yes');
    await chat.say('skip');
    return /reference is (\S+)\./.exec((await chat.say('yes')).join(' '))?.[1] ?? '';
  };
  const hours = [1, -1, 25, 0, -24, 365 * 24, 0];
  for (const [round, off] of hours.entries()) {
    isDown = true;
    const before = await books();
    await clock.setOff(off * HOUR, service);
    // Still down when it is told by the new time for the first time: a year late is no reason to give up.
    const refusedBefore = refused;
    await eventually(() => refused > refusedBefore);
    isDown = false;
    // The one that waited, and one of the new time.
    const after = await books();
    await eventually(() => [before, after].every((each) => told.some(({ reference }) => reference === each)));
    // The chat that is open all the while: where its token has run out it gets another one, and nobody sees it.
    visitor.say(`is it permanent, asked the ${round}. time`);
    await visitor.delivers(`is it permanent, asked the ${round}. time`);
    // Staff sign in; a wrong password in a wrong year does not keep them out in the right one.
    const wrong = new StaffBrowser(service.url, `203.0.113.${round}`);
    await wrong.get('/staff/sign-in');
    expect((await wrong.signIn(STAFF, 'not the password 1')).status).toBe(403);
    await eventually(async () => {
      const again = new StaffBrowser(service.url, `203.0.113.${round}`);
      await again.get('/staff/sign-in');
      return (await again.signIn(STAFF, PASSWORD)).status === 303;
    });
    await eventually(async () => (await fetch(`${service.url}/readyz`)).status === 200);
  }
  // Only the leap of a year is longer than a conversation may be come back to; what was written goes into a new one.
  expect(visitor.startedOver()).toBe(1);
  expect(new Set(visitor.ids()).size).toBe(visitor.ids().length);
  visitor.leave();
  expect(await service.stop()).toBe(0);
  const database = await openDatabase(`sqlite:${data.folder}/enquiries.db`);
  const { kept } = await database.kysely
    .selectFrom('booking_requests')
    .select(({ fn }) => fn.countAll<number>().as('kept'))
    .executeTakeFirstOrThrow();
  expect(kept).toBe(2 * hours.length);
  await database.close();
  hook.close();
  data.remove();
}, 120_000);
