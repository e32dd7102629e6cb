import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../../http/route';
import { forbidden, type Pass, type Tokens } from './token';

/** The credential of `Authorization: Bearer ...`; undefined where there is none. */
export function bearerOf(request: HttpRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * The visitor of a request to a conversation.
 * @throws HttpError as `Tokens.verify`; 403 on a token of another conversation, whether that exists or not.
 */
export function passOf(request: HttpRequest, tokens: Tokens): Pass {
  const pass = tokens.verify('chat', bearerOf(request));
  if (pass.conversationId !== request.params['id']) throw forbidden();
  return pass;
}

/** Compared as hashes, so that neither length nor content shows in the time it takes. */
export function isSecret(given: string | undefined, secret: string | undefined): boolean {
  if (given === undefined || secret === undefined || secret === '') return false;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}
