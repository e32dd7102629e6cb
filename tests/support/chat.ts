import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { DateTime } from 'luxon';
import type { Activity } from 'botbuilder';
import type { BookingLinks } from '../../dialogs/dialog';
import type { LoadedKnowledge } from '../../src/bot/enquiry-bot';
import type { TurnOutcome, TurnStore } from '../../src/bot/ports';
import { createTurns } from '../../src/bot/turn';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { createTurnStore } from '../../src/storage/turn-store';
import { shippedBot } from './shipped-bot';
import { shippedKnowledge } from './shipped-knowledge';
import { memoryFolder } from './start-service';

/** A chat with the bot, its real knowledge and a real database, written to be read like a transcript. */
export interface Chat {
  /** Sends a message; its replies become what `bot` looks at. */
  visitor: (text: string, incomingId?: string) => Promise<TurnOutcome>;
  /** What the chat window tells beside the messages: an event activity. */
  tell: (name: string, value?: unknown) => Promise<TurnOutcome>;
  /** Expects the next reply to contain these words; without words, skips one. */
  bot: (words: string | RegExp) => void;
  /** Expects no further reply to this message. */
  botIsDone: () => void;
  /** Every reply to the last message, as one text. */
  replies: () => string;
  /** Titles of the buttons under the last reply. */
  buttons: () => string[];
  /** Sends what the button of this title under the last reply sends. */
  tap: (title: string) => Promise<TurnOutcome>;
  /** The visitor opens the chat, or opens it again. */
  opens: () => Promise<TurnOutcome>;
  /** The same person begins a new conversation. */
  anew: () => void;
  conversationId: () => string;
  /** The same person goes on with an earlier conversation. */
  goBackTo: (conversationId: string) => void;
  /** Moves the clock, to a local time in the clinic's zone. */
  setNow: (local: string) => void;
  database: Database;
  /** Where the database's files are. */
  folder: string;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export interface ChatOptions {
  /** Local time in the clinic's zone, `2026-03-02T10:00`. */
  now?: string;
  knowledge?: LoadedKnowledge;
  links?: BookingLinks;
  /** Hash of the visitor's address, on channels that see one. */
  sender?: string;
  /** Something between the turn and its store, to inject faults. */
  store?: (real: TurnStore) => TurnStore;
}

export async function startChat(options: ChatOptions = {}): Promise<Chat> {
  const data = memoryFolder();
  const database = await openDatabase(`sqlite:${path.join(data.folder, 'test.db')}`);
  open.push(async () => {
    await database.close();
    data.remove();
  });
  const knowledge = options.knowledge ?? shippedKnowledge();
  const { clinic } = knowledge.knowledge;
  const local = (time: string) => DateTime.fromISO(time, { zone: clinic.timeZone });
  let now = local(options.now ?? '2026-03-02T10:00');
  const bot = shippedBot({
    now: () => now,
    knowledge,
    ...(options.links && { links: options.links }),
  });
  const store = createTurnStore(database, ['notice']);
  const turns = createTurns({
    store: options.store?.(store) ?? store,
    bot,
    botName: () => 'assistant',
    clock: () => now.toJSDate(),
    onError: () => undefined,
  });
  let conversationId: string = randomUUID();
  let waiting: string[] = [];
  let all: string[] = [];
  let buttons: { title: string; value: string }[] = [];

  async function send(activity: Partial<Activity>, incomingId: string): Promise<TurnOutcome> {
    if (waiting.length > 0) throw new Error(`The bot had said more: ${waiting.join(' | ')}`);
    const outcome = await turns.handle({
      conversationId,
      channel: 'directline',
      userId: 'dl_visitor',
      incomingId,
      ...(options.sender !== undefined && { sender: options.sender }),
      activity,
    });
    all = outcome.replies.map((reply) => reply.activity.text ?? '');
    waiting = [...all];
    buttons = outcome.replies.at(-1)?.activity.suggestedActions?.actions ?? [];
    return outcome;
  }

  const visitor: Chat['visitor'] = (text, incomingId = randomUUID()) =>
    send({ type: 'message', text }, incomingId);

  return {
    database,
    folder: data.folder,
    visitor,
    tap: async (title) => {
      const button = buttons.find((each) => each.title === title);
      if (!button)
        throw new Error(
          `There is no button "${title}", only: ${buttons.map((each) => each.title).join(' | ')}`,
        );
      return visitor(button.value);
    },
    tell: (name, value) => send({ type: 'event', name, value }, randomUUID()),
    anew: () => {
      conversationId = randomUUID();
      waiting = [];
    },
    conversationId: () => conversationId,
    goBackTo: (earlier) => {
      conversationId = earlier;
      waiting = [];
    },
    opens: () => send({ type: 'conversationUpdate' }, randomUUID()),
    setNow: (time) => void (now = local(time)),
    bot: (words) => {
      const next = waiting.shift();
      if (typeof words === 'string') expect(next).toContain(words);
      else expect(next).toMatch(words);
    },
    botIsDone: () => expect(waiting.splice(0)).toEqual([]),
    replies: () => {
      waiting = [];
      return all.join('\n');
    },
    buttons: () => buttons.map(({ title }) => title),
  };
}
