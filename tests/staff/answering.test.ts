import { type Database, openDatabase } from '../../src/storage/open-database';
import { eachDatabase, sqlitePlace } from '../support/databases';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { type FakeGraph, startFakeGraph, written } from '../support/fake-graph';
import { type MailServer, startMailServer } from '../support/mail-server';
import { PASSWORD, type StaffBrowser } from '../support/staff-console';
import { startClinic, type TestClinic } from '../support/start-clinic';

const onceIn = (text: string) => /name="once" value="([^"]+)"/.exec(text)?.[1] ?? '';

async function requestOf({ kysely }: Database) {
  return kysely.selectFrom('booking_requests').selectAll().executeTakeFirstOrThrow();
}

async function answer(staff: StaffBrowser, reference: string, fields: Record<string, string>) {
  const page = `/staff/requests/${reference}`;
  const once = onceIn((await staff.get(page)).text);
  return staff.post(`${page}/answer`, { once, ...fields });
}

eachDatabase('a question that was passed on', (open) => {
  let database: Database;
  let mail: MailServer;
  let clinic: TestClinic;
  let chat: DirectLineChat;
  let anna: StaffBrowser;
  const QUESTION = 'can you tattoo a zebra for my nephew';

  beforeEach(async () => {
    database = await open();
    mail = await startMailServer();
    clinic = await startClinic(database, {
      env: {
        SMTP_URL: mail.url,
        NOTIFY_FROM: 'Scalp Allure <desk@clinic.test>',
        NOTIFY_EMAIL: 'owner@clinic.test,desk@clinic.test',
      },
    });
    chat = await openChat(clinic.url);
    anna = await clinic.member('agent', 'Anna');
  });
  afterEach(async () => {
    await clinic.close();
    await mail.close();
  });

  /** The visitor asks, has it passed on, and leaves this way to be reached. */
  async function passOn(contact: string): Promise<string> {
    await chat.say(QUESTION);
    for (const reply of ['Yes, pass it on', 'yes', 'Jo Example', contact, 'yes']) await chat.say(reply);
    await clinic.settle();
    return (await requestOf(database)).reference;
  }
  const toVisitor = () => mail.letters.filter(({ to }) => JSON.stringify(to).includes('jo@example.com'));

  test('is answered in the conversation and by e-mail, and is done', async () => {
    const reference = await passOn('jo@example.com');
    expect((await anna.get('/staff')).text).toContain(`Question passed on: ${QUESTION}`);
    expect((await answer(anna, reference, { text: 'Sorry, people only.', email: 'yes' })).status).toBe(303);
    await clinic.settle();

    const last = (await chat.activities()).at(-1);
    expect(last?.from.name).toBe('Anna');
    expect(last?.text).toBe(`You asked: ${QUESTION}\n\nSorry, people only.`);
    const [letter, ...more] = toVisitor();
    expect(more).toEqual([]);
    expect(letter?.subject).toBe('Your question to Scalp Allure');
    expect(letter?.from?.text).toContain('desk@clinic.test');
    expect(letter?.replyTo?.text).toMatch(/owner@clinic\.test.*desk@clinic\.test/);
    expect(letter?.text).toContain(`> ${QUESTION}`);
    expect(letter?.text).toMatch(/Hello Jo Example,[^]*Sorry, people only\.[^]*Anna\s+Scalp Allure/);
    // Whoever is away may say so to a person.
    expect(letter?.headers.has('auto-submitted')).toBe(false);

    expect((await requestOf(database)).status).toBe('done');
    const queue = (await anna.get('/staff')).text;
    expect(queue).not.toContain('Question passed on');
    expect(queue).not.toContain('Not answered');
    const trail = (await clinic.accounts.auditTrail(20)).map(({ action }) => action);
    expect(trail).toEqual(expect.arrayContaining(['answer', 'status:done']));
  });

  test('does not silence the assistant: the visitor asks on and is answered', async () => {
    const reference = await passOn('jo@example.com');
    await answer(anna, reference, { text: 'Sorry, people only.' });
    await clinic.settle();
    expect(toVisitor()).toEqual([]);
    expect((await chat.say('how long does one session take?')).join()).toContain('3 to 5 hours');
  });

  test('who left only a number reads it in the conversation; a second click sends nothing twice', async () => {
    const reference = await passOn('410 555 0134');
    const page = `/staff/requests/${reference}`;
    const once = onceIn((await anna.get(page)).text);
    const send = () => anna.post(`${page}/answer`, { once, text: 'People only.', email: 'yes' });
    expect((await Promise.all([send(), send()])).map(({ status }) => status)).toEqual([303, 303]);
    await clinic.settle();
    expect((await chat.activities()).filter(({ text }) => text?.includes('People only.'))).toHaveLength(1);
    expect(mail.letters.filter(({ subject }) => subject?.includes('Your question'))).toEqual([]);
  });

  test('mail that is down is tried again, and the request’s page says how far it is', async () => {
    const reference = await passOn('jo@example.com');
    mail.fault = 'busy';
    await answer(anna, reference, { text: 'People only.', email: 'yes' });
    await clinic.settle();
    expect((await anna.get(`/staff/requests/${reference}`)).text).toMatch(
      /Answer by e-mail to the visitor[^]*waits to be sent/,
    );
    mail.fault = 'none';
    clinic.pass({ minutes: 30 });
    await clinic.settle();
    expect(toVisitor()).toHaveLength(1);
  });

  test('who only asked for a person is not quoted as having asked that', async () => {
    await chat.say('can I talk to a person?');
    for (const reply of ['yes', 'Jo Example', 'jo@example.com', 'yes']) await chat.say(reply);
    const { reference } = await requestOf(database);
    await answer(anna, reference, { text: 'I call you at noon.', email: 'yes' });
    await clinic.settle();
    expect((await chat.activities()).at(-1)?.text).toBe('I call you at noon.');
    expect(toVisitor()[0]?.text).not.toContain('>');
  });

  test('who wants to come is written to as well, and then counts as contacted', async () => {
    for (const said of [
      'I want to book',
      'yes',
      'Jo Example',
      'jo@example.com',
      'any weekend',
      'skip',
      'yes',
    ])
      await chat.say(said);
    const { reference } = await requestOf(database);
    await answer(anna, reference, { text: 'Does Saturday at ten suit you?', email: 'yes' });
    await clinic.settle();
    expect((await chat.activities()).at(-1)?.text).toBe('Does Saturday at ten suit you?');
    expect(toVisitor()[0]?.subject).toBe('Your request to Scalp Allure');
    expect((await requestOf(database)).status).toBe('contacted');
  });

  test('whoever has set no name for visitors signs as the team, and the clinic is named once', async () => {
    const reference = await passOn('jo@example.com');
    await anna.post('/staff/me/name', { name: '' });
    await answer(anna, reference, { text: 'Sorry, people only.', email: 'yes' });
    await clinic.settle();
    expect(toVisitor()[0]?.text).toMatch(/is SA-\w{5}\.\n\nThe Scalp Allure team\n*$/);
  });

  test('readers see no form and may not answer; line breaks in a text make no header', async () => {
    const reference = await passOn('jo@example.com');
    const reader = await clinic.member('reader');
    expect((await reader.get(`/staff/requests/${reference}`)).text).not.toContain('id="answer"');
    const once = 'A'.repeat(22);
    expect((await reader.post(`/staff/requests/${reference}/answer`, { once, text: 'x' })).status).toBe(403);
    await answer(anna, reference, { text: 'One\r\nBcc: all@evil.test\r\n\r\n<b>two</b>', email: 'yes' });
    await clinic.settle();
    expect(toVisitor()[0]?.headers.has('bcc')).toBe(false);
    expect(toVisitor()[0]?.text).toContain('Bcc: all@evil.test\n\n<b>two</b>');
  });

  test('erasing the person erases the answer with it, wherever it stands', async () => {
    const reference = await passOn('jo@example.com');
    mail.fault = 'busy';
    await answer(anna, reference, { text: 'A very particular answer', email: 'yes' });
    await chat.say('delete my data');
    await chat.say('yes, delete it');
    const tables = ['activities', 'outbox', 'booking_requests', 'bot_state'] as const;
    for (const table of tables)
      expect(JSON.stringify(await database.kysely.selectFrom(table).selectAll().execute())).not.toContain(
        'particular',
      );
  });
});

describe('a person of the team on Messenger, within Meta’s rules', () => {
  let graph: FakeGraph;
  let database: Database;
  let clinic: TestClinic;
  let anna: StaffBrowser;
  let page: string;
  let place: Awaited<ReturnType<typeof sqlitePlace>>;

  beforeEach(async () => {
    graph = await startFakeGraph();
    place = await sqlitePlace();
    database = await openDatabase(place.url);
    clinic = await startClinic(database, { graph });
    anna = await clinic.member('agent', 'Anna');
    await clinic.bring(written('77', 'person please'));
    const { id } = await database.kysely.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
    page = `/staff/conversations/${encodeURIComponent(id)}`;
  });
  afterEach(async () => {
    await clinic.close();
    await graph.close();
    await database.close();
    await place.remove();
  });

  async function act(what: 'join' | 'leave' | 'messages', text = '') {
    const once = onceIn((await anna.get(page)).text);
    const answered = await anna.post(`${page}/${what}`, { once, text });
    await clinic.settle();
    return answered;
  }
  const sent = () =>
    graph.delivered.map(({ messagingType, tag, message }) =>
      [messagingType, tag, message.text].filter((part) => part !== undefined).join(' '),
    );

  test('within 24 hours as a response, with the name in the text; the bot waits and is back on request', async () => {
    const before = graph.delivered.length;
    await act('join');
    await act('messages', 'What can I do for you?');
    await clinic.bring(written('77', 'how long does one session take?', { mid: 'm-2' }));
    await act('leave');
    expect(sent().slice(before)).toEqual([
      expect.stringMatching(/^RESPONSE Anna is in this chat now/),
      'RESPONSE Anna: What can I do for you?',
      expect.stringMatching(/^RESPONSE I'm the clinic's automated assistant again/),
    ]);
  });

  test('after 24 hours only what the person writes goes out, as HUMAN_AGENT; nothing of the bot’s does', async () => {
    const before = graph.delivered.length;
    clinic.pass({ hours: 30 });
    await anna.signIn('agent@clinic.test', PASSWORD);
    expect((await anna.get(page)).text).toContain('Human Agent permission');
    await act('messages', 'Sorry for the wait.');
    await act('leave');
    expect(sent().slice(before)).toEqual(['MESSAGE_TAG HUMAN_AGENT Anna: Sorry for the wait.']);
    const dead = await database.kysely
      .selectFrom('outbox')
      .select('id')
      .where('state', '=', 'dead')
      .execute();
    expect(dead).toEqual([]);
    // Whoever then goes on with the bot is told that it is the bot.
    const heard = graph.delivered.length;
    await clinic.bring(written('77', 'how long does one session take?', { mid: 'm-3' }));
    expect(sent()[heard]).toMatch(/^RESPONSE I'm the clinic's automated assistant again/);
    expect(sent().slice(heard).join()).toContain('3 to 5 hours');
  });

  test('after seven days nothing is tried: the page says why, and which ways are left', async () => {
    const calls = graph.calls.length;
    clinic.pass({ days: 8 });
    await anna.signIn('agent@clinic.test', PASSWORD);
    const { text } = await anna.get(page);
    expect(text).toContain('The person last wrote more than seven days ago.');
    expect(text).toContain('only they can write again');
    const once = 'A'.repeat(22);
    const refused = await anna.post(`${page}/messages`, { once, text: 'Are you still there?' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Are you still there?');
    await clinic.settle();
    expect(graph.calls.length).toBe(calls);
  });
});
