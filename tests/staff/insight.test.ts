import { createTurnStore } from '../../src/storage/turn-store';
import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { bookingRequest, keepConversation, startConsole } from '../support/staff-console';
import type { StaffBrowser, StaffConsole } from '../support/staff-console';

/** Half past nine in New York, on the day the console's clock stands at. */
const AT = '2026-03-02T14:30:00.000Z';
const ANSWERED = { decision: 'answer' as const, entry: 'price', confidence: 0.95 };
const BOOKS = { decision: 'booking' as const, entry: 'booking', confidence: 0.99 };

/** How the page says how many conversations or requests there are; what counts messages opens fewer rows. */
const COUNTED = /^\d+ (?:conversations?|requests?|of them|still new)$/;

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
    expect(text).toContain('aria-label="Mar 2: conversations 1"');
    expect(text).toContain('aria-label="Mar 1: conversations 1"');
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
    const half =
      '1 request answered, half of them within 50 minutes , nine in ten within 50 minutes , the others later';
    expect(await insight()).toContain(half);
  });

  test('each number opens as many conversations or requests as it says', async () => {
    const begin = { said: 'book me', decision: BOOKS };
    // Begun before the seven days, and written in since: not among those begun in them.
    const before = '2026-02-20T14:30:00.000Z';
    await keepConversation(database, {
      id: 'old',
      at: before,
      turns: [begin, { said: 'how much', decision: ANSWERED }],
    });
    await keepMore('old', 'how much', AT);
    await keepConversation(database, { id: 'a', at: AT, turns: [{ said: 'how much', decision: ANSWERED }] });
    await keepConversation(database, {
      id: 'b',
      at: '2026-03-01T14:30:00.000Z',
      turns: [begin],
      state: booking({}),
    });
    for (const [index, channel] of ['directline', 'directline', 'messenger', 'messenger'].entries())
      await keepConversation(database, {
        id: `sent-${index}`,
        channel,
        at: AT,
        turns: [{ ...begin, request: bookingRequest({ reference: `SA-SENT${index}`, ...contactOf(index) }) }],
      });
    for (const [reference, minutes, status] of [
      ['SA-SENT0', 40, 'booked'],
      ['SA-SENT1', 60, 'contacted'],
      ['SA-SENT2', 360, 'done'],
    ] as const) {
      const at = new Date(Date.parse(AT) + minutes * 60_000).toISOString();
      await site.review.setStatus(reference, status, { at, actor: 'agent@clinic.test' });
    }
    for (const query of ['days=7', 'days=7&channel=messenger']) {
      const { text } = await reader.get(`/staff/insight?${query}`);
      const numbers = [
        ...rowsOf(text, 'funnel'),
        ...linksOf(text).filter(({ title }) => COUNTED.test(title)),
        ...barsOf(text, 'Conversations a day'),
      ];
      expect(numbers.length).toBeGreaterThan(8);
      for (const { href, amount, title } of numbers)
        expect([query, title, href, await rowsBehind(href)]).toEqual([query, title, href, amount]);
    }
    const within = linksOf((await reader.get('/staff/insight?days=7')).text).filter(({ href }) =>
      /within=/.test(href),
    );
    expect(within.map(({ title }) => title)).toEqual(['60 minutes', '6 hours']);
    expect(await Promise.all(within.map(({ href }) => rowsBehind(href)))).toEqual([2, 3]);
    // And on the first page: what came in today, and in a week.
    for (const { href, amount, title } of linksOf((await reader.get('/staff')).text).filter(({ href }) =>
      /from=|begun=/.test(href),
    ))
      if (!href.includes('outcome='))
        expect([title, href, await rowsBehind(href)]).toEqual([title, href, amount]);
  });

  /** Different people: requests of one person are moved on together. */
  function contactOf(index: number) {
    const e164 = `+1410555010${index}`;
    return { phone: { e164, typed: e164 }, email: `person${index}@example.com` };
  }

  async function rowsBehind(href: string): Promise<number> {
    const { text } = await reader.get(href);
    return [...text.matchAll(/<li><a href="\/staff\/(?:conversations|requests)\//g)].length;
  }

  interface Figure {
    href: string;
    title: string;
    amount: number;
  }

  function linksOf(text: string): Figure[] {
    return [...text.matchAll(/<a [^>]*?href="([^"]+)"[^>]*>([^<]+)<\/a>/g)].map(
      ([, href = '', title = '']) => ({
        href: href.replaceAll('&amp;', '&'),
        title,
        amount: parseInt(title, 10),
      }),
    );
  }

  function rowsOf(text: string, section: string): Figure[] {
    const [, part = ''] =
      new RegExp(`<section aria-labelledby="${section}">(.*?)</section>`, 's').exec(text) ?? [];
    const row = /<tr><th scope="row"><a href="([^"]+)">([^<]+)<\/a><\/th><td>.*?<\/td><td>(\d+)<\/td>/g;
    return [...part.matchAll(row)].map(([, href = '', title = '', amount]) => ({
      href: href.replaceAll('&amp;', '&'),
      title,
      amount: Number(amount),
    }));
  }

  function barsOf(text: string, plot: string): Figure[] {
    const [, part = ''] = new RegExp(`aria-label="${plot}">(.*?)</svg>`, 's').exec(text) ?? [];
    return [...part.matchAll(/<a href="([^"]+)" aria-label="([^"]+): (\d+) /g)].map(
      ([, href = '', title = '', amount]) => ({
        href: href.replaceAll('&amp;', '&'),
        title,
        amount: Number(amount),
      }),
    );
  }

  async function keepMore(id: string, text: string, at: string): Promise<void> {
    await createTurnStore(database).commit({
      conversation: { id, channel: 'directline', userId: `user-of-${id}` },
      lastSequence: 4,
      incomingId: 'more',
      incoming: { conversationId: id, sequence: 5, activity: { type: 'message', text } },
      outgoing: [],
      state: '{}',
      at,
    });
  }

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
