import { Client } from 'pg';
import { WebSocket } from 'ws';
import { hashPassword } from '../../src/staff/password';
import type { Role } from '../../src/staff/ports';
import { openDatabase } from '../../src/storage/open-database';
import { createStaffStore } from '../../src/storage/staff-store';
import { postgresPlace } from '../support/databases';
import { type DirectLineChat, openChat, type WireActivity } from '../support/direct-line-chat';
import { type OpenPage, openPage } from '../support/live-page';
import { PASSWORD, StaffBrowser } from '../support/staff-console';
import { type RunningService, dataFolder, startService } from '../support/start-service';
import { wallClock } from '../support/wall-clock';

/**
 * Two processes of the built service on one Postgres, as behind a proxy that sends each request anywhere; the clock of
 * the second is five minutes ahead of the first's in all that follows.
 */
const data = dataFolder();
const ahead = wallClock(data.folder, 5 * 60_000);
const startTwo = () =>
  startService(data.folder, { DATABASE_URL: place.url, ...ahead.env }, { flags: ahead.flags });
let place: Awaited<ReturnType<typeof postgresPlace>>;
let one: RunningService;
let two: RunningService;
let sockets: WebSocket[] = [];
let pages: OpenPage[] = [];

beforeAll(async () => {
  place = await postgresPlace();
  one = await startService(data.folder, { DATABASE_URL: place.url });
  two = await startTwo();
});

afterEach(() => {
  for (const socket of sockets) socket.terminate();
  sockets = [];
  for (const page of pages) page.leave();
  pages = [];
});

afterAll(async () => {
  await one.kill();
  await two.kill();
  await place.remove();
  data.remove();
});

test('a Postgres that does not wait for the disk (as that of the tests) is told in the log and to whoever looks', async () => {
  expect(one.output()).toContain('"settings":["fsync=off"]');
  const ready = await fetch(`${one.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ checks: { database: 'not-durable' } });
});

test('a stream on one instance shows at once what was said through the other', async () => {
  const chat = await openChat(one.url);
  const listener = await listen(chat, two.url);
  await listener.until((seen) => seen.length >= 1);

  // Whoever looks every second finds a message that follows the last find after just that second.
  const waits: number[] = [];
  for (let count = 1; count <= 6; count++) {
    const asked = performance.now();
    await chat.post('how long does one session take?', `message-${count}`);
    const answers = (seen: typeof listener.seen) =>
      seen.filter(({ text }) => text?.includes('3 to 5 hours')).length;
    await listener.until((seen) => answers(seen) >= count);
    waits.push(performance.now() - asked);
  }
  expect(Math.min(...waits.slice(1))).toBeLessThan(900);
  expect(ids(listener.seen)).toEqual(ids(await chat.activities()));
});

test('without any wake-up a stream shows it within 5 seconds, by looking', async () => {
  const chat = await openChat(one.url);
  const listener = await listen(chat, two.url);
  await listener.until((seen) => seen.length >= 1);

  await onDatabase(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%wake-ups'",
  );
  const asked = performance.now();
  await chat.post('how long does one session take?', 'first');
  await listener.until((seen) => seen.some(({ text }) => text?.includes('3 to 5 hours')));
  expect(performance.now() - asked).toBeLessThan(5_000);
});

test('staff on one instance see and answer at once what a visitor says on the other', async () => {
  const anna = await signedIn(two.url, 'agent');
  const chat = await openChat(one.url);
  const page = `/staff/conversations/${chat.conversationId}`;
  const onceIn = (text: string) => /name="once" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const following = await openPage(two.url, `${page}/live?after=0`, anna);
  pages.push(following);

  const asked = performance.now();
  await chat.post('can I talk to a person?', 'first');
  await following.until(({ data }) => String(data['lines']).includes('can I talk to a person?'));
  // Below the five seconds after which it would be found by looking.
  expect(performance.now() - asked).toBeLessThan(4_000);
  await anna.post(`${page}/messages`, { once: onceIn((await anna.get(page)).text), text: 'Anna here.' });
  expect((await chat.activities()).map(({ text }) => text)).toContain('Anna here.');
  // The other instance knows as well that the bot is to be silent.
  expect(await chat.say('how long does one session take?')).toEqual([]);

  const elsewhere = new StaffBrowser(one.url);
  for (const [name, value] of anna.cookies) elsewhere.cookies.set(name, value);
  await elsewhere.get('/staff');
  await elsewhere.post('/staff/sign-out', {});
  await following.ended;
  expect(following.events.at(-1)?.name).toBe('over');
});

test('one conversation through both instances at once keeps its order, and each message once', async () => {
  const chat = await openChat(one.url);
  const listener = await listen(chat, two.url);
  const through = async (url: string, own: string) => {
    for (let n = 0; n < 15; n++) {
      expect(await chat.at(url).post(`${own} ${n}`, `${own}-${n}`)).toBe(200);
      // And one that both instances get at the same time.
      expect(await chat.at(url).post('hello', `both-${n}`)).toBe(200);
    }
  };
  await Promise.all([through(one.url, 'one'), through(two.url, 'two')]);

  const kept = await chat.at(two.url).activities();
  await listener.until((seen) => seen.length >= kept.length);
  expect(ids(listener.seen)).toEqual(ids(kept));
  const heard = kept.flatMap(({ channelData }) => channelData?.clientActivityID ?? []);
  for (const own of ['one', 'two', 'both'])
    expect(heard.filter((id) => id.startsWith(own))).toEqual(
      Array.from({ length: 15 }, (_, n) => `${own}-${n}`),
    );
  expect(eachAnsweredBeforeTheNext(kept)).toBe(true);
});

test('a booking begun on an instance that is killed goes on at the same field on the other', async () => {
  const chat = await openChat(two.url);
  await chat.say('I would like to book a consultation');
  await chat.say('yes');
  const [asked = ''] = await chat.say('Ann Lee');
  const underWay = chat.post('how long does it last', 'in-flight').catch(() => undefined);
  await two.kill();
  const status = await underWay;

  const again = chat.at(one.url);
  expect(await again.post('how long does it last', 'in-flight')).toBe(200);
  const kept = await again.activities();
  expect(kept.filter(({ channelData }) => channelData?.clientActivityID === 'in-flight')).toHaveLength(1);
  expect([200, undefined]).toContain(status);
  const replies = await again.say('how long does one session take?');
  expect(replies.at(-1)).toContain(asked.trim().split('\n').at(-1) ?? asked);

  two = await startTwo();
  expect((await chat.at(two.url).activities()).length).toBeGreaterThan(kept.length);
});

/** A member of staff, whose password is quick to check. */
async function signedIn(url: string, role: Role): Promise<StaffBrowser> {
  const database = await openDatabase(place.url);
  const email = `${role}@clinic.test`;
  const password = await hashPassword(PASSWORD, { N: 2 ** 4, r: 1, p: 1 });
  const by = { at: new Date().toISOString(), actor: 'test' };
  await createStaffStore(database).add({ email, role, password }, by);
  await database.close();
  const browser = new StaffBrowser(url);
  expect((await browser.signIn(email, PASSWORD)).status).toBe(303);
  return browser;
}

interface Listener {
  seen: WireActivity[];
  until: (done: (seen: WireActivity[]) => boolean) => Promise<void>;
}

/** A socket of the chat on that instance, from the beginning of the conversation. */
async function listen(chat: DirectLineChat, url: string): Promise<Listener> {
  const answer = await fetch(`${url}/v3/directline/conversations/${chat.conversationId}`, {
    headers: { authorization: `Bearer ${chat.token}` },
  });
  const { streamUrl } = (await answer.json()) as { streamUrl: string };
  const socket = new WebSocket(streamUrl, { origin: url });
  sockets.push(socket);
  const seen: WireActivity[] = [];
  let wake = (): void => undefined;
  socket.on('error', () => undefined);
  socket.on('message', (frame: Buffer) => {
    const { activities } = JSON.parse(frame.toString()) as { activities: WireActivity[] };
    seen.push(...activities);
    wake();
  });
  return {
    seen,
    until: async (done) => {
      while (!done(seen)) await new Promise<void>((resolve) => void (wake = resolve));
    },
  };
}

/** Every message of the visitor has its replies before the next message. */
function eachAnsweredBeforeTheNext(kept: WireActivity[]): boolean {
  let current: string | undefined;
  return kept.every((activity) => {
    if (activity.from.role !== 'user')
      return activity.replyToId === undefined || current === undefined || activity.replyToId === current;
    current = activity.id;
    return true;
  });
}

function ids(activities: WireActivity[]): string[] {
  return activities.map(({ id }) => id);
}

async function onDatabase(statement: string): Promise<void> {
  const client = new Client({ connectionString: place.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
