import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { HttpError, type UpgradeRoute } from '../../http/route';
import type { Log } from '../../http/logger';
import { addressKey } from '../../http/rate-limit';
import type { ConversationLog } from '../ports';
import type { ActivitySet, Feed, Hub } from './hub';
import type { DirectLineLimits } from './limits';
import type { OriginRule } from './origins';
import { forbidden, type Pass, type Tokens } from './token';
import { readWatermark } from './watermark';

export interface Streams {
  upgrade: UpgradeRoute;
  /** How many are open. */
  count(): number;
  /** Says goodbye (1001); clients come back on their own. */
  close(): void;
}

export interface StreamParts {
  hub: Hub;
  log: ConversationLog;
  tokens: Tokens;
  isAllowedOrigin: OriginRule;
  limits: DirectLineLimits;
  logger: Log;
}

const PATH = /^\/v3\/directline\/conversations\/([\w-]{1,64})\/stream$/;
/** Clients send nothing but empty keep-alive frames. */
const MAX_FRAME_BYTES = 16 * 1024;

/** The WebSocket of Direct Line: from the server to the client only. */
export function createStreams(parts: StreamParts): Streams {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });
  const open = new Set<Stream>();
  const heartbeat = setInterval(() => open.forEach((stream) => stream.beat()), parts.limits.heartbeatMs);
  heartbeat.unref();

  async function accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    address: string,
  ): Promise<void> {
    const { pass, watermark } = await admit(parts, request);
    const who = { conversationId: pass.conversationId, address: addressKey(address) };
    requireRoom(open, who, parts.limits);
    // Completes in the same tick, so that nobody slips past the caps in between.
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = new Stream(webSocket, who, parts, watermark);
      open.add(stream);
      webSocket.once('close', () => open.delete(stream));
    });
  }

  return {
    upgrade: {
      matches: (path) => PATH.test(path),
      handle(request, socket, head, address) {
        accept(request, socket, head, address).catch((error: unknown) => refuse(socket, error, parts.logger));
      },
    },
    count: () => open.size,
    close() {
      clearInterval(heartbeat);
      for (const stream of open) stream.close(GOING_AWAY, 'the service restarts');
    },
  };
}

/** @throws HttpError where the page, the token, the watermark or the conversation is not right. */
async function admit(
  parts: StreamParts,
  request: IncomingMessage,
): Promise<{ pass: Pass; watermark: number }> {
  if (!parts.isAllowedOrigin(request.headers)) throw forbidden();
  const url = new URL(request.url ?? '', 'http://localhost');
  const pass = parts.tokens.verify('stream', url.searchParams.get('t') ?? undefined);
  if (pass.conversationId !== PATH.exec(url.pathname)?.[1]) throw forbidden();
  const conversation = await parts.log.find(pass.conversationId);
  if (conversation === undefined) throw new HttpError(404, 'NotFound', 'This conversation has ended.');
  const watermark = readWatermark(url.searchParams.get('watermark'), conversation.lastSequence);
  return { pass, watermark };
}

function requireRoom(open: Set<Stream>, who: StreamOwner, limits: DirectLineLimits): void {
  const streams = [...open];
  const full =
    streams.length >= limits.streams.all ||
    streams.filter(({ owner }) => owner.conversationId === who.conversationId).length >=
      limits.streams.conversation ||
    streams.filter(({ owner }) => owner.address === who.address).length >= limits.streams.address;
  if (full) throw new HttpError(429, 'TooManyRequests', 'Too many open streams.', { 'retry-after': '30' });
}

function refuse(socket: Duplex, error: unknown, logger: Log): void {
  const known = error instanceof HttpError;
  if (!known) logger.error({ err: error }, 'a stream could not be opened');
  const { status, headers } = known ? error : new HttpError(503, 'ServiceError', '', { 'retry-after': '1' });
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' });
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} Refused\r\n${text}\r\n`, () => socket.destroy());
}

interface StreamOwner {
  conversationId: string;
  address: string;
}

const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const POLICY_VIOLATION = 1008;
const INTERNAL_ERROR = 1011;
/** For the other side's closing frame; then the socket is cut. */
const CLOSE_PATIENCE_MS = 1_000;

class Stream {
  private readonly feed: Feed;
  private answered = true;
  private frames = 0;

  constructor(
    private readonly webSocket: WebSocket,
    readonly owner: StreamOwner,
    private readonly parts: StreamParts,
    watermark: number,
  ) {
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('pong', () => {
      this.answered = true;
      this.countFrame();
    });
    webSocket.on('ping', () => this.countFrame());
    webSocket.on('message', (_data, isBinary) => this.receive(isBinary));
    this.feed = parts.hub.open(
      owner.conversationId,
      watermark,
      (set) => this.send(set),
      (error) => this.fail(error),
    );
    webSocket.once('close', () => this.feed.close());
  }

  /** Also reads the log again: other instances of the service keep turns that this one does not hear of. */
  beat(): void {
    if (!this.answered) return this.webSocket.terminate();
    this.answered = false;
    this.frames = 0;
    this.webSocket.ping();
    this.feed.check();
  }

  close(code: number, reason: string): void {
    this.feed?.close();
    this.webSocket.close(code, reason);
    setTimeout(() => this.webSocket.terminate(), CLOSE_PATIENCE_MS).unref();
  }

  private send(set: ActivitySet): void {
    // No goodbye: it would wait behind everything else that the client does not read.
    if (this.webSocket.bufferedAmount > this.parts.limits.maxBuffered) this.webSocket.terminate();
    else this.webSocket.send(JSON.stringify(set));
  }

  private receive(isBinary: boolean): void {
    if (isBinary) this.close(UNSUPPORTED_DATA, 'text frames only');
    else this.countFrame();
  }

  /** Also pings, each of which asks for an answer, and pongs that nobody asked for. */
  private countFrame(): void {
    if (++this.frames > this.parts.limits.maxFrames) this.close(POLICY_VIOLATION, 'too many frames');
  }

  private fail(error: unknown): void {
    this.parts.logger.error(
      { conversationId: this.owner.conversationId, err: error },
      'a stream could not go on',
    );
    this.close(INTERNAL_ERROR, 'resume from the watermark');
  }
}
