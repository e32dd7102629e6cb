import { createHmac, randomInt } from 'node:crypto';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for Meta on loopback: the Graph API that the service calls, and the webhook calls that Meta makes. */
export interface FakeGraph {
  /** For MESSENGER_GRAPH_URL. */
  url: string;
  /** Messages that reached a person, in order. */
  delivered: DeliveredMessage[];
  /** Every call, refused ones too. */
  calls: GraphCall[];
  /** Sender actions that came, `typing_on` and so on. */
  actions: { psid: string; action: string }[];
  /** What the page shows, and which events it sends, as last set. */
  profile: Record<string, unknown>;
  subscribedFields: string[] | undefined;
  /** How the next sends go wrong; each is used once, then all is well again. A function decides for each call. */
  fail(...faults: Fault[]): void;
  failAlways(fault: Fault | undefined): void;
  /** Refuses every connection until `up` is called. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Where echoes of delivered messages go; undefined keeps them back in `echoes`. */
  echoTo(webhook: Webhook | undefined): void;
  echoes: object[];
  close(): Promise<void>;
}

export interface GraphCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

export interface DeliveredMessage {
  psid: string;
  mid: string;
  messagingType: string;
  tag?: string;
  message: {
    text?: string;
    metadata?: string;
    quick_replies?: { content_type: string; title?: string; payload?: string }[];
    attachment?: { payload: { text: string; buttons: { title: string; payload: string }[] } };
  };
}

export type Fault =
  /** Meta's own refusal. */
  | {
      error: { code: number; error_subcode?: number; message?: string };
      status?: number;
      retryAfter?: number;
      delivered?: boolean;
    }
  /** Delivered or not, and the connection is cut instead of an answer. */
  | { cut: true; delivered: boolean }
  /** A gateway's page instead of Meta's JSON. */
  | { gateway: number };

/** Where a service listens for Meta. */
export interface Webhook {
  url: string;
  appSecret: string;
}

export const PAGE_ID = '1050';
export const APP_ID = '2020';
export const APP_SECRET = 'app-secret-of-the-test';
export const PAGE_TOKEN = 'EAAtest-page-token';

export async function startFakeGraph(): Promise<FakeGraph> {
  const faults: Fault[] = [];
  let always: Fault | undefined;
  let echoTarget: Webhook | undefined;
  let port = 0;
  const echoing = new Set<Promise<unknown>>();
  const graph: FakeGraph = {
    url: '',
    delivered: [],
    calls: [],
    actions: [],
    profile: {},
    subscribedFields: undefined,
    echoes: [],
    fail: (...more) => void faults.push(...more),
    failAlways: (fault) => void (always = fault),
    echoTo: (webhook) => void (echoTarget = webhook),
    down: () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
    up: () => listen(port),
    async close() {
      await Promise.allSettled(echoing);
      if (server.listening) await graph.down();
    },
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '', 'http://graph');
      const path = url.pathname.replace(/^\/v26\.0\//, '');
      graph.calls.push({
        method: request.method ?? '',
        path,
        query: url.searchParams,
        headers: request.headers,
        body,
      });
      const answer = (status: number, json: object, headers: Record<string, string> = {}) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(json));
      };
      const refuse = (code: number, message: string, status = 400, subcode?: number) =>
        answer(status, {
          error: { message, type: 'OAuthException', code, error_subcode: subcode, fbtrace_id: 'x' },
        });
      const proof = createHmac('sha256', APP_SECRET).update(PAGE_TOKEN).digest('hex');
      if (request.headers.authorization !== `Bearer ${PAGE_TOKEN}`)
        return refuse(190, 'Invalid OAuth access token.', 401);
      if (url.searchParams.get('appsecret_proof') !== proof)
        return refuse(100, 'Invalid appsecret_proof provided in the API argument');

      if (path === `${PAGE_ID}/messages`)
        return send(body, answer, refuse, () => request.socket.destroy(), response);
      if (path.endsWith('/pass_thread_control')) return answer(200, { success: true });
      const fault = always;
      if (fault && 'error' in fault)
        return refuse(fault.error.code, fault.error.message ?? 'no', fault.status, fault.error.error_subcode);
      if (path === 'me/messenger_profile') {
        if (request.method === 'POST') Object.assign(graph.profile, body);
        return request.method === 'POST'
          ? answer(200, { result: 'success' })
          : answer(200, { data: [graph.profile] });
      }
      if (path === `${PAGE_ID}/subscribed_apps`) {
        if (request.method === 'POST') {
          const given: unknown = body['subscribed_fields'] ?? url.searchParams.get('subscribed_fields') ?? '';
          graph.subscribedFields = wordOf(given).split(',');
          return answer(200, { success: true });
        }
        const apps = graph.subscribedFields
          ? [{ id: APP_ID, name: 'Enquiries', subscribed_fields: graph.subscribedFields }]
          : [];
        return answer(200, { data: apps });
      }
      if (path === 'me') return answer(200, { id: PAGE_ID, name: 'Scalp Allure' });
      return refuse(100, 'Unsupported request', 400);
    });
  });

  type Answer = (status: number, json: object, headers?: Record<string, string>) => void;
  type Refuse = (code: number, message: string, status?: number, subcode?: number) => void;

  function send(
    body: Record<string, unknown>,
    answer: Answer,
    refuse: Refuse,
    cut: () => void,
    response: import('node:http').ServerResponse,
  ): void {
    const psid = wordOf((body['recipient'] as { id?: unknown } | undefined)?.id ?? '');
    const message = body['message'] as DeliveredMessage['message'] | undefined;
    if (body['sender_action'] !== undefined) {
      if (message) return refuse(100, 'sender_action and message', 400, 2018014);
      graph.actions.push({ psid, action: wordOf(body['sender_action']) });
      return answer(200, { recipient_id: psid });
    }
    const fault = faults.shift() ?? always;
    if (fault && 'gateway' in fault) {
      response.writeHead(fault.gateway, { 'content-type': 'text/html' });
      return void response.end('<html>Bad gateway</html>');
    }
    const problem = problemWith(body, message);
    if (problem) return refuse(100, problem);
    if (!fault || ('delivered' in fault && fault.delivered)) deliver(psid, body, message ?? {});
    if (fault && 'cut' in fault) return cut();
    if (fault) {
      return answer(
        fault.status ?? 400,
        { error: { message: 'as told', type: 'OAuthException', fbtrace_id: 'x', ...fault.error } },
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
      );
    }
    answer(200, { recipient_id: psid, message_id: graph.delivered.at(-1)?.mid });
  }

  function deliver(psid: string, body: Record<string, unknown>, message: DeliveredMessage['message']): void {
    const mid = `m_out-${graph.delivered.length}-${randomInt(1e9)}`;
    graph.delivered.push({
      psid,
      mid,
      messagingType: wordOf(body['messaging_type']),
      ...(body['tag'] !== undefined && { tag: wordOf(body['tag']) }),
      message,
    });
    const echo = {
      sender: { id: PAGE_ID },
      recipient: { id: psid },
      timestamp: Date.now(),
      message: { is_echo: true, app_id: Number(APP_ID), metadata: message.metadata, mid, text: message.text },
    };
    if (!echoTarget) return void graph.echoes.push(echo);
    const told = postEvents(echoTarget, [echo]).catch(() => undefined);
    echoing.add(told);
    void told.finally(() => echoing.delete(told));
  }

  async function listen(on: number): Promise<void> {
    await new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    graph.url = `http://127.0.0.1:${port}/v26.0`;
  }

  await listen(0);
  return graph;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Meta's limits (messenger.md D.2): what is over them is refused, as there. */
function problemWith(
  body: Record<string, unknown>,
  message: DeliveredMessage['message'] | undefined,
): string | undefined {
  if (!['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY'].includes(wordOf(body['messaging_type'])))
    return 'messaging_type';
  if (body['tag'] !== undefined && body['tag'] !== 'HUMAN_AGENT')
    return 'This message tag is no longer available';
  if (!message || (!message.text && !message.attachment)) return 'empty message';
  if ((message.text?.length ?? 0) >= 2000) return 'text too long';
  if ((message.metadata?.length ?? 0) >= 1000) return 'metadata too long';
  const replies = message.quick_replies ?? [];
  if (message.quick_replies && (replies.length === 0 || replies.length > 13)) return 'quick replies';
  for (const { content_type, title, payload } of replies) {
    if (content_type === 'text' && (!title || title.length > 20 || !payload || payload.length > 1000))
      return 'quick reply';
    if (content_type !== 'text' && (title !== undefined || payload !== undefined)) return 'chip with a title';
  }
  const template = message.attachment?.payload;
  if (template && (template.text.length > 640 || template.buttons.length < 1 || template.buttons.length > 3))
    return 'button template';
  if (template?.buttons.some(({ title, payload }) => title.length > 20 || payload.length > 1000))
    return 'button';
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** A page's webhook body with these items, in the escaped form that Meta signs. */
export function pageBody(items: unknown[], field: 'messaging' | 'standby' = 'messaging'): string {
  return escapeUnicode({ object: 'page', entry: [{ id: PAGE_ID, time: 1, [field]: items }] });
}

export function escapeUnicode(json: object): string {
  return JSON.stringify(json).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function signatureOf(body: string | Buffer, secret = APP_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** One webhook call as Meta makes it; resolves to the status. */
export async function postEvents(
  webhook: Webhook,
  items: unknown[],
  field: 'messaging' | 'standby' = 'messaging',
): Promise<number> {
  const body = pageBody(items, field);
  const answer = await fetch(`${webhook.url}/webhooks/messenger`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': signatureOf(body, webhook.appSecret),
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

let messages = 0;

/** Something a person wrote. */
export function written(
  psid: string,
  text: string,
  more: { mid?: string; at?: number; message?: object } = {},
): object {
  return {
    sender: { id: psid },
    recipient: { id: PAGE_ID },
    timestamp: more.at ?? Date.now(),
    message: { mid: more.mid ?? `m_in-${++messages}`, text, ...more.message },
  };
}

/** Any other item from a person. */
export function item(psid: string, content: object, at: number = Date.now()): object {
  return { sender: { id: psid }, recipient: { id: PAGE_ID }, timestamp: at, ...content };
}

/** An echo of what a person wrote in the page's inbox. */
export function inboxEcho(psid: string, text: string, at: number = Date.now()): object {
  return {
    sender: { id: PAGE_ID },
    recipient: { id: psid },
    timestamp: at,
    message: { is_echo: true, app_id: 26390203743090, mid: `m_inbox-${++messages}`, text },
  };
}
