import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { createHttpServer } from '../../src/http/create-server';
import { HttpError, type HttpRequest, type Route } from '../../src/http/route';

/** What a test's bot answers to a message; every message of the list is one activity. */
export type FakeBot = (text: string) => FakeReply[];

export interface FakeReply {
  text: string;
  quickReplies?: { title: string; value: string }[];
  isAnswer?: true;
  summary?: { label: string; value: string; change: { title: string; value: string } }[];
}

/**
 * Direct Line 3.0 in memory, with faults to order: for the widget's tests, which are about the widget. Its routes
 * behave as the service's own do, its bot is a function.
 */
export interface FakeDirectLine {
  /** No slash at its end. */
  url: string;
  port: number;
  /** Texts of the visitor's messages as taken, in order, over all conversations. */
  taken: () => string[];
  /** Events as taken, over all conversations. */
  events: () => unknown[];
  /** How many conversations were told to be forgotten. */
  forgotten: () => number;
  /** Requests so far, as `POST /widget/token`. */
  requests: string[];
  /** Says something in every conversation, without having been asked. */
  say: (reply: FakeReply) => void;
  /** Cuts every stream, as a lost connection would. */
  cutStreams: () => void;
  /** The next answers to posted messages: `lost` takes the message and breaks the connection before the answer. */
  nextPosts: (...faults: (number | 'lost')[]) => void;
  /** From now on every earlier token is refused as expired. */
  expireTokens: () => void;
  /** Forgets every conversation, as after an erasure. */
  forget: () => void;
  close: () => Promise<void>;
}

interface Conversation {
  id: string;
  activities: Record<string, unknown>[];
  sockets: Set<WebSocket>;
}

/** Starts on a free port of 127.0.0.1; `greeting` opens each conversation. `routes` are served beside its own. */
export async function startFakeDirectLine(options: {
  greeting: FakeReply;
  bot: FakeBot;
  routes?: Route[];
  port?: number;
}): Promise<FakeDirectLine> {
  const conversations = new Map<string, Conversation>();
  const tokens = new Map<string, string>();
  const secrets = new Map<string, string>();
  const events: unknown[] = [];
  const forgotten: string[] = [];
  const inAMonth = () => new Date(Date.now() + 30 * 24 * 3600_000).toISOString();
  const requests: string[] = [];
  const taken: string[] = [];
  const streams = new WebSocketServer({ noServer: true });
  let faults: (number | 'lost')[] = [];
  let port = 0;

  const issue = (conversationId: string) => {
    const token = randomUUID();
    tokens.set(token, conversationId);
    return { conversationId, token, expires_in: 1800 };
  };
  const authorize = (request: HttpRequest): Conversation => {
    const id = tokens.get(request.headers.authorization?.slice('Bearer '.length) ?? '');
    if (id === undefined) throw new HttpError(403, 'TokenExpired', 'Token expired.');
    const conversation = conversations.get(id);
    if (!conversation) throw new HttpError(404, 'NotFound', 'There is no such conversation.');
    return conversation;
  };
  const streamOf = (conversation: Conversation, watermark: string) => ({
    ...issue(conversation.id),
    streamUrl: `ws://127.0.0.1:${port}/stream/${conversation.id}?watermark=${watermark}`,
  });
  const publish = (conversation: Conversation, activity: Record<string, unknown>) => {
    const sequence = conversation.activities.length + 1;
    const id = `${conversation.id}|${String(sequence).padStart(7, '0')}`;
    conversation.activities.push({ ...activity, id, timestamp: new Date().toISOString() });
    for (const socket of conversation.sockets) socket.send(frame(conversation, sequence - 1));
    return id;
  };
  const publishReply = (conversation: Conversation, reply: FakeReply) =>
    publish(conversation, {
      type: 'message',
      text: reply.text,
      from: { id: 'bot', role: 'bot' },
      ...(reply.quickReplies && {
        suggestedActions: { actions: reply.quickReplies.map((action) => ({ type: 'imBack', ...action })) },
      }),
      channelData: {
        ...(reply.summary && { summary: reply.summary }),
        ...(reply.isAnswer && { answer: true }),
      },
    });
  const take = (conversation: Conversation, message: PostedMessage): string => {
    const repeated = conversation.activities.find(
      (activity) =>
        (activity['channelData'] as PostedMessage['channelData'] | undefined)?.clientActivityID ===
        message.channelData.clientActivityID,
    );
    if (repeated) return String(repeated['id']);
    if (message.type === 'event') {
      events.push({ name: message.name, value: message.value });
      return publish(conversation, { ...message, from: { id: 'dl_visitor', role: 'user' } });
    }
    taken.push(message.text);
    const id = publish(conversation, { ...message, from: { id: 'dl_visitor', role: 'user' } });
    for (const reply of options.bot(message.text)) publishReply(conversation, reply);
    return id;
  };

  const routes: Route[] = [
    {
      method: 'POST',
      path: '/widget/token',
      body: 'json',
      handle: async (request) => {
        const { resume } = request.body as { resume?: string };
        if (resume === undefined) {
          const begun = { id: randomUUID(), activities: [], sockets: new Set<WebSocket>() };
          conversations.set(begun.id, begun);
          return { status: 200, body: issue(begun.id) };
        }
        const known = secrets.get(resume);
        if (known === undefined) throw new HttpError(404, 'NotFound', 'There is no such conversation.');
        const now = new Date().toISOString();
        return { status: 200, body: { ...issue(known), now, resumeUntil: inAMonth() } };
      },
    },
    {
      method: 'POST',
      path: '/widget/resume',
      body: 'json',
      handle: async (request) => {
        const resume = randomUUID();
        secrets.set(resume, authorize(request).id);
        return { status: 200, body: { resume, resumeUntil: inAMonth() } };
      },
    },
    {
      method: 'POST',
      path: '/widget/forget',
      body: 'json',
      handle: async (request) => {
        const { id } = authorize(request);
        for (const [secret, conversation] of secrets) if (conversation === id) secrets.delete(secret);
        forgotten.push(id);
        return { status: 200, body: { text: 'Deleted. Your receipt is R-1.' } };
      },
    },
    {
      method: 'POST',
      path: '/v3/directline/tokens/refresh',
      body: 'json',
      handle: async (request) => ({ status: 200, body: issue(authorize(request).id) }),
    },
    {
      method: 'POST',
      path: '/v3/directline/conversations',
      body: 'json',
      handle: async (request) => {
        const conversation = authorize(request);
        if (conversation.activities.length === 0) publishReply(conversation, options.greeting);
        return { status: 201, body: streamOf(conversation, '') };
      },
    },
    {
      method: 'GET',
      path: '/v3/directline/conversations/:id',
      handle: async (request) => ({
        status: 200,
        body: streamOf(authorize(request), request.query.get('watermark') ?? ''),
      }),
    },
    {
      method: 'POST',
      path: '/v3/directline/conversations/:id/activities',
      body: 'json',
      handle: async (request) => {
        const conversation = authorize(request);
        const fault = faults.shift();
        if (typeof fault === 'number')
          throw new HttpError(fault, 'Fault', 'As ordered.', { 'retry-after': '0' });
        const id = take(conversation, request.body as PostedMessage);
        // An answer that never comes and a connection that breaks are the same to the client.
        if (fault === 'lost') throw new HttpError(503, 'Fault', 'The answer got lost.');
        return { status: 200, body: { id } };
      },
    },
    ...(options.routes ?? []),
  ];
  const server = createHttpServer({
    routes,
    upgrades: [
      {
        matches: (path) => path.startsWith('/stream/'),
        handle: (request, socket: Duplex, head) => {
          const address = new URL(request.url ?? '/', 'http://fake');
          const conversation = conversations.get(address.pathname.slice('/stream/'.length));
          if (!conversation) return socket.destroy();
          streams.handleUpgrade(request, socket, head, (stream) => {
            const behind = Number(address.searchParams.get('watermark') ?? 0);
            if (conversation.activities.length > behind) stream.send(frame(conversation, behind));
            conversation.sockets.add(stream);
            stream.on('close', () => conversation.sockets.delete(stream));
          });
        },
      },
    ],
    trustProxy: [],
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onAnswered: ({ method, route }) => requests.push(`${method} ${route}`),
  });
  ({ port } = await server.listen(options.port ?? 0, '127.0.0.1'));

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    taken: () => [...taken],
    events: () => [...events],
    forgotten: () => forgotten.length,
    requests,
    say: (reply) => conversations.forEach((conversation) => publishReply(conversation, reply)),
    cutStreams: () => streams.clients.forEach((socket) => socket.terminate()),
    nextPosts: (...next) => (faults = next),
    expireTokens: () => tokens.clear(),
    forget: () => {
      conversations.clear();
      tokens.clear();
      secrets.clear();
    },
    close: () => server.close(),
  };
}

interface PostedMessage {
  type: string;
  text: string;
  /** Of an event. */
  name?: string;
  value?: unknown;
  channelData: { clientActivityID: string };
}

function frame(conversation: Conversation, behind: number): string {
  return JSON.stringify({
    activities: conversation.activities.slice(behind),
    watermark: String(conversation.activities.length),
  });
}
