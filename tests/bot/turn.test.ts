import { randomUUID } from 'node:crypto';
import { ActivityTypes, ConversationState, TurnContext } from 'botbuilder';
import {
  type IncomingActivity,
  type KeptActivity,
  NoSuchConversation,
  TurnConflict,
  type TurnStore,
  TurnsBusy,
} from '../../src/bot/ports';
import { createTurns } from '../../src/bot/turn';
import { memoryOf } from '../../src/bot/turn-memory';
import { DatabaseStorage } from '../../src/storage/bot-storage';
import { createConversationLog } from '../../src/storage/conversation-log';
import { createTurnStore } from '../../src/storage/turn-store';
import { eachDatabase } from '../support/databases';

/** A bot that counts its messages in the conversation's state, the way a lost update would show. */
function countingBot(pause: () => Promise<void> = async () => undefined) {
  return {
    apology: () => 'Sorry, something went wrong.',
    onTurn: async (context: TurnContext) => {
      const memory = memoryOf(context);
      const count = Number(memory.state.lastEntry ?? 0) + 1;
      await pause();
      if (context.activity.text === 'break') throw new Error('broken on purpose');
      memory.state = { ...memory.state, lastEntry: String(count) };
      await context.sendActivity({ type: ActivityTypes.Message, text: `message ${count}` });
    },
  };
}

function turnsOn(
  store: TurnStore,
  bot = countingBot(),
  onError: (error: unknown, id: string) => void = () => undefined,
) {
  return createTurns({
    store,
    bot,
    botName: () => 'assistant',
    clock: () => new Date('2026-03-02T15:00:00Z'),
    onError,
  });
}

function said(text: string, conversationId = 'talk', incomingId: string = randomUUID()): IncomingActivity {
  return {
    conversationId,
    channel: 'directline',
    userId: 'dl_1',
    incomingId,
    activity: { type: 'message', text },
  };
}

const texts = (kept: KeptActivity[]) => kept.map(({ activity }) => activity.text);

eachDatabase('a turn', (open) => {
  test('keeps both sides, numbered without gaps, and the state', async () => {
    const database = await open();
    const turns = turnsOn(createTurnStore(database));
    await turns.handle(said('hello'));
    await turns.handle(said('again'));
    const kept = await createConversationLog(database).after('talk', 0, 100);
    expect(texts(kept)).toEqual(['hello', 'message 1', 'again', 'message 2']);
    expect(kept.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(kept[1]?.activity.replyToId).toBe(kept[0]?.activity.id);
  });

  test('of one conversation runs after the other: 20 at once lose no update', async () => {
    const turns = turnsOn(
      createTurnStore(await open()),
      countingBot(() => new Promise(setImmediate)),
    );
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => turns.handle(said(`m${n}`))));
    expect(outcomes.flatMap(({ replies }) => texts(replies))).toEqual(
      Array.from({ length: 20 }, (_, n) => `message ${n + 1}`),
    );
  });

  test('with an id that was handled before gives the same outcome and runs nothing twice', async () => {
    const turns = turnsOn(createTurnStore(await open()));
    const message = said('hello');
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => turns.handle(message)));
    for (const other of others) expect(other).toEqual({ ...first, repeated: true });
    expect(texts((await turns.handle(said('next'))).replies)).toEqual(['message 2']);
  });

  test('that fails keeps what the visitor said, the apology and the state from before', async () => {
    const database = await open();
    const errors: [unknown, string][] = [];
    const turns = turnsOn(createTurnStore(database), countingBot(), (error, id) => errors.push([error, id]));
    await turns.handle(said('one'));
    const failed = await turns.handle(said('break'));
    expect(texts(failed.replies)).toEqual(['Sorry, something went wrong.']);
    expect(texts((await turns.handle(said('two'))).replies)).toEqual(['message 2']);
    expect(texts(await createConversationLog(database).after('talk', 2, 2))).toEqual([
      'break',
      'Sorry, something went wrong.',
    ]);
    const row = await database.kysely
      .selectFrom('activities')
      .select('error_id')
      .where('text', '=', 'break')
      .executeTakeFirst();
    expect(row?.error_id).toBe(errors[0]?.[1]);
  });

  test('overtaken by another instance runs again on the newer state', async () => {
    const database = await open();
    const here = turnsOn(createTurnStore(database));
    const there = turnsOn(createTurnStore(database));
    await here.handle(said('start'));
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? here : there).handle(said(`m${n}`))));
    expect(
      outcomes.flatMap(({ replies }) => texts(replies)).toSorted((a = '', b = '') => a.localeCompare(b)),
    ).toEqual(['message 2', 'message 3', 'message 4', 'message 5']);
  });

  test('that goes on with a conversation needs it to be there, and to be that visitor’s', async () => {
    const database = await open();
    const turns = turnsOn(createTurnStore(database));
    const message = { ...said('hello'), goesOn: true };
    await expect(turns.handle(message)).rejects.toThrow(NoSuchConversation);
    expect(await createConversationLog(database).find('talk')).toBeUndefined();
    await turns.handle(said('start'));
    await expect(turns.handle({ ...message, userId: 'somebody else' })).rejects.toThrow(NoSuchConversation);
    expect(texts((await turns.handle(message)).replies)).toEqual(['message 2']);
  });

  test('is told of only after it is on disk', async () => {
    const real = createTurnStore(await open());
    const order: string[] = [];
    const turns = turnsOn({
      load: (...given) => real.load(...given),
      commit: async (turn) => {
        await real.commit(turn);
        order.push('on disk');
      },
    });
    turns.subscribe((kept) => order.push(`told of ${kept.length}`));
    await turns.handle(said('hello'));
    expect(order).toEqual(['on disk', 'told of 2']);
  });

  test('whose commit fails tells nobody and keeps nothing; the retry brings it back', async () => {
    const real = createTurnStore(await open());
    let broken = true;
    const turns = turnsOn({
      load: (...given) => real.load(...given),
      commit: (turn) => (broken ? Promise.reject(new Error('disk full')) : real.commit(turn)),
    });
    const told: KeptActivity[][] = [];
    turns.subscribe((kept) => told.push(kept));
    const message = said('hello');
    await expect(turns.handle(message)).rejects.toThrow('disk full');
    expect(told).toEqual([]);
    broken = false;
    expect(texts((await turns.handle(message)).replies)).toEqual(['message 1']);
  });

  test("keeps the state where Bot Framework's own ConversationState finds it", async () => {
    const database = await open();
    await turnsOn(createTurnStore(database)).handle(said('hello'));
    const state = new ConversationState(new DatabaseStorage(database));
    const key = state.getStorageKey({
      activity: { channelId: 'directline', conversation: { id: 'talk' } },
    } as unknown as TurnContext);
    const read = await new DatabaseStorage(database).read([key ?? '']);
    expect(read[key ?? '']).toMatchObject({ version: 1, lastEntry: '1' });
  });
});

test('a store that always says "overtaken" is given up after twenty tries', async () => {
  let tries = 0;
  const turns = turnsOn({
    load: async () => ({ lastSequence: 0, state: undefined }),
    commit: async () => {
      tries++;
      throw new TurnConflict('again');
    },
  });
  await expect(turns.handle(said('hello'))).rejects.toThrow(TurnConflict);
  expect(tries).toBe(20);
});

test('a flood in one conversation is refused from the 21st waiting message on; others go on', async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const turns = turnsOn({
    load: async () => ({ lastSequence: 0, state: undefined }),
    commit: async () => held,
  });
  const flood = Array.from({ length: 25 }, (_, n) => turns.handle(said(`m${n}`)));
  const settled = Promise.allSettled(flood);
  const elsewhere = turns.handle(said('hello', 'another talk'));
  letGo();
  const refused = (await settled).filter((result) => result.status === 'rejected');
  expect(refused.length).toBe(5);
  for (const result of refused) expect(result.reason).toBeInstanceOf(TurnsBusy);
  expect(texts((await elsewhere).replies)).toEqual(['message 1']);
});
