import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError, type Route } from './route';

/** Bytes a body may have where the route says nothing. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024;

/** Levels of a JSON body; a Direct Line or Bot Connector activity with a card in it stays under ten. */
const MAX_JSON_DEPTH = 16;

const CONTENT_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' };

/**
 * The body as the route wants it: parsed JSON, URLSearchParams or a Buffer; undefined where none was sent.
 * @throws HttpError 400 on what cannot be read, 413 on too much, 415 on another content type.
 */
export async function readBody(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  requireContentType(route, request);
  const max = route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  if (Number(request.headers['content-length'] ?? 0) > max) throw tooLarge(max);
  if (request.headers.expect !== undefined) response.writeContinue();
  const bytes = await readBytes(request, max);
  if (route.body === 'raw') return bytes;
  const text = decode(bytes);
  return route.body === 'form' ? new URLSearchParams(text) : parseJson(text);
}

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

function requireContentType(route: Route, request: IncomingMessage): void {
  if (route.body === 'raw') return;
  if (route.body === undefined) throw new HttpError(415, 'UnsupportedMediaType', 'No body is taken here.');
  const wanted = CONTENT_TYPES[route.body];
  const sent = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (sent !== wanted) throw new HttpError(415, 'UnsupportedMediaType', `Send the body as ${wanted}.`);
}

/** Own counting: restify's reader counts after the fact and reads an over-long body to its end. */
async function readBytes(request: IncomingMessage, max: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= max) return void chunks.push(chunk);
      request.removeAllListeners('data');
      request.pause();
      reject(tooLarge(max));
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });
}

function tooLarge(max: number): HttpError {
  return new HttpError(413, 'PayloadTooLarge', `The body is longer than ${max} bytes.`);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new HttpError(400, 'BadArgument', 'The body is not UTF-8.');
  }
}

function parseJson(text: string): unknown {
  if (isDeep(text)) throw new HttpError(400, 'BadArgument', 'The JSON is nested too deeply.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, 'BadArgument', 'The body is not JSON.');
  }
  refusePrototypeKeys(value);
  return value;
}

/** Told before parsing, so that nothing ever recurses over what a stranger sent. */
function isDeep(text: string): boolean {
  // So few brackets cannot be nested more deeply, wherever they stand.
  const brackets = text.match(/[[{]/g)?.length ?? 0;
  return brackets > MAX_JSON_DEPTH && depthOf(text) > MAX_JSON_DEPTH;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** `__proto__` is a plain key after JSON.parse, and a prototype after the next careless copy. */
function refusePrototypeKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) {
    throw new HttpError(400, 'BadArgument', 'A key of the JSON is not allowed.');
  }
  for (const part of Object.values(value)) refusePrototypeKeys(part);
}
