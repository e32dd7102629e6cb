import { createHash } from 'node:crypto';
import type { Turns } from '../../bot/ports';
import { addressKey, type RateLimiter, takeFromAll } from '../../http/rate-limit';
import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import type { ConversationLog, ResumeSecrets } from '../ports';
import { bearerOf } from './authorize';
import { unlessTheStoreFails, type StoreLog } from './store-failure';
import type { Pass, Tokens } from './token';

export interface ResumeParts extends StoreLog {
  tokens: Tokens;
  turns: Turns;
  log: ConversationLog;
  resume: ResumeSecrets;
  randomBytes: (size: number) => Buffer;
  /** Milliseconds since 1970. */
  clock: () => number;
  limiters: { tokens: RateLimiter };
}

/** A conversation can be gone back to for so long after the last visit, as unfinished chats are kept. */
const RESUME_MS = 30 * 24 * 3600_000;
const SECRET_BYTES = 32;

/**
 * How the widget's visitors come back, over pages and days, and how they are forgotten: a random secret in the
 * frame's own storage, its hash here. It opens one conversation only, and is worth nothing once revoked.
 */
export function resumeRoutes(parts: ResumeParts): Route[] {
  return [
    { method: 'POST', path: '/widget/resume', body: 'json', handle: (request) => giveSecret(parts, request) },
    { method: 'POST', path: '/widget/forget', body: 'json', handle: (request) => forget(parts, request) },
  ];
}

/**
 * The visitor that a secret stands for, the time now and until when it does from now on (both ISO 8601 UTC): by them
 * the widget tells what was said before from what is new.
 * @throws HttpError 404 where it was revoked, has run out, or never was; the widget begins anew then.
 */
export async function passOfSecret(
  parts: ResumeParts,
  secret: string,
): Promise<{ pass: Pass; now: string; resumeUntil: string }> {
  const resumeUntil = monthFrom(parts);
  const now = new Date(parts.clock()).toISOString();
  const conversation = await unlessTheStoreFails(parts, () =>
    parts.resume.renew(hashOf(secret), now, resumeUntil),
  );
  if (conversation === undefined) {
    throw new HttpError(404, 'NotFound', 'This conversation has ended.');
  }
  return { pass: { conversationId: conversation.id, userId: conversation.userId }, now, resumeUntil };
}

async function giveSecret(parts: ResumeParts, request: HttpRequest): Promise<HttpResponse> {
  const { conversationId } = await passOf(parts, request);
  const resume = parts.randomBytes(SECRET_BYTES).toString('base64url');
  const resumeUntil = monthFrom(parts);
  await unlessTheStoreFails(parts, () => parts.resume.keep(hashOf(resume), conversationId, resumeUntil));
  return { status: 200, body: { resume, resumeUntil } };
}

/** The conversation is deleted, and nobody comes back to it. The answer has the words for the visitor. */
async function forget(parts: ResumeParts, request: HttpRequest): Promise<HttpResponse> {
  const { conversationId, userId } = await passOf(parts, request);
  const { replies } = await unlessTheStoreFails(parts, async () => {
    const outcome = await parts.turns.handle({
      conversationId,
      channel: 'directline',
      userId,
      incomingId: 'forget',
      activity: { type: 'event', name: 'forget' },
    });
    await parts.resume.revoke(conversationId);
    return outcome;
  });
  return { status: 200, body: { text: replies.map(({ activity }) => activity.text).join('\n\n') } };
}

async function passOf(parts: ResumeParts, request: HttpRequest): Promise<Pass> {
  const pass = parts.tokens.verify('chat', bearerOf(request));
  takeFromAll([[parts.limiters.tokens, addressKey(request.clientAddress)]]);
  const conversation = await unlessTheStoreFails(parts, () => parts.log.find(pass.conversationId));
  if (conversation === undefined) throw new HttpError(404, 'NotFound', 'This conversation has ended.');
  return pass;
}

function monthFrom({ clock }: ResumeParts): string {
  return new Date(clock() + RESUME_MS).toISOString();
}

/** 256 random bits need no salt and no slow hash. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
