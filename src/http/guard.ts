import type { IncomingMessage } from 'node:http';

/** Longest request target taken; the longest of our own, a stream URL with its token, is under 600 characters. */
const MAX_TARGET = 2048;

const HOST = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * What must be refused before restify looks at a request, as an HTTP status; undefined lets it pass.
 *
 * restify 12.0.0 ends the process on a Host or target that `new URL` refuses (node-restify #2011) and on a
 * body that is not what its Content-Encoding says (#1975), and counts compressed bytes only. Node takes the
 * first of two Host headers silently, which a proxy in front may not.
 */
export function refusalOf(request: IncomingMessage, maxBodyBytes: number): 400 | 413 | 415 | undefined {
  if (!hasOneGoodHost(request) || !hasGoodTarget(request)) return 400;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return 415;
  if (!(Number(request.headers['content-length'] ?? 0) <= maxBodyBytes)) return 413;
  return undefined;
}

function hasOneGoodHost(request: IncomingMessage): boolean {
  const hosts = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  const host = request.headers.host;
  return hosts.length === 1 && host !== undefined && HOST.test(host) && URL.canParse(`http://${host}`);
}

function hasGoodTarget(request: IncomingMessage): boolean {
  const target = request.url ?? '';
  return (
    target.startsWith('/') &&
    target.length <= MAX_TARGET &&
    !target.includes('\0') &&
    !target.toLowerCase().includes('%00') &&
    URL.canParse(`http://${request.headers.host}${target}`)
  );
}
