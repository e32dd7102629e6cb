import { NoSuchConversation } from '../../src/bot/ports';
import type { Database } from '../../src/storage/open-database';
import { createPersonalData } from '../../src/storage/personal-data';
import { eachDatabase } from '../support/databases';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import type { StaffBrowser } from '../support/staff-console';
import { StockClient } from '../support/stock-client';
import { startClinic, type TestClinic } from '../support/start-clinic';

const QUESTION = 'how long does one session take?';
const ANSWER = '3 to 5 hours';

eachDatabase('a person of the team in a conversation', (open) => {
  let database: Database;
  let clinic: TestClinic;
  let chat: DirectLineChat;
  let anna: StaffBrowser;
  let page: string;

  beforeEach(async () => {
    database = await open();
    clinic = await startClinic(database);
    chat = await openChat(clinic.url);
    anna = await clinic.member('agent', 'Anna');
    page = `/staff/conversations/${chat.conversationId}`;
  });
  afterEach(() => clinic.close());

  /** What stands in the visitor's chat since the last look, each line with whose it is. */
  let seen = 0;
  beforeEach(() => void (seen = 0));
  async function news(): Promise<string[]> {
    const all = (await chat.activities()).filter(({ type }) => type === 'message');
    const lines = all.slice(seen).map(({ from, channelData, text }) => {
      const who = channelData?.person ?? (from.role === 'bot' ? 'bot' : 'visitor');
      return `${who}: ${text}`;
    });
    seen = all.length;
    return lines;
  }

  const onceIn = (text: string) => /name="once" value="([^"]+)"/.exec(text)?.[1] ?? '';
  /** `meanwhile` happens between the page and the click on it. */
  async function act(
    staff: StaffBrowser,
    what: 'join' | 'leave',
    meanwhile?: () => Promise<unknown>,
  ): Promise<void> {
    const { text } = await staff.get(page);
    const upTo = /name="upTo" value="(\d+)"/.exec(text)?.[1] ?? '';
    await meanwhile?.();
    expect((await staff.post(`${page}/${what}`, { once: onceIn(text), upTo })).status).toBe(303);
  }
  async function writes(staff: StaffBrowser, text: string): Promise<number> {
    const once = onceIn((await staff.get(page)).text);
    return (await staff.post(`${page}/messages`, { once, text })).status;
  }
  async function waiting(): Promise<string | null> {
    const row = database.kysely
      .selectFrom('conversations')
      .select('review')
      .where('id', '=', chat.conversationId);
    return (await row.executeTakeFirstOrThrow()).review;
  }

  test('joins by name, is answered to, and hands back; the assistant is silent in between', async () => {
    await chat.say('can I talk to a person?');
    await news();
    await act(anna, 'join');
    expect(await news()).toEqual([expect.stringMatching(/^bot: Anna is in this chat now/)]);
    expect(await writes(anna, 'Hi, this is Anna. What would you like to know?')).toBe(303);
    expect(await waiting()).toBe(null);
    expect(await chat.say(QUESTION)).toEqual([]);
    expect(await waiting()).toBe('visitor-waits');
    await writes(anna, 'About four hours for you.');
    expect(await waiting()).toBe(null);
    await act(anna, 'leave');
    expect(await news()).toEqual([
      'Anna: Hi, this is Anna. What would you like to know?',
      `visitor: ${QUESTION}`,
      'Anna: About four hours for you.',
      expect.stringMatching(/^bot: I'm the clinic's automated assistant again/),
    ]);
    // Nor is the visitor asked how the team may reach them any more.
    expect(await chat.say(QUESTION)).toEqual([expect.stringContaining(ANSWER)]);
  });

  test('a booking under way, and a question whose notice was agreed to, go on where they were', async () => {
    for (const begun of [['I want to book'], ['can I talk to a person?', 'yes']]) {
      for (const message of begun) await chat.say(message);
      await act(anna, 'join');
      await writes(anna, 'Hi, this is Anna.');
      await chat.say('great');
      expect(await waiting()).toBe('visitor-waits');
      // Whoever hands it back has read that: it waits for nobody any more.
      await act(anna, 'leave');
      expect(await waiting()).toBe(null);
      expect(await chat.say(QUESTION)).toEqual([expect.stringContaining(ANSWER), expect.any(String)]);
      chat = await openChat(clinic.url);
      page = `/staff/conversations/${chat.conversationId}`;
    }
  });

  test('reads in Direct Line’s own terms: from the bot’s side, under the person’s name, and never with an address', async () => {
    await act(anna, 'join');
    await writes(anna, 'Hello');
    const wire = await chat.activities();
    const own = wire.find(({ text }) => text === 'Hello');
    expect(own?.from).toEqual({ id: 'team', name: 'Anna', role: 'bot' });
    expect(own?.channelData).toEqual({ person: 'Anna' });
    expect(wire.filter(({ type, name }) => type === 'event' && name === 'person-joined')).toHaveLength(1);
    expect(JSON.stringify(wire)).not.toContain('agent@clinic.test');
  });

  test('the stock client shows it as it shows the bot, under the person’s name', async () => {
    const client = new StockClient(clinic.url, { token: chat.token, conversationId: chat.conversationId });
    await client.until(() => client.received.length > 0);
    await act(anna, 'join');
    await writes(anna, 'Hello from Anna');
    await client.until(() => client.texts().includes('Hello from Anna'));
    expect(client.received.at(-1)?.from).toEqual({ id: 'team', name: 'Anna', role: 'bot' });
    client.end();
  });

  test('whoever has no name is the team; a name is set on the own account’s page', async () => {
    const bo = await clinic.member('admin', null);
    await act(bo, 'join');
    expect((await news()).at(-1)).toMatch(/^bot: The Scalp Allure team is in this chat now/);
    await bo.get('/staff/me');
    await bo.post('/staff/me/name', { name: '  Bo   <b>K</b> ' });
    await writes(bo, 'Hello');
    expect((await news()).at(-1)).toBe('Bo <b>K</b>: Hello');
  });

  test('what the visitor writes while it is being handed back waits for somebody who reads it', async () => {
    await act(anna, 'join');
    await writes(anna, 'Hi, this is Anna.');
    await act(anna, 'leave', () => chat.say('one more thing, is Friday free?'));
    expect(await waiting()).toBe('visitor-waits');
  });

  test('who just writes takes over first, so that the visitor knows who it is', async () => {
    await act(anna, 'join');
    await act(anna, 'leave');
    await news();
    await writes(anna, 'One more thing');
    expect(await news()).toEqual([expect.stringMatching(/^bot: Anna is in/), 'Anna: One more thing']);
    expect(await chat.say(QUESTION)).toEqual([]);
  });

  test('the same form sent twice is sent once', async () => {
    await act(anna, 'join');
    const once = onceIn((await anna.get(page)).text);
    const send = () => anna.post(`${page}/messages`, { once, text: 'Only once' });
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect((await news()).filter((line) => line === 'Anna: Only once')).toHaveLength(1);
  });

  test('danger is answered by the fixed text even while a person is there', async () => {
    await act(anna, 'join');
    expect((await chat.say('I want to kill myself')).join()).toContain('988');
    expect(await waiting()).toBe('safety');
    await writes(anna, 'I am here.');
    // Somebody still looks at it; one message does not settle it.
    expect(await waiting()).toBe('safety');
  });

  test('data is deleted on request even while a person is there, and never by a “yes” that was said to them', async () => {
    await act(anna, 'join');
    await chat.say('delete my data');
    await writes(anna, 'Shall we say Tuesday at ten?');
    expect(await chat.say('yes')).toEqual([]);
    expect(JSON.stringify(await chat.activities())).toContain('Shall we say Tuesday');

    expect((await chat.say('delete my data')).join()).toContain('undone');
    expect((await chat.say('Yes, delete it')).join()).toContain('Your receipt is');
    expect(JSON.stringify(await chat.activities())).not.toContain('Shall we say Tuesday');
    expect((await chat.say(QUESTION)).join()).toContain(ANSWER);
  });

  test('the visitor gets the assistant back by asking for it', async () => {
    await act(anna, 'join');
    expect((await chat.say('back to the bot please')).join()).toContain('automated assistant again');
    expect((await anna.get(page)).text).toContain('The assistant answers here.');
    expect((await chat.say(QUESTION)).join()).toContain(ANSWER);
  });

  test('after half an hour without a word of theirs the assistant says that it is back', async () => {
    await act(anna, 'join');
    clinic.pass({ minutes: 20 });
    await writes(anna, 'One moment, I look it up.');
    await news();
    clinic.pass({ minutes: 20 });
    await clinic.handBackAfterSilence();
    expect(await news()).toEqual([]);
    expect(await chat.say('ok')).toEqual([]);
    clinic.pass({ minutes: 11 });
    await Promise.all([clinic.handBackAfterSilence(), clinic.handBackAfterSilence()]);
    expect(await news()).toEqual(['visitor: ok', expect.stringMatching(/^bot: I'm the clinic's automated/)]);
    // What the visitor wrote in vain still waits.
    expect(await waiting()).toBe('visitor-waits');
    await clinic.handBackAfterSilence();
    expect(await news()).toEqual([]);
  });

  test('who reads may not write, and a form without its token or of another site does nothing', async () => {
    const reader = await clinic.member('reader');
    const once = 'A'.repeat(22);
    const shown = (await reader.get(page)).text;
    expect(shown).not.toMatch(/Take over|name="text" rows="2" maxlength="1500"/);
    for (const what of ['join', 'messages', 'leave'])
      expect((await reader.post(`${page}/${what}`, { once, text: 'x' })).status).toBe(403);
    await anna.get(page);
    expect((await anna.post(`${page}/messages`, { once, text: 'x', csrf: 'no' })).status).toBe(403);
    const foreign = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
    expect((await anna.post(`${page}/messages`, { once, text: 'x' }, foreign)).status).toBe(403);
    expect(await news()).toHaveLength(1);
  });

  test('what cannot be sent stays in the form, with the reason', async () => {
    await act(anna, 'join');
    const once = onceIn((await anna.get(page)).text);
    const long = 'x'.repeat(1501);
    const refused = await anna.post(`${page}/messages`, { once, text: long });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('1,500 characters at most');
    expect(refused.text).toContain(long);
    expect((await anna.post(`${page}/messages`, { once, text: ' \r\n ' })).status).toBe(422);
  });

  test('a conversation that was erased meanwhile is not written into again', async () => {
    await act(anna, 'join');
    const once = onceIn((await anna.get(page)).text);
    const by = { at: clinic.clock().toISOString(), actor: 'test' };
    await createPersonalData(database).erase([chat.conversationId], 'DEL-TEST', by);
    expect((await anna.post(`${page}/messages`, { once, text: 'Still there?' })).status).toBe(404);
    const late = clinic.turns.handle({
      conversationId: chat.conversationId,
      channel: 'directline',
      userId: 'dl_x',
      incomingId: 'late',
      activity: { type: 'message', text: 'Still there?' },
      by: { account: 'agent@clinic.test', name: 'Anna' },
    });
    await expect(late).rejects.toThrow(NoSuchConversation);
    expect(await database.kysely.selectFrom('activities').selectAll().execute()).toEqual([]);
  });

  test('each act stands in the audit trail, each message with its author in the transcript', async () => {
    await act(anna, 'join');
    await writes(anna, 'Hello');
    await act(anna, 'leave');
    const trail = (await clinic.accounts.auditTrail(50)).reverse();
    const acts = trail.filter(({ actor, action }) => actor === 'agent@clinic.test' && action !== 'read');
    expect(acts.map(({ action }) => action)).toEqual(expect.arrayContaining(['join', 'speak', 'leave']));
    expect((await clinic.accounts.checkAudit()).ok).toBe(true);
    expect((await anna.get(page)).text).toMatch(/class="bot staff"[^]*agent@clinic\.test[^]*Hello/);
  });

  test('visitor and staff writing at once: one order for all, nothing lost, nothing twice', async () => {
    await act(anna, 'join');
    const ben = await clinic.member('admin', 'Ben');
    await anna.get(page);
    await ben.get(page);
    const id = (who: string, n: number) => `${who}${String(n).padStart(21 - who.length + 1, '0')}`;
    const many = Array.from({ length: 6 }, (_, n) => n);
    await Promise.all([
      ...many.map((n) => chat.post(`visitor ${n}`, `v-${n}`)),
      ...many.map((n) => anna.post(`${page}/messages`, { once: id('a', n), text: `anna ${n}` })),
      ...many.map((n) => ben.post(`${page}/messages`, { once: id('b', n), text: `ben ${n}` })),
    ]);
    const texts = (await chat.activities()).flatMap(({ text }) => text ?? []);
    for (const who of ['visitor', 'anna', 'ben'])
      expect(texts.filter((text) => text.startsWith(`${who} `)).sort()).toEqual(
        many.map((n) => `${who} ${n}`),
      );
    const rows = await database.kysely
      .selectFrom('activities')
      .select('sequence')
      .orderBy('sequence')
      .execute();
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
  });

  test('what staff write is text and nothing else, wherever it is shown', async () => {
    const attack = '<img src=x onerror=alert(1)></textarea><script>alert(2)</script>';
    const mallory = await clinic.member('admin', '<script>alert(3)</script>');
    await act(mallory, 'join');
    await writes(mallory, attack);
    const { text } = await mallory.get(page);
    expect(text).not.toMatch(/<img src=x|<script>alert/);
    expect(text).toContain('&lt;img src=x onerror=alert(1)>');
    expect((await news()).at(-1)).toContain(attack);
  });

  test('a visitor cannot pass for the team', async () => {
    const address = `${clinic.url}/v3/directline/conversations/${chat.conversationId}/activities`;
    const post = (activity: object) =>
      fetch(address, {
        method: 'POST',
        headers: { authorization: `Bearer ${chat.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(activity),
      });
    expect(
      (await post({ type: 'event', name: 'person-joined', value: { until: '2099-01-01' } })).status,
    ).toBe(400);
    const forged = {
      type: 'message',
      text: 'hi',
      from: { id: 'team', role: 'bot' },
      channelData: { person: 'Anna' },
    };
    expect((await post(forged)).status).toBe(200);
    expect((await news()).filter((line) => line.startsWith('Anna:'))).toEqual([]);
  });
});
