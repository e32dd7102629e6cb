import { Secret, TOTP } from 'otpauth';
import { PERMISSIONS } from '../../src/staff/permissions';
import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { keepConversation, PASSWORD, startConsole } from '../support/staff-console';
import type { StaffBrowser, StaffConsole } from '../support/staff-console';

const AGENT = 'agent@clinic.test';
const DISABLED = 'Your account is disabled. An admin can enable it again.';

eachDatabase('accounts, as an admin keeps them', (open) => {
  let site: StaffConsole;
  let database: Database;
  let logged: object[];
  beforeEach(async () => {
    logged = [];
    database = await open();
    const warn = (fields: object) => void logged.push(fields);
    const log = { info: () => undefined, warn, error: (fields: object) => console.error(fields) };
    site = await startConsole(database, { log });
  });
  afterEach(() => site.close());

  async function setUpSecondFactor(member: StaffBrowser): Promise<number> {
    await member.get('/staff/me');
    const { text } = await member.post('/staff/me/second-factor/new', {});
    const secret = /name="secret" value="([A-Z2-7]+)"/.exec(text)?.[1] ?? '';
    const code = new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({
      timestamp: site.clock().getTime(),
    });
    return (await member.post('/staff/me/second-factor', { secret, code, current: PASSWORD })).status;
  }

  test('who is disabled is refused at once and told so, on every page and at the sign-in', async () => {
    const agent = await site.member('agent');
    const admin = await site.member('admin');
    await admin.get('/staff/accounts');
    await admin.post('/staff/accounts/disable', { email: AGENT });
    expect((await admin.get('/staff/accounts')).text).toContain('<span class="tag overdue">Disabled</span>');
    for (const answer of [
      await agent.get('/staff/requests'),
      await agent.post('/staff/me/name', { name: 'x' }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.text).toContain(DISABLED);
    }
    const again = await site.browser().post('/staff/sign-in', { email: AGENT, password: PASSWORD });
    expect(again.status).toBe(403);
    expect(again.text).toContain(DISABLED);
    // Whoever does not know the password learns nothing of it.
    const guess = await site.browser().post('/staff/sign-in', { email: AGENT, password: 'a wrong one' });
    expect(guess.text).not.toContain('disabled');
  });

  test('enabled again, one signs in anew: the session of before stays over', async () => {
    const agent = await site.member('agent');
    const admin = await site.member('admin');
    await admin.get('/staff/accounts');
    await admin.post('/staff/accounts/disable', { email: AGENT });
    await admin.post('/staff/accounts/enable', { email: AGENT });
    expect((await agent.get('/staff')).status).toBe(401);
    expect((await site.browser().signIn(AGENT, PASSWORD)).status).toBe(303);
    const actions = (await site.accounts.auditTrail(20)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['disable', 'enable']));
    // Another admin has to do that.
    const own = await admin.post('/staff/accounts/disable', { email: 'admin@clinic.test' });
    expect(own.status).toBe(422);
  });

  test('nothing is assigned to who cannot sign in, and what they have stays theirs', async () => {
    await site.member('agent');
    const admin = await site.member('admin');
    await keepConversation(database, { id: 'talk', at: '2026-03-02T14:30:00.000Z', turns: [{ said: 'hi' }] });
    await admin.get('/staff/accounts');
    await admin.post('/staff/conversations/talk/assigned', { to: AGENT });
    await admin.post('/staff/accounts/disable', { email: AGENT });
    expect((await admin.get('/staff/conversations/talk')).text).toContain(
      `<option value="${AGENT}" selected`,
    );
    await admin.post('/staff/conversations/talk/assigned', { to: '-nobody' });
    expect((await admin.get('/staff/conversations/talk')).text).not.toContain(AGENT);
    expect((await admin.post('/staff/conversations/talk/assigned', { to: AGENT })).status).toBe(404);
  });

  test('once everybody needs a second factor, nothing opens but setting one up', async () => {
    const agent = await site.member('agent');
    const admin = await site.member('admin');
    await admin.get('/staff/accounts');
    await admin.post('/staff/accounts/second-factor', { needed: 'yes' });
    for (const path of Object.keys(PERMISSIONS).flatMap(
      (route) => route.match(/^GET (\/staff.*)/)?.[1] ?? [],
    )) {
      if (PERMISSIONS[`GET ${path}`] === 'anyone' || path === '/staff/me') continue;
      const { status, headers } = await admin.get(path.replace(/:\w+/, 'x'));
      expect([path, status, headers.get('location')]).toEqual([path, 303, '/staff/me']);
    }
    expect((await agent.post('/staff/me/name', { name: 'Anna' })).status).toBe(403);
    const own = await agent.get('/staff/me');
    expect(own.text).toContain('Everybody here needs a second factor.');
    expect(own.text).toMatch(/<button class="quiet" autofocus>\s*Set it up/);
    // The stream of what happens does not open either, and would be asked for again and again.
    expect(own.text).not.toContain('data-live=');
    expect(await setUpSecondFactor(agent)).toBe(303);
    expect((await agent.get('/staff')).status).toBe(200);
    // It can be changed for another one and not be taken away.
    expect((await agent.get('/staff/me')).text).toContain('Set up another');
    expect((await agent.post('/staff/me/second-factor/remove', { current: PASSWORD })).status).toBe(422);
    expect(await site.accounts.secondFactor(AGENT)).not.toBeNull();
  });

  test('an admin who has a second factor can leave it to each again', async () => {
    const agent = await site.member('agent');
    const admin = await site.member('admin');
    await admin.get('/staff/accounts');
    await admin.post('/staff/accounts/second-factor', { needed: 'yes' });
    await setUpSecondFactor(admin);
    expect((await admin.get('/staff/accounts')).text).toContain('admin · second factor · since');
    await admin.post('/staff/accounts/second-factor', { needed: 'no' });
    expect((await agent.get('/staff')).status).toBe(200);
  });

  test('each refusal is a line in the log with its reason and ids, and nothing of who it is', async () => {
    const reader = await site.member('reader');
    const admin = await site.member('admin');
    await reader.get('/staff/audit');
    await reader.post('/staff/me/name', { csrf: 'x' });
    await reader.post('/staff/me/name', {}, { origin: 'https://evil.test' });
    await admin.get('/staff/accounts');
    await admin.post('/staff/accounts/disable', { email: 'reader@clinic.test' });
    await reader.get('/staff');
    expect(logged).toEqual(
      [
        { reason: 'role', route: 'GET /staff/audit' },
        { reason: 'old-form', route: 'POST /staff/me/name' },
        { reason: 'foreign-form', route: 'POST /staff/me/name' },
        { reason: 'disabled', route: 'GET /staff' },
      ].map((line) => ({
        ...line,
        request: expect.stringMatching(/^[0-9a-f-]{36}$/),
        session: expect.stringMatching(/^[0-9a-f]{12}$/),
      })),
    );
  });
});
