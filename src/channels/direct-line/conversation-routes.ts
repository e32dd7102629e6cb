import type { IncomingActivity, TurnOutcome, Turns } from '../../bot/ports';
import { addressKey, type RateLimiter, takeFromAll } from '../../http/rate-limit';
import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import type { ConversationLog, KeptConversation } from '../ports';
import { bearerOf, isSecret, passOf } from './authorize';
import { activitySet, PAGE } from './hub';
import { readPostedActivity } from './posted-activity';
import { ended, unlessTheStoreFails, type StoreLog } from './store-failure';
import type { Pass, Tokens } from './token';
import { newPass, tokenFields } from './token-routes';
import { readWatermark } from './watermark';

export interface ConversationParts extends StoreLog {
  turns: Turns;
  log: ConversationLog;
  tokens: Tokens;
  secret?: string;
  publicUrl?: string;
  senderHash: (clientAddress: string) => string;
  randomBytes: (size: number) => Buffer;
  limiters: { messages: RateLimiter; addressMessages: RateLimiter };
}

const CONVERSATIONS = '/v3/directline/conversations';

/** Starting a conversation, coming back to it, reading and writing. */
export function conversationRoutes(parts: ConversationParts): Route[] {
  return [
    { method: 'POST', path: CONVERSATIONS, body: 'json', handle: (request) => start(parts, request) },
    { method: 'GET', path: `${CONVERSATIONS}/:id`, handle: (request) => comeBack(parts, request) },
    { method: 'GET', path: `${CONVERSATIONS}/:id/activities`, handle: (request) => poll(parts, request) },
    {
      method: 'POST',
      path: `${CONVERSATIONS}/:id/activities`,
      body: 'json',
      handle: (request) => post(parts, request),
    },
    {
      method: 'POST',
      path: `${CONVERSATIONS}/:id/upload`,
      body: 'raw',
      handle: (request) => upload(parts, request),
    },
  ];
}

async function start(parts: ConversationParts, request: HttpRequest): Promise<HttpResponse> {
  const bearer = bearerOf(request);
  const pass = isSecret(bearer, parts.secret)
    ? newPass(parts.randomBytes)
    : parts.tokens.verify('chat', bearer);
  return beginConversation(parts, request, pass);
}

/** The start is a turn like any other: the welcome is kept, comes once, and is there for whoever connects later. */
export async function beginConversation(
  parts: ConversationParts,
  request: HttpRequest,
  pass: Pass,
): Promise<HttpResponse> {
  const known = await unlessTheStoreFails(parts, () => parts.log.find(pass.conversationId));
  const body = connection(parts, request, pass, '');
  if (known !== undefined) return { status: 200, body };
  takeMessage(parts, request, pass);
  const { replies } = await handle(parts, request, pass, {
    incomingId: 'conversation-start',
    activity: { type: 'conversationUpdate', membersAdded: [{ id: pass.userId, name: '' }] },
  });
  // Beyond Direct Line, which stock clients pass over: the widget shows it before its stream is open.
  return { status: 201, body: { ...body, greeting: replies.map(({ activity }) => activity) } };
}

async function comeBack(parts: ConversationParts, request: HttpRequest): Promise<HttpResponse> {
  const pass = passOf(request, parts.tokens);
  const conversation = await find(parts, pass);
  const watermark = request.query.get('watermark') ?? '';
  readWatermark(watermark, conversation.lastSequence);
  return { status: 200, body: connection(parts, request, pass, watermark) };
}

async function poll(parts: ConversationParts, request: HttpRequest): Promise<HttpResponse> {
  const pass = passOf(request, parts.tokens);
  const conversation = await find(parts, pass);
  const after = readWatermark(request.query.get('watermark'), conversation.lastSequence);
  const page =
    after === conversation.lastSequence
      ? []
      : await unlessTheStoreFails(parts, () => parts.log.after(pass.conversationId, after, PAGE));
  return { status: 200, body: activitySet(page, page.at(-1)?.sequence ?? after) };
}

/** Answers only once the whole turn is on disk; sent again with the same clientActivityID it answers the same. */
async function post(parts: ConversationParts, request: HttpRequest): Promise<HttpResponse> {
  const pass = passOf(request, parts.tokens);
  const { activity, clientActivityId } = readPostedActivity(request.body);
  takeMessage(parts, request, pass);
  const freshId = () => parts.randomBytes(16).toString('base64url');
  // That somebody is typing is nothing to keep or to answer.
  if (activity.type === 'typing') {
    await find(parts, pass);
    return { status: 200, body: { id: `${pass.conversationId}|typing-${freshId()}` } };
  }
  const outcome = await handle(parts, request, pass, {
    incomingId: clientActivityId ?? freshId(),
    activity,
    goesOn: true,
  });
  return { status: 200, body: { id: outcome.incoming.activity.id } };
}

async function upload(parts: ConversationParts, request: HttpRequest): Promise<HttpResponse> {
  passOf(request, parts.tokens);
  throw new HttpError(
    415,
    'AttachmentsNotSupported',
    'Files cannot be sent in this chat. Please describe it in words.',
  );
}

function takeMessage({ limiters }: ConversationParts, request: HttpRequest, pass: Pass): void {
  takeFromAll([
    [limiters.messages, pass.conversationId],
    [limiters.addressMessages, addressKey(request.clientAddress)],
  ]);
}

async function find(parts: ConversationParts, pass: Pass): Promise<KeptConversation> {
  const conversation = await unlessTheStoreFails(parts, () => parts.log.find(pass.conversationId));
  if (conversation === undefined || conversation.userId !== pass.userId) throw ended();
  return conversation;
}

async function handle(
  parts: ConversationParts,
  { clientAddress }: HttpRequest,
  { conversationId, userId }: Pass,
  said: Pick<IncomingActivity, 'incomingId' | 'activity' | 'goesOn'>,
): Promise<TurnOutcome> {
  return unlessTheStoreFails(parts, () =>
    parts.turns.handle({
      conversationId,
      channel: 'directline',
      userId,
      sender: parts.senderHash(clientAddress),
      ...said,
    }),
  );
}

function connection(parts: ConversationParts, request: HttpRequest, pass: Pass, watermark: string): object {
  const base = new URL(parts.publicUrl ?? `http://${request.headers.host}`);
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  const query = new URLSearchParams({ watermark, t: parts.tokens.issue('stream', pass) });
  const streamUrl = `${base.origin}${CONVERSATIONS}/${pass.conversationId}/stream?${query}`;
  return { ...tokenFields(parts.tokens, pass), streamUrl };
}
