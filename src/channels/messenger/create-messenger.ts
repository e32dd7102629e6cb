import { z } from 'zod';
import type { Turns } from '../../bot/ports';
import type { Log } from '../../http/logger';
import type { Route } from '../../http/route';
import type { Sender } from '../../notify/ports';
import type { Reach } from '../../staff/ports';
import type { MessengerStore, TakenEntry } from '../ports';
import { dataDeletionRoutes } from './data-deletion';
import { activityOf, conversationIdOf } from './event-activity';
import { createGraph } from './graph';
import { type MessengerHealth, createMessengerHealth } from './health';
import type { EventContent } from './read-events';
import { activityOfSend, createMessengerSender } from './sender';
import { reachByTerms, sendingTerms } from './sending-terms';
import { type KeptEvent, webhookRoutes } from './webhook';

export interface MessengerOptions {
  appSecret: string;
  verifyToken: string;
  pageToken: string;
  pageId: string;
  /** Without it, messages of our app that this service has not sent count as a person's. */
  appId: string | undefined;
  graphUrl: string;
  /** For the address of the deletion status page. */
  publicUrl: string | undefined;
  clinicName: () => string;
  turns: Turns;
  store: MessengerStore;
  /** Something was kept in the inbox. */
  wake: () => void;
  clock: () => Date;
  random: () => number;
  /** Resolves so many milliseconds later. */
  pause: (ms: number) => Promise<void>;
  randomBytes: (size: number) => Buffer;
  log: Log;
}

export interface Messenger {
  routes: Route[];
  /** Delivers the outbox's messages of kind `messenger`. */
  sender: Sender;
  /** Runs the inbox's entries of kind `messenger`. */
  handle: (entry: TakenEntry) => Promise<void>;
  health: MessengerHealth;
  /** Whether what staff write now gets to this person. */
  reach: (psid: string) => Promise<Reach>;
}

/** Facebook Messenger straight from Meta's webhook: signed events in, Send API out, no Azure in between. */
export function createMessenger(options: MessengerOptions): Messenger {
  const graph = createGraph(options);
  const parts = { ...options, graph };

  async function handle(entry: TakenEntry): Promise<void> {
    const { psid, at, content } = readKept(entry.payload);
    if (content.kind === 'thread-wanted') return passThread(psid, content.appId);
    const activity = activityOf(content, new Date(at));
    if (!activity) return;
    if (content.kind === 'rated')
      activity.value = { ...activity.value, ...(await ratedActivity(content.mid)) };
    await options.turns.handle({
      conversationId: conversationIdOf(options.pageId, psid),
      channel: 'messenger',
      userId: psid,
      incomingId: entry.key,
      activity,
    });
  }

  /** Staff see the thumb at the answer that it is about, where its echo has told which that is. */
  async function ratedActivity(mid: string): Promise<{ activityId?: string }> {
    const activityId = activityOfSend((await options.store.sendOf(mid)) ?? '');
    return activityId === undefined ? {} : { activityId };
  }

  /** The page's inbox or another app asks for the conversation: a person stands behind it, so it gets it. */
  async function passThread(psid: string, appId: string): Promise<void> {
    const body = { recipient: { id: psid }, target_app_id: appId };
    const result = await graph.call('POST', `${options.pageId}/pass_thread_control`, { body });
    if (result.kind === 'unreachable' || result.kind === 'unclear')
      throw new Error(`Meta could not be asked to pass the conversation (${result.reason}).`);
    if (result.kind === 'refused')
      options.log.warn({ code: result.code, subcode: result.subcode }, 'a conversation was not passed on');
  }

  /** Sending failed because another app has the conversation: as if Meta had said so in time. */
  async function onThreadTaken(psid: string): Promise<void> {
    const now = options.clock();
    const payload: KeptEvent = { psid, at: now.toISOString(), content: { kind: 'thread-taken' } };
    const conversationId = conversationIdOf(options.pageId, psid);
    const key = `messenger:${options.pageId}:refused:${psid}:${now.getTime()}`;
    const entry = { kind: 'messenger', key, conversationId, happenedAt: now, payload };
    await options.store.accept({ entries: [entry], opened: [], arrived: [], notes: [] }, now);
    options.wake();
  }

  async function reach(psid: string): Promise<Reach> {
    const thread = await options.store.thread(psid);
    if (thread?.stopped !== undefined)
      return { open: false, why: 'Facebook takes no message for this person: blocked, or not reachable.' };
    const age = thread && options.clock().getTime() - thread.openedAt.getTime();
    return reachByTerms(sendingTerms('staff', age), thread?.openedAt.toISOString());
  }

  return {
    reach,
    routes: [...webhookRoutes(parts), ...dataDeletionRoutes(parts)],
    sender: createMessengerSender({ ...parts, onThreadTaken }),
    handle,
    health: createMessengerHealth(parts),
  };
}

const keptShape = z.object({ psid: z.string(), at: z.string(), content: z.custom<EventContent>() });

/** Written by this program's own webhook; a newer one only ever adds kinds. */
function readKept(payload: unknown): KeptEvent {
  return keptShape.parse(payload);
}
