import { z } from 'zod';
import type { KeptActivity, OutboxMessage, TurnRecord } from '../../bot/ports';
import type { Log } from '../../http/logger';
import type { SendOutcome, Sender, TakenMessage } from '../../notify/ports';
import type { MessengerStore } from '../ports';
import type { Graph, GraphRefusal } from './graph';
import { type Note, OVER_ONCE_SENT, remedyFor } from './graph-errors';
import { presentForMessenger } from './present-reply';
import { OWN_MARK } from './read-events';
import { authorOf, sendingTerms } from './sending-terms';

/** The outbox's kind of Messenger's messages. */
export const MESSENGER = 'messenger';

export interface SenderParts {
  store: MessengerStore;
  graph: Graph;
  pageId: string;
  clock: () => Date;
  /** 0 up to 1, as Math.random: spreads the attempts after an outage. */
  random: () => number;
  /** Resolves so many milliseconds later. */
  pause: (ms: number) => Promise<void>;
  /** Another app has the conversation: the bot is to be silent in it. */
  onThreadTaken: (psid: string) => Promise<void>;
  log: Log;
}

const payloadShape = z.object({
  to: z.string(),
  author: z.enum(['bot', 'service', 'staff']),
  /** The first message of a turn: seen and typing are shown before it. */
  opening: z.boolean(),
  message: z.looseObject({}),
});
type Payload = z.infer<typeof payloadShape>;

/** The messages that bring a turn's replies, or what staff wrote, to a person on Messenger; one for each call to Meta. */
export function messengerMessages(
  conversation: TurnRecord['conversation'],
  outgoing: KeptActivity[],
): OutboxMessage[] {
  return outgoing
    .flatMap(({ activity }) =>
      presentForMessenger(activity).map((message, part) => ({
        message,
        author: authorOf(activity),
        id: `${activity.id}:${part}`,
      })),
    )
    .map(({ message, author, id }, index) => ({
      kind: MESSENGER,
      payload: {
        to: conversation.userId,
        author,
        opening: index === 0,
        message: { ...message },
      } satisfies Payload,
      idempotencyKey: `messenger:${id}`,
      orderKey: conversation.id,
    }));
}

/** The activity that a call of this key brought. */
export function activityOfSend(key: string): string | undefined {
  return /^messenger:(.+):\d+$/.exec(key)?.[1];
}

/** An echo comes within seconds where the message came through; only then is it sent again. */
const ECHO_MS = 30_000;
/** After an outage everything waiting goes out within a minute (reliability-security section 7). */
const LONGEST_BACKOFF_MS = 30_000;
const SLOW_MS = 15 * 60_000;
const LONGEST_ASKED_MS = 15 * 60_000;
const COURTESY_MS = 2_000;

/** With more than 40 a second Meta stops showing the page's inbox (messenger.md D.2): that is two instances. */
const PACE_MS = 50;
/** After a warning that people find the messages bothersome, for as long as SLOW_MS. */
const SLOW_PACE_MS = 2_000;

export function createMessengerSender(parts: SenderParts): Sender {
  const { store, clock } = parts;
  let freeAt = 0;
  let slowUntil = 0;

  /** One message after the other, whoever they are for. */
  async function keepPace(): Promise<void> {
    const now = clock().getTime();
    const at = Math.max(now, freeAt);
    freeAt = at + (now < slowUntil ? SLOW_PACE_MS : PACE_MS);
    if (at > now) await parts.pause(at - now);
  }

  async function send(message: TakenMessage, signal: AbortSignal): Promise<SendOutcome> {
    const payload = payloadShape.parse(message.payload);
    const thread = await store.thread(payload.to);
    if (thread?.stopped !== undefined) return { outcome: 'stop-key', reason: thread.stopped };
    const terms = sendingTerms(payload.author, thread && clock().getTime() - thread.openedAt.getTime());
    if (!terms.allowed) {
      if (thread) await store.markForStaff(thread.conversationId, 'window-closed', clock());
      return { outcome: 'dead', reason: terms.reason };
    }
    const wait = await waitForEcho(message.idempotencyKey);
    if (wait) return wait;
    if (payload.opening && message.attempts === 0) await showSeenAndTyping(payload.to, signal);
    await keepPace();
    const result = await parts.graph.call(
      'POST',
      `${parts.pageId}/messages`,
      {
        body: {
          recipient: { id: payload.to },
          messaging_type: terms.messaging_type,
          ...('tag' in terms && { tag: terms.tag }),
          message: { ...payload.message, metadata: `${OWN_MARK}${message.idempotencyKey}` },
        },
      },
      signal,
    );
    switch (result.kind) {
      case 'answered':
        await Promise.all(OVER_ONCE_SENT.map((name) => store.clearNote(name)));
        return { outcome: 'sent' };
      case 'unclear':
        return { outcome: 'retry', reason: `no clear answer (${result.reason})`, afterMs: ECHO_MS };
      case 'unreachable':
        await store.sendRefused(message.idempotencyKey);
        return later(message, `cannot be reached (${result.reason})`);
      case 'refused':
        return refused(message, payload.to, thread?.conversationId, result);
    }
  }

  /** Undefined where the call may be made now. */
  async function waitForEcho(key: string): Promise<SendOutcome | undefined> {
    const before = await store.beginSend(key, clock());
    if (before.state === 'first') return undefined;
    if (before.state === 'arrived') return { outcome: 'sent' };
    const left = before.at.getTime() + ECHO_MS - clock().getTime();
    if (left > 0) return { outcome: 'retry', reason: 'waiting for its echo', afterMs: left };
    await store.sendAgain(key, clock());
    return undefined;
  }

  async function refused(
    message: TakenMessage,
    psid: string,
    conversationId: string | undefined,
    refusal: GraphRefusal,
  ): Promise<SendOutcome> {
    const remedy = remedyFor(refusal);
    const reason = `Meta: ${refusal.code}/${refusal.subcode} ${refusal.text}`;
    if (remedy.do === 'count-as-sent') return { outcome: 'sent' };
    await store.sendRefused(message.idempotencyKey);
    if ('note' in remedy) await tell(remedy.note);
    switch (remedy.do) {
      case 'retry':
        return later(message, reason, refusal.retryAfterMs);
      case 'slow-down':
        slowUntil = clock().getTime() + SLOW_MS;
        return { outcome: 'retry', reason, afterMs: SLOW_MS };
      case 'retry-once':
        return message.attempts === 0
          ? { outcome: 'retry', reason, afterMs: ECHO_MS }
          : { outcome: 'dead', reason };
      case 'drop':
      case 'drop-and-tell':
        return { outcome: 'dead', reason };
      case 'window-closed':
        if (conversationId !== undefined) await store.markForStaff(conversationId, 'window-closed', clock());
        return { outcome: 'dead', reason };
      case 'stop-person':
        await store.stopThread(psid, reason);
        return { outcome: 'stop-key', reason };
      case 'stand-by':
        await parts.onThreadTaken(psid);
        return { outcome: 'stop-key', reason };
      case 'stop-all':
        return { outcome: 'stop-all', reason };
    }
  }

  async function tell({ name, text }: Note): Promise<void> {
    parts.log.error({ note: name }, text);
    await store.note(name, text, clock());
  }

  function later(message: TakenMessage, reason: string, askedMs?: number): SendOutcome {
    const step = Math.min(1_000 * 2 ** Math.min(message.attempts, 10), LONGEST_BACKOFF_MS);
    const own = step * (0.5 + parts.random() / 2);
    return { outcome: 'retry', reason, afterMs: Math.min(Math.max(own, askedMs ?? 0), LONGEST_ASKED_MS) };
  }

  /** Courtesies: whether they arrive changes nothing, so nobody waits for them long. */
  async function showSeenAndTyping(psid: string, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(COURTESY_MS)]);
    for (const sender_action of ['mark_seen', 'typing_on']) {
      const body = { recipient: { id: psid }, sender_action };
      const result = await parts.graph.call('POST', `${parts.pageId}/messages`, { body }, limit);
      if (result.kind !== 'answered') return;
    }
  }

  return { send };
}
