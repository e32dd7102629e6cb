import { z } from 'zod';
import { addressKey, type RateLimiter, takeFromAll } from '../../http/rate-limit';
import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import { bearerOf, isSecret } from './authorize';
import type { OriginRule } from './origins';
import { passOfSecret, type ResumeParts } from './resume-routes';
import { CHAT_TOKEN_SECONDS, forbidden, type Pass, type Tokens } from './token';

export interface TokenParts extends ResumeParts {
  /** Starts the visitor's conversation; its answer has a token too. */
  begin: (request: HttpRequest, pass: Pass) => Promise<HttpResponse>;
  secret?: string;
  isAllowedOrigin: OriginRule;
  limiters: { tokens: RateLimiter; allTokens: RateLimiter };
}

/** How a client comes to a token: a visitor's widget, a server that knows the secret, a token that grows old. */
export function tokenRoutes(parts: TokenParts): Route[] {
  const generate: Route = {
    method: 'POST',
    path: '/v3/directline/tokens/generate',
    body: 'json',
    handle: async (request) => generateToken(parts, request),
  };
  return [
    {
      method: 'POST',
      path: '/widget/token',
      body: 'json',
      maxBodyBytes: 2_048,
      handle: (request) => widgetToken(parts, request),
    },
    {
      method: 'POST',
      path: '/v3/directline/tokens/refresh',
      body: 'json',
      handle: async (request) => tokenAnswer(parts.tokens, parts.tokens.verifyForRefresh(bearerOf(request))),
    },
    ...(parts.secret === undefined ? [] : [generate]),
  ];
}

/** A new visitor and a new conversation: 128 random bits each, made here and nowhere else. */
export function newPass(randomBytes: (size: number) => Buffer): Pass {
  return {
    conversationId: randomBytes(16).toString('base64url'),
    userId: `dl_${randomBytes(16).toString('base64url')}`,
  };
}

/** What Direct Line answers wherever it gives a token. */
export function tokenFields(
  tokens: Tokens,
  pass: Pass,
): { conversationId: string; token: string; expires_in: number } {
  return {
    conversationId: pass.conversationId,
    token: tokens.issue('chat', pass),
    expires_in: CHAT_TOKEN_SECONDS,
  };
}

/** For a new conversation, or with a resume secret in the body for the one that it stands for. */
async function widgetToken(parts: TokenParts, request: HttpRequest): Promise<HttpResponse> {
  if (!parts.isAllowedOrigin(request.headers)) {
    throw new HttpError(
      403,
      'Forbidden',
      'This page may not use the chat. Add its origin to WIDGET_ORIGINS.',
    );
  }
  takeFromAll([
    [parts.limiters.tokens, addressKey(request.clientAddress)],
    [parts.limiters.allTokens, 'all'],
  ]);
  const body = resumption.safeParse(request.body ?? {});
  if (!body.success) throw new HttpError(400, 'BadArgument', 'resume must be text, start true or false.');
  if (body.data.resume === undefined) {
    const pass = newPass(parts.randomBytes);
    return body.data.start ? parts.begin(request, pass) : tokenAnswer(parts.tokens, pass);
  }
  const { pass, ...times } = await passOfSecret(parts, body.data.resume);
  return { status: 200, body: { ...tokenFields(parts.tokens, pass), ...times } };
}

const resumption = z.object({
  resume: z.string().max(1_000).optional(),
  /** Begins the conversation in the same request: a widget that was just opened waits for nothing else. */
  start: z.boolean().optional(),
});

function generateToken(parts: TokenParts, request: HttpRequest): HttpResponse {
  const given = bearerOf(request);
  if (given === undefined)
    throw new HttpError(401, 'Unauthorized', 'Send the secret: Authorization: Bearer ...');
  if (!isSecret(given, parts.secret)) throw forbidden();
  return tokenAnswer(parts.tokens, newPass(parts.randomBytes));
}

function tokenAnswer(tokens: Tokens, pass: Pass): HttpResponse {
  return { status: 200, body: tokenFields(tokens, pass) };
}
