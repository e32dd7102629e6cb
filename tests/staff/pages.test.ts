import type { Database } from '../../src/storage/open-database';
import { PERMISSIONS } from '../../src/staff/permissions';
import { ROLES } from '../../src/staff/ports';
import { createTurnStore } from '../../src/storage/turn-store';
import { eachDatabase } from '../support/databases';
import { bookingRequest, decisionOf, keepConversation, startConsole } from '../support/staff-console';
import type { StaffBrowser, StaffConsole } from '../support/staff-console';

const AT = '2026-03-02T14:30:00.000Z';

eachDatabase('who may do what', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [
        {
          said: 'call me on 410 555 0134 or me@example.com',
          review: 'unanswered',
          request: bookingRequest(),
        },
      ],
    });
  });
  afterEach(() => site.close());

  test('every route of the console has a rule, and no rule is left over', () => {
    expect(site.routes.map((route) => `${route.method} ${route.path}`).sort()).toEqual(
      Object.keys(PERMISSIONS).sort(),
    );
  });

  test('each role may use the routes of its row and of the rows below, and nothing else', async () => {
    const members = {
      reader: await site.member('reader'),
      agent: await site.member('agent'),
      admin: await site.member('admin'),
    };
    for (const [route, rule] of Object.entries(PERMISSIONS)) {
      if (rule === 'anyone' || route === 'POST /staff/sign-out') continue;
      const [method, path = ''] = route.split(' ');
      const address = path
        .replace('notices/:id', 'notices/1')
        .replace(':id', 'talk')
        .replace(':reference', 'SA-7K4Q2');
      const ask = (browser: StaffBrowser) =>
        method === 'GET' ? browser.get(address) : browser.post(address, {});
      expect([route, (await ask(site.browser())).status]).toEqual([route, 401]);
      for (const role of ROLES) {
        const allowed = ROLES.indexOf(role) >= ROLES.indexOf(rule);
        const { status } = await ask(members[role]);
        // Allowed without fields of a form: the change itself is refused, but not for the role.
        expect([route, role, status === 403]).toEqual([route, role, !allowed]);
      }
    }
  });

  test('contact details are masked for everybody until an agent asks for them, and that is in the trail', async () => {
    const reader = await site.member('reader');
    const agent = await site.member('agent');
    for (const path of [
      '/staff',
      '/staff/conversations',
      '/staff/conversations/talk',
      '/staff/requests',
      '/staff/requests/SA-7K4Q2',
    ]) {
      for (const member of [reader, agent])
        expect((await member.get(path)).text).not.toMatch(/555.?0134|5550134|jordan@|me@example/);
    }
    expect((await reader.get('/staff/requests/SA-7K4Q2')).text).toContain('j…@example.com');
    const asked = await agent.get('/staff/requests/SA-7K4Q2/revealed');
    expect(asked.text).toContain('href="tel:+14105550134"');
    expect(asked.text).toContain('href="mailto:jordan@example.com"');
    expect((await agent.get('/staff/conversations/talk/revealed')).text).toContain('me@example.com');
    expect((await reader.get('/staff/conversations/talk/revealed')).status).toBe(403);
    const revealed = (await site.accounts.auditTrail(50)).filter(({ action }) => action === 'reveal');
    expect(revealed.map(({ actor, subject }) => [actor, subject])).toEqual([
      ['agent@clinic.test', 'conversation:talk'],
      ['agent@clinic.test', 'request:SA-7K4Q2'],
    ]);
  });

  test('each reading of a conversation or a request is in the audit trail, with who and when', async () => {
    const agent = await site.member('agent');
    await agent.get('/staff/conversations/talk');
    await agent.get('/staff/requests/SA-7K4Q2');
    await agent.get('/staff/conversations/none');
    const rows = await database.kysely
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'read')
      .orderBy('id')
      .execute();
    expect(rows.map(({ at, actor, subject }) => [at, actor, subject])).toEqual([
      ['2026-03-02T15:00:00.000Z', 'agent@clinic.test', 'conversation:talk'],
      ['2026-03-02T15:00:00.000Z', 'agent@clinic.test', 'request:SA-7K4Q2'],
    ]);
  });

  test('a form from another site, without a source or without its token changes nothing', async () => {
    const agent = await site.member('agent');
    const path = '/staff/requests/SA-7K4Q2/status';
    const origin = site.url;
    const attempts = [
      agent.post(path, { status: 'lost' }, { origin: 'https://evil.test' }),
      agent.post(path, { status: 'lost' }, { origin: 'null' }),
      agent.post(path, { status: 'lost' }, {}),
      agent.post(path, { status: 'lost' }, { origin, 'sec-fetch-site': 'cross-site' }),
      agent.post(path, { status: 'lost' }, { origin, 'sec-fetch-site': 'same-site' }),
      agent.post(path, { status: 'lost', csrf: '' }),
      agent.post(path, { status: 'lost', csrf: (await site.member('admin')).csrf }),
    ];
    for (const answer of await Promise.all(attempts)) expect(answer.status).toBe(403);
    expect(
      (await agent.post(path, { status: 'lost' }, { origin, 'content-type': 'text/plain' })).status,
    ).toBe(415);
    expect((await agent.get(`${path}?status=lost`)).status).toBe(405);
    expect((await site.review.request('SA-7K4Q2'))?.status).toBe('new');
    expect((await agent.post(path, { status: 'lost' }, { origin })).status).toBe(303);
    expect((await site.review.request('SA-7K4Q2'))?.status).toBe('lost');
  });

  test('no page may be kept, framed, or load anything from elsewhere', async () => {
    const agent = await site.member('agent');
    for (const path of [
      '/staff',
      '/staff/conversations/talk',
      '/staff/requests/SA-7K4Q2',
      '/staff/nowhere',
    ]) {
      const { headers, text } = await agent.get(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(text.replace(/<script src="\/staff\/console\.js\?v=\w+" defer><\/script>/, '')).not.toMatch(
        /<script|<style| style=| on\w+=/,
      );
    }
  });

  test('a link from an e-mail opens itself once more, so that the strict cookie comes along', async () => {
    const agent = await site.member('agent');
    const fromMail = { 'sec-fetch-site': 'cross-site' };
    const first = await site.browser().get('/staff/requests/SA-7K4Q2', fromMail);
    expect(first.text).toContain('http-equiv="refresh"');
    expect(first.text).not.toContain('Jordan');
    expect((await agent.get('/staff/requests/SA-7K4Q2')).text).toContain('Jordan');
  });

  test('an id that does not exist is not found, however it is written', async () => {
    const agent = await site.member('agent');
    for (const id of ['none', '-1', '9'.repeat(200), '%F0%9F%98%80', "'%20or%201=1"]) {
      expect((await agent.get(`/staff/conversations/${id}`)).status).toBe(404);
      expect((await agent.get(`/staff/requests/${id}`)).status).toBe(404);
      expect((await agent.post(`/staff/conversations/${id}/reviewed`, { upTo: '5' })).status).toBe(404);
      expect((await agent.post(`/staff/requests/${id}/status`, { status: 'done' })).status).toBe(404);
    }
  });
});

eachDatabase('what staff read', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
  });
  afterEach(() => site.close());

  test('the first screen says whether anything waits', async () => {
    const agent = await site.member('agent');
    expect((await agent.get('/staff')).text).toContain('<h1 class="calm">Nothing waits for you.</h1>');
    await keepConversation(database, { id: 'one', at: AT, turns: [{ said: 'hi', review: 'unanswered' }] });
    await keepConversation(database, {
      id: 'two',
      at: AT,
      turns: [{ said: 'help me now', review: 'safety' }],
    });
    await keepConversation(database, {
      id: 'three',
      at: AT,
      turns: [{ said: 'book', request: bookingRequest() }],
    });
    const { text } = await agent.get('/staff');
    expect(text).toContain('1 new booking request and 2 conversations wait for you.');
    expect(text.indexOf('help me now')).toBeLessThan(text.indexOf('>hi<'));
  });

  test('the queue shows the question for which a conversation waits, whatever it began with', async () => {
    await keepConversation(database, {
      id: 'paying',
      at: AT,
      turns: [
        { said: 'how long will it last', decision: { decision: 'answer', entry: 'longevity' } },
        { said: 'do you take debit cards', decision: { decision: 'handoff' }, review: 'unanswered' },
        { said: 'thanks', decision: { decision: 'answer', entry: 'thanks' } },
      ],
    });
    const { text } = await (await site.member('agent')).get('/staff');
    expect(text).toContain('do you take debit cards');
    expect(text).not.toContain('how long will it last');
  });

  test('the first screen counts today and the last seven days by the clinic’s clock', async () => {
    const decision = { decision: 'answer' as const, entry: 'longevity', confidence: 0.9 };
    // 15:00 UTC is 10 in the morning in New York; its day began at 05:00 UTC.
    for (const [id, at] of [
      ['today', '2026-03-02T05:00:00.000Z'],
      ['yesterday', '2026-03-02T04:59:00.000Z'],
      ['old', '2026-02-23T14:00:00.000Z'],
    ] as const) {
      await keepConversation(database, { id, at, turns: [{ said: 'how long', decision }] });
    }
    const { text } = await (await site.member('reader')).get('/staff');
    expect(text).toMatch(/>Conversations<\/th><td><a [^>]+>1<\/a><\/td><td><a [^>]+>2<\/a><\/td>/);
    expect(text).toMatch(/>Messages: answered<\/th><td><a [^>]+>1<\/a><\/td><td><a [^>]+>2<\/a><\/td>/);
  });

  test('requests of one person name each other, and are answered together', async () => {
    for (const [index, reference] of ['SA-FIRST', 'SA-AGAIN'].entries())
      await keepConversation(database, {
        id: reference,
        at: new Date(Date.parse(AT) + index * 600_000).toISOString(),
        turns: [{ said: 'book', request: bookingRequest({ reference }) }],
      });
    const agent = await site.member('agent');
    const page = (await agent.get('/staff/requests/SA-AGAIN')).text;
    expect(page).toMatch(
      /<dt>Same person<\/dt><dd dir="auto"><a class="id" href="\/staff\/requests\/SA-FIRST">/,
    );
    expect((await agent.get('/staff/requests')).text).toContain('same person as SA-FIRST');
    await agent.post('/staff/requests/SA-AGAIN/status', { status: 'contacted' });
    expect((await agent.get('/staff/requests/SA-FIRST')).text).toContain(
      'value="contacted" class="quiet" aria-pressed="true"',
    );
  });

  test('a conversation shows both sides, and why the bot said what it said', async () => {
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [
        {
          said: 'how long is a sesion',
          replied: 'About 3 to 5 hours.',
          offered: ['How many sessions'],
          decision: {
            decision: 'answer',
            entry: 'session-length',
            topic: 'session-length',
            confidence: 0.93,
            candidates: [
              { entry: 'session-length', topic: 'session-length', confidence: 0.93 },
              { entry: 'sessions-count', topic: 'sessions-count', confidence: 0.04 },
            ],
            why: {
              corrections: [['sesion', 'session']],
              phrasing: 'how long is one session',
              terms: [['long', 0.4]],
              unknownWords: ['zyx'],
              sentence: 'It is nearly the same as a known phrasing.',
            },
          },
        },
        { said: 'and now?', errorId: 'e-42', decision: { decision: 'none' }, review: 'failed-turn' },
      ],
    });
    const titled = await startConsole(database, {
      entries: () => [{ id: 'session-length', title: 'How long one session takes' }],
      answerNow: (text) => decisionOf(text, { decision: 'handoff', entry: 'price', confidence: 0.7 }),
    });
    const agent = await titled.member('agent');
    const page = readable((await agent.get('/staff/conversations/talk')).text);
    await titled.close();
    for (const shown of [
      'how long is a sesion',
      'About 3 to 5 hours.',
      'How many sessions',
      'Answered with “How long one session takes” (93 % sure).',
      'It is nearly the same as a known phrasing.',
      'sesion → session',
      'how long is one session',
      'long (40 %)',
      'zyx',
      'abc123def456',
      '“sessions-count” 4 %',
      'Understood as “price” (70 % sure), for which no answer is approved.',
      'e-42',
      'today, 9:30 AM',
    ]) {
      expect(page).toContain(shown);
    }
  });

  test('what a visitor thought of an answer stands at the answer', async () => {
    await keepConversation(database, {
      id: 'rated',
      at: AT,
      turns: [{ said: 'how long', replied: 'Hours.' }],
    });
    await createTurnStore(database).commit({
      conversation: { id: 'rated', channel: 'directline', userId: 'user-of-rated' },
      lastSequence: 2,
      incomingId: 'thumb',
      incoming: {
        conversationId: 'rated',
        sequence: 3,
        activity: { type: 'event', name: 'feedback', value: { activityId: 'rated-2', value: 'up' } },
      },
      outgoing: [],
      state: '{}',
      at: AT,
    });
    const agent = await site.member('agent');
    const page = readable((await agent.get('/staff/conversations/rated')).text);
    expect(page).toContain('The visitor said that this helped.');
  });

  test('marking reviewed takes a conversation off the list, and the next one opens', async () => {
    await keepConversation(database, { id: 'first', at: AT, turns: [{ said: 'danger', review: 'safety' }] });
    await keepConversation(database, { id: 'second', at: AT, turns: [{ said: 'what', review: 'unsure' }] });
    const agent = await site.member('agent');
    const answer = await agent.post('/staff/conversations/first/reviewed', { upTo: '2', open: 'next' });
    expect(answer.headers.get('location')).toBe('/staff/conversations/second?reviewed=first');
    const list = (await agent.get('/staff/conversations?show=waiting')).text;
    expect(list).not.toContain('danger');
    expect(list).toContain('what');
    expect((await agent.get('/staff/conversations/first')).text).toContain('Reviewed by agent@clinic.test');
    const last = await agent.post('/staff/conversations/second/reviewed', { upTo: '2', open: 'next' });
    expect(last.headers.get('location')).toBe('/staff?reviewed=second');
  });

  test('what was reviewed by a slip waits again for what it waited for, and a second time changes nothing', async () => {
    await keepConversation(database, { id: 'first', at: AT, turns: [{ said: 'danger', review: 'safety' }] });
    const agent = await site.member('agent');
    await agent.post('/staff/conversations/first/reviewed', { upTo: '2', open: 'next' });
    expect((await agent.get('/staff?reviewed=first')).text).toContain('Let it wait again');
    for (let time = 0; time < 2; time++) await agent.post('/staff/conversations/first/brought-back', {});
    expect(await site.review.conversation('first', 5)).toMatchObject({
      review: 'safety',
      reviewedAt: null,
      reviewedBy: null,
    });
    const trail = (await site.accounts.auditTrail(10)).map(({ action }) => action);
    expect(trail.filter((action) => action === 'bring-back')).toHaveLength(1);
    expect((await agent.post('/staff/conversations/none/brought-back', {})).status).toBe(404);
    const reader = await site.member('reader');
    expect((await reader.get('/staff?reviewed=first')).text).not.toContain('Let it wait again');
  });

  test('a conversation that went on while it was read stays to be reviewed', async () => {
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [
        { said: 'what', review: 'unsure' },
        { said: 'and this?', review: 'unanswered' },
      ],
    });
    const agent = await site.member('agent');
    const answer = await agent.post('/staff/conversations/talk/reviewed', { upTo: '2' });
    expect((await agent.get(answer.headers.get('location') ?? '')).text).toContain(
      'The visitor has written again',
    );
    expect((await site.review.waiting(AT)).reasons).toEqual({ unanswered: 1 });
  });

  test('the list is filtered by reason, outcome and channel', async () => {
    const none = { decision: 'none' as const };
    await keepConversation(database, { id: 'a', at: AT, turns: [{ said: 'alpha', review: 'unsure' }] });
    await keepConversation(database, {
      id: 'b',
      at: AT,
      channel: 'messenger',
      turns: [{ said: 'beta', decision: none }],
    });
    const agent = await site.member('agent');
    const shown = async (query: string) => {
      const { text } = await agent.get(`/staff/conversations?${query}`);
      return ['alpha', 'beta'].filter((said) => text.includes(said));
    };
    expect(await shown('')).toEqual(['alpha', 'beta']);
    expect(await shown('show=waiting')).toEqual(['alpha']);
    expect(await shown('reason=unsure')).toEqual(['alpha']);
    expect(await shown('outcome=none')).toEqual(['beta']);
    expect(await shown('channel=messenger')).toEqual(['beta']);
    expect(await shown('channel=messenger&reason=unsure')).toEqual([]);
  });

  test('paging shows every conversation once, newest first, also where many have the same time', async () => {
    for (let index = 0; index < 120; index += 1) {
      const at = new Date(Date.parse(AT) - Math.floor(index / 40) * 1_000).toISOString();
      await keepConversation(database, {
        id: `c${String(index).padStart(3, '0')}`,
        at,
        turns: [{ said: `said-${index}-` }],
      });
    }
    const agent = await site.member('agent');
    const seen: number[] = [];
    let path: string | undefined = '/staff/conversations';
    for (let pages = 0; path !== undefined && pages < 5; pages += 1) {
      const { text }: { text: string } = await agent.get(path);
      seen.push(...[...text.matchAll(/said-(\d+)-/g)].map((match) => Number(match[1])));
      path = /<a href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index));
  });

  test('a long conversation comes newest first, with the way to its beginning', async () => {
    const turns = Array.from({ length: 260 }, (_, index) => ({ said: `line ${index}.` }));
    await keepConversation(database, { id: 'long', at: AT, turns });
    const agent = await site.member('agent');
    const newest = (await agent.get('/staff/conversations/long')).text;
    expect(newest).toContain('line 259.');
    expect(newest).not.toContain('line 9.');
    const earlier = /href="([^"]+\?before=\d+)"/.exec(newest)?.[1] ?? '';
    expect((await agent.get(earlier)).text).toContain('line 9.');
  });

  test('a booking request is found, read whole and worked through, and its history is kept', async () => {
    const request = bookingRequest({ note: 'Mornings only', question: 'Do you do beards?' });
    await keepConversation(database, { id: 'talk', at: AT, turns: [{ said: 'book me', request }] });
    const agent = await site.member('agent');
    expect((await agent.get('/staff/requests?status=new')).text).toContain('Jordan Miles');
    const page = readable((await agent.get('/staff/requests/SA-7K4Q2/revealed')).text);
    for (const shown of [
      'Jordan Miles', '+1 410 555 0134', '(410) 555 0134', 'jordan@example.com', 'Thursday, March 5 at 6 pm', 'thursday at 6',
      'Mornings only', 'Do you do beards?', 'The clinic may keep what I tell it', '2026-01', 'today, 9:00 AM',
    ]) expect(page).toContain(shown); // prettier-ignore
    await agent.post('/staff/requests/SA-7K4Q2/status', { status: 'contacted' });
    site.pass(60_000);
    await agent.post('/staff/requests/SA-7K4Q2/status', { status: 'booked' });
    expect((await agent.post('/staff/requests/SA-7K4Q2/status', { status: 'withdrawn' })).status).toBe(404);
    const after = readable((await agent.get('/staff/requests/SA-7K4Q2')).text);
    expect(after).toMatch(
      /10:01 AM : Booked, by agent@clinic.test .*10:00 AM : Contacted, by agent@clinic.test/,
    );
    expect((await agent.get('/staff/requests?status=new')).text).not.toContain('Jordan Miles');
    expect((await agent.get('/staff/conversations/talk')).text).toContain('SA-7K4Q2');
  });

  test('an admin adds a colleague whose password is shown once, and nobody changes their own account', async () => {
    const admin = await site.member('admin');
    const added = await admin.post('/staff/accounts', { email: 'Ben@Clinic.test', role: 'agent' });
    const password = /class="password">([^<]+)</.exec(added.text)?.[1] ?? '';
    const ben = site.browser();
    expect((await ben.signIn('ben@clinic.test', password)).status).toBe(303);
    expect((await admin.get('/staff/accounts')).text).not.toContain(password);
    expect((await admin.post('/staff/accounts', { email: 'ben@clinic.test', role: 'admin' })).status).toBe(
      422,
    );
    for (const change of ['role', 'reset', 'remove']) {
      expect(
        (await admin.post(`/staff/accounts/${change}`, { email: 'admin@clinic.test', role: 'reader' }))
          .status,
      ).toBe(422);
    }
    await admin.post('/staff/accounts/role', { email: 'ben@clinic.test', role: 'reader' });
    expect((await ben.get('/staff')).status).toBe(401);
    const unsure = await admin.post('/staff/accounts/remove', { email: 'ben@clinic.test' });
    expect([unsure.status, readable(unsure.text)]).toEqual([422, expect.stringContaining('I am sure')]);
    // What is to be ticked stands open.
    expect(unsure.text).toMatch(/<details open[^>]*><summary aria-label="Change ben@clinic.test"/);
    await admin.post('/staff/accounts/remove', { email: 'ben@clinic.test', sure: 'yes' });
    expect((await site.accounts.list()).map((account) => account.email)).toEqual(['admin@clinic.test']);
  });
});

/** What a person reads of a page: tags gone, entities read, spaces single. */
function readable(html: string): string {
  return html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}
