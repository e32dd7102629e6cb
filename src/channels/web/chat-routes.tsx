import type { Turns } from '../../bot/ports';
import type { Clinic } from '../../answers/knowledge';
import type { Reply, Say } from '../../conversation/reply';
import type { Log } from '../../http/logger';
import { addressKey, createRateLimiter, takeFromAll } from '../../http/rate-limit';
import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import { LIMITS, type DirectLineLimits } from '../direct-line/limits';
import { MAX_TEXT, readPostedActivity } from '../direct-line/posted-activity';
import { createTokens, type Pass } from '../direct-line/token';
import { newPass } from '../direct-line/token-routes';
import type { ConversationLog } from '../ports';
import { senderHashes } from '../sender-hash';
import { ChatPage, COMPOSER, NEWEST, type ChatPageProps } from './chat-page';
import { page, policy } from './page';
import { messageOf, messageOfReply, PlainMessages, type PlainMessage } from './plain-messages';
import { widgetTexts } from './widget-texts';

/** What the page without scripts needs to hold a conversation by itself. */
export interface PlainChatParts {
  turns: Turns;
  log: ConversationLog;
  /** What a new conversation opens with. */
  greeting: () => Reply[];
  /** 32 random bytes, kept with the data: a page that was left open survives a restart. */
  signingKey: Buffer;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Milliseconds that only ever go forward. */
  monotonic: () => number;
  randomBytes: (size: number) => Buffer;
  logger: Log;
  /** For tests; visitors get those of Direct Line. */
  limits?: Partial<DirectLineLimits>;
}

export interface ChatRouteParts extends PlainChatParts {
  clinic: () => Clinic;
  say: () => Say;
  origins: readonly string[];
  script: string;
  style: string;
}

/** Bot Framework's channel id of the page without scripts. */
const CHANNEL = 'webpage';
/** Messages shown; older ones stay in the transcript. */
const SHOWN = 200;
/** 1,000 characters of four bytes, percent-encoded, and the hidden fields. */
const MOST_FORM_BYTES = 16_384;

/**
 * `/chat`. GET brings the page that `src/widget/chat.ts` makes the chat of; its form works without scripts too: POST
 * takes a message and answers with the conversation so far. No cookie: the conversation is named by a signed token
 * in the form, which no other site can know, and the message by an id, so that a reload does not say it twice.
 */
export function chatRoutes(parts: ChatRouteParts): Route[] {
  const limits = { ...LIMITS, ...parts.limits };
  const limiters = {
    starts: createRateLimiter(limits.tokens, parts.monotonic),
    allStarts: createRateLimiter(limits.allTokens, parts.monotonic),
    messages: createRateLimiter(limits.messages, parts.monotonic),
    addressMessages: createRateLimiter(limits.addressMessages, parts.monotonic),
  };
  const tokens = createTokens(parts.signingKey, parts.clock);
  const senderHash = senderHashes(parts.signingKey);
  const contentPolicy = policy({
    'script-src': "'self'",
    'style-src': "'self'",
    // The stream's address names the service's public host, which behind a proxy need not be the page's own.
    'connect-src': "'self' ws: wss:",
    // The owner's logo, from the owner's own site.
    'img-src': ["'self' data:", ...parts.origins].join(' '),
    'frame-ancestors': ["'self'", ...parts.origins].join(' '),
    'form-action': "'self'",
  });

  function show(
    pass: Pass,
    messages: PlainMessage[],
    rest: Partial<Pick<ChatPageProps, 'script' | 'problem' | 'draft'>> & {
      turn?: string;
      openAt?: 'answer' | 'last';
    } = {},
    status = 200,
  ): HttpResponse {
    const say = parts.say();
    const { turn = newTurn(parts), script, problem, draft, openAt = 'answer' } = rest;
    return page(
      <ChatPage
        clinic={parts.clinic()}
        say={say}
        style={parts.style}
        origins={parts.origins}
        form={{ token: tokens.issue('page', pass), turn }}
        script={script}
        texts={script === undefined ? {} : widgetTexts(say)}
        greeting={script === undefined ? [] : parts.greeting()}
        {...(problem !== undefined && { problem })}
        {...(draft !== undefined && { draft })}
      >
        <PlainMessages
          messages={messages}
          say={say}
          form={COMPOSER}
          newest={problem === undefined ? { id: NEWEST, at: openAt } : undefined}
        />
      </ChatPage>,
      contentPolicy,
      // The form's own Origin must come with it; "no-referrer" would make that "null".
      { 'cache-control': 'no-store', 'referrer-policy': 'same-origin' },
      status,
    );
  }

  const greeting = (): PlainMessage[] => parts.greeting().map(messageOfReply);

  async function post(request: HttpRequest): Promise<HttpResponse> {
    refuseForeignForm(request);
    const form = readForm(request.body, newTurn(parts));
    const pass = passOf(form.token);
    const { turn } = form;
    const again = (problem: string, messages: PlainMessage[], status = 200): HttpResponse =>
      show(pass ?? newPass(parts.randomBytes), messages, { problem, draft: form.said, turn }, status);
    if (pass === undefined) return again(parts.say()('widget.plainEnded'), greeting());
    try {
      // What a person of the team has written meanwhile does not come by itself.
      if (form.looks) return show(pass, await shown(pass), { draft: form.typed, turn, openAt: 'last' });
      const problem = problemWith(form.said, parts.say());
      if (problem !== undefined) return again(problem, await shown(pass));
      // A browser may have filled it in by itself: the message stays in the box, to be sent again without.
      if (form.isTrapped) return again(parts.say()('widget.plainBusy'), await shown(pass));
      await take(request, pass, form);
      // What was typed beside a tapped button is not lost.
      return show(pass, await shown(pass), form.isChoice ? { draft: form.typed } : {});
    } catch (error) {
      const isBusy = error instanceof HttpError || (error instanceof Error && error.name === 'TurnsBusy');
      if (!isBusy) parts.logger.error({ err: error }, 'the conversation store failed');
      const messages = await shown(pass).catch(() => []);
      return again(
        parts.say()('widget.plainBusy'),
        messages,
        error instanceof HttpError ? error.status : 503,
      );
    }
  }

  async function take(request: HttpRequest, pass: Pass, { said, turn }: PostedForm): Promise<void> {
    const isNew = (await parts.log.find(pass.conversationId)) === undefined;
    takeFromLimits(request, pass, isNew);
    if (isNew) await start(pass);
    await say(pass, said, turn, senderHash(request.clientAddress));
  }

  /** Undefined for a token of more than a day ago, or one that was tampered with. */
  function passOf(token: string): Pass | undefined {
    if (token === '') return newPass(parts.randomBytes);
    try {
      return tokens.verify('page', token);
    } catch (error) {
      if (error instanceof HttpError) return undefined;
      throw error;
    }
  }

  function takeFromLimits(request: HttpRequest, pass: Pass, isNew: boolean): void {
    const address = addressKey(request.clientAddress);
    const starting: Parameters<typeof takeFromAll>[0] = [
      [limiters.starts, address],
      [limiters.allStarts, 'all'],
    ];
    takeFromAll([
      [limiters.messages, pass.conversationId],
      [limiters.addressMessages, address],
      ...(isNew ? starting : []),
    ]);
  }

  async function start({ conversationId, userId }: Pass): Promise<void> {
    await parts.turns.handle({
      conversationId,
      channel: CHANNEL,
      userId,
      incomingId: 'conversation-start',
      activity: { type: 'conversationUpdate', membersAdded: [{ id: userId, name: '' }] },
    });
  }

  async function say(
    { conversationId, userId }: Pass,
    text: string,
    incomingId: string,
    sender: string,
  ): Promise<void> {
    const { activity } = readPostedActivity({ type: 'message', text });
    await parts.turns.handle({ conversationId, channel: CHANNEL, userId, incomingId, sender, activity });
  }

  async function shown({ conversationId }: Pass): Promise<PlainMessage[]> {
    const conversation = await parts.log.find(conversationId);
    if (conversation === undefined) return greeting();
    const behind = Math.max(0, conversation.lastSequence - SHOWN);
    const kept = await parts.log.after(conversationId, behind, SHOWN);
    return kept.flatMap(({ activity }) => messageOf(activity) ?? []);
  }

  return [
    {
      method: 'GET',
      path: '/chat',
      handle: async () => show(newPass(parts.randomBytes), greeting(), { script: parts.script }),
    },
    { method: 'POST', path: '/chat', body: 'form', maxBodyBytes: MOST_FORM_BYTES, handle: post },
  ];
}

/** A form on another site cannot make a visitor's browser talk to us. A request that says neither is no browser's. */
function refuseForeignForm({ headers }: HttpRequest): void {
  const site = headers['sec-fetch-site'];
  const isForeign =
    site === undefined
      ? headers.origin !== undefined && hostOf(headers.origin) !== headers.host
      : site !== 'same-origin' && site !== 'none';
  if (isForeign) throw new HttpError(403, 'Forbidden', 'This form was not sent from the chat page.');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function problemWith(said: string, say: Say): string | undefined {
  if (said === '') return say('widget.plainEmpty');
  if (said.length > MAX_TEXT) return say('widget.plainTooLong', { limit: MAX_TEXT.toLocaleString('en') });
  return undefined;
}

interface PostedForm {
  token: string;
  /** Fresh where the form had none. */
  turn: string;
  /** The tapped button's text, else what was typed. */
  said: string;
  typed: string;
  isChoice: boolean;
  /** The field that people do not see was filled in. */
  isTrapped: boolean;
  /** Wants to see what is new, and says nothing. */
  looks: boolean;
}

function readForm(body: unknown, freshTurn: string): PostedForm {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  const turn = form.get('turn') ?? '';
  // A form's lines end with CR LF, whatever was typed.
  const typed = (form.get('text') ?? '').replaceAll('\r\n', '\n').trim();
  const choice = form.get('choice');
  return {
    token: form.get('token') ?? '',
    turn: /^[\w-]{22}$/.test(turn) ? turn : freshTurn,
    said: choice?.trim() ?? typed,
    typed,
    isChoice: choice !== null,
    isTrapped: (form.get('website') ?? '') !== '',
    looks: form.has('look'),
  };
}

function newTurn({ randomBytes }: PlainChatParts): string {
  return randomBytes(16).toString('base64url');
}
