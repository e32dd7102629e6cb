import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { remembering } from '../../answers/remembering';
import { HttpError } from '../../http/route';

/** Who may do what: one visitor, in one conversation. */
export interface Pass {
  conversationId: string;
  userId: string;
}

/**
 * `chat` opens the REST routes; `stream` only the WebSocket whose address it stands in; `page` goes on with the
 * conversation of the page without scripts.
 */
export type Purpose = 'chat' | 'stream' | 'page';

export interface Tokens {
  issue(purpose: Purpose, pass: Pass): string;
  /**
   * @throws HttpError 401 where the token is missing or not of the form, 403 where it is not ours, was made for
   * something else, or is too old (`TokenExpired`: stock clients take it as the end; they retry a 401 for ever).
   */
  verify(purpose: Purpose, token: string | undefined): Pass;
  /** As `verify`, for a chat token that may have run out up to 24 hours ago: a laptop that slept. */
  verifyForRefresh(token: string | undefined): Pass;
}

/** Seconds, as the hosted Direct Line; stock clients refresh after half of it. */
export const CHAT_TOKEN_SECONDS = 1800;
const LIFE_SECONDS: Record<Purpose, number> = {
  chat: CHAT_TOKEN_SECONDS,
  // The client opens the stream at once; the token stands in an address, so it must not live.
  stream: 60,
  // A page that nothing refreshes, left open over night.
  page: 24 * 3600,
};
const REFRESH_GRACE_SECONDS = 24 * 3600;

/**
 * Signed tokens (HMAC-SHA256, in the form of a JWT). Stock clients read the `user` claim and then refuse to speak
 * as anybody else. The algorithm is fixed: the header of what comes in is compared, never believed.
 * @param clock milliseconds since 1970
 */
export function createTokens(signingKey: Buffer, clock: () => number): Tokens {
  const key = createSecretKey(signingKey);
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();

  /** Of a visitor's next message the token need not be proven anew. */
  const claimsOf = remembering(MOST_PROVEN, prove);

  function authentic(purpose: Purpose, token: string | undefined): Pass & { expiresAt: number } {
    if (token === undefined || !FORM.test(token)) {
      throw new HttpError(401, 'Unauthorized', 'Send a Direct Line token: Authorization: Bearer ...');
    }
    const claims = claimsOf(token);
    if (claims.for !== purpose) throw forbidden();
    return { conversationId: claims.conv, userId: claims.user, expiresAt: claims.exp };
  }

  function prove(token: string): Claims {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const expected = sign(`${header}.${payload}`);
    const given = Buffer.from(signature, 'base64url');
    const isOurs =
      header === HEADER &&
      given.length === expected.length &&
      timingSafeEqual(given, expected) &&
      // The last character carries two unused bits: only the spelling we sent counts.
      signature === expected.toString('base64url');
    if (!isOurs) throw forbidden();
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  }

  function current(purpose: Purpose, token: string | undefined, graceSeconds: number): Pass {
    const { expiresAt, ...pass } = authentic(purpose, token);
    if (clock() / 1000 > expiresAt + graceSeconds) {
      throw new HttpError(403, 'TokenExpired', 'The token has run out. Start again.');
    }
    return pass;
  }

  return {
    issue(purpose, { conversationId, userId }) {
      const exp = Math.floor(clock() / 1000) + LIFE_SECONDS[purpose];
      const claims: Claims = { for: purpose, conv: conversationId, user: userId, exp };
      const text = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    verify: (purpose, token) => current(purpose, token, 0),
    verifyForRefresh: (token) => current('chat', token, REFRESH_GRACE_SECONDS),
  };
}

/** Some 500 bytes each. */
const MOST_PROVEN = 1_000;

interface Claims {
  for: Purpose;
  conv: string;
  user: string;
  /** Seconds since 1970. */
  exp: number;
}

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
const FORM = /^[\w-]{1,100}\.[\w-]{1,500}\.[\w-]{1,100}$/;

/** The same for a wrong signature, a wrong purpose and another conversation: no hint which it was. */
export function forbidden(): HttpError {
  return new HttpError(403, 'Forbidden', 'This token does not open this conversation.');
}
