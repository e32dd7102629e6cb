import { sql } from 'kysely';
import type { Activity } from 'botbuilder';
import type { Decision } from '../../src/answers/decision';
import type { BookingRequest } from '../../src/booking/booking-request';
import { type ReviewReason, TurnConflict } from '../../src/bot/ports';
import type { KeptActivity, TurnRecord } from '../../src/bot/ports';
import { createConversationLog } from '../../src/storage/conversation-log';
import type { Database } from '../../src/storage/open-database';
import { createReviewStore } from '../../src/storage/review-store';
import { createTurnStore } from '../../src/storage/turn-store';
import { eachDatabase } from '../support/databases';

const VISITOR = { id: 'c1', channel: 'directline', userId: 'dl_ann' };

/** The turn after `lastSequence`: the visitor writes, the bot gives each of the replies. */
function turn(
  lastSequence: number,
  text: string,
  replies: string[],
  more: Partial<TurnRecord> = {},
): TurnRecord {
  const conversation = more.conversation ?? VISITOR;
  const at = `2026-03-02T15:00:${String(lastSequence).padStart(2, '0')}.000Z`;
  const message = (sequence: number, role: string, said: string): KeptActivity => ({
    conversationId: conversation.id,
    sequence,
    activity: publishedActivity(`${conversation.id}|${sequence}`, role, said, at),
  });
  return {
    conversation,
    lastSequence,
    incomingId: `client-${lastSequence + 1}`,
    incoming: message(lastSequence + 1, 'user', text),
    outgoing: replies.map((reply, index) => message(lastSequence + 2 + index, 'bot', reply)),
    state: JSON.stringify({ version: 1, said: text.length }),
    at,
    ...more,
  };
}

/** As the turn publishes it: the time is ISO text, whatever the SDK's type says. */
function publishedActivity(id: string, role: string, text: string, at: string): Partial<Activity> {
  return JSON.parse(
    JSON.stringify({
      type: 'message',
      id,
      timestamp: at,
      text,
      from: { id: role, role },
      channelId: 'directline',
    }),
  );
}

function decided(confidence: number, text: string): NonNullable<TurnRecord['decision']> {
  const why = {
    corrections: [[text, text]],
    phrasing: 'how long',
    terms: [[text, 0.4]],
    unknownWords: [text],
    sentence: text,
  };
  const decision = {
    text,
    decision: 'answer',
    entry: 'session-length',
    topic: 'session-length',
    confidence,
    candidates: [],
    why,
  };
  return { ...(decision as unknown as Decision), knowledgeVersion: 'k1', step: 'answer' };
}

const REQUEST: BookingRequest = {
  reference: 'SA-7K4Q2',
  kind: 'consultation',
  name: 'Ann Quillfeather',
  phone: { e164: '+14105550134', typed: '410 555 0134' },
  email: 'ann@mail.test',
  consent: { text: 'Yes', version: '1', at: '2026-03-02T15:00:00.000Z' },
};

async function requestRow(database: Database) {
  return database.kysely.selectFrom('booking_requests').selectAll().executeTakeFirstOrThrow();
}

async function notices(database: Database) {
  const rows = await database.kysely.selectFrom('outbox').selectAll().orderBy('id').execute();
  return rows.map((row) => ({ kind: row.kind, state: row.state, ...JSON.parse(row.payload) }));
}

/** Every row of every table, as one text. */
async function allRows(database: Database): Promise<string> {
  const tables = ['conversations', 'activities', 'bot_state', 'booking_requests', 'outbox'] as const;
  const rows = await Promise.all(
    tables.map((table) => database.kysely.selectFrom(table).selectAll().execute()),
  );
  return JSON.stringify(rows);
}

eachDatabase('kept turns', (open) => {
  test('a conversation starts at nothing', async () => {
    const store = createTurnStore(await open(), ['notice']);
    expect(await store.load('c1', 'client-1')).toEqual({ lastSequence: 0, state: undefined });
  });

  test('the next turn starts from where the last one ended, also after a restart', async () => {
    const before = await open();
    const first = turn(0, 'how long does it last', ['About 3 to 5 hours.', 'Anything else?']);
    await createTurnStore(before, ['notice']).commit(first);
    await before.close();
    const store = createTurnStore(await open(), ['notice']);
    expect(await store.load('c1', 'client-4')).toEqual({
      lastSequence: 3,
      userId: 'dl_ann',
      state: first.state,
    });
  });

  test('the transcript gives back what was published, in order and from any point', async () => {
    const database = await open();
    const log = createConversationLog(database);
    const first = turn(0, 'hi', ['Hello!', 'How can I help?']);
    const second = turn(3, 'price?', ['Prices differ.']);
    await createTurnStore(database, ['notice']).commit(first);
    await createTurnStore(database, ['notice']).commit(second);
    const all = [first.incoming, ...first.outgoing, second.incoming, ...second.outgoing];
    expect(await log.after('c1', 0, 100)).toEqual(all);
    expect(await log.after('c1', 2, 2)).toEqual(all.slice(2, 4));
    expect(await log.after('c1', 5, 100)).toEqual([]);
    expect(await log.after('nobody', 0, 100)).toEqual([]);
    expect(await log.find('c1')).toEqual({
      id: 'c1',
      channel: 'directline',
      userId: 'dl_ann',
      lastSequence: 5,
    });
    expect(await log.find('nobody')).toBeUndefined();
  });

  test('a message that was handled before gives the outcome it had', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    const first = turn(0, 'hi', ['Hello!', 'How can I help?']);
    await store.commit(first);
    await store.commit(turn(3, 'price?', ['Prices differ.']));
    expect((await store.load('c1', 'client-1')).handled).toEqual([first.incoming, ...first.outgoing]);
    expect((await store.load('c1', 'client-new')).handled).toBeUndefined();
    expect((await store.load('another', 'client-1')).handled).toBeUndefined();
  });

  test('of two turns from the same point, the second is told and leaves nothing', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'hi', ['Hello!']));
    const outcomes = await Promise.allSettled([
      store.commit(turn(2, 'first', ['one'], { incomingId: 'x' })),
      store.commit(turn(2, 'second', ['two', 'three'], { incomingId: 'y', request: REQUEST })),
    ]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(failed?.reason).toBeInstanceOf(TurnConflict);
    const kept = await createConversationLog(database).after('c1', 2, 10);
    expect(kept.map((one) => one.sequence)).toEqual(kept.length === 2 ? [3, 4] : [3, 4, 5]);
    expect(await notices(database)).toHaveLength(kept.length === 2 ? 0 : 1);
  });

  test('of two first turns of a conversation, the second is told', async () => {
    const store = createTurnStore(await open(), ['notice']);
    await store.commit(turn(0, 'hi', ['Hello!']));
    await expect(store.commit(turn(0, 'me too', ['Hello!'], { incomingId: 'z' }))).rejects.toBeInstanceOf(
      TurnConflict,
    );
  });

  test('a turn of a conversation that is not where it was loaded, or gone, is told and leaves nothing', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'hi', ['Hello!']));
    // As after a fail-over to a server that had not heard of the last turn.
    const ahead = turn(4, 'how long', ['a day'], { incomingId: 'x' });
    await expect(store.commit(ahead)).rejects.toBeInstanceOf(TurnConflict);
    expect((await createConversationLog(database).after('c1', 0, 10)).length).toBe(2);
    await database.write((transaction) => transaction.deleteFrom('conversations').execute());
    const late = turn(2, 'how long', ['a day'], { incomingId: 'y' });
    await expect(store.commit(late)).rejects.toBeInstanceOf(TurnConflict);
    expect(await createConversationLog(database).after('c1', 0, 10)).toEqual([]);
  });

  test('the same message id is never kept twice', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'hi', ['Hello!'], { incomingId: 'same' }));
    await expect(store.commit(turn(2, 'hi', ['Hello!'], { incomingId: 'same' }))).rejects.toBeInstanceOf(
      TurnConflict,
    );
    expect((await createConversationLog(database).after('c1', 0, 10)).length).toBe(2);
  });

  test('a turn that would leave a gap in the watermarks is refused', async () => {
    const store = createTurnStore(await open(), ['notice']);
    const gap = { ...turn(0, 'hi', []), outgoing: turn(4, '', ['Hello!']).outgoing };
    await expect(store.commit(gap)).rejects.toThrow('without gaps');
  });

  test("the list shows a visitor's first sentence, up to 200 characters", async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    const joined = turn(0, '', ['Welcome!']);
    joined.incoming.activity = { ...joined.incoming.activity, type: 'conversationUpdate', text: undefined };
    await store.commit(joined);
    await store.commit(turn(2, '💈'.repeat(300), ['Pardon?']));
    await store.commit(turn(4, 'something else', ['Ah.']));
    const row = await database.kysely.selectFrom('conversations').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      channel: 'directline',
      first_text: '💈'.repeat(200),
      visitor_messages: 2,
      started_at: '2026-03-02T15:00:00.000Z',
      updated_at: '2026-03-02T15:00:04.000Z',
    });
  });

  test('a name typed into the booking does not count as a question that was not understood', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    const decision = { ...decided(0.01, 'Ann Lee'), step: 'continue-dialog' };
    await store.commit(turn(0, 'Ann Lee', ['And a phone number?'], { decision }));
    const row = await database.kysely.selectFrom('conversations').selectAll().executeTakeFirstOrThrow();
    expect(row.lowest_confidence).toBeNull();
    const kept = await database.kysely
      .selectFrom('activities')
      .selectAll()
      .where('sequence', '=', 1)
      .executeTakeFirstOrThrow();
    expect(kept).toMatchObject({ decided: null, entry: null, confidence: null });
    expect(kept.decision).toContain('continue-dialog');
  });

  test('each decision is kept with its reasons, and the lowest confidence with the conversation', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'hello', ['Hello!']));
    await store.commit(turn(2, 'how long', ['3 to 5 hours.'], { decision: decided(0.9, 'how long') }));
    await store.commit(
      turn(4, 'and how long', ['3 to 5 hours.'], { decision: decided(0.4, 'and how long') }),
    );
    await store.commit(turn(6, 'how long', ['3 to 5 hours.'], { decision: decided(0.8, 'how long') }));
    const row = await database.kysely
      .selectFrom('conversations')
      .select('lowest_confidence')
      .executeTakeFirstOrThrow();
    expect(row.lowest_confidence).toBeCloseTo(0.4, 10);
    const kept = await database.kysely
      .selectFrom('activities')
      .selectAll()
      .where('sequence', '=', 5)
      .executeTakeFirstOrThrow();
    expect(kept).toMatchObject({
      decided: 'answer',
      entry: 'session-length',
      knowledge_version: 'k1',
      error_id: null,
    });
    expect(kept.confidence).toBeCloseTo(0.4, 10);
    expect(JSON.parse(kept.decision ?? '')).toEqual(decided(0.4, 'and how long'));
  });

  test.each<[string, ReviewReason[], string]>([
    ['danger is not forgotten for the question after it', ['safety', 'unanswered'], 'safety'],
    ['nor is a wish to talk to somebody', ['person-wanted', 'unsure', 'not-helpful'], 'person-wanted'],
    ['what is more pressing comes in front', ['unsure', 'unanswered', 'person-wanted', 'safety'], 'safety'],
  ])('a conversation waits for the most pressing of its reasons: %s', async (_which, reasons, most) => {
    const database = await open();
    const store = createTurnStore(database);
    for (const [at, review] of reasons.entries())
      await store.commit(turn(2 * at, 'words', ['answer'], { review, incomingId: `in-${at}` }));
    await store.commit(turn(2 * reasons.length, 'thanks', ['You are welcome'], { incomingId: 'thanks' }));
    const kept = await database.kysely.selectFrom('conversations').select('review').executeTakeFirstOrThrow();
    expect(kept.review).toBe(most);
  });

  test('a turn for the staff puts the conversation on their list again, also when it was reviewed', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'asdf', ['Pardon?'], { review: 'unanswered' }));
    await database.write((transaction) =>
      transaction
        .updateTable('conversations')
        .set({ review: null, reviewed_at: 'x', reviewed_by: 'sue' })
        .execute(),
    );
    await store.commit(turn(2, 'thanks', ['You are welcome.']));
    const review = () =>
      database.kysely.selectFrom('conversations').select(['review', 'reviewed_by']).executeTakeFirstOrThrow();
    expect(await review()).toEqual({ review: null, reviewed_by: 'sue' });
    await store.commit(turn(4, 'boom', ['Sorry.'], { review: 'failed-turn', errorId: 'E1' }));
    expect(await review()).toEqual({ review: 'failed-turn', reviewed_by: null });
    const failed = await database.kysely
      .selectFrom('activities')
      .select('error_id')
      .where('sequence', '=', 5)
      .executeTakeFirst();
    expect(failed).toEqual({ error_id: 'E1' });
  });

  test("the conversation's state lies where Bot Framework looks for it", async () => {
    const database = await open();
    const first = turn(0, 'hi', ['Hello!']);
    await createTurnStore(database, ['notice']).commit(first);
    const before = await database.kysely.selectFrom('bot_state').selectAll().executeTakeFirstOrThrow();
    expect(before).toMatchObject({ key: 'directline/conversations/c1/', value: first.state });
    await createTurnStore(database, ['notice']).commit(turn(2, 'hi again', ['Hello!']));
    const after = await database.kysely.selectFrom('bot_state').selectAll().execute();
    expect(after).toHaveLength(1);
    expect(after[0]?.etag).not.toBe(before.etag);
  });

  test('a booking request is kept with the notice to staff', async () => {
    const database = await open();
    await createTurnStore(database, ['notice']).commit(turn(0, 'yes', ['Done.'], { request: REQUEST }));
    expect(await requestRow(database)).toMatchObject({
      reference: 'SA-7K4Q2',
      conversation_id: 'c1',
      status: 'new',
      revision: 0,
      name: 'Ann Quillfeather',
      phone: '+14105550134',
      email: 'ann@mail.test',
    });
    expect(await notices(database)).toEqual([
      {
        kind: 'notice',
        state: 'waiting',
        change: 'new',
        reference: 'SA-7K4Q2',
        revision: 0,
        conversationId: 'c1',
        channel: 'directline',
        request: REQUEST,
        at: '2026-03-02T15:00:00.000Z',
      },
    ]);
  });

  test('requests are counted by the address they came from, over conversations, for a day', async () => {
    const database = await open();
    const store = createTurnStore(database);
    const send = (id: string, sender: string, at: string) =>
      store.commit(
        turn(0, 'yes', ['Done.'], {
          conversation: { ...VISITOR, id },
          request: { ...REQUEST, reference: `SA-${id}` },
          sender,
          at,
        }),
      );
    await send('c1', 'home', '2026-03-02T15:00:00.000Z');
    await send('c2', 'home', '2026-03-02T16:00:00.000Z');
    await send('c3', 'office', '2026-03-02T16:00:00.000Z');
    const counted = async (hash: string, countedSince: string) =>
      (await store.load('c9', 'x', { hash, countedSince })).requestsFromSender;
    expect(await counted('home', '2026-03-01T16:30:00.000Z')).toBe(2);
    expect(await counted('home', '2026-03-02T15:30:00.000Z')).toBe(1);
    expect((await store.load('c9', 'x')).requestsFromSender).toBeUndefined();
    // A day later nobody's address is kept any more.
    await send('c4', 'home', '2026-03-03T16:00:00.000Z');
    const kept = await database.kysely
      .selectFrom('booking_requests')
      .select(['reference', 'sender'])
      .execute();
    expect(kept.filter((row) => row.sender !== null).map((row) => row.reference)).toEqual(['SA-c4']);
  });

  test('what one person sends within a day from other conversations is joined with the first', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    const send = (id: string, at: string, request: Partial<BookingRequest>) =>
      store.commit(
        turn(0, 'yes', ['Done.'], {
          conversation: { ...VISITOR, id },
          request: { ...REQUEST, ...request, reference: `SA-${id}` },
          at,
        }),
      );
    const { phone: _phone, ...withoutPhone } = REQUEST;
    await send('c1', '2026-03-02T15:00:00.000Z', {});
    await send('c2', '2026-03-02T16:00:00.000Z', { email: 'other@mail.test' });
    await store.commit(
      turn(0, 'yes', ['Done.'], {
        conversation: { ...VISITOR, id: 'c3' },
        request: { ...withoutPhone, reference: 'SA-c3' },
        at: '2026-03-02T17:00:00.000Z',
      }),
    );
    await send('c4', '2026-03-02T18:00:00.000Z', { forWhom: 'my brother' });
    await send('c5', '2026-03-04T15:00:00.000Z', {});
    const rows = await database.kysely
      .selectFrom('booking_requests')
      .select(['reference', 'joins'])
      .orderBy('created_at')
      .execute();
    expect(rows.map(({ reference, joins }) => [reference, joins])).toEqual([
      ['SA-c1', null],
      ['SA-c2', 'SA-c1'],
      ['SA-c3', 'SA-c1'],
      ['SA-c4', null],
      ['SA-c5', null],
    ]);
    expect((await notices(database)).map(({ reference, joins }) => [reference, joins])).toEqual([
      ['SA-c1', undefined],
      ['SA-c2', 'SA-c1'],
      ['SA-c3', 'SA-c1'],
      ['SA-c4', undefined],
      ['SA-c5', undefined],
    ]);
    const review = createReviewStore(database);
    expect((await review.request('SA-c2'))?.samePerson).toEqual(['SA-c1', 'SA-c3']);
    await review.setStatus('SA-c2', 'contacted', {
      at: '2026-03-02T19:00:00.000Z',
      actor: 'ann@clinic.test',
    });
    const statuses = await database.kysely
      .selectFrom('booking_requests')
      .select('status')
      .orderBy('created_at')
      .execute();
    expect(statuses.map(({ status }) => status)).toEqual([
      'contacted',
      'contacted',
      'contacted',
      'new',
      'new',
    ]);
  });

  test('a changed request keeps its reference and status, and staff are told again', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'yes', ['Done.'], { request: REQUEST }));
    await database.write((transaction) =>
      transaction.updateTable('booking_requests').set({ status: 'contacted' }).execute(),
    );
    const { phone: _phone, ...withoutPhone } = REQUEST;
    await store.commit(turn(2, 'no phone please', ['Changed.'], { request: withoutPhone }));
    expect(await requestRow(database)).toMatchObject({ status: 'contacted', revision: 1, phone: null });
    expect((await notices(database)).map((notice) => [notice.change, notice.revision])).toEqual([
      ['new', 0],
      ['changed', 1],
    ]);
  });

  test('a withdrawn request is told once, and is new again when the visitor comes back to it', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'yes', ['Done.'], { request: REQUEST }));
    await store.commit(turn(2, 'cancel it', ['Withdrawn.'], { withdrawn: REQUEST.reference }));
    expect(await requestRow(database)).toMatchObject({ status: 'withdrawn', revision: 1 });
    await store.commit(turn(4, 'cancel it', ['Withdrawn.'], { withdrawn: REQUEST.reference }));
    await store.commit(turn(6, 'book after all', ['Done.'], { request: REQUEST }));
    expect(await requestRow(database)).toMatchObject({ status: 'new', revision: 2 });
    expect((await notices(database)).map((notice) => notice.change)).toEqual(['new', 'withdrawn', 'changed']);
  });

  test("nobody changes or withdraws another conversation's request", async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    await store.commit(turn(0, 'yes', ['Done.'], { request: REQUEST }));
    const conversation = { ...VISITOR, id: 'c2' };
    const request = { ...REQUEST, name: 'Mallory' };
    await expect(store.commit(turn(0, 'mine', [], { conversation, request }))).rejects.toBeInstanceOf(
      TurnConflict,
    );
    await store.commit(turn(0, 'cancel', ['?'], { conversation, withdrawn: REQUEST.reference }));
    expect(await requestRow(database)).toMatchObject({
      name: 'Ann Quillfeather',
      status: 'new',
      revision: 0,
    });
    expect(await notices(database)).toHaveLength(1);
  });

  test("redacting leaves none of the visitor's earlier words, in any column, and all of the bot's", async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    const first = turn(0, 'I am Quillfeather', ['Hello!'], { decision: decided(0.5, 'Quillfeather') });
    first.incoming.activity = {
      ...first.incoming.activity,
      from: { id: 'dl_ann', name: 'Quillfeather', role: 'user' },
      value: { name: 'Quillfeather' },
      channelData: { typed: 'Quillfeather' },
      attachments: [{ contentType: 'text/plain', content: 'Quillfeather' }],
    };
    await store.commit(first);
    const other = turn(0, 'Quillfeather too', ['Hello!'], { conversation: { ...VISITOR, id: 'c2' } });
    await store.commit(other);
    await store.commit(turn(2, 'I do not agree', ['As you wish.'], { redact: true }));
    expect(await createConversationLog(database).after('c2', 0, 1)).toEqual([other.incoming]);
    await database.write(async (transaction) => {
      await transaction.deleteFrom('conversations').where('id', '=', 'c2').execute();
    });
    const rows = await allRows(database);
    expect(rows).not.toContain('Quillfeather');
    expect(rows).toContain('I do not agree');
    const kept = await createConversationLog(database).after('c1', 0, 10);
    expect(kept.map((one) => one.activity.text)).toEqual([
      '[redacted]',
      'Hello!',
      'I do not agree',
      'As you wish.',
    ]);
    expect(kept[0]?.activity).toMatchObject({
      id: 'c1|1',
      type: 'message',
      from: { id: 'dl_ann', role: 'user' },
    });
    const row = await database.kysely.selectFrom('conversations').select('first_text').executeTakeFirst();
    expect(row).toEqual({ first_text: '[redacted]' });
  });

  test('a hundred visitors at once all get their turn kept', async () => {
    const database = await open();
    const store = createTurnStore(database, ['notice']);
    const visitors = Array.from({ length: 100 }, (_, index) => ({ ...VISITOR, id: `c${index}` }));
    await Promise.all(
      visitors.map((conversation) => store.commit(turn(0, 'hi', ['Hello!'], { conversation }))),
    );
    const { rows } = await sql`select count(*) as kept from activities`.execute(database.kysely);
    expect(rows).toEqual([{ kept: 200 }]);
  });
});
