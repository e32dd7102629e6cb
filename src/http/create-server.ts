import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, type ListenOptions, Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pino from 'pino';
import { createServer, type Request, type Server as RestifyServer } from 'restify';
import { clientAddress, trustedProxies, type TrustedProxies } from './client-address';
import { refusalOf } from './guard';
import { listenErrorOf } from './listen-error';
import type { Log } from './logger';
import { addressKey } from './rate-limit';
import { DEFAULT_MAX_BODY_BYTES, readBody } from './read-body';
import { HttpError, type HttpRequest, type HttpResponse, type Route, type UpgradeRoute } from './route';
import { sendResponse } from './send-response';

declare module 'restify' {
  /** Missing from @types/restify 8: runs before anything else of restify; false means the answer is given. */
  interface Server {
    first(handler: (request: IncomingMessage, response: ServerResponse) => boolean): this;
  }
}

export interface HttpServerOptions {
  routes: Route[];
  upgrades: UpgradeRoute[];
  /** Addresses and networks of the clinic's own proxies; only they are believed about who is calling. */
  trustProxy: string[];
  /** True where visitors reach it over https: browsers then never use anything else. */
  https?: boolean;
  log: Log;
  /** Sockets at a time, 2,000 unless told; more are closed as they come. */
  maxConnections?: number;
  /** Milliseconds; 10,000 for the headers, 15,000 for the whole request, unless told. */
  timeouts?: { headers: number; request: number };
  /** Runs the answer to a request inside something, such as a trace's span; resolves to the status as `answer` does. */
  around?: (
    about: { method: string; route: string; traceparent: string | undefined },
    answer: () => Promise<number>,
  ) => Promise<number>;
  /** Called after each answer, for the figures. The route is its path, `none` where no route fits. */
  onAnswered?: (answer: { method: string; route: string; status: number }) => void;
}

export interface HttpServer {
  /** @throws ListenError with what to do where the port cannot be had. */
  listen(port: number, host: string): Promise<{ port: number }>;
  /**
   * Takes nothing new, lets running requests finish for up to 10 s, then cuts what is left. WebSockets are
   * ended at once: whoever owns them says goodbye to its clients before.
   */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 2_000;
/** So that nobody can have them all: 1,000 streams and as many requests again as browsers make beside them. */
const ONE_ADDRESS_SHARE = 0.75;
/** Above a slow phone's needs and below what makes holding sockets open worth while. */
const TIMEOUTS = { headers: 10_000, request: 15_000 };
/** Node looks for slow senders this often; its own 30 s made a limit of 10 s one of 31 s (measured). */
const TIMEOUT_CHECK_MS = 1_000;
/** A socket that moves no byte this long is closed, which is how a reader who stops reading ends. */
const IDLE_SOCKET_MS = 60_000;
/** Above the 60 s most proxies keep an idle connection, so that they never send into a closing one. */
const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS = 10_000;

/**
 * The web server: restify behind a guard, features as plain routes. Whatever a stranger sends, the process
 * stays alive, nothing of an error's text gets out, and every answer carries the security headers.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const restify = createServer({
    name: '',
    // restify writes to standard output unless it is given a logger; its lines hold requests, so it gets none.
    log: pino({ level: 'silent' }) as never,
    handleUpgrades: false,
    noWriteContinue: true,
    // find-my-way's default of 100 is shorter than a Bot Connector conversation id.
    maxParamLength: 300,
  });
  const server = restify.server as Server;
  setLimits(server, options);
  const isTrusted = trustedProxies(options.trustProxy);
  const addressOf = (request: IncomingMessage): string =>
    clientAddress(request.socket.remoteAddress, String(request.headers['x-forwarded-for'] ?? ''), isTrusted);

  limitEachAddress(server, isTrusted);
  guardRequests(restify, options);
  for (const route of options.routes) mount(restify, route, options, addressOf);
  answerUnknownPaths(restify, options);
  // restify repeats the server's errors; without a listener that would end the process. `listen` hears them first hand.
  restify.on('error', () => undefined);
  const upgraded = acceptUpgrades(server, options, addressOf);
  const doors = openDoors(server);
  return {
    listen: (port, host) => listen(server, doors, port, host),
    close: () => close(server, doors, upgraded),
  };
}

function setLimits(server: Server, options: HttpServerOptions): void {
  const timeouts = options.timeouts ?? TIMEOUTS;
  server.headersTimeout = timeouts.headers;
  server.requestTimeout = timeouts.request;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxHeadersCount = 100;
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  server.setTimeout(IDLE_SOCKET_MS);
  // A constructor option of Node that restify does not pass on; read when listening starts (Node 22 and 24).
  Object.assign(server, {
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, timeouts.headers, timeouts.request),
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseSocket(socket, statusOf(error)));
}

/** A trusted proxy has the sockets of all; it limits them by itself. */
function limitEachAddress(server: Server, isTrusted: TrustedProxies): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = clientAddress(socket.remoteAddress, undefined, isTrusted);
    if (isTrusted(address)) return;
    const key = addressKey(address);
    const count = (open.get(key) ?? 0) + 1;
    open.set(key, count);
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    });
    if (count > server.maxConnections * ONE_ADDRESS_SHARE) socket.destroy();
  });
}

function statusOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return '400 Bad Request';
}

/** For sockets that have no request yet, or never will. */
function refuseSocket(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  if (socket.writable) {
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nX-Content-Type-Options: nosniff\r\n` +
        "Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n",
      () => socket.destroy(),
    );
  } else {
    socket.destroy();
  }
}

function guardRequests(restify: RestifyServer, options: HttpServerOptions): void {
  const maxBodyBytes = Math.max(
    DEFAULT_MAX_BODY_BYTES,
    ...options.routes.map((route) => route.maxBodyBytes ?? 0),
  );
  restify.first((request, response) => {
    if (options.https) response.setHeader('strict-transport-security', HSTS);
    const refusal = refusalOf(request, maxBodyBytes);
    if (refusal === undefined) return true;
    response.setHeader('connection', 'close');
    const error = new HttpError(refusal, GUARD_CODES[refusal], GUARD_MESSAGES[refusal]);
    void sendResponse(response, answerOf(error, request, ''));
    options.onAnswered?.({ method: request.method ?? '', route: 'none', status: refusal });
    return false;
  });
}

/** Two years; of this host and those below it. */
const HSTS = 'max-age=63072000; includeSubDomains';
const GUARD_CODES = { 400: 'BadArgument', 413: 'PayloadTooLarge', 415: 'UnsupportedMediaType' };
const GUARD_MESSAGES = {
  400: 'The request line or the Host header is not valid.',
  413: 'The body is too long.',
  415: 'Send the body without compression.',
};

function mount(
  restify: RestifyServer,
  route: Route,
  options: HttpServerOptions,
  addressOf: (request: IncomingMessage) => string,
): void {
  // async with two arguments: restify 12 ends the process on a throw in any other kind of handler.
  const handle = async (request: Request, response: ServerResponse): Promise<void> => {
    const answering = () => answer(route, request, response, options.log, addressOf(request));
    const { traceparent } = request.headers;
    const about = { method: route.method, route: route.path, traceparent: [traceparent].flat()[0] };
    const status = await (options.around?.(about, answering) ?? answering());
    options.onAnswered?.({ method: request.method ?? '', route: route.path, status });
  };
  switch (route.method) {
    case 'GET':
      restify.head(route.path, handle);
      return void restify.get(route.path, handle);
    case 'POST':
      return void restify.post(route.path, handle);
    case 'PUT':
      return void restify.put(route.path, handle);
    case 'DELETE':
      return void restify.del(route.path, handle);
    case 'OPTIONS':
      return void restify.opts(route.path, handle);
  }
}

/** Never rejects; returns the status that was sent. */
async function answer(
  route: Route,
  request: Request,
  response: ServerResponse,
  log: Log,
  address: string,
): Promise<number> {
  const id = randomUUID();
  const always = route.everyAnswer?.(request.headers) ?? {};
  let answered: HttpResponse;
  try {
    const body = await readBody(route, request, response);
    answered = await route.handle(toHttpRequest(request, id, body, address));
  } catch (error) {
    if (request.destroyed && !request.complete) return 499; // the client left; there is nobody to answer
    if (!(error instanceof HttpError)) logFailure(log, error, id, route);
    else if (error.status === 401 || error.status === 403) logRefusal(log, error, id, route);
    answered = answerOf(error, request, id);
  }
  // Unread bytes of a refused body would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  try {
    await sendResponse(response, { ...answered, headers: { ...always, ...answered.headers } });
  } catch (error) {
    if (!clientLeft(error)) logFailure(log, error, id, route);
    response.destroy();
  }
  return answered.status;
}

/** Somebody asked for what is not theirs: the reason's code, and nothing of who it was. */
function logRefusal(log: Log, { status, code }: HttpError, id: string, route: Route): void {
  log.warn({ request: id, route: `${route.method} ${route.path}`, status, code }, 'request refused');
}

function clientLeft(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}

function toHttpRequest(request: Request, id: string, body: unknown, address: string): HttpRequest {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    id,
    method: request.method ?? 'GET',
    path,
    params: request.params,
    query: new URLSearchParams(query.join('?')),
    headers: request.headers,
    cookies: cookiesOf(request.headers.cookie),
    body,
    clientAddress: address,
  };
}

/** The first of two cookies with one name wins, as it has the more specific path (RFC 6265, 5.4). */
function cookiesOf(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}

/** The one line of a request that failed: where, and why in the error's own words; no body, no query. */
function logFailure(log: Log, error: unknown, requestId: string, route: Route): void {
  log.error({ requestId, method: route.method, route: route.path, err: error }, 'a request failed');
}

/** What may be said of an error: an HttpError speaks for itself, anything else stays behind its request id. */
function answerOf(error: unknown, request: IncomingMessage, id: string): HttpResponse {
  const known = error instanceof HttpError;
  const status = known ? error.status : 500;
  const code = known ? error.code : 'ServiceError';
  const message = known ? error.message : `Something went wrong on our side. Reference: ${id}`;
  const headers = known ? error.headers : {};
  if ((request.headers.accept ?? '').includes('text/html')) {
    return { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: message };
  }
  return { status, headers, body: { error: { code, message } } };
}

/** 404, or 405 with `Allow`; restify's own texts echo the path. */
function answerUnknownPaths(restify: RestifyServer, options: HttpServerOptions): void {
  restify.on('restifyError', (request: Request, response: ServerResponse, error: unknown) => {
    // `next` is left uncalled on purpose: it would make restify send its own answer after this one.
    if (response.headersSent) return;
    const known = statusCodeOf(error) === 405 ? NOT_ALLOWED : statusCodeOf(error) === 404 ? NOT_FOUND : error;
    const id = randomUUID();
    if (!(known instanceof HttpError)) {
      options.log.error({ requestId: id, err: error }, 'a request failed before its route');
    }
    if (!request.complete) response.setHeader('connection', 'close');
    const refusal = answerOf(known, request, id);
    void sendResponse(response, refusal);
    options.onAnswered?.({ method: request.method ?? '', route: 'none', status: refusal.status });
  });
}

const NOT_FOUND = new HttpError(404, 'NotFound', 'There is nothing at this address.');
const NOT_ALLOWED = new HttpError(405, 'MethodNotAllowed', 'This address does not take this method.');

function statusCodeOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}

/**
 * Hands upgrades to their routes and closes all others: restify always listens for them, so Node would leave
 * an unknown one open for ever. Returns the live sockets, because `server.close()` waits for them and
 * `closeAllConnections()` does not know them.
 */
function acceptUpgrades(
  server: Server,
  options: HttpServerOptions,
  addressOf: (request: IncomingMessage) => string,
): Set<Duplex> {
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    if (refusalOf(request, 0) !== undefined) return refuseSocket(socket, '400 Bad Request');
    const path = (request.url ?? '').split('?')[0] ?? '';
    const route = options.upgrades.find((candidate) => candidate.matches(path));
    if (route === undefined) return refuseSocket(socket, '404 Not Found');
    if (socket instanceof Socket) socket.setTimeout(0);
    try {
      route.handle(request, socket, head, addressOf(request));
    } catch (error) {
      options.log.error({ err: error }, 'an upgrade failed');
      refuseSocket(socket, '500 Internal Server Error');
    }
  });
  return upgraded;
}

/** Listening sockets besides the server's own. */
const DOORS = 63;

/**
 * Node takes one new connection at a time from a listening socket, and then sees to all else before the next: a rush of
 * new visitors waited for seconds to be let in, where no limit sees them. The operating system spreads them over several.
 */
function openDoors(server: Server): NetServer[] {
  let open = 0;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
  });
  return Array.from(
    { length: DOORS },
    () =>
      // As Node's own HTTP server has it.
      new NetServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        if (open >= server.maxConnections) socket.destroy();
        else server.emit('connection', socket);
      }),
  );
}

async function listen(
  server: Server,
  doors: NetServer[],
  port: number,
  host: string,
): Promise<{ port: number }> {
  try {
    // Alone at first: a socket that shares its port would not tell that another program has it.
    const probe = new NetServer();
    const shared = { port: await listenOn(probe, { port, host }), host, reusePort: true };
    await new Promise((resolve) => probe.close(resolve));
    try {
      for (const one of [server, ...doors]) await listenOn(one, shared);
    } catch (error) {
      // Ports are not shared on every system.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTSUP') throw error;
      await listenOn(server, { ...shared, reusePort: false });
    }
    return { port: shared.port };
  } catch (error) {
    throw listenErrorOf(error as NodeJS.ErrnoException, port, host);
  }
}

function listenOn(server: NetServer, options: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function close(server: Server, doors: NetServer[], upgraded: Set<Duplex>): Promise<void> {
  if (!server.listening) return;
  for (const socket of upgraded) {
    if (socket instanceof Socket) socket.destroySoon();
    else socket.destroy();
  }
  const cut = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  }, DRAIN_MS);
  // Finished answers free their keep-alive sockets only when asked again.
  const release = setInterval(() => server.closeIdleConnections(), 100);
  try {
    // Each waits for those that it let in.
    await Promise.all([server, ...doors].map((one) => new Promise((resolve) => one.close(resolve))));
  } finally {
    clearTimeout(cut);
    clearInterval(release);
  }
}
