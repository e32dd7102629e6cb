import { randomUUID } from 'node:crypto';
import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import { type ConversationState, reviveConversation } from '../conversation/conversation-state';
import {
  type IncomingActivity,
  type KeptActivity,
  NoSuchConversation,
  type OutboxMessage,
  type Sender,
  STAFF_ID,
  TurnConflict,
  type TurnListener,
  type TurnOutcome,
  type TurnRecord,
  type TurnStart,
  type TurnStore,
  type Turns,
} from './ports';
import { ConversationQueue } from './conversation-queue';
import { TurnAdapter } from './turn-adapter';
import { type Gathered, type TurnMemory, giveMemory } from './turn-memory';

export interface TurnParts {
  store: TurnStore;
  bot: { onTurn(context: TurnContext): Promise<void>; apology(): string };
  /** The bot's name as channels show it. */
  botName: () => string;
  clock: () => Date;
  /**
   * For channels that are not read but written to (Messenger ...): the messages that bring a turn's activities
   * there, kept in the turn's own commit. An activity's id is a good idempotency key, the conversation's a good
   * order key. What a person of the team wrote is among them; `from.id` is STAFF_ID there.
   */
  deliver?: (conversation: TurnRecord['conversation'], outgoing: KeptActivity[]) => OutboxMessage[];
  /** A turn threw: for the operator, without anything the visitor wrote. */
  onError: (error: unknown, errorId: string, conversationId: string) => void;
}

/** Runs turns: one at a time per conversation, each kept whole in one commit before anybody hears of it. */
export function createTurns(parts: TurnParts): Turns {
  const adapter = new TurnAdapter();
  const queue = new ConversationQueue();
  const listeners = new Set<TurnListener>();

  async function runOnce(incoming: IncomingActivity): Promise<TurnOutcome> {
    const sender = countedSender(incoming, parts.clock());
    const start = await parts.store.load(incoming.conversationId, incoming.incomingId, sender);
    const isThere = start.lastSequence > 0 && (incoming.by !== undefined || start.userId === incoming.userId);
    if ((incoming.by || incoming.goesOn) && !isThere)
      throw new NoSuchConversation('The conversation is not there any more.');
    const [handled, ...replies] = start.handled ?? [];
    if (handled) return { incoming: handled, replies, repeated: true };
    const turn = await runBot(adapter, parts, incoming, start);
    await parts.store.commit(turn);
    for (const listener of listeners) listener([turn.incoming, ...turn.outgoing], turn);
    return { incoming: turn.incoming, replies: turn.outgoing, repeated: false };
  }

  return {
    handle: (incoming) => {
      const begins = incoming.activity.type === ActivityTypes.ConversationUpdate;
      return queue.run(incoming.conversationId, begins, () => whileConflicting(() => runOnce(incoming)));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Another instance was quicker: nothing of this turn has left the house, so it simply runs again on the newer state. */
async function whileConflicting<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TurnConflict) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/**
 * Each conflict means that another instance's turn of the same conversation got through. Of two instances that both
 * have turns waiting either is as likely to lose, so that 20 in a row (one in a million) is a fault.
 */
const MOST_ATTEMPTS = 20;

/** Requests of one day are counted. */
const COUNTED_MS = 24 * 3_600_000;

function countedSender({ sender }: IncomingActivity, now: Date): Sender | undefined {
  if (sender === undefined) return undefined;
  return { hash: sender, countedSince: new Date(now.getTime() - COUNTED_MS).toISOString() };
}

async function runBot(
  adapter: TurnAdapter,
  parts: TurnParts,
  incoming: IncomingActivity,
  start: TurnStart,
): Promise<TurnRecord> {
  const at = parts.clock();
  const people = {
    user: { id: incoming.userId, name: '', role: 'user' },
    bot: { id: BOT_ID, name: parts.botName(), role: 'bot' },
  };
  const stamp = stamper(incoming, start.lastSequence, at);
  const { by } = incoming;
  const kept = stamp(
    by
      ? { ...staffActivity(incoming.activity, by.name), recipient: people.user }
      : { ...incoming.activity, from: people.user, recipient: people.bot },
  );
  const memory: TurnMemory = {
    at: at.toISOString(),
    state: reviveConversation(start.state),
    ...(by && { by }),
    ...(start.requestsFromSender !== undefined && { requestsFromSender: start.requestsFromSender }),
  };
  const outcome = await runKeepingFailures(adapter, parts, kept, memory, start);
  const { messages = [], ...record } = outcome.record;
  const conversation = {
    id: incoming.conversationId,
    channel: incoming.channel,
    userId: incoming.userId,
  };
  const outgoing = outcome.said.map((activity) =>
    stamp({ ...activity, from: people.bot, recipient: people.user, replyToId: kept.activity.id ?? '' }),
  );
  const { along } = incoming;
  const toVisitor = by && !along?.onlyKept ? [kept, ...outgoing] : outgoing;
  const delivered = [
    ...messages,
    ...(along?.messages ?? []),
    ...(parts.deliver?.(conversation, toVisitor) ?? []),
  ];
  return {
    conversation,
    lastSequence: start.lastSequence,
    incomingId: incoming.incomingId,
    incoming: kept,
    outgoing,
    at: memory.at,
    ...(incoming.sender !== undefined && { sender: incoming.sender }),
    ...record,
    state: JSON.stringify(outcome.state),
    ...(by && { by }),
    ...(along?.answers !== undefined && { answers: along.answers }),
    ...presenceIn(outcome.state),
    ...(delivered.length > 0 && { messages: delivered }),
  };
}

/** In the visitor's eyes it comes from the bot's side of the conversation, under the person's own name. */
function staffActivity(activity: Partial<Activity>, name: string): Partial<Activity> {
  const from = { id: STAFF_ID, name, role: 'bot' };
  const channelData = { ...(activity.channelData as object | undefined), person: name };
  return { ...activity, from, channelData };
}

/** In columns of their own it can be looked for. */
function presenceIn({ personUntil: until, personName: name }: ConversationState): Pick<TurnRecord, 'person'> {
  return until === undefined ? {} : { person: { until, ...(name !== undefined && { name }) } };
}

type BotOutcome = {
  said: Partial<Activity>[];
  state: ConversationState;
  record: Gathered & Pick<TurnRecord, 'errorId'>;
};

/** A turn that throws keeps what the visitor said and the apology; the state stays as it was, a booking in progress too. */
async function runKeepingFailures(
  adapter: TurnAdapter,
  parts: TurnParts,
  { activity, conversationId }: KeptActivity,
  memory: TurnMemory,
  start: TurnStart,
): Promise<BotOutcome> {
  try {
    const said = await adapter.run(activity, async (context) => {
      giveMemory(context, memory);
      await parts.bot.onTurn(context);
    });
    const { state, at: _at, by: _by, requestsFromSender: _requests, ...gathered } = memory;
    return { said, state, record: gathered };
  } catch (error) {
    // Staff see that it failed, and nothing of it has reached the visitor.
    if (memory.by) throw error;
    const errorId = randomUUID();
    parts.onError(error, errorId, conversationId);
    const apology = { type: ActivityTypes.Message, text: parts.bot.apology(), textFormat: 'plain' };
    const state = reviveConversation(start.state);
    return { said: [apology], state, record: { review: 'failed-turn', errorId } };
  }
}

/** Numbers the turn's activities on from the last one, and times them a millisecond apart so that clients sort them right. */
function stamper(
  incoming: IncomingActivity,
  lastSequence: number,
  at: Date,
): (activity: Partial<Activity>) => KeptActivity {
  let sequence = lastSequence;
  return (activity) => {
    sequence++;
    return {
      conversationId: incoming.conversationId,
      sequence,
      activity: {
        ...activity,
        id: `${incoming.conversationId}|${String(sequence).padStart(7, '0')}`,
        channelId: incoming.channel,
        conversation: { id: incoming.conversationId } as Activity['conversation'],
        // ISO text on the wire and in storage; the SDK's type says Date.
        timestamp: new Date(at.getTime() + sequence - lastSequence - 1).toISOString() as unknown as Date,
      },
    };
  };
}

const BOT_ID = 'enquiry-bot';
