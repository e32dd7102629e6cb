import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { receiptCode } from '../../src/booking/reference-code';
import { writeAudit } from '../../src/storage/audit-chain';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { createPersonalData } from '../../src/storage/personal-data';
import { createReviewStore } from '../../src/storage/review-store';
import { createStaffStore } from '../../src/storage/staff-store';
import { indexPending } from '../../src/storage/search-index';
import { eachDatabase } from '../support/databases';
import { dataFolder } from '../support/start-service';
import { bookingRequest, keepConversation } from '../support/staff-console';

const AT = '2026-03-02T14:30:00.000Z';
const BY = { at: '2026-03-03T09:00:00.000Z', actor: 'admin@clinic.test' };
const RECEIPT = receiptCode(Buffer.alloc(16, 7));

/** Words that only this person has, in every place where a person's words can be. */
const CANARY = /quillon|vanterpool|5550177|quokkafish|zebrafinch/i;

const PERSON = bookingRequest({
  reference: 'SA-QK777',
  name: 'Quillon Vanterpool',
  phone: { e164: '+14105550177', typed: '410-555-0177' },
  email: 'quillon@vanterpool.test',
  note: 'quokkafish please',
});

async function keepPerson(database: Database, id = 'theirs'): Promise<void> {
  await keepConversation(database, {
    id,
    at: AT,
    turns: [
      {
        said: 'I am Quillon Vanterpool, 410-555-0177, zebrafinch',
        replied: 'Thank you, Quillon Vanterpool.',
      },
      {
        said: 'quillon@vanterpool.test',
        decision: { decision: 'none' },
        review: 'unanswered',
        request: PERSON,
      },
    ],
  });
}

/** What the channels keep beside the conversation. */
async function keepReachability(database: Database, conversationId: string): Promise<void> {
  const at = '2026-03-02T14:30:00.000Z';
  await database.write(async (transaction) => {
    const words = JSON.stringify({ text: 'zebrafinch' });
    const entry = { kind: 'messenger', conversation_id: conversationId, payload: words, happened_at: at };
    for (const state of ['waiting', 'failed'])
      await transaction
        .insertInto('inbox')
        .values({
          ...entry,
          key: `quokkafish-${state}`,
          received_at: at,
          state,
          attempts: 0,
          next_attempt_at: at,
        })
        .execute();
    const psid = 'quokkafish-psid';
    await transaction
      .insertInto('messenger_threads')
      .values({ psid, conversation_id: conversationId, opened_at: at, stopped: null })
      .execute();
    for (const key of [`messenger:${conversationId}|0000001:0`, 'messenger:other-1|0000001:0'])
      await transaction.insertInto('messenger_sends').values({ key, tried_at: at, mid: null }).execute();
    await transaction
      .insertInto('resume_secrets')
      .values({ secret_hash: 'quokkafish', conversation_id: conversationId, expires_at: at })
      .execute();
    const reference = { user: { id: 'u', name: 'Quillon' }, serviceUrl: 'https://example.com' };
    await transaction
      .insertInto('bot_state')
      .values({ key: `azure-reference/${conversationId}`, value: JSON.stringify(reference), etag: '1' })
      .execute();
  });
}

async function keepOthers(database: Database, amount: number): Promise<void> {
  for (let index = 0; index < amount; index++)
    await keepConversation(database, {
      id: `other-${index}`,
      at: AT,
      turns: [
        { said: `does it hurt number ${index}`, request: bookingRequest({ reference: `SA-${index}` }) },
      ],
    });
}

/** Every cell of every table as one text. */
async function everything({ kysely }: Database): Promise<string> {
  const tables = await kysely.introspection.getTables();
  const contents = await Promise.all(
    tables.map(async ({ name }) => (await sql`select * from ${sql.table(name)}`.execute(kysely)).rows),
  );
  return JSON.stringify(contents);
}

eachDatabase("a person's data", (open) => {
  test('is found by telephone, e-mail, reference and conversation, however they are written', async () => {
    const database = await open();
    await keepPerson(database);
    await keepOthers(database, 3);
    const data = createPersonalData(database);
    for (const what of [
      '(410) 555 0177',
      '+1 410 555 0177',
      '555-0177',
      'Quillon@Vanterpool.test',
      'sa-qk777',
      'theirs',
      'user-of-theirs',
    ]) {
      const found = await data.find(what);
      expect([what, found.conversations.map(({ id }) => id)]).toEqual([what, ['theirs']]);
      expect(found.requests.map(({ reference }) => reference)).toEqual(['SA-QK777']);
    }
    expect((await data.find('nobody@example.com')).conversations).toEqual([]);
    // A name does not tell one person from another, and what is found here is erased.
    for (const what of ['Quillon Vanterpool', 'quillon', '%', '', 'QK777', '0177'])
      expect([what, (await data.find(what)).conversations]).toEqual([what, []]);
  });

  test('a request is found by what somebody says on the telephone: a name, a number, the reference', async () => {
    const database = await open();
    await keepPerson(database);
    await keepOthers(database, 3);
    const review = createReviewStore(database);
    const found = async (search: string) =>
      (await review.requests({ search }, 10)).rows.map(({ reference }) => reference);
    for (const search of ['vanterpool', 'Quillon Vant', '410-555-0177', '5550177', 'sa-qk777', 'qk777'])
      expect([search, await found(search)]).toEqual([search, ['SA-QK777']]);
    expect(await found('quillon@vanterpool.test')).toEqual(['SA-QK777']);
    expect(await found('quillon miles')).toEqual([]);
    // Signs alone are found nowhere, rather than everywhere.
    expect(await found('!!!')).toEqual([]);
    expect(await found('jordan')).toHaveLength(3);
    expect(await review.requestCounts({ search: 'quillon' })).toEqual({ new: 1 });
  });

  test('a name that is mistyped or misheard is found where no request has it so', async () => {
    const database = await open();
    await keepPerson(database);
    await keepConversation(database, {
      id: 'cathy',
      at: AT,
      turns: [
        { said: "it's Cathy Millar", request: { ...PERSON, name: 'Cathy Millar', reference: 'SA-CM444' } },
      ],
    });
    const review = createReviewStore(database);
    const found = async (search: string) =>
      (await review.requests({ search }, 10)).rows.map(({ reference }) => reference);
    for (const search of ['vantrepool', 'quilon vanderpool', 'kuillon'])
      expect([search, await found(search)]).toEqual([search, ['SA-QK777']]);
    expect(await found('kathy miller')).toEqual(['SA-CM444']);
    expect(await review.requestCounts({ search: 'millra' })).toEqual({ new: 1 });
    // Neither another name nor a number that is nearly it, nor what was only talked about.
    for (const search of ['jonathan', 'lee', '410 555 0178', 'quillon@vanderpool.test', 'kathy jordan'])
      expect([search, await found(search)]).toEqual([search, []]);
    // Who is called so themselves is found alone.
    await keepConversation(database, {
      id: 'kathy',
      at: AT,
      turns: [{ said: 'Kathy Reed', request: { ...PERSON, name: 'Kathy Reed', reference: 'SA-KR444' } }],
    });
    expect(await found('kathy')).toEqual(['SA-KR444']);
  });

  test('a request that the visitor corrects is found by what is true now, and no longer by what was', async () => {
    const database = await open();
    await keepConversation(database, {
      id: 'corrected',
      at: AT,
      turns: [
        { said: 'book', request: PERSON },
        { said: 'no, my name is Ann Lee', request: { ...PERSON, name: 'Ann Lee' } },
      ],
    });
    const review = createReviewStore(database);
    expect((await review.requests({ search: 'ann lee' }, 10)).rows).toHaveLength(1);
    expect((await review.requests({ search: 'quillon v' }, 10)).rows).toEqual([]);
  });

  test('a number that was only typed in the chat is found, too', async () => {
    const database = await open();
    await keepConversation(database, {
      id: 'typed',
      at: AT,
      turns: [{ said: 'my cell: 410.555.0199 thanks' }],
    });
    const found = await createPersonalData(database).find('+1 (410) 555-0199');
    expect(found.conversations.map(({ id, by }) => [id, by])).toEqual([['typed', 'words']]);
  });

  test('is handed out whole: what was said on both sides, the request, and what staff noted', async () => {
    const database = await open();
    await keepPerson(database);
    await createReviewStore(database).addNote('theirs', 'Called back.', BY);
    const text = JSON.stringify(await createPersonalData(database).export(['theirs', 'unknown']));
    for (const part of ['zebrafinch', 'Thank you, Quillon', '+14105550177', 'quokkafish', 'Called back.'])
      expect(text).toContain(part);
  });

  test('erased, it is in no table any more; a receipt stays, others are untouched and the audit trail is sound', async () => {
    const database = await open();
    await keepPerson(database);
    await keepOthers(database, 3);
    const review = createReviewStore(database);
    await keepReachability(database, 'theirs');
    await review.addNote('theirs', 'Quillon called', BY);
    await review.setTag('theirs', 'zebrafinch', true, BY);
    await review.setStatus('SA-QK777', 'contacted', BY);
    await indexPending(database, 100);
    expect(await everything(database)).toMatch(CANARY);
    const receipt = await createPersonalData(database).erase(['theirs'], RECEIPT, BY);
    expect(receipt.erased).toEqual({ conversations: 1, messages: 2, requests: 1, notices: 1, notes: 1 });
    const left = await everything(database);
    expect(left).not.toMatch(CANARY);
    expect(left).not.toMatch(/theirs|SA-QK777/);
    expect(left).toContain('messenger:other-1|0000001:0');
    expect(await createPersonalData(database).receipts(5)).toEqual([receipt]);
    expect((await review.conversations({ search: 'hurt' }, 10)).rows).toHaveLength(3);
    expect(await createStaffStore(database).checkAudit()).toMatchObject({ ok: true });
  });

  test('the retention periods delete what is due and nothing else, after saying how much', async () => {
    const database = await open();
    const now = new Date('2026-12-01T12:00:00.000Z');
    const days = { unfinishedChats: 30, transcripts: 180, requests: 730 };
    const at = (date: string) => `${date}T10:00:00.000Z`;
    const begun = { dialog: { id: 'booking', state: {} }, version: 1 };
    await keepConversation(database, { id: 'fresh', at: at('2026-11-20'), turns: [{ said: 'fresh' }] });
    await keepConversation(database, {
      id: 'begun',
      at: at('2026-10-01'),
      turns: [{ said: 'begun' }],
      state: begun,
    });
    await keepConversation(database, { id: 'asked', at: at('2026-10-01'), turns: [{ said: 'asked' }] });
    await keepConversation(database, {
      id: 'old',
      at: at('2026-04-01'),
      turns: [{ said: 'old', request: bookingRequest({ reference: 'SA-OLD' }) }],
    });
    await keepConversation(database, {
      id: 'ancient',
      at: at('2024-04-01'),
      turns: [{ said: 'ancient', request: bookingRequest({ reference: 'SA-ANCIENT' }) }],
    });
    const data = createPersonalData(database);
    expect(await data.due(now, days)).toEqual({ unfinishedChats: 1, transcripts: 2, requests: 1 });
    const dueIds = async (what: 'unfinishedChats' | 'transcripts', after?: { at: string; id: string }) =>
      (await data.dueConversations(what, now, days, 1, after)).rows.map(({ id }) => id);
    expect(await dueIds('unfinishedChats')).toEqual(['begun']);
    expect(await dueIds('transcripts')).toEqual(['ancient']);
    const { next } = await data.dueConversations('transcripts', now, days, 1);
    expect(await dueIds('transcripts', next)).toEqual(['old']);
    expect((await data.dueRequests(now, days, 5)).rows.map(({ reference }) => reference)).toEqual([
      'SA-ANCIENT',
    ]);
    expect(await data.oldest()).toEqual({
      unfinishedChats: at('2026-10-01'),
      transcripts: at('2024-04-01'),
      requests: at('2024-04-01'),
    });
    const receipt = await data.purge(now, days, RECEIPT, { at: now.toISOString(), actor: 'retention' });
    expect(receipt?.erased).toMatchObject({ conversations: 3, requests: 1 });
    expect(await data.due(now, days)).toEqual({ unfinishedChats: 0, transcripts: 0, requests: 0 });
    const left = await createReviewStore(database).conversations({}, 10);
    expect(left.rows.map(({ id }) => id)).toEqual(['fresh', 'asked']);
    expect((await createReviewStore(database).requests({}, 10)).rows.map((row) => row.reference)).toEqual([
      'SA-OLD',
    ]);
    expect(await data.oldest()).toEqual({
      unfinishedChats: null,
      transcripts: at('2026-10-01'),
      requests: at('2026-04-01'),
    });
    expect(await data.purge(now, days, RECEIPT, BY)).toBeUndefined();
  });

  test('the audit trail shows where a row was changed, and where one was taken out', async () => {
    const database = await open();
    for (const action of ['one', 'two', 'three', 'four'])
      await database.write((transaction) => writeAudit(transaction, { ...BY, action, subject: 'staff:x' }));
    const accounts = createStaffStore(database);
    expect(await accounts.checkAudit()).toMatchObject({ ok: true, rows: 4 });
    const second = (await accounts.auditTrail(10)).find(({ action }) => action === 'two')?.id ?? 0;
    await database.write((transaction) =>
      transaction.updateTable('audit').set({ actor: 'nobody' }).where('id', '=', second).execute(),
    );
    expect(await accounts.checkAudit()).toEqual({ ok: false, rows: 1, brokenAt: second });
    await database.write((transaction) => transaction.deleteFrom('audit').where('id', '=', second).execute());
    expect(await accounts.checkAudit()).toEqual({ ok: false, rows: 1, brokenAt: second + 1 });
  });

  test('audit rows of the same instant follow one another', async () => {
    const database = await open();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        database.write((transaction) =>
          writeAudit(transaction, { ...BY, action: `act-${index}`, subject: 'staff:x' }),
        ),
      ),
    );
    expect(await createStaffStore(database).checkAudit()).toMatchObject({ ok: true, rows: 20 });
  });
});

test('after an erasure no byte of the person is left in the files of SQLite', async () => {
  const data = dataFolder();
  const database = await openDatabase(`sqlite:${path.join(data.folder, 'enquiries.db')}`);
  const bytes = () =>
    readdirSync(data.folder)
      .map((file) => readFileSync(path.join(data.folder, file)).toString('latin1'))
      .join('\n');
  try {
    // Between many others, so that the person's rows lie on pages that are split, filled and moved.
    await keepOthers(database, 60);
    for (let index = 0; index < 12; index++) await keepPersonAgain(database, index);
    await indexPending(database, 1000);
    await createReviewStore(database).addNote('theirs-3', 'Quillon called', BY);
    expect(bytes()).toMatch(CANARY);
    const ids = Array.from({ length: 12 }, (_, index) => `theirs-${index}`);
    await createPersonalData(database).erase(ids, RECEIPT, BY);
    expect(bytes()).not.toMatch(CANARY);
  } finally {
    await database.close();
  }
  expect(bytes()).not.toMatch(CANARY);
  data.remove();
});

async function keepPersonAgain(database: Database, index: number): Promise<void> {
  await keepConversation(database, {
    id: `theirs-${index}`,
    at: AT,
    turns: [
      { said: `I am Quillon Vanterpool, zebrafinch${index} ${'and so on '.repeat(index * 20)}` },
      { said: 'quillon@vanterpool.test', request: { ...PERSON, reference: `SA-QK${index}` } },
    ],
  });
  await keepConversation(database, { id: `between-${index}`, at: AT, turns: [{ said: 'and in between' }] });
}
