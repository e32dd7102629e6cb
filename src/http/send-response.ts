import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpResponse } from './route';

/** Of every answer, unless the route's own says otherwise: nothing may be framed, cached, sniffed or run. */
export const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Resolves once everything is handed to the socket; rejects where a stream broke off or the client left. */
export async function sendResponse(response: ServerResponse, answer: HttpResponse): Promise<void> {
  for (const [name, value] of Object.entries({ ...DEFAULT_HEADERS, ...answer.headers })) {
    response.setHeader(name, value);
  }
  response.statusCode = answer.status;
  const { body } = answer;
  if (body instanceof Readable) return sendStream(response, body);
  sendBytes(response, body);
}

async function sendStream(response: ServerResponse, body: Readable): Promise<void> {
  if (response.req.method === 'HEAD') {
    body.destroy();
    response.end();
    return;
  }
  await pipeline(body, response);
}

function sendBytes(response: ServerResponse, body: Buffer | string | object | undefined): void {
  if (body === undefined) {
    if (response.statusCode !== 204 && response.statusCode !== 304) response.setHeader('content-length', 0);
    response.end();
    return;
  }
  if (typeof body === 'object' && !Buffer.isBuffer(body)) {
    if (!response.hasHeader('content-type')) {
      response.setHeader('content-type', 'application/json; charset=utf-8');
    }
    body = JSON.stringify(body);
  }
  response.setHeader('content-length', Buffer.byteLength(body));
  // Text leaves in one piece with its headers. Node itself leaves the body out of an answer to HEAD.
  response.end(body);
}
