import type { Database } from '../../src/storage/open-database';
import { createTurnStore } from '../../src/storage/turn-store';
import { eachDatabase } from '../support/databases';
import { bookingRequest, keepConversation, startConsole } from '../support/staff-console';
import type { StaffConsole } from '../support/staff-console';

/** Half an hour before the console's clock, which starts at 15:00 UTC. */
const AT = '2026-03-02T14:30:00.000Z';
const HOUR = 60 * 60_000;
const REQUEST = '/staff/requests/SA-7K4Q2';

eachDatabase('the work on booking requests', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [{ said: 'book me', request: bookingRequest({ wish: WISH }) }],
    });
  });
  afterEach(() => site.close());

  /** Somebody else, by another number and address. */
  const LENA = bookingRequest({
    reference: 'SA-LATER',
    name: 'Lena Later',
    phone: { e164: '+14105550199', typed: '410 555 0199' },
    email: 'lena@example.com',
  });
  const WISH = {
    typed: 'thursday at 6',
    date: '2026-03-05',
    time: '18:00',
    zone: 'America/New_York',
    words: 'Thursday, March 5 at 6 pm',
  };

  test('a request that waits longer than the clinic promised is overdue and comes first in the queue', async () => {
    await keepConversation(database, {
      id: 'later',
      at: '2026-03-02T20:00:00.000Z',
      turns: [{ said: 'me too', request: LENA }],
    });
    site.pass(24 * HOUR);
    const agent = await site.member('agent');
    const { text } = await agent.get('/staff');
    expect(text).toContain('2 new booking requests (1 overdue) wait for you.');
    expect(text.indexOf('Jordan Miles')).toBeLessThan(text.indexOf('Lena Later'));
    const overdue = (await agent.get('/staff/requests?status=overdue')).text;
    expect(overdue).toContain('Jordan Miles');
    expect(overdue).not.toContain('Lena Later');
    expect((await agent.get(REQUEST)).text).toContain('Overdue: it was to be answered by');
    await agent.post(`${REQUEST}/status`, { status: 'contacted' });
    expect((await site.review.waiting(site.clock().toISOString())).overdueRequests).toBe(1);
    expect((await agent.get(REQUEST)).text).toContain('Answered <time');
  });

  test('days on which the clinic is closed do not make a request overdue', async () => {
    const friday = '2026-03-06T20:00:00.000Z';
    await keepConversation(database, {
      id: 'friday',
      at: friday,
      turns: [{ said: 'hi', request: bookingRequest({ reference: 'SA-FRI' }) }],
    });
    const open = [{ opens: '09:00', closes: '17:00' }];
    const openingHours = { 1: open, 2: open, 3: open, 4: open, 5: open };
    const weekdays = await startConsole(database, { contactPromise: () => ({ hours: 24, openingHours }) });
    weekdays.pass(Date.parse('2026-03-08T22:00:00.000Z') - weekdays.clock().getTime());
    const agent = await weekdays.member('agent');
    expect((await agent.get('/staff/requests/SA-FRI')).text).toContain('To be answered by');
    weekdays.pass(24 * HOUR);
    const again = weekdays.browser();
    await again.signIn('agent@clinic.test', 'violet harbour teaspoon 9');
    expect((await again.get('/staff/requests/SA-FRI')).text).toContain('Overdue');
    await weekdays.close();
  });

  test('one that was lost and is changed by its visitor waits anew from then on', async () => {
    const agent = await site.member('agent');
    await agent.post(`${REQUEST}/status`, { status: 'lost' });
    await createTurnStore(database).commit({
      conversation: { id: 'talk', channel: 'directline', userId: 'user-of-talk' },
      lastSequence: 2,
      incomingId: 'again',
      incoming: {
        conversationId: 'talk',
        sequence: 3,
        activity: { type: 'message', text: 'Friday instead' },
      },
      outgoing: [],
      state: '{}',
      request: bookingRequest(),
      at: '2026-03-20T14:00:00.000Z',
    });
    const reading = await site.review.request('SA-7K4Q2');
    expect([reading?.status, reading?.waitsSince]).toEqual(['new', '2026-03-20T14:00:00.000Z']);
  });

  test('it is assigned to a colleague, found by whose it is, and the history says so', async () => {
    const agent = await site.member('agent');
    await site.member('admin');
    expect((await agent.post(`${REQUEST}/assigned`, { to: 'nobody@elsewhere.test' })).status).toBe(404);
    await agent.post(`${REQUEST}/assigned`, { to: 'admin@clinic.test' });
    expect((await agent.get('/staff/requests?assigned=admin%40clinic.test')).text).toContain('Jordan');
    expect((await agent.get('/staff/requests?assigned=-me')).text).not.toContain('Jordan');
    await agent.post(`${REQUEST}/assigned`, { to: '-me' });
    expect((await agent.get('/staff/requests?assigned=-me')).text).toContain('Jordan');
    expect((await agent.get('/staff/requests?assigned=-nobody')).text).not.toContain('Jordan');
    expect((await agent.get(REQUEST)).text).toMatch(/assigned to agent@clinic\.test, by agent@clinic\.test/);
    await agent.post(`${REQUEST}/assigned`, { to: '-nobody' });
    expect((await site.review.request('SA-7K4Q2'))?.assignedTo).toBeNull();
  });

  test('its page has the conversation beside it, its notes, the calendar file and the notices', async () => {
    const agent = await site.member('agent');
    await agent.post(`${REQUEST}/notes`, { text: 'Rang twice.' });
    const { text } = await agent.get(REQUEST);
    for (const shown of [
      'book me',
      'Rang twice.',
      'href="https://bot.example.com/calendar/SA-7K4Q2.ics"',
      'waits to be sent',
    ])
      expect(text).toContain(shown);
    expect((await agent.get('/staff/conversations/talk')).text).toContain('Rang twice.');
  });

  test('a notice that could not be delivered is sent again from the request’s page', async () => {
    const agent = await site.member('agent');
    await database.write((transaction) =>
      transaction
        .updateTable('outbox')
        .set({ state: 'dead', attempts: 9, last_error: 'mail: ECONNREFUSED', settled_at: AT })
        .execute(),
    );
    const { text } = await agent.get(REQUEST);
    expect(text).toContain('not delivered after 9 tries (mail: ECONNREFUSED)');
    const id = /action="\/staff\/notices\/(\d+)"/.exec(text)?.[1] ?? '';
    const answer = await agent.post(`/staff/notices/${id}`, { how: 'retry', request: 'SA-7K4Q2' });
    expect(answer.headers.get('location')).toBe(REQUEST);
    expect((await agent.get(REQUEST)).text).toContain('waits to be sent');
  });

  test('conversations are assigned, and found by whose they are', async () => {
    const agent = await site.member('agent');
    await agent.post('/staff/conversations/talk/assigned', { to: '-me' });
    expect((await agent.get('/staff/conversations?assigned=-me')).text).toContain('book me');
    expect((await agent.get('/staff/conversations?assigned=-nobody')).text).not.toContain('book me');
    expect((await agent.post('/staff/conversations/none/assigned', { to: '-me' })).status).toBe(404);
  });

  test('a filter is kept for everybody under a name, opened with one click, and removed', async () => {
    const agent = await site.member('agent');
    const reader = await site.member('reader');
    const query = 'show=waiting&channel=messenger';
    await agent.post('/staff/views', { name: 'Messenger to do', query: `${query}&nonsense=1` });
    const list = (await reader.get('/staff/conversations')).text;
    expect(list).toContain(`href="/staff/conversations?${query.replace('&', '&amp;')}"`);
    expect(list).toContain('Messenger to do');
    const shown = (await agent.get(`/staff/conversations?${query}`)).text;
    const id = /action="\/staff\/views\/(\d+)\/remove"/.exec(shown)?.[1] ?? '';
    await agent.post(`/staff/views/${id}/remove`, {});
    expect((await reader.get('/staff/conversations')).text).not.toContain('Messenger to do');
  });

  test('a filter that searches for somebody is not kept: an erasure would not find it', async () => {
    const agent = await site.member('agent');
    for (const [name, search] of [
      ['Jordan', '410 555 0134'],
      ['jordan@example.com', 'price'],
    ] as const) {
      const answer = await agent.post('/staff/views', {
        name,
        query: `search=${encodeURIComponent(search)}`,
      });
      expect((await agent.get(answer.headers.get('location') ?? '')).text).toContain('leave out telephone');
    }
    expect(await site.review.savedViews()).toEqual([]);
  });
});
