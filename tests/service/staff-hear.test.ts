import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import ICAL from 'ical.js';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { type MailServer, startMailServer } from '../support/mail-server';
import { type RunningService, dataFolder, startService } from '../support/start-service';

const data = dataFolder();
let service: RunningService | undefined;
let mail: MailServer;
let hook: Server | undefined;
beforeAll(async () => {
  mail = await startMailServer();
});
afterEach(async () => {
  await service?.kill();
  hook?.closeAllConnections();
  hook?.close();
});
afterAll(async () => {
  await mail.close();
  data.remove();
});

test('a booking reaches the mailbox and the webhook, also where both were down, and has a calendar file', async () => {
  const calls: unknown[] = [];
  hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => void hook?.listen(0, '127.0.0.1', resolve));
  const env = {
    SMTP_URL: mail.url,
    NOTIFY_FROM: 'bot@clinic.test',
    NOTIFY_EMAIL: 'desk@clinic.test',
    NOTIFY_WEBHOOK_URL: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/enquiries`,
    NOTIFY_WEBHOOK_SECRET: 'shared secret',
  };
  mail.fault = 'busy';
  service = await startService(data.folder, env);
  const chat = await openChat(service.url);
  const [notice] = await chat.say("I'm Ann Lee, 410 555 0134, can I book for friday at 4pm?");
  expect(notice).toContain(`${service.url}/privacy`);
  await chat.say('yes');
  await chat.say('skip');
  const [thanks = ''] = await chat.say('yes');
  const reference = /reference is (\S+)\./.exec(thanks)?.[1] ?? '';

  // The calendar file, from the address in the chat, and from no guessed one.
  const address = /http\S+\.ics/.exec(thanks)?.[0] ?? '';
  const file = await fetch(address);
  expect(file.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const event = new ICAL.Component(ICAL.parse(await file.text())).getFirstSubcomponent('vevent');
  expect(event?.getFirstPropertyValue('status')).toBe('TENTATIVE');
  expect(event?.getFirstPropertyValue('uid')).toContain(reference);
  expect((await fetch(address.replace(/.\.ics$/, 'x.ics').replace(/xx\.ics$/, 'yx.ics'))).status).toBe(404);
  expect((await fetch(address.replace(reference, 'SA-00000'))).status).toBe(404);

  // Mail is down; killed and started again with mail up, the letter goes out by itself.
  await service.kill();
  expect(mail.letters).toHaveLength(0);
  mail.fault = 'none';
  service = await startService(data.folder, env);
  await eventually(() => mail.letters.length > 0 && calls.length > 0);
  expect(mail.letters.map(({ subject }) => subject)).toEqual([`New booking request: ${reference}`]);
  expect(mail.letters[0]?.text).toContain(`${service.url}/staff/requests/${reference}`);
  expect(mail.letters[0]?.text).not.toContain('Ann');
  expect(calls[0]).toMatchObject({ type: 'request.new', reference, request: { name: 'Ann Lee' } });
  const ready = await fetch(`${service.url}/readyz`);
  expect(await ready.json()).toMatchObject({ checks: { outbox: 'ok' } });
  expect(await (await fetch(`${service.url}/metrics`)).text()).toContain(
    'enquiries_outbox_attempts_total{kind="notice-mail",outcome="sent"} 1',
  );
}, 60_000);
