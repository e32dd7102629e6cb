import { randomBytes } from 'node:crypto';
import { createSetupCode } from '../../src/staff/setup-code';
import { hashPassword } from '../../src/staff/password';
import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { PASSWORD, keepConversation, startConsole } from '../support/staff-console';
import type { StaffConsole } from '../support/staff-console';

const MINUTE = 60_000;

eachDatabase('signing in', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
  });
  afterEach(() => site.close());

  test('without a session every page asks for the sign-in and shows nothing else', async () => {
    const answer = await site.browser().get('/staff/requests');
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('name="password"');
    expect(answer.text).toContain('name="next" value="/staff/requests"');
    expect(answer.text).not.toContain('Booking requests');
  });

  test('after the sign-in one lands on the page that was asked for, but never outside the console', async () => {
    await site.member('agent');
    const enter = (next: string) =>
      site.browser().post('/staff/sign-in', { email: 'agent@clinic.test', password: PASSWORD, next });
    expect((await enter('/staff/requests?status=new')).headers.get('location')).toBe(
      '/staff/requests?status=new',
    );
    for (const next of [
      'https://evil.test/',
      '//evil.test',
      '/staff\\evil',
      '/staffevil',
      '/staff/\r\nx: y',
      '',
    ]) {
      expect((await enter(next)).headers.get('location')).toBe('/staff');
    }
  });

  test('what was typed when the session was over goes along through the sign-in, and is sent once it was looked at', async () => {
    await keepConversation(database, {
      id: 'talk',
      at: '2026-03-02T14:00:00.000Z',
      turns: [{ said: 'hello' }],
    });
    const agent = await site.member('agent');
    const page = `${site.url}/staff/conversations/talk`;
    const from = { origin: site.url, referer: page };
    const path = '/staff/conversations/talk/notes';
    const note = 'five minutes of <thinking> & "typing"';
    site.pass(31 * MINUTE);
    const over = await agent.post(path, { text: note }, from);
    expect(over.status).toBe(401);
    expect(over.text).toContain('name="next" value="/staff/conversations/talk"');
    const carried = { 'unsent:to': path, 'unsent:text': note };
    for (const name of Object.keys(carried)) expect(over.text).toContain(`name="${name}"`);
    const way = { email: 'agent@clinic.test', next: '/staff/conversations/talk', ...carried };
    const wrong = await agent.post('/staff/sign-in', { ...way, password: 'wrong' });
    expect(wrong.text).toContain('name="unsent:text"');
    site.pass(MINUTE);
    const back = await agent.post('/staff/sign-in', { ...way, password: PASSWORD });
    expect(back.text).toContain('five minutes of &lt;thinking> &amp; &quot;typing&quot;</textarea>');
    expect(back.text).toContain(`action="${path}"`);
    expect((await site.review.conversation('talk', 5))?.notes).toEqual([]);
    expect((await agent.post(path, { text: note })).status).toBe(303);
    expect((await site.review.conversation('talk', 5))?.notes).toMatchObject([{ text: note }]);
    // Signed in anew in another window, the form of this one is shown again, too.
    const old = agent.csrf;
    await agent.signIn('agent@clinic.test', PASSWORD);
    const again = await agent.post(path, { csrf: old, text: 'more' }, from);
    expect([again.status, again.text.includes('more</textarea>')]).toEqual([403, true]);
  });

  test('a password is never carried on, and nothing is sent out of the console', async () => {
    const agent = await site.member('agent');
    site.pass(31 * MINUTE);
    const over = await agent.post('/staff/me/password', { current: PASSWORD, password: 'x', name: 'x' });
    expect([over.status, over.text.includes('unsent:')]).toEqual([401, false]);
    const way = { email: 'agent@clinic.test', password: PASSWORD, next: '/staff' };
    for (const to of ['https://evil.test/', '//evil.test', '/chat'])
      expect(
        (await agent.post('/staff/sign-in', { ...way, 'unsent:to': to, 'unsent:text': 'x' })).status,
      ).toBe(303);
  });

  test('the cookie is for this site, for the server only, and is a new one after each sign-in', async () => {
    const browser = await site.member('agent');
    browser.cookies.set('sid', 'chosen-by-somebody-else');
    const answer = await browser.signIn('agent@clinic.test', PASSWORD);
    const set = answer.headers.getSetCookie().at(-1) ?? '';
    expect(set).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const first = browser.cookies.get('sid') ?? '';
    await browser.signIn('agent@clinic.test', PASSWORD);
    expect(browser.cookies.get('sid')).not.toBe(first);
    const old = site.browser();
    old.cookies.set('sid', first);
    expect((await old.get('/staff')).status).toBe(401);
  });

  test('over https the cookie is bound to the host and never sent unencrypted', async () => {
    const secure = await startConsole(database, { secureCookies: true });
    const { email } = await addQuick(secure, 'anna@clinic.test');
    const answer = await secure.browser().post('/staff/sign-in', { email, password: PASSWORD });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/),
    ]);
    await secure.close();
  });

  test('a session ends after half an hour without use, and after eight hours in any case', async () => {
    const idle = await site.member('agent');
    site.pass(29 * MINUTE);
    expect((await idle.get('/staff')).status).toBe(200);
    site.pass(29 * MINUTE);
    expect((await idle.get('/staff')).status).toBe(200);
    site.pass(31 * MINUTE);
    expect((await idle.get('/staff')).status).toBe(401);

    const busy = site.browser();
    await busy.signIn('agent@clinic.test', PASSWORD);
    for (let used = 0; used < 8 * 60 - 20; used += 20) {
      site.pass(20 * MINUTE);
      expect((await busy.get('/staff')).status).toBe(200);
    }
    site.pass(20 * MINUTE);
    expect((await busy.get('/staff')).status).toBe(401);
  });

  test('signing out ends the session on the server, not only in the browser', async () => {
    const browser = await site.member('agent');
    const copied = site.browser();
    copied.cookies.set('sid', browser.cookies.get('sid') ?? '');
    expect((await copied.get('/staff')).status).toBe(200);
    expect((await browser.post('/staff/sign-out', {})).status).toBe(303);
    expect((await copied.get('/staff')).status).toBe(401);
  });

  test('a new password, another role and a removal each end the sessions of that account at once', async () => {
    const by = { at: site.clock().toISOString(), actor: 'test' };
    const email = 'agent@clinic.test';
    await addQuick(site, email);
    const password = await hashPassword(PASSWORD, { N: 2 ** 4, r: 1, p: 1 });
    const changes = [
      () => site.accounts.setRole(email, 'reader', by),
      () => site.accounts.setPassword(email, password, by),
      () => site.accounts.remove(email, by),
    ];
    for (const change of changes) {
      const browser = site.browser();
      await browser.signIn(email, PASSWORD);
      expect((await browser.get('/staff')).status).toBe(200);
      await change();
      expect((await browser.get('/staff')).status).toBe(401);
    }
  });

  test('an unknown address and a wrong password get the same answer', async () => {
    await site.accounts.add(
      { email: 'anna@clinic.test', role: 'agent', password: await hashPassword(PASSWORD) },
      { at: site.clock().toISOString(), actor: 'test' },
    );
    const attempt = async (email: string) => {
      const answer = await site.browser().post('/staff/sign-in', { email, password: 'not the password' });
      const text = answer.text.replaceAll(email, 'EMAIL');
      return { status: answer.status, text, retryAfter: answer.headers.get('retry-after') };
    };
    // The first is wrong, the second comes too soon: both answers are alike for both.
    for (const expected of [403, 429]) {
      const known = await attempt('anna@clinic.test');
      expect(await attempt('nobody@clinic.test')).toEqual(known);
      expect(known.status).toBe(expected);
    }
  });

  test('each wrong password doubles the wait from one second to a quarter of an hour, and the right one ends it', async () => {
    await addQuick(site, 'anna@clinic.test');
    const attempt = (password: string, address: string) =>
      site.browser(address).post('/staff/sign-in', { email: 'anna@clinic.test', password });
    const waits: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const address = `198.51.100.${tries}`;
      expect((await attempt('wrong', address)).status).toBe(403);
      const refused = await attempt(PASSWORD, address);
      expect(refused.status).toBe(429);
      waits.push(Number(refused.headers.get('retry-after')));
      site.pass(waits.at(-1)! * 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    expect((await attempt(PASSWORD, '198.51.100.99')).status).toBe(303);
    expect((await attempt('wrong', '198.51.100.99')).status).toBe(403);
    expect(Number((await attempt('wrong', '198.51.100.99')).headers.get('retry-after'))).toBe(1);
  });

  test('a hundred guesses in the same instant are one guess', async () => {
    await addQuick(site, 'anna@clinic.test');
    const guesses = Array.from({ length: 100 }, (_, index) =>
      site.browser(`198.51.100.${index}`).post('/staff/sign-in', {
        email: 'anna@clinic.test',
        password: `guess ${index}`,
      }),
    );
    const statuses = (await Promise.all(guesses)).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(1);
    expect(statuses.filter((status) => status === 429)).toHaveLength(99);
  });

  test('one address that tries many accounts is slowed down, others are not', async () => {
    for (let index = 0; index < 23; index += 1) await addQuick(site, `guess${index}@clinic.test`);
    const attempt = (index: number, address: string) =>
      site
        .browser(address)
        .post('/staff/sign-in', { email: `guess${index}@clinic.test`, password: 'wrong password' });
    // Twenty are free, because a whole office may share one address; the one after them starts the waiting.
    for (let index = 0; index < 21; index += 1)
      expect((await attempt(index, '198.51.100.1')).status).toBe(403);
    expect((await attempt(21, '198.51.100.1')).status).toBe(429);
    expect((await attempt(22, '198.51.100.2')).status).toBe(403);
  });

  test('each sign-in, and each failed one, is in the audit trail', async () => {
    await site.member('agent');
    await site.browser().signIn('agent@clinic.test', 'wrong password');
    await site.browser().signIn('my password typed here by mistake', 'wrong password');
    const rows = await database.kysely.selectFrom('audit').select(['actor', 'action', 'subject']).execute();
    expect(rows).toEqual([
      { actor: 'test', action: 'add:agent', subject: 'staff:agent@clinic.test' },
      { actor: 'agent@clinic.test', action: 'sign-in', subject: 'staff:agent@clinic.test' },
      { actor: 'nobody', action: 'sign-in-failed', subject: 'staff:agent@clinic.test' },
      { actor: 'nobody', action: 'sign-in-failed', subject: 'staff:unknown' },
    ]);
  });
});

eachDatabase('the first account', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
  });
  afterEach(() => site.close());
  const newCode = () => createSetupCode({ accounts: site.accounts, clock: site.clock, randomBytes });
  const submit = (code: string, password: string = PASSWORD, email = 'Owner@Clinic.test') =>
    site.browser().post('/staff/setup', { code, email, password });

  test('the printed link makes an admin and signs them in, once', async () => {
    const code = (await newCode()) ?? '';
    expect((await site.browser().get(`/staff/setup?code=${code}`)).text).toContain('Make the first account');
    const owner = site.browser();
    const made = await owner.post('/staff/setup', { code, email: 'Owner@Clinic.test', password: PASSWORD });
    expect(made.status).toBe(303);
    expect((await owner.get('/staff/accounts')).text).toContain('owner@clinic.test');
    expect((await submit(code, PASSWORD, 'thief@clinic.test')).status).toBe(404);
    expect((await site.browser().get(`/staff/setup?code=${code}`)).status).toBe(404);
    expect(await site.accounts.list()).toHaveLength(1);
    expect(await newCode()).toBeUndefined();
  });

  test('two who use the link in the same instant do not both get an account', async () => {
    const code = (await newCode()) ?? '';
    const answers = await Promise.all([submit(code), submit(code, PASSWORD, 'second@clinic.test')]);
    expect(answers.map((answer) => answer.status).toSorted((one, other) => one - other)).toEqual([303, 404]);
    expect(await site.accounts.list()).toHaveLength(1);
  });

  test('a wrong code and one older than a day are refused', async () => {
    const code = (await newCode()) ?? '';
    expect((await submit('guessed')).status).toBe(404);
    site.pass(24 * 60 * MINUTE);
    expect((await submit(code)).status).toBe(404);
    expect(await site.accounts.list()).toEqual([]);
  });

  test('a weak password is refused with the reason, and the link still works', async () => {
    const code = (await newCode()) ?? '';
    const weak = await submit(code, 'ScalpAllure2026');
    expect(weak.status).toBe(422);
    expect(weak.text).toContain('would be guessed soon');
    expect((await submit(code)).status).toBe(303);
  });

  test('only hashes of codes and sessions are in the database', async () => {
    const code = (await newCode()) ?? '';
    const owner = site.browser();
    await owner.post('/staff/setup', { code, email: 'owner@clinic.test', password: PASSWORD });
    const rows = JSON.stringify([
      await database.kysely.selectFrom('setup_codes').selectAll().execute(),
      await database.kysely.selectFrom('staff_sessions').selectAll().execute(),
      await database.kysely.selectFrom('staff').selectAll().execute(),
    ]);
    expect(rows).not.toContain(code);
    expect(rows).not.toContain(owner.cookies.get('sid'));
    expect(rows).not.toContain(PASSWORD);
    expect(rows).toContain('scrypt$32768$8$3$');
  });
});

async function addQuick(site: StaffConsole, email: string): Promise<{ email: string }> {
  const password = await hashPassword(PASSWORD, { N: 2 ** 4, r: 1, p: 1 });
  await site.accounts.add(
    { email, role: 'agent', password },
    { at: site.clock().toISOString(), actor: 'test' },
  );
  return { email };
}
