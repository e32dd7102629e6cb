import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import type { Log } from '../../http/logger';
import type { InboxEntry, MessengerStore } from '../ports';
import { conversationIdOf } from './event-activity';
import { type EventContent, type PageEvent, opensWindow, readEvents } from './read-events';
import { MESSENGER } from './sender';
import { isSameSecret, isSignedByMeta } from './signature';

export interface WebhookParts {
  store: MessengerStore;
  appSecret: string;
  verifyToken: string;
  pageId: string;
  appId: string | undefined;
  clock: () => Date;
  /** Something was kept in the inbox. */
  wake: () => void;
  log: Log;
}

/** What the inbox keeps of an event. */
export interface KeptEvent {
  psid: string;
  /** ISO 8601 UTC, by Meta's clock. */
  at: string;
  content: EventContent;
}

export const WEBHOOK_PATH = '/webhooks/messenger';
/** Meta batches up to a thousand events; one with a long text is about 3 kB. */
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** Meta's webhook: its check of the address, and its events, which are on disk before they are acknowledged. */
export function webhookRoutes(parts: WebhookParts): Route[] {
  return [
    { method: 'GET', path: WEBHOOK_PATH, handle: async ({ query }) => verify(query, parts) },
    {
      method: 'POST',
      path: WEBHOOK_PATH,
      body: 'raw',
      maxBodyBytes: MOST_BODY_BYTES,
      handle: (request) => receive(request, parts),
    },
  ];
}

function verify(query: URLSearchParams, { verifyToken, appSecret }: WebhookParts): HttpResponse {
  const only = (name: string) => (query.getAll(name).length === 1 ? (query.get(name) ?? '') : '');
  const challenge = only('hub.challenge');
  const isMeta =
    only('hub.mode') === 'subscribe' && isSameSecret(only('hub.verify_token'), verifyToken, appSecret);
  // Digits only: whatever else came here would be said back under our address.
  if (!isMeta || !/^\d{1,40}$/.test(challenge))
    throw new HttpError(403, 'Forbidden', 'The verify token is not the one of MESSENGER_VERIFY_TOKEN.');
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge };
}

async function receive(request: HttpRequest, parts: WebhookParts): Promise<HttpResponse> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (!isSignedByMeta(bytes, request.headers['x-hub-signature-256'], parts.appSecret))
    throw new HttpError(403, 'Forbidden', 'The body is not signed with the app secret.');
  const read = readEvents(parse(bytes), parts);
  if (!read) throw new HttpError(404, 'NotFound', 'Only page events are taken here.');
  if (read.malformed > 0)
    parts.log.warn({ request: request.id, malformed: read.malformed }, 'Messenger events of unknown form');
  for (const { name } of read.pageNotes)
    parts.log.error({ note: name }, 'Meta enforces its policy on the page');
  await keep(read.events, read.pageNotes, parts);
  parts.wake();
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'EVENT_RECEIVED' };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new HttpError(400, 'BadArgument', 'The body is not JSON.');
  }
}

async function keep(
  events: PageEvent[],
  notes: { name: string; text: string }[],
  parts: WebhookParts,
): Promise<void> {
  const entries = new Map<string, InboxEntry>();
  const now = parts.clock();
  const opened = new Map<string, { psid: string; conversationId: string; at: Date }>();
  const arrived: { key: string; mid: string }[] = [];
  for (const event of events) {
    const conversationId = conversationIdOf(parts.pageId, event.psid);
    if (event.kind === 'own-echo') {
      arrived.push({ key: event.sendKey, mid: event.mid });
      continue;
    }
    // By Meta's clock, which counts, and not later than now by ours. Events come oldest first.
    const openedAt = event.at < now ? event.at : now;
    if (opensWindow(event)) opened.set(event.psid, { psid: event.psid, conversationId, at: openedAt });
    const { psid, at, key, ...content } = event;
    const payload: KeptEvent = { psid, at: at.toISOString(), content };
    entries.set(key, { kind: MESSENGER, key, conversationId, happenedAt: at, payload });
  }
  const accepted = { entries: [...entries.values()], opened: [...opened.values()], arrived, notes };
  if (accepted.entries.length + arrived.length + notes.length === 0) return;
  try {
    await parts.store.accept(accepted, now);
  } catch (error) {
    parts.log.error({ err: error }, 'Messenger events could not be kept; Meta brings them again');
    throw new HttpError(503, 'ServiceUnavailable', 'The events could not be kept. Send them again.', {
      'retry-after': '5',
    });
  }
}
