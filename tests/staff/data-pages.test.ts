import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { bookingRequest, keepConversation, startConsole } from '../support/staff-console';
import type { StaffConsole } from '../support/staff-console';

const AT = '2026-03-02T14:30:00.000Z';

eachDatabase('what staff do with a person’s data and with conversations', (open) => {
  let database: Database;
  let site: StaffConsole;
  beforeEach(async () => {
    database = await open();
    site = await startConsole(database);
    await keepConversation(database, {
      id: 'talk',
      at: AT,
      turns: [{ said: 'call me', review: 'unanswered', request: bookingRequest() }],
    });
  });
  afterEach(() => site.close());

  test('an admin finds somebody by phone, hands their data out, and erases it with a receipt', async () => {
    const admin = await site.member('admin');
    const found = await admin.get('/staff/data?find=(410)+555-0134');
    expect(found.text).toContain('SA-7K4Q2');
    const exported = await admin.post('/staff/data/export', { id: 'talk' });
    expect(exported.headers.get('content-disposition')).toContain('attachment');
    expect(JSON.parse(exported.text)).toMatchObject({
      requests: [{ name: 'Jordan Miles' }],
      conversations: [{ messages: [{ from: 'you', text: 'call me' }, { from: 'bot' }] }],
    });
    const unsure = await admin.post('/staff/data/erase', { id: 'talk', find: '(410) 555-0134' });
    const still = (await admin.get(unsure.headers.get('location') ?? '')).text;
    expect(still).toContain('Nothing was done');
    expect(still).toContain('SA-7K4Q2');
    expect((await admin.get('/staff/conversations/talk')).status).toBe(200);
    const erased = await admin.post('/staff/data/erase', { id: 'talk', sure: 'yes' });
    const after = await admin.get(erased.headers.get('location') ?? '');
    expect(after.text).toMatch(/The receipt is <strong class="id">DEL-\w{5}-\w{5}/);
    expect((await admin.get('/staff/conversations/talk')).status).toBe(404);
    expect((await admin.get('/staff/requests/SA-7K4Q2')).status).toBe(404);
    expect((await admin.get('/staff/data?find=4105550134')).text).toContain('Nothing is kept under that.');
    expect((await admin.get('/staff/audit?check')).text).toContain('are as they were written');
  });

  test('who has read a request, a conversation or what was done to an account is one look into the trail', async () => {
    const ben = await site.member('agent', 'ben@clinic.test');
    await ben.get('/staff/requests/SA-7K4Q2');
    await ben.get('/staff/conversations/talk');
    const admin = await site.member('admin');
    await admin.get('/staff/conversations');
    const [, link = ''] =
      /href="([^"]+)">Who has read it/.exec((await admin.get('/staff/requests/SA-7K4Q2')).text) ?? [];
    const rowsOf = async (address: string) => {
      const { text } = await admin.get(address);
      return [...text.matchAll(/<td>([^<]*)<\/td><td>(\w[^<]*)<\/td>/g)].map(([, who, did]) => [who, did]);
    };
    // Newest first; the admin's own reading just now is in it.
    expect(await rowsOf(link.replaceAll('&amp;', '&'))).toEqual([
      ['admin@clinic.test', 'read'],
      ['ben@clinic.test', 'read'],
    ]);
    expect(await rowsOf('/staff/audit?about=sa-7k4q2')).toHaveLength(2);
    expect(await rowsOf('/staff/audit?about=talk')).toEqual([['ben@clinic.test', 'read']]);
    expect((await admin.get('/staff/audit?about=nobody')).text).toContain('Nothing was done to that.');
    expect((await ben.get('/staff/requests/SA-7K4Q2')).text).not.toContain('Who has read it');
  });

  test('what was looked for is not written into the audit trail', async () => {
    const admin = await site.member('admin');
    await admin.get('/staff/data?find=jordan@example.com');
    const trail = await site.accounts.auditTrail(5);
    expect(trail[0]).toMatchObject({ action: 'find-person', subject: 'data' });
  });

  test('what is due by the retention periods is shown, and deleted only when somebody is sure', async () => {
    const admin = await site.member('admin');
    site.pass(200 * 86_400_000);
    const later = await site.member('admin', 'later@clinic.test');
    expect((await admin.get('/staff/data')).status).toBe(401);
    const before = (await later.get('/staff/data')).text;
    expect(before).toContain('Delete what is due');
    // The number opens which ones.
    const [, list = ''] = /href="(\/staff\/data\/due\?what=transcripts[^"]*when=now)">1</.exec(before) ?? [];
    const due = (await later.get(list.replaceAll('&amp;', '&'))).text;
    expect(due).toContain('Transcripts: 1 due now');
    expect(due).toContain('href="/staff/conversations/talk"');
    await later.post('/staff/data/purge', {});
    expect((await later.get('/staff/conversations/talk')).status).toBe(200);
    const purged = await later.post('/staff/data/purge', { sure: 'yes' });
    const proof = (await later.get(purged.headers.get('location') ?? '')).text;
    expect(proof).toMatch(/The receipt is <strong class="id">DEL-/);
    expect(proof).toContain('Looked again afterwards: nothing that is due is kept any more.');
    expect((await later.get('/staff/data/due?what=transcripts')).text).toContain('Nothing is due.');
    expect((await later.get('/staff/conversations/talk')).status).toBe(404);
    expect((await later.get('/staff/requests/SA-7K4Q2')).status).toBe(200);
  });

  test('notes and tags are on the conversation, in the list, and in the audit trail', async () => {
    const agent = await site.member('agent');
    await agent.get('/staff/conversations/talk');
    await agent.post('/staff/conversations/talk/notes', { text: 'Called, left a message.' });
    await agent.post('/staff/conversations/talk/tags', { tag: '  Call   BACK ' });
    const { text } = await agent.get('/staff/conversations/talk');
    expect(text).toContain('Called, left a message.');
    expect(text).toContain('call back');
    expect((await agent.get('/staff/conversations?tag=call+back')).text).toContain('1 note');
    await agent.post('/staff/conversations/talk/tags', { remove: 'call back' });
    expect((await agent.get('/staff/conversations?tag=call+back')).text).toContain('No conversation fits');
    expect((await agent.post('/staff/conversations/none/notes', { text: 'x' })).status).toBe(404);
    const actions = (await site.accounts.auditTrail(10)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['note', 'tag', 'untag']));
  });

  test('a conversation goes out as Bot Framework’s transcript, and the lists as tables', async () => {
    const admin = await site.member('admin');
    const transcript = await admin.get('/staff/conversations/talk/transcript');
    expect(transcript.headers.get('content-disposition')).toBe('attachment; filename="talk.transcript"');
    expect(JSON.parse(transcript.text)).toMatchObject([
      { type: 'message', text: 'call me' },
      { type: 'message' },
    ]);
    const table = await admin.get('/staff/conversations.csv?show=waiting');
    expect(table.text.split('\r\n')).toHaveLength(3);
    expect((await admin.get('/staff/requests.csv')).text).toContain("'+14105550134");
    const actions = (await site.accounts.auditTrail(10)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['export-transcript', 'export-table']));
  });

  test('a notice that could not be delivered waits in the queue, is sent again or put away', async () => {
    await database.write(async (transaction) => {
      await transaction
        .updateTable('outbox')
        .set({ state: 'dead', attempts: 9, last_error: 'the mail server does not answer' })
        .execute();
    });
    const agent = await site.member('agent');
    const queue = (await agent.get('/staff')).text;
    expect(queue).toContain('Notice about request');
    expect(queue).toContain('the mail server does not answer');
    const [notice] = await site.review.undelivered(5);
    await agent.post(`/staff/notices/${notice?.id}`, { how: 'retry' });
    expect(await database.kysely.selectFrom('outbox').select(['state', 'attempts']).execute()).toEqual([
      { state: 'waiting', attempts: 0 },
    ]);
    expect((await agent.post(`/staff/notices/${notice?.id}`, { how: 'dismiss' })).status).toBe(404);
  });

  test('the queue has everything that waits, most pressing first', async () => {
    const keep = (id: string, review: 'safety' | 'unsure' | 'person-wanted') =>
      keepConversation(database, { id, at: AT, turns: [{ said: `said-${id}`, review }] });
    await keep('unsure', 'unsure');
    await keep('person', 'person-wanted');
    await keep('danger', 'safety');
    const agent = await site.member('agent');
    const { text } = await agent.get('/staff');
    const places = ['said-danger', 'said-person', 'Jordan Miles', 'call me', 'said-unsure'].map((words) =>
      text.indexOf(words),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places.every((place) => place > 0)).toBe(true);
    const only = (await agent.get('/staff?need=unsure')).text;
    expect(only).toContain('said-unsure');
    expect(only).not.toContain('said-danger');
  });
});
