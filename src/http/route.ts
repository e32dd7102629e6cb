import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';

/**
 * What a feature gives the server: plain values in, plain values out. Features never see restify, so no
 * handler can leave a socket open, throw past the error formatter or forget a security header.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  /** restify's syntax: `/staff/conversations/:id` */
  path: string;
  /** What the body is read as; anything else is refused with 415. Default: none. */
  body?: 'json' | 'form' | 'raw';
  /** Bytes; 64 KiB unless told. */
  maxBodyBytes?: number;
  /** Headers of every answer of this route, refusals and failures too: what CORS needs. */
  everyAnswer?: (headers: IncomingHttpHeaders) => Record<string, string>;
  handle: (request: HttpRequest) => Promise<HttpResponse>;
}

export interface HttpRequest {
  /** Of this request, in the log and in error answers. */
  id: string;
  method: string;
  path: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  cookies: ReadonlyMap<string, string>;
  /** `json`: parsed, of unknown shape; `form`: URLSearchParams; `raw`: Buffer; none: undefined. */
  body: unknown;
  /** The visitor's address, from trusted proxies only. */
  clientAddress: string;
}

export interface HttpResponse {
  status: number;
  headers?: Record<string, string | string[]>;
  /** An object is sent as JSON; a string needs its own content-type header. */
  body?: string | Buffer | Readable | object;
}

/** A WebSocket route; everything else that asks for an upgrade is answered 404 and closed. */
export interface UpgradeRoute {
  /** Tested against the path without the query. */
  matches: (path: string) => boolean;
  handle: (request: IncomingMessage, socket: Duplex, head: Buffer, clientAddress: string) => void;
}

/** An expected refusal: thrown by a handler, answered with its status and text. Everything else is a 500 without text. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    /** The wire code: `BadArgument`, `TokenExpired` ... */
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}
