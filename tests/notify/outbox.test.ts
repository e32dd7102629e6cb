import type { OutboxMessage, TurnRecord } from '../../src/bot/ports';
import { createOutbox } from '../../src/notify/outbox';
import type { Outbox } from '../../src/notify/outbox';
import type { SendOutcome, Sender, TakenMessage } from '../../src/notify/ports';
import type { Database } from '../../src/storage/open-database';
import { createOutboxStore } from '../../src/storage/outbox-store';
import { createTurnStore } from '../../src/storage/turn-store';
import { eachDatabase } from '../support/databases';
import { eventually } from '../support/eventually';

const START = Date.parse('2026-03-02T15:00:00.000Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const sent: SendOutcome = { outcome: 'sent' };
const down: SendOutcome = { outcome: 'retry', reason: 'nothing listens there' };

/** A clock that stands still until the test moves it. */
function standingClock() {
  let now = START;
  return { read: () => new Date(now), pass: (ms: number) => void (now += ms) };
}

/** A receiver that does as told, and remembers what reached it. */
function receiver(answer: (message: TakenMessage, attempt: number) => SendOutcome | Promise<SendOutcome>) {
  const attempts: TakenMessage[] = [];
  const arrived: unknown[] = [];
  const sender: Sender = {
    async send(message) {
      attempts.push(message);
      const outcome = await answer(message, attempts.length);
      if (outcome.outcome === 'sent') arrived.push(message.payload);
      return outcome;
    },
  };
  return { sender, attempts, arrived };
}

function outboxOn(
  database: Database,
  senders: Record<string, Sender>,
  clock = standingClock(),
  random = () => 1,
): Outbox {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return createOutbox({ store: createOutboxStore(database), senders, clock: clock.read, random, log });
}

/** Deliveries of different people run side by side, so their order means nothing. */
function sorted(names: unknown[]): string[] {
  return names.map(String).toSorted((a, b) => a.localeCompare(b));
}

async function look(outbox: Outbox): Promise<void> {
  outbox.wake();
  await outbox.idle();
}

/** One committed turn that leaves these messages. */
async function keep(database: Database, messages: OutboxMessage[], id = 'c1'): Promise<void> {
  const store = createTurnStore(database);
  const { lastSequence } = await store.load(id, 'next');
  const turn: TurnRecord = {
    conversation: { id, channel: 'messenger', userId: 'visitor' },
    lastSequence,
    incomingId: `m-${lastSequence}`,
    incoming: {
      conversationId: id,
      sequence: lastSequence + 1,
      activity: { id: `${id}|${lastSequence + 1}`, type: 'message', text: 'hi' },
    },
    outgoing: [],
    state: '{}',
    messages,
    at: new Date(START).toISOString(),
  };
  await store.commit(turn);
}

function message(name: string, orderKey?: string): OutboxMessage {
  return { kind: 'test', payload: name, idempotencyKey: name, ...(orderKey !== undefined && { orderKey }) };
}

async function rows(database: Database) {
  return database.kysely.selectFrom('outbox').selectAll().orderBy('id').execute();
}

eachDatabase('the outbox', (open) => {
  test('delivers what a turn left, once, and keeps no second copy of it', async () => {
    const database = await open();
    const { sender, arrived } = receiver(() => sent);
    const outbox = outboxOn(database, { test: sender });
    await keep(database, [message('hello')]);
    await look(outbox);
    await look(outbox);
    expect(arrived).toEqual(['hello']);
    expect(await rows(database)).toMatchObject([{ state: 'sent', payload: '{}' }]);
  });

  test('told which kinds of messages were kept, it looks for those alone', async () => {
    const database = await open();
    const [mail, chat] = [receiver(() => sent), receiver(() => sent)];
    const outbox = outboxOn(database, { test: mail.sender, chat: chat.sender });
    await keep(database, [message('letter'), { ...message('line'), kind: 'chat' }]);
    outbox.wake(['chat', 'chat', 'a kind without a sender']);
    await outbox.idle();
    expect([mail.arrived, chat.arrived]).toEqual([[], ['line']]);
    await look(outbox);
    expect([mail.arrived, chat.arrived]).toEqual([['letter'], ['line']]);
  });

  test('a message with a key that was there before is not taken in', async () => {
    const database = await open();
    const { sender, arrived } = receiver(() => sent);
    await keep(database, [message('hello')]);
    await keep(database, [message('hello'), message('good bye')]);
    await look(outboxOn(database, { test: sender }));
    expect(sorted(arrived)).toEqual(['good bye', 'hello']);
  });

  test('every attempt carries the same idempotency key', async () => {
    const database = await open();
    const clock = standingClock();
    const { sender, attempts } = receiver((_message, attempt) => (attempt < 3 ? down : sent));
    const outbox = outboxOn(database, { test: sender }, clock);
    await keep(database, [message('hello')]);
    for (let tries = 0; tries < 3; tries++) {
      await look(outbox);
      clock.pass(MINUTE);
    }
    expect(attempts.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['hello', 'hello', 'hello']);
    expect(attempts.map(({ attempts }) => attempts)).toEqual([0, 1, 2]);
  });

  test('while a receiver is down, attempts come 1 s apart at first, later 15 min, and end after 72 hours', async () => {
    const database = await open();
    const clock = standingClock();
    const { sender, attempts } = receiver(() => down);
    const outbox = outboxOn(database, { test: sender }, clock);
    await keep(database, [message('hello')]);
    const gaps: number[] = [];
    for (let more = true; more;) {
      await look(outbox);
      const [row] = await rows(database);
      more = row?.state === 'waiting';
      if (!more || !row) break;
      const gap = Date.parse(row.next_attempt_at) - clock.read().getTime();
      gaps.push(gap);
      clock.pass(gap - 1);
      const before = attempts.length;
      await look(outbox);
      expect(attempts).toHaveLength(before);
      clock.pass(1);
    }
    expect(gaps.slice(0, 4)).toEqual([1, 2, 4, 8].map((seconds) => seconds * SECOND));
    expect(Math.max(...gaps)).toBe(15 * MINUTE);
    expect(clock.read().getTime() - START).toBe(72 * HOUR);
    expect(await rows(database)).toMatchObject([{ state: 'dead', last_error: 'nothing listens there' }]);
    expect(await createOutboxStore(database).figures()).toEqual({
      waiting: 0,
      dead: 1,
      oldestWaiting: undefined,
    });
  });

  test('a message that is old before it was tried is tried 72 times all the same', async () => {
    const database = await open();
    const clock = standingClock();
    const { sender, attempts } = receiver(() => down);
    const outbox = outboxOn(database, { test: sender }, clock);
    await keep(database, [message('hello')]);
    // The clock leaps, or the service itself was down.
    clock.pass(365 * 24 * HOUR);
    const gaps: number[] = [];
    for (;;) {
      await look(outbox);
      const [row] = await rows(database);
      if (row?.state !== 'waiting') break;
      gaps.push(Date.parse(row.next_attempt_at) - clock.read().getTime());
      clock.pass(gaps.at(-1) ?? 0);
    }
    expect(attempts).toHaveLength(72);
    expect(gaps.slice(0, 4)).toEqual([1, 2, 4, 8].map((seconds) => seconds * SECOND));
    expect(await rows(database)).toMatchObject([{ state: 'dead', attempts: 72 }]);
  });

  test('attempts of many messages spread: the back-off has jitter', async () => {
    const database = await open();
    const clock = standingClock();
    const draws = [0, 0.5];
    const outbox = outboxOn(database, { test: receiver(() => down).sender }, clock, () => draws.shift() ?? 1);
    await keep(database, [message('hello')]);
    const waits: number[] = [];
    for (let tries = 0; tries < 3; tries++) {
      await look(outbox);
      const [row] = await rows(database);
      waits.push(Date.parse(row?.next_attempt_at ?? '') - clock.read().getTime());
      clock.pass(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([1_000, 1_500, 4_000]);
  });

  test('a receiver that says when to come back is believed', async () => {
    const database = await open();
    const clock = standingClock();
    const outbox = outboxOn(
      database,
      { test: receiver(() => ({ outcome: 'retry', reason: '429', afterMs: 7 * MINUTE })).sender },
      clock,
    );
    await keep(database, [message('hello')]);
    await look(outbox);
    const [row] = await rows(database);
    expect(Date.parse(row?.next_attempt_at ?? '')).toBe(START + 7 * MINUTE);
  });

  test('what arrived with one order key arrives in order, one at a time, and a failing one holds the rest', async () => {
    const database = await open();
    const clock = standingClock();
    let inFlight = 0;
    let most = 0;
    const { sender, arrived } = receiver(async (_message, attempt) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      return attempt === 2 ? down : sent;
    });
    const outbox = outboxOn(database, { test: sender }, clock);
    const names = ['one', 'two', 'three', 'four', 'five'];
    await keep(
      database,
      names.map((name) => message(name, 'person 1')),
    );
    await look(outbox);
    expect(arrived).toEqual(['one']);
    clock.pass(SECOND);
    await look(outbox);
    expect(arrived).toEqual(names);
    expect(most).toBe(1);
  });

  test('one person who cannot be reached does not hold up another', async () => {
    const database = await open();
    const { sender, arrived } = receiver(({ orderKey }) => (orderKey === 'person 1' ? down : sent));
    await keep(database, [message('a', 'person 1'), message('b', 'person 1'), message('c', 'person 2')]);
    await look(outboxOn(database, { test: sender }));
    expect(arrived).toEqual(['c']);
  });

  test('a message that can never arrive is given up alone', async () => {
    const database = await open();
    const { sender, arrived } = receiver(({ payload }) =>
      payload === 'bad' ? { outcome: 'dead', reason: 'too long' } : sent,
    );
    await keep(database, [message('bad', 'person 1'), message('good', 'person 1')]);
    await look(outboxOn(database, { test: sender }));
    expect(arrived).toEqual(['good']);
    expect(await rows(database)).toMatchObject([
      { state: 'dead', last_error: 'too long' },
      { state: 'sent' },
    ]);
  });

  test('a person who blocked us gets nothing of what waits for them; others do', async () => {
    const database = await open();
    const { sender, attempts, arrived } = receiver(({ orderKey }) =>
      orderKey === 'person 1' ? { outcome: 'stop-key', reason: 'blocked' } : sent,
    );
    await keep(database, [message('a', 'person 1'), message('b', 'person 1'), message('c', 'person 2')]);
    await look(outboxOn(database, { test: sender }));
    expect(sorted(attempts.map(({ payload }) => payload))).toEqual(['a', 'c']);
    expect(arrived).toEqual(['c']);
    expect((await rows(database)).map(({ state }) => state)).toEqual(['dead', 'dead', 'sent']);
  });

  test('an expired key of the channel rests that kind for 15 minutes and no other, then it is tried again', async () => {
    const database = await open();
    const clock = standingClock();
    let broken = true;
    const messenger = receiver(() => (broken ? { outcome: 'stop-all', reason: 'token expired' } : sent));
    const mail = receiver(() => sent);
    const outbox = outboxOn(database, { test: messenger.sender, mail: mail.sender }, clock);
    await keep(database, [message('a'), { ...message('m1'), kind: 'mail' }]);
    await look(outbox);
    await keep(database, [message('b'), { ...message('m2'), kind: 'mail' }]);
    clock.pass(14 * MINUTE);
    await look(outbox);
    expect(messenger.attempts).toHaveLength(1);
    expect(sorted(mail.arrived)).toEqual(['m1', 'm2']);
    broken = false;
    clock.pass(MINUTE);
    await look(outbox);
    expect(sorted(messenger.arrived)).toEqual(['a', 'b']);
  });

  test('a sender that throws is tried again', async () => {
    const database = await open();
    const clock = standingClock();
    const { sender, arrived } = receiver((_message, attempt) => {
      if (attempt === 1) throw new Error('socket hang up');
      return sent;
    });
    const outbox = outboxOn(database, { test: sender }, clock);
    await keep(database, [message('hello')]);
    await look(outbox);
    expect(await rows(database)).toMatchObject([{ state: 'waiting', last_error: 'socket hang up' }]);
    clock.pass(SECOND);
    await look(outbox);
    expect(arrived).toEqual(['hello']);
  });

  test('after a restart, messages never tried before go out as well', async () => {
    const before = await open();
    await keep(before, [message('hello')]);
    await before.close();
    const database = await open();
    const { sender, arrived } = receiver(() => sent);
    const outbox = outboxOn(database, { test: sender });
    await outbox.start();
    await outbox.idle();
    await outbox.close();
    expect(arrived).toEqual(['hello']);
  });

  test('a message that a killed process had taken is delivered by the next one', async () => {
    const database = await open();
    const store = createOutboxStore(database);
    await keep(database, [message('hello')]);
    // Postgres may have other instances alive, so there the lease has to run out first; by the server's clock.
    expect(await store.take('test', new Date(START), 300)).toBeDefined();
    const { sender, arrived } = receiver(() => sent);
    const outbox = outboxOn(database, { test: sender });
    await outbox.start();
    await eventually(async () => {
      await look(outbox);
      return arrived.length > 0;
    });
    await outbox.close();
    expect(arrived).toEqual(['hello']);
  });

  test('who is still at work keeps the message, who lost it is told', async () => {
    const database = await open();
    const store = createOutboxStore(database);
    await keep(database, [message('hello')]);
    const now = new Date(START);
    const taken = await store.take('test', now, 60_000);
    if (!taken) throw new Error('nothing was taken');
    const renewed = await store.renew(taken, new Date(START + SECOND), 90_000);
    expect(renewed?.takenUntil.getTime()).toBeGreaterThan(taken.takenUntil.getTime());
    expect(await store.take('test', now, 60_000)).toBeUndefined();
    expect(await store.renew(taken, now, 60_000)).toBeUndefined();
  });

  test('a clock that was wrong by a day holds up neither what was kept meanwhile nor what comes after', async () => {
    const database = await open();
    const clock = standingClock();
    clock.pass(24 * HOUR);
    const { sender, arrived } = receiver(() => sent);
    await keep(database, [message('tomorrow')]);
    clock.pass(-25 * HOUR);
    await keep(database, [message('now')]);
    const outbox = outboxOn(database, { test: sender }, clock);
    await look(outbox);
    expect(sorted(arrived)).toEqual(['now', 'tomorrow']);
  });

  test('a clock that is set back by hours does not put off the next attempt by them', async () => {
    const database = await open();
    const clock = standingClock();
    let isDown = true;
    const { sender, arrived } = receiver(() => (isDown ? { outcome: 'retry', reason: 'down' } : sent));
    await keep(database, [message('hello')]);
    const outbox = outboxOn(database, { test: sender }, clock);
    await look(outbox);
    isDown = false;
    clock.pass(-6 * HOUR);
    arrived.length = 0;
    await look(outbox);
    expect(arrived).toHaveLength(1);
  });

  test('two instances on one database never deliver the same message, nor one order key out of order', async () => {
    const database = await open();
    const { sender, arrived } = receiver(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return sent;
    });
    const instances = [outboxOn(database, { test: sender }), outboxOn(database, { test: sender })];
    const names = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}`);
    await keep(
      database,
      names.map((name) => message(name, `person ${Number(name) % 2}`)),
    );
    for (let round = 0; round < 20 && arrived.length < 20; round++) {
      await Promise.all(instances.map(look));
    }
    expect(sorted(arrived)).toEqual(names);
    const ofPerson = (person: number) => arrived.filter((name) => Number(name) % 2 === person);
    expect(ofPerson(0)).toEqual(names.filter((name) => Number(name) % 2 === 0));
    expect(ofPerson(1)).toEqual(names.filter((name) => Number(name) % 2 === 1));
  });

  test('a failed turn commit leaves no message', async () => {
    const database = await open();
    await keep(database, [message('first')]);
    const stale: TurnRecord = {
      conversation: { id: 'c1', channel: 'messenger', userId: 'visitor' },
      lastSequence: 0,
      incomingId: 'late',
      incoming: { conversationId: 'c1', sequence: 1, activity: { id: 'c1|1', type: 'message' } },
      outgoing: [],
      state: '{}',
      messages: [message('second')],
      at: new Date(START).toISOString(),
    };
    await expect(createTurnStore(database).commit(stale)).rejects.toThrow('moved on');
    expect((await rows(database)).map(({ idempotency_key }) => idempotency_key)).toEqual(['first']);
  });

  test('it is ready while receivers are down, and not when it has stopped looking', async () => {
    const database = await open();
    const clock = standingClock();
    const outbox = outboxOn(database, { test: receiver(() => down).sender }, clock);
    await keep(database, [message('hello')]);
    await outbox.start();
    await outbox.idle();
    await outbox.check();
    clock.pass(2 * MINUTE);
    await expect(outbox.check()).rejects.toThrow('has not looked');
    await outbox.close();
  });
});
