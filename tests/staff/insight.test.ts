import { createTurnStore } from '../../src/storage/turn-store';
import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { bookingRequest, keepConversation, startConsole } from '../support/staff-console';
import type { StaffBrowser, StaffConsole } from '../support/staff-console';

/** Half past nine in New York, on the day the console's clock stands at. */
const AT = '2026-03-02T14:30:00.000Z';
const ANSWERED = { decision: 'answer' as const, entry: 'price', confidence: 0.95 };
const BOOKS = { decision: 'booking' as const, entry: 'booking', confidence: 0.99 };

/** The state of a conversation in which a booking waits. */
function booking(draft: object, more: object = {}) {
  return {
    dialog: { id: 'booking', state: { version: 1, consent: { version: '1' }, skipped: [], draft, ...more } },
  };
}

eachDatabase('insight', (open) => {
  let database: Database;
  let site: StaffConsole;
  let reader: StaffBrowser;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
    reader = await site.member('reader');
  });
  afterEach(() => site.close());

  async function insight(query = 'days=7'): Promise<string> {
    return (await reader.get(`/staff/insight?${query}`)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  }

  async function keepThumb(id: string, value: 'up' | 'down', sequence = 3): Promise<void> {
    await createTurnStore(database).commit({
      conversation: { id, channel: 'directline', userId: `user-of-${id}` },
      lastSequence: sequence - 1,
      incomingId: `thumb-${sequence}`,
      incoming: {
        conversationId: id,
        sequence,
        activity: { type: 'event', name: 'feedback', value: { activityId: `${id}-2`, value } },
      },
      outgoing: [],
      state: '{}',
      at: AT,
    });
  }

  test('counts what the days had, by the clinic’s clock', async () => {
    await keepConversation(database, { id: 'a', at: AT, turns: [{ said: 'how much', decision: ANSWERED }] });
    // In New York this was still the first of March.
    const lateYesterday = '2026-03-02T04:00:00.000Z';
    await keepConversation(database, { id: 'b', at: lateYesterday, turns: [{ said: 'hi' }] });
    const { text } = await reader.get('/staff/insight?days=7');
    expect(text).toContain('aria-label="Mar 2: 1 conversations"');
    expect(text).toContain('aria-label="Mar 1: 1 conversations"');
    expect(await insight()).toContain('2 conversations in 7 days');
  });

  test('the way to a booking is counted by how far visitors came, and each step opens who came there', async () => {
    const begin = { said: 'book me', decision: BOOKS };
    const keep = (id: string, state: object) =>
      keepConversation(database, { id, at: AT, turns: [begin], state });
    await keep('left-at-once', { dialog: { id: 'booking', state: { version: 1, skipped: [], draft: {} } } });
    await keep('left-at-name', booking({}));
    await keep('left-at-time', booking({ name: 'Lena', phone: { e164: '+14105550134', typed: '' } }));
    await keep('left-at-note', booking({ name: 'Tom', email: 'tom@example.com' }, { skipped: ['when'] }));
    await keepConversation(database, {
      id: 'sent',
      at: AT,
      turns: [{ ...begin, request: bookingRequest() }],
    });
    const text = await insight();
    for (const [step, amount] of [
      ['Wanted to book', 5],
      ['Agreed to the notice', 4],
      ['Gave a name', 3],
      ['Gave a way to reach them', 3],
      ['Said when, or that it does not matter', 2],
      ['Sent the request', 1],
    ] as const)
      expect(text).toContain(`${step} ${amount} `);
    const found = async (reached: 'contact' | 'sent') =>
      (await site.review.conversations({ reached }, 10)).rows.map(({ id }) => id).sort();
    expect(await found('contact')).toEqual(['left-at-note', 'left-at-time', 'sent']);
    expect(await found('sent')).toEqual(['sent']);
  });

  test('confidence stands beside what visitors thought of those answers; a second thumb counts', async () => {
    for (const id of ['a', 'b'])
      await keepConversation(database, { id, at: AT, turns: [{ said: 'how much', decision: ANSWERED }] });
    await keepThumb('a', 'down');
    await keepThumb('a', 'up', 4);
    await keepThumb('b', 'down');
    // Messages, helped, did not, and the share with its range, because two say little.
    expect(await insight()).toContain('90–100 % 2 1 1 50 % (9 to 91)');
    const marked = async (thumb: 'up' | 'down') =>
      (await site.review.conversations({ thumb, tenth: 9 }, 10)).rows.map(({ id }) => id).sort();
    expect(await marked('up')).toEqual(['a']);
    expect(await marked('down')).toEqual(['a', 'b']);
  });

  test('how soon requests were answered is told once one was', async () => {
    await keepConversation(database, {
      id: 'a',
      at: AT,
      turns: [{ said: 'book', request: bookingRequest() }],
    });
    expect(await insight()).toContain('None has been answered yet. 1 still new .');
    const agent = await site.member('agent');
    site.pass(20 * 60_000);
    await agent.post('/staff/requests/SA-7K4Q2/status', { status: 'contacted' });
    site.pass(60_000);
    await agent.post('/staff/requests/SA-7K4Q2/status', { status: 'done' });
    const half = 'Half of them within 50 minutes , nine in ten within 50 minutes (only 1 request)';
    expect(await insight()).toContain(half);
  });

  test('one channel is shown by itself, with the way to the others', async () => {
    const turns = [{ said: 'how much', decision: ANSWERED }];
    await keepConversation(database, { id: 'web', at: AT, turns });
    await keepConversation(database, { id: 'fb', channel: 'messenger', at: AT, turns });
    await keepConversation(database, { id: 'fb2', channel: 'messenger', at: AT, turns });
    expect(await insight()).toContain('All channels 3 Website 1 Messenger 2');
    const messenger = await insight('days=7&channel=messenger');
    expect(messenger).toContain('2 conversations in 7 days');
    expect(messenger).toContain('All channels 3 Website 1 Messenger 2');
    expect((await reader.get('/staff/insight?channel=messenger')).text).toContain(
      '/staff/conversations?channel=messenger&amp;outcome=answer',
    );
  });
});
