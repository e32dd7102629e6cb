import { Secret, TOTP } from 'otpauth';
import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { PASSWORD, startConsole } from '../support/staff-console';
import type { StaffBrowser, StaffConsole } from '../support/staff-console';

const NEW_PASSWORD = 'marble window eleven otter';

eachDatabase('a member’s own account', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
  });
  afterEach(() => site.close());

  const codeAt = (secret: string, time: number) =>
    new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: time });

  async function setUpSecondFactor(member: StaffBrowser): Promise<string> {
    await member.get('/staff/me');
    const { text } = await member.post('/staff/me/second-factor/new', {});
    const secret = /name="secret" value="([A-Z2-7]+)"/.exec(text)?.[1] ?? '';
    const code = codeAt(secret, site.clock().getTime());
    const answer = await member.post('/staff/me/second-factor', { secret, code, current: PASSWORD });
    expect(answer.status).toBe(303);
    return secret;
  }

  async function signInWith(email: string, code: string): Promise<number> {
    const browser = site.browser();
    return (await browser.post('/staff/sign-in', { email, password: PASSWORD, code, next: '/staff' })).status;
  }

  test('with a second factor the password alone signs nobody in, and a code works once', async () => {
    const agent = await site.member('agent');
    const secret = await setUpSecondFactor(agent);
    const email = 'agent@clinic.test';
    const now = () => site.clock().getTime();
    expect(await signInWith(email, '')).toBe(403);
    site.pass(60_000);
    expect(await signInWith(email, codeAt(secret, now()))).toBe(303);
    expect(await signInWith(email, codeAt(secret, now()))).toBe(403);
    site.pass(60_000);
    // Clocks of phones drift: the code before and the one after are taken, older ones are not.
    expect(await signInWith(email, codeAt(secret, now() - 30_000))).toBe(303);
    site.pass(300_000);
    expect(await signInWith(email, codeAt(secret, now() - 90_000))).toBe(403);
    site.pass(300_000);
    expect(await signInWith(email, codeAt(secret, now()))).toBe(303);
  });

  test('the secret of a second factor is sealed in the database', async () => {
    const agent = await site.member('agent');
    const secret = await setUpSecondFactor(agent);
    const row = await database.kysely.selectFrom('staff').select('totp_secret').executeTakeFirstOrThrow();
    expect(row.totp_secret).toMatch(/^sealed(\.[\w-]+){3}$/);
    expect(row.totp_secret).not.toContain(secret);
    expect(await site.accounts.secondFactor('agent@clinic.test')).toBe(secret);
  });

  test('guessing codes is slowed down as guessing passwords is', async () => {
    const agent = await site.member('agent');
    await setUpSecondFactor(agent);
    const answers = [];
    for (let guess = 0; guess < 8; guess++) answers.push(await signInWith('agent@clinic.test', '000000'));
    expect(answers.filter((status) => status === 429).length).toBeGreaterThanOrEqual(6);
  });

  test('the second factor is only set up with a right code and the present password', async () => {
    const agent = await site.member('agent');
    await agent.get('/staff/me');
    const { text } = await agent.post('/staff/me/second-factor/new', {});
    const secret = /name="secret" value="([A-Z2-7]+)"/.exec(text)?.[1] ?? '';
    expect(text).toContain('src="data:image/svg+xml;base64,');
    const code = codeAt(secret, site.clock().getTime());
    expect(
      (await agent.post('/staff/me/second-factor', { secret, code: '000000', current: PASSWORD })).status,
    ).toBe(422);
    expect(
      (await agent.post('/staff/me/second-factor', { secret, code, current: 'wrong password here' })).status,
    ).toBe(422);
    expect(await site.accounts.secondFactor('agent@clinic.test')).toBeNull();
  });

  test('a new password by an admin takes the second factor away: the phone may be lost, too', async () => {
    const agent = await site.member('agent');
    await setUpSecondFactor(agent);
    const admin = await site.member('admin');
    await admin.post('/staff/accounts/reset', { email: 'agent@clinic.test' });
    expect(await site.accounts.secondFactor('agent@clinic.test')).toBeNull();
  });

  test('changing the password ends every other session, and wants the present one', async () => {
    const agent = await site.member('agent');
    const elsewhere = site.browser();
    await elsewhere.signIn('agent@clinic.test', PASSWORD);
    await agent.get('/staff/me');
    expect(
      (await agent.post('/staff/me/password', { current: 'not this one at all', password: NEW_PASSWORD }))
        .status,
    ).toBe(422);
    site.pass(60_000);
    expect((await agent.post('/staff/me/password', { current: PASSWORD, password: 'short' })).status).toBe(
      422,
    );
    expect(
      (await agent.post('/staff/me/password', { current: PASSWORD, password: NEW_PASSWORD })).status,
    ).toBe(303);
    expect((await elsewhere.get('/staff')).status).toBe(401);
    expect((await agent.get('/staff/me')).status).toBe(200);
    expect((await site.browser().signIn('agent@clinic.test', NEW_PASSWORD)).status).toBe(303);
  });

  test('sessions are listed, and one’s own others can be ended, not anybody else’s', async () => {
    const agent = await site.member('agent');
    const other = site.browser();
    await other.signIn('agent@clinic.test', PASSWORD);
    const admin = await site.member('admin');
    const [adminSession] = await site.accounts.sessionsOf('admin@clinic.test');
    await agent.get('/staff/me');
    await agent.post('/staff/me/sessions', { id: adminSession?.idHash ?? '' });
    expect((await admin.get('/staff')).status).toBe(200);
    expect(await site.accounts.sessionsOf('agent@clinic.test')).toHaveLength(2);
    await agent.post('/staff/me/sessions', {});
    expect((await other.get('/staff')).status).toBe(401);
    expect((await agent.get('/staff')).status).toBe(200);
  });
});
