import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { openPage, type OpenPage } from '../support/live-page';
import type { StaffBrowser } from '../support/staff-console';
import { startClinic, type TestClinic } from '../support/start-clinic';

eachDatabase('an open page of the console', (open) => {
  let database: Database;
  let clinic: TestClinic;
  let chat: DirectLineChat;
  let anna: StaffBrowser;
  let page: string;
  let opened: OpenPage[];

  beforeEach(async () => {
    database = await open();
    clinic = await startClinic(database);
    chat = await openChat(clinic.url);
    anna = await clinic.member('agent', 'Anna');
    page = `/staff/conversations/${chat.conversationId}`;
    opened = [];
  });
  afterEach(async () => {
    for (const each of opened) each.leave();
    await clinic.close();
  });

  async function watch(path: string, staff = anna, headers: Record<string, string> = {}): Promise<OpenPage> {
    const watching = await openPage(clinic.url, path, staff, headers);
    opened.push(watching);
    return watching;
  }
  /** As the page's script does: behind the last line that stands on it. */
  async function follow(staff = anna): Promise<OpenPage> {
    const [, address = ''] = /data-live="([^"]+)"/.exec((await staff.get(page)).text) ?? [];
    return watch(address, staff);
  }
  const linesOf = ({ data }: OpenPage['events'][number]) => String(data['lines']);
  const partsOf = ({ data }: OpenPage['events'][number]) => data['parts'] as Record<string, string>;

  test('a conversation shows what the visitor and others of the team write, once each, with its parts', async () => {
    const following = await follow();
    await chat.say('can I talk to a person?');
    const first = await following.until(({ name }) => name === 'news');
    expect(linesOf(first)).toContain('can I talk to a person?');
    expect(partsOf(first)['review']).toContain('Wants a person');
    expect(partsOf(first)['speak']).toContain('Take over');

    const ben = await clinic.member('admin', 'Ben');
    const [, once = ''] = /name="once" value="([^"]+)"/.exec((await ben.get(page)).text) ?? [];
    await ben.post(`${page}/messages`, { once, text: 'Hello <b>you</b>' });
    const written = await following.until((event) => event.name === 'news' && /Hello/.test(linesOf(event)));
    expect(linesOf(written)).toContain('Hello &lt;b>you&lt;/b>');
    expect(partsOf(written)['speak']).toContain('<strong dir="auto">Ben</strong> answers here');
    const all = following.events
      .filter(({ name }) => name === 'news')
      .map(linesOf)
      .join('');
    const numbers = [...all.matchAll(/id="m(\d+)"/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  });

  test('the page of a request follows what the visitor changes, and says so; contact details as its reader asked', async () => {
    for (const said of ["I'm Ann Lee, 410-555-0134, book me for friday at 4pm", 'yes', 'skip', 'yes'])
      await chat.say(said);
    const { reference } = await database.kysely
      .selectFrom('booking_requests')
      .select('reference')
      .executeTakeFirstOrThrow();
    const request = `/staff/requests/${reference}`;
    const masked = await watch(`${request}/live`);
    const revealed = await watch(`${request}/revealed/live`);
    const has = (part: string, words: RegExp) => (event: OpenPage['events'][number]) =>
      event.name === 'parts' && words.test(partsOf(event)[part] ?? '');
    expect((await masked.until(has('left', /Friday, March 6/))).data['note']).toBeUndefined();
    for (const said of ['I want to book a consultation for monday at 9', 'yes']) await chat.say(said);
    for (const [open, phone] of [
      [masked, '… 34'],
      [revealed, '+1 410 555 0134'],
    ] as const) {
      const changed = await open.until(has('left', /Monday, March 9/));
      expect(changed.data['note']).toBe('The visitor has just changed this request.');
      expect(partsOf(changed)['left']).toContain(phone);
    }
    // What a colleague does is shown, and is no news of the visitor's.
    const ben = await clinic.member('admin', 'Ben');
    await ben.get(request);
    await ben.post(`${request}/assigned`, { to: 'agent@clinic.test' });
    expect((await masked.until(has('course', /assigned to agent/))).data['note']).toBeUndefined();
    for (const said of ['cancel my booking', 'yes']) await chat.say(said);
    const withdrawn = await masked.until(has('head', /status-withdrawn/));
    expect(withdrawn.data['note']).toBe('The visitor has just withdrawn this request.');
    expect(partsOf(withdrawn)['answering']).not.toContain('textarea');
    // A reader may look, but not at the contact details.
    const reader = await clinic.member('reader');
    expect((await watch(`${request}/revealed/live`, reader)).status).toBe(403);
    // The page is one revealing, whatever stays open behind it.
    await anna.get(`${request}/revealed`);
    const trail = (await clinic.accounts.auditTrail(40)).filter(
      ({ subject }) => subject === `request:${reference}`,
    );
    expect(trail.map(({ action }) => action)).toEqual(expect.arrayContaining(['follow', 'follow-revealed']));
    expect(trail.filter(({ action }) => action === 'reveal')).toHaveLength(1);
  });

  test('after a cut it goes on behind the last line that it had', async () => {
    const following = await follow();
    await chat.say('what is SMP?');
    const { id = '' } = await following.until(({ name }) => name === 'news');
    following.leave();
    await chat.say('how long does one session take?');
    const again = await watch(`${page}/live?after=1`, anna, { 'last-event-id': id });
    const missed = linesOf(await again.until(({ name }) => name === 'news'));
    expect(missed).toContain('how long does one session take?');
    expect(missed).not.toContain('what is SMP?');
  });

  test('the queue counts what comes, and what a colleague has done', async () => {
    const watching = await watch('/staff/live');
    await watching.until(({ data }) => data['toReview'] === 0);
    await chat.say('can I talk to a person?');
    await watching.until(({ data }) => data['toReview'] === 1);
    const ben = await clinic.member('admin', 'Ben');
    const [, upTo = ''] = /name="upTo" value="(\d+)"/.exec((await ben.get(page)).text) ?? [];
    const before = watching.events.length;
    await ben.post(`${page}/reviewed`, { upTo });
    await watching.until((event) => watching.events.indexOf(event) >= before && event.data['toReview'] === 0);
  });

  test('signing out, or losing the role, ends it before anything more is shown', async () => {
    const admin = await clinic.member('admin');
    for (const end of [
      () => anna.post('/staff/sign-out', {}),
      () => admin.post('/staff/accounts/role', { email: 'agent@clinic.test', role: 'reader' }),
      () => admin.post('/staff/accounts/remove', { email: 'agent@clinic.test', sure: 'yes' }),
    ]) {
      await anna.signIn('agent@clinic.test', 'violet harbour teaspoon 9');
      await anna.get('/staff/me');
      await admin.get('/staff/accounts');
      const following = await follow();
      expect((await end()).status).toBe(303);
      await following.ended;
      expect(following.events.at(-1)?.name).toBe('over');
      await chat.say('is anybody there?');
      expect(following.events.filter(({ name }) => name === 'news')).toEqual([]);
    }
  });

  test('who is disabled sees nothing more on the pages they have open', async () => {
    const admin = await clinic.member('admin');
    await admin.get('/staff/accounts');
    const following = await follow();
    const watching = await watch('/staff/live');
    await admin.post('/staff/accounts/disable', { email: 'agent@clinic.test' });
    await Promise.all([following.ended, watching.ended]);
    expect([following, watching].map(({ events }) => events.at(-1)?.name)).toEqual(['over', 'over']);
    await chat.say('is anybody there?');
    expect(following.events.filter(({ name }) => name === 'news')).toEqual([]);
  });

  test('without a session, or for what is not there, there is none', async () => {
    expect((await watch('/staff/live', clinic.stranger())).status).toBe(401);
    expect((await watch(`${page}/live?after=0`, clinic.stranger())).status).toBe(401);
    expect((await watch('/staff/conversations/nowhere/live?after=0')).status).toBe(404);
    expect((await watch(`${page}/live?after=x`)).status).toBe(404);
  });

  test('it keeps nobody signed in, nor does a page that loads itself anew', async () => {
    const watching = await watch('/staff/live');
    for (let minutes = 0; minutes < 35; minutes += 5) {
      clinic.pass({ minutes: 5 });
      await anna.get('/staff', { 'x-by-itself': 'yes' });
    }
    clinic.live.poll();
    await watching.ended;
    expect(watching.events.at(-1)?.name).toBe('over');
    expect((await anna.get('/staff')).status).toBe(401);
  });

  test('readers see it masked, and following is written down', async () => {
    const reader = await clinic.member('reader');
    const following = await follow(reader);
    await chat.say('call me, jo@example.com');
    const shown = linesOf(await following.until(({ name }) => name === 'news'));
    expect(shown).not.toContain('jo@example.com');
    expect(shown).toContain('j…@example.com');
    const trail = await clinic.accounts.auditTrail(10);
    expect(trail).toContainEqual(
      expect.objectContaining({
        actor: 'reader@clinic.test',
        action: 'follow',
        subject: `conversation:${chat.conversationId}`,
      }),
    );
  });

  test('an account has so many at a time and no more, and the service ends them all when it stops', async () => {
    const many = await Promise.all(Array.from({ length: 13 }, () => watch('/staff/live')));
    expect(many.filter(({ status }) => status === 429)).toHaveLength(1);
    const [left] = many.filter(({ status }) => status === 200);
    left?.leave();
    await clinic.settleStreams(11);
    expect((await watch('/staff/live')).status).toBe(200);
    await clinic.close();
    await Promise.all(opened.map(({ ended }) => ended));
  });
});
