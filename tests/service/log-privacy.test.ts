import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { startMailServer } from '../support/mail-server';
import { dataFolder, startService } from '../support/start-service';

/** Words that stand in nothing but what this visitor wrote, and secrets that stand in no answer. */
const PERSON = /Quillon|Vanterpool|5550177|555 0177|quokkafish|zebrafinch/i;
const SECRETS = /directline-secret-canary|hook-secret-canary|smtp-password-canary|backup-key-canary/;

test('a booking at the finest log level, mail and webhook failing, leaves no personal data and no secret in the log', async () => {
  const data = dataFolder();
  const mail = await startMailServer();
  mail.fault = 'refuse';
  const backups = path.join(data.folder, 'backups');
  mkdirSync(backups);
  const secretFile = path.join(data.folder, 'secret');
  writeFileSync(secretFile, 'directline-secret-canary\n');
  const service = await startService(data.folder, {
    LOG_LEVEL: 'trace',
    SMTP_URL: mail.url.replace('secret', 'smtp-password-canary'),
    NOTIFY_FROM: 'bot@clinic.test',
    NOTIFY_EMAIL: 'desk@clinic.test',
    // Nothing listens there.
    NOTIFY_WEBHOOK_URL: 'http://127.0.0.1:1/enquiries',
    NOTIFY_WEBHOOK_SECRET: 'hook-secret-canary',
    DIRECTLINE_SECRET_FILE: secretFile,
    BACKUP_FOLDER: backups,
    BACKUP_KEY: 'backup-key-canary-of-thirty-two-characters',
  });
  const chat = await openChat(service.url);
  await chat.say('my name is zebrafinch and I wonder about quokkafish');
  await chat.say(
    "I'm Quillon Vanterpool, 410 555 0177, quillon@vanterpool.test, can I book for friday at 4pm?",
  );
  await chat.say('yes');
  await chat.say('quokkafish please');
  expect((await chat.say('yes')).join(' ')).toMatch(/reference is/);
  // Refused on the way in: too long, broken, forged, and a path and query with words in it.
  const address = `${service.url}/v3/directline/conversations/${chat.conversationId}/activities`;
  const headers = { authorization: `Bearer ${chat.token}`, 'content-type': 'application/json' };
  for (const body of [
    JSON.stringify({ type: 'message', text: 'quokkafish'.repeat(200) }),
    '{"text":"zebrafinch',
  ])
    expect((await fetch(address, { method: 'POST', headers, body })).status).toBe(400);
  await fetch(`${service.url}/quokkafish?name=zebrafinch`);
  await fetch(`${service.url}/staff/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: service.url },
    body: 'email=quillon%40vanterpool.test&password=zebrafinch',
  });
  // Both notices have been tried; the service then fails on its database and says so.
  await eventually(() => (service.output().match(/could not be delivered|"outbox"/g) ?? []).length > 0);
  await service.stop();
  const log = service.output();
  expect(log.split('\n').filter((line) => line.startsWith('{')).length).toBeGreaterThan(0);
  expect(log).not.toMatch(PERSON);
  expect(log).not.toMatch(SECRETS);
  expect(log).not.toContain(chat.token);
  await mail.close();
  data.remove();
}, 60_000);
