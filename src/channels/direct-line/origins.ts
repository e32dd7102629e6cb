import type { IncomingHttpHeaders } from 'node:http';

/** Which pages may talk to us: exact origins, never patterns. */
export type OriginRule = (headers: IncomingHttpHeaders) => boolean;

/**
 * Allows the listed origins, our own, and callers that send none (programs; a browser always says).
 * It keeps other web sites out, not programs: those can write any Origin they like.
 */
export function originRule(origins: string[], publicUrl: string | undefined): OriginRule {
  const listed = new Set(origins.map((origin) => new URL(origin).origin));
  if (publicUrl !== undefined) listed.add(new URL(publicUrl).origin);
  return ({ origin, host }) =>
    origin === undefined || listed.has(origin) || origin === `http://${host}` || origin === `https://${host}`;
}

/** For `Route.everyAnswer`. Bearer tokens only, so no credentials; a browser asks again after ten minutes. */
export function corsHeaders(isAllowed: OriginRule): (headers: IncomingHttpHeaders) => Record<string, string> {
  return (headers): Record<string, string> => {
    if (headers.origin === undefined || !isAllowed(headers)) return { vary: 'Origin' };
    return {
      vary: 'Origin',
      'access-control-allow-origin': headers.origin,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
      'access-control-expose-headers': 'retry-after',
      'access-control-max-age': '600',
    };
  };
}
