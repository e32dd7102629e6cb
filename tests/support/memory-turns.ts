import {
  type IncomingActivity,
  type KeptActivity,
  NoSuchConversation,
  type TurnListener,
  type TurnOutcome,
  type Turns,
} from '../../src/bot/ports';
import type { ConversationLog, KeptConversation, ResumeSecrets } from '../../src/channels/ports';

/** Turns and their log in memory, with the real numbering, order and repetition; the bot says back what it heard. */
export interface MemoryTurns {
  turns: Turns;
  log: ConversationLog;
  resume: ResumeSecrets;
  /** Everything kept of a conversation. */
  kept(conversationId: string): KeptActivity[];
  /** Turns that ran, without the repeated ones. */
  count(): number;
  /** The next calls of turns and log fail with this; undefined ends it. */
  failWith(error: Error | undefined): void;
  erase(conversationId: string): void;
  /** Kept without telling the listeners: a turn of another instance of the service. */
  keepElsewhere(conversationId: string, text: string): Promise<void>;
}

export function createMemoryTurns(): MemoryTurns {
  const conversations = new Map<string, { userId: string; kept: KeptActivity[]; queue: Promise<unknown> }>();
  const outcomes = new Map<string, TurnOutcome>();
  const secrets = new Map<string, { conversationId: string; expiresAt: string }>();
  const listeners = new Set<TurnListener>();
  let failure: Error | undefined;
  let turnsRun = 0;

  async function disk(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (failure) throw failure;
  }

  async function run(incoming: IncomingActivity, isLocal: boolean): Promise<TurnOutcome> {
    await disk();
    const key = `${incoming.conversationId} ${incoming.incomingId}`;
    const earlier = outcomes.get(key);
    if (earlier) return { ...earlier, repeated: true };
    const { kept } = conversationOf(incoming);
    const stamp = (activity: KeptActivity['activity'], role: 'user' | 'bot'): KeptActivity => {
      const sequence = kept.length + 1;
      const from = { id: role === 'user' ? incoming.userId : 'enquiry-bot', name: '', role };
      const id = `${incoming.conversationId}|${String(sequence).padStart(7, '0')}`;
      const timestamp = new Date(Date.now() + sequence) as Date;
      const line = {
        conversationId: incoming.conversationId,
        sequence,
        activity: JSON.parse(
          JSON.stringify({ ...activity, id, from, timestamp, channelId: incoming.channel }),
        ),
      };
      kept.push(line);
      return line;
    };
    turnsRun++;
    const own = stamp(incoming.activity, 'user');
    const text =
      incoming.activity.type === 'conversationUpdate' ? 'Welcome' : `You said ${incoming.activity.text}`;
    const replies = [stamp({ type: 'message', text, replyToId: own.activity.id ?? '' }, 'bot')];
    const outcome = { incoming: own, replies, repeated: false };
    outcomes.set(key, outcome);
    if (isLocal) for (const listener of listeners) listener([own, ...replies], {});
    return outcome;
  }

  function conversationOf({ conversationId, userId }: IncomingActivity): {
    kept: KeptActivity[];
    queue: Promise<unknown>;
  } {
    const known = conversations.get(conversationId) ?? { userId, kept: [], queue: Promise.resolve() };
    conversations.set(conversationId, known);
    return known;
  }

  function queued(incoming: IncomingActivity, isLocal: boolean): Promise<TurnOutcome> {
    if (failure) return Promise.reject(failure);
    if (incoming.goesOn && conversations.get(incoming.conversationId)?.userId !== incoming.userId)
      return Promise.reject(new NoSuchConversation('It is not there.'));
    const conversation = conversationOf(incoming);
    const turn = conversation.queue.then(() => run(incoming, isLocal));
    conversation.queue = turn.catch(() => undefined);
    return turn;
  }

  return {
    turns: {
      handle: (incoming) => queued(incoming, true),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    log: {
      async find(id): Promise<KeptConversation | undefined> {
        await disk();
        const known = conversations.get(id);
        return known && { id, channel: 'directline', userId: known.userId, lastSequence: known.kept.length };
      },
      async newest(ids) {
        await disk();
        return ids.flatMap((id) => {
          const conversation = conversations.get(id);
          return conversation ? [{ id, lastSequence: conversation.kept.length }] : [];
        });
      },
      async after(id, sequence, limit) {
        await disk();
        return (conversations.get(id)?.kept ?? []).slice(sequence, sequence + limit);
      },
    },
    resume: {
      async keep(hash, conversationId, expiresAt) {
        await disk();
        await this.revoke(conversationId);
        secrets.set(hash, { conversationId, expiresAt });
      },
      async renew(hash, now, expiresAt) {
        await disk();
        const found = secrets.get(hash);
        const known = found && conversations.get(found.conversationId);
        if (!found || !known || found.expiresAt <= now) return undefined;
        found.expiresAt = expiresAt;
        const { userId, kept } = known;
        return { id: found.conversationId, channel: 'directline', userId, lastSequence: kept.length };
      },
      async revoke(conversationId) {
        await disk();
        for (const [hash, secret] of secrets) {
          if (secret.conversationId === conversationId) secrets.delete(hash);
        }
      },
    },
    kept: (id) => conversations.get(id)?.kept ?? [],
    count: () => turnsRun,
    failWith: (error) => void (failure = error),
    erase: (id) => void conversations.delete(id),
    async keepElsewhere(conversationId, text) {
      const userId = conversations.get(conversationId)?.userId ?? '';
      const activity = { type: 'message', text };
      await queued(
        { conversationId, channel: 'directline', userId, incomingId: `elsewhere ${text}`, activity },
        false,
      );
    },
  };
}
