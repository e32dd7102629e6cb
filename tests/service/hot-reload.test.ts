import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { type RunningService, dataFolder, startService } from '../support/start-service';

/** The knowledge folder is edited while visitors write, as it happens on a working day. */

const SHIPPED = path.resolve(__dirname, '..', '..', 'knowledge');
/** Two seconds are promised; a machine that runs all tests at once is given more. */
const SOON_MS = 30_000;

const data = dataFolder();
const folder = path.join(data.folder, 'knowledge');
const file = path.join(folder, 'smp.yaml');
let service: RunningService;

beforeAll(async () => {
  cpSync(SHIPPED, folder, { recursive: true });
  service = await startService(data.folder, { KNOWLEDGE_DIR: folder });
}, 60_000);
afterAll(async () => {
  await service?.kill();
  data.remove();
});

/** As the bot's own button sends it: what such a text means is remembered, for one version of the knowledge. */
const QUESTION = 'How long does one session take?';

/** Asks again and again until the answer matches; every message must get an answer meanwhile. */
async function askUntil(chat: DirectLineChat, answer: RegExp): Promise<string[]> {
  const heard: string[] = [];
  for (const until = Date.now() + SOON_MS; Date.now() < until;) {
    const [text = ''] = await chat.say(QUESTION);
    heard.push(text);
    if (answer.test(text)) return heard;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Never heard ${answer}; last: ${heard.at(-1)}`);
}

async function readiness(): Promise<{ status: number; knowledge: string }> {
  const answer = await fetch(`${service.url}/readyz`);
  const { checks } = (await answer.json()) as { checks: { knowledge: string } };
  return { status: answer.status, knowledge: checks.knowledge };
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + SOON_MS; Date.now() < end;) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It never came to that.');
}

test('a saved change is live soon, and every message in between is answered', async () => {
  const chat = await openChat(service.url);
  await askUntil(chat, /about 3 to 5 hours; it depends/);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('about 3 to 5 hours; it depends', 'some 3 to 5 hours; it depends'));
  const before = keptCalibration();
  const heard = await askUntil(chat, /some 3 to 5 hours/);
  expect(heard.filter((answer) => !/(about|some) 3 to 5 hours/.test(answer))).toEqual([]);
  expect(await readiness()).toEqual({ status: 200, knowledge: 'ok' });
  // It went live as sure as the version before; how sure it may be itself is learnt behind that, and kept.
  await until(async () => keptCalibration() !== before);
  expect((await chat.say(QUESTION))[0]).toMatch(/some 3 to 5 hours/);
}, 60_000);

/** Names the version of the knowledge that the last calibration belongs to. */
function keptCalibration(): string {
  const database = new BetterSqlite3(path.join(data.folder, 'enquiries.db'), { readonly: true });
  try {
    return database.prepare<[], string>('select key from kept_calibrations').pluck().get() ?? '';
  } finally {
    database.close();
  }
}

test('a broken change is told everywhere and harms nobody; mending it is enough', async () => {
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, good.replace('    phrasings:', '\tphrasings:'));
  await until(async () => (await readiness()).knowledge === 'stale');
  expect((await readiness()).status).toBe(200);
  expect(service.output()).toMatch(/smp\.yaml:\d+:1: a tab indents this line/);
  const chat = await openChat(service.url);
  expect((await chat.say(QUESTION))[0]).toMatch(/some 3 to 5 hours/);
  expect(await overviewOfStaff()).toMatch(/knowledge folder has a mistake.*smp\.yaml:\d+:1: a tab indents/s);

  writeFileSync(file, good);
  await until(async () => (await readiness()).knowledge === 'ok');
  expect(await overviewOfStaff()).not.toContain('knowledge folder has a mistake');
}, 60_000);

let cookie: string | undefined;

/** The console's first page, as the first staff member sees it. */
async function overviewOfStaff(): Promise<string> {
  cookie ??= await signUp();
  return (await fetch(`${service.url}/staff`, { headers: { cookie } })).text();
}

async function signUp(): Promise<string> {
  const link = new URL(service.setupLink() ?? '');
  const form = await (await fetch(link)).text();
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams(hidden.map(([, name = '', value = '']) => [name, value]));
  body.set('email', 'office@clinic.example');
  body.set('password', 'seven quiet lamps glow');
  const answer = await fetch(new URL('/staff/setup', service.url), {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { origin: service.url },
  });
  const set = answer.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
  if (set.length === 0) throw new Error(`setup answered ${answer.status}: ${await answer.text()}`);
  return set.join('; ');
}
