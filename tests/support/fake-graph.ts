import { createHmac, randomInt } from 'node:crypto';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for Meta on loopback: the Graph API that the service calls, and the webhook calls that Meta makes. It
 * keeps Meta's rules (messenger.md D.1 to D.3): the page's token in a header and its proof, limits of every message and
 * of the page's profile, who may be written to when, who controls a conversation, and the errors in Meta's own shape.
 */
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
  /** App Review has approved the Human Agent permission. */
  humanAgent: boolean;
  /** Meta's clock, milliseconds; the machine's own unless told. */
  setClock(clock: () => number): void;
  /** What people did in Messenger, as the webhook tells it: opens their windows. */
  heard(items: unknown[]): void;
  /** This app controls the conversation, or another one. */
  giveThread(psid: string, appId: string): void;
  /** The person blocks the page. */
  block(psid: string): void;
  /** Messages per second of Meta's clock; more are refused. */
  limitTo(messages: number | undefined): void;
  /** How the next sends go wrong; each is used once, then all is well again. */
  fail(...faults: Fault[]): void;
  failAlways(fault: Fault | undefined): void;
  /** Cuts every connection until `up` is called. (A closed port might meanwhile be another test's.) */
  down(): void;
  up(): void;
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
  message: SentMessage;
}

export interface SentMessage {
  text?: string;
  metadata?: string;
  quick_replies?: { content_type: string; title?: string; payload?: string }[];
  attachment?: { type?: string; payload: SentTemplate };
}

export interface SentTemplate {
  template_type: string;
  /** Of a button template. */
  text?: string;
  buttons?: SentButton[];
  /** Of a generic template. */
  elements?: { title: string; subtitle?: string; buttons?: SentButton[] }[];
}

export interface SentButton {
  title: string;
  payload: string;
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
  /** Delivered or not, and no answer comes. */
  | { hang: true; delivered: boolean }
  /** A gateway's page instead of Meta's JSON. */
  | { gateway: number; delivered?: boolean };

/** Where a service listens for Meta. */
export interface Webhook {
  url: string;
  appSecret: string;
  /** Learns what people did. */
  meta?: FakeGraph;
}

export const PAGE_ID = '1050';
export const APP_ID = '2020';
export const APP_SECRET = 'app-secret-of-the-test';
export const PAGE_TOKEN = 'EAAtest-page-token';

const HOUR_MS = 3_600_000;
const PAGE_FIELDS = new Set(
  'messages messaging_postbacks messaging_optins messaging_referrals message_echoes message_reactions message_edits message_reads message_deliveries messaging_handovers messaging_policy_enforcement standby response_feedback feed'.split(
    ' ',
  ),
);

type Refusal = { status: number; code: number; subcode?: number; message: string };
type Answer = { status: number; body: object; headers?: Record<string, string> } | 'cut' | 'hang' | 'gateway';

export async function startFakeGraph(): Promise<FakeGraph> {
  const faults: Fault[] = [];
  const openedAt = new Map<string, number>();
  const owners = new Map<string, string>();
  const blocked = new Set<string>();
  const echoing = new Set<Promise<unknown>>();
  let always: Fault | undefined;
  let echoTarget: Webhook | undefined;
  let clock: () => number = Date.now;
  let limit: number | undefined;
  let second = { at: 0, messages: 0 };
  let isDown = false;
  const graph: FakeGraph = {
    url: '',
    delivered: [],
    calls: [],
    actions: [],
    profile: {},
    subscribedFields: undefined,
    humanAgent: true,
    echoes: [],
    setClock: (given) => void (clock = given),
    heard: (items) => {
      for (const [psid, at] of items.flatMap(openingOf))
        openedAt.set(psid, Math.max(at, openedAt.get(psid) ?? 0));
    },
    giveThread: (psid, appId) => void owners.set(psid, appId),
    block: (psid) => void blocked.add(psid),
    limitTo: (messages) => void (limit = messages),
    fail: (...more) => void faults.push(...more),
    failAlways: (fault) => void (always = fault),
    echoTo: (webhook) => void (echoTarget = webhook),
    down() {
      isDown = true;
      server.closeAllConnections();
    },
    up: () => void (isDown = false),
    async close() {
      await Promise.allSettled(echoing);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '', 'http://graph');
      const call: GraphCall = {
        method: request.method ?? '',
        path: url.pathname.replace(/^\/v26\.0\//, ''),
        query: url.searchParams,
        headers: request.headers,
        body,
      };
      graph.calls.push(call);
      const answer = answerTo(call, url.pathname.startsWith('/v26.0/'));
      if (answer === 'cut') return request.socket.destroy();
      if (answer === 'hang') return undefined;
      if (answer === 'gateway') {
        response.writeHead(502, { 'content-type': 'text/html' });
        return response.end('<html>Bad gateway</html>');
      }
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      return response.end(JSON.stringify(answer.body));
    });
  });

  function answerTo(call: GraphCall, isKnownVersion: boolean): Answer {
    const { method, path, query, headers, body } = call;
    if (!isKnownVersion) return refuse({ status: 400, code: 2635, message: 'Unknown version' });
    if (headers.authorization !== `Bearer ${PAGE_TOKEN}`)
      return refuse({ status: 401, code: 190, subcode: 463, message: 'Error validating access token' });
    const proof = createHmac('sha256', APP_SECRET).update(PAGE_TOKEN).digest('hex');
    if (query.get('appsecret_proof') !== proof)
      return refuse(invalid('Invalid appsecret_proof provided in the API argument'));
    if (method === 'POST' && Object.keys(body).length > 0 && headers['content-type'] !== 'application/json')
      return refuse(invalid('The body is not JSON'));
    if (path === `${PAGE_ID}/messages`)
      return method === 'POST' ? send(body) : refuse(invalid('Unsupported'));
    if (path === `${PAGE_ID}/pass_thread_control`) return passThread(body);
    if (always && 'error' in always) return refuse(asTold(always));
    if (path === 'me/messenger_profile') return messengerProfile(call);
    if (path === `${PAGE_ID}/subscribed_apps`) return subscribedApps(call);
    if (path === 'me') return ok({ id: PAGE_ID, name: 'Scalp Allure' });
    return refuse(invalid('Unsupported request'));
  }

  function send(body: Record<string, unknown>): Answer {
    const psid = wordOf((body['recipient'] as { id?: unknown } | undefined)?.id ?? '');
    if (body['sender_action'] !== undefined) {
      if (Object.keys(body).length > 2)
        return refuse(invalid('Message cannot be sent along with a sender action', 2018014));
      graph.actions.push({ psid, action: wordOf(body['sender_action']) });
      return ok({ recipient_id: psid });
    }
    const fault = faults.shift() ?? always;
    const problem = problemWith(body);
    if (problem) return refuse(invalid(problem));
    const forbidden = fault ? undefined : whyNotTo(psid, body);
    if (forbidden) return refuse(forbidden);
    if (!fault || ('delivered' in fault && fault.delivered)) deliver(psid, body);
    if (!fault) return ok({ recipient_id: psid, message_id: graph.delivered.at(-1)?.mid });
    if ('cut' in fault) return 'cut';
    if ('hang' in fault) return 'hang';
    if ('gateway' in fault) return 'gateway';
    const { retryAfter } = fault;
    return refuse(
      asTold(fault),
      retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) },
    );
  }

  /** Who may be written to, when, by whom. */
  function whyNotTo(psid: string, body: Record<string, unknown>): Refusal | undefined {
    const at = openedAt.get(psid);
    if (at === undefined) return invalid('No matching user found', 2018001);
    if (blocked.has(psid))
      return { status: 400, code: 551, subcode: 1545041, message: 'This person isn’t available right now.' };
    if ((owners.get(psid) ?? APP_ID) !== APP_ID)
      return {
        status: 400,
        code: 10,
        subcode: 2018300,
        message: 'Message failed to send because another app is controlling this thread now.',
      };
    const isTagged = body['messaging_type'] === 'MESSAGE_TAG';
    if (isTagged && !graph.humanAgent)
      return { status: 400, code: 10, message: 'The tag needs the Human Agent permission' };
    if (clock() - at >= (isTagged ? 7 * 24 : 24) * HOUR_MS)
      return { status: 400, code: 10, subcode: 2018278, message: 'Sent outside of the allowed window.' };
    const now = Math.floor(clock() / 1000);
    second = second.at === now ? { at: now, messages: second.messages + 1 } : { at: now, messages: 1 };
    if (limit !== undefined && second.messages > limit)
      return {
        status: 400,
        code: 613,
        subcode: 2534040,
        message: 'Calls to this api exceed the rate limit.',
      };
    return undefined;
  }

  function deliver(psid: string, body: Record<string, unknown>): void {
    const message = body['message'] as SentMessage;
    const mid = `m_out-${graph.delivered.length}-${randomInt(1e9)}`;
    graph.delivered.push({
      psid,
      mid,
      messagingType: wordOf(body['messaging_type']),
      ...(body['tag'] !== undefined && { tag: wordOf(body['tag']) }),
      message,
    });
    const { metadata, text, attachment } = message;
    const echo = {
      sender: { id: PAGE_ID },
      recipient: { id: psid },
      timestamp: clock(),
      message: {
        mid,
        is_echo: true,
        app_id: Number(APP_ID),
        ...(metadata !== undefined && { metadata }),
        ...(text !== undefined && { text }),
        ...(attachment && { attachments: [{ type: 'template', payload: attachment.payload }] }),
      },
    };
    if (!echoTarget) return void graph.echoes.push(echo);
    const told = postEvents(echoTarget, [echo]).catch(() => undefined);
    echoing.add(told);
    void told.finally(() => echoing.delete(told));
  }

  function passThread(body: Record<string, unknown>): Answer {
    const psid = wordOf((body['recipient'] as { id?: unknown } | undefined)?.id ?? '');
    const target = wordOf(body['target_app_id']);
    if (psid === '' || target === '') return refuse(invalid('recipient and target_app_id are needed'));
    owners.set(psid, target);
    return ok({ success: true });
  }

  function messengerProfile({ method, query, body }: GraphCall): Answer {
    if (method === 'POST') {
      const problem = profileProblem({ ...graph.profile, ...body });
      if (problem) return refuse(invalid(problem));
      Object.assign(graph.profile, body);
      return ok({ result: 'success' });
    }
    const fields = (query.get('fields') ?? '').split(',');
    const shown = Object.entries(graph.profile).filter(([name]) => fields.includes(name));
    return ok({ data: shown.length > 0 ? [Object.fromEntries(shown)] : [] });
  }

  function subscribedApps({ method, query }: GraphCall): Answer {
    if (method !== 'POST') {
      const app = { id: APP_ID, name: 'Enquiries', subscribed_fields: graph.subscribedFields };
      return ok({ data: graph.subscribedFields ? [app] : [] });
    }
    const fields = (query.get('subscribed_fields') ?? '').split(',');
    const unknown = fields.find((field) => !PAGE_FIELDS.has(field));
    if (unknown !== undefined) return refuse(invalid(`Param subscribed_fields must not be "${unknown}"`));
    graph.subscribedFields = fields;
    return ok({ success: true });
  }

  server.on('connection', (socket) => {
    if (isDown) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  graph.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v26.0`;
  return graph;
}

function ok(body: object): Answer {
  return { status: 200, body };
}

/** Meta's shape of an error. */
function refuse({ status, code, subcode, message }: Refusal, headers: Record<string, string> = {}): Answer {
  const error = {
    message: `(#${code}) ${message}`,
    type: 'OAuthException',
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    fbtrace_id: 'AbCdEfGhIjK',
  };
  return { status, body: { error }, headers };
}

function invalid(message: string, subcode?: number): Refusal {
  return { status: 400, code: 100, message, ...(subcode !== undefined && { subcode }) };
}

function asTold({ error, status = 400 }: Extract<Fault, { error: unknown }>): Refusal {
  const { code, error_subcode, message = 'as told' } = error;
  return { status, code, message, ...(error_subcode !== undefined && { subcode: error_subcode }) };
}

/** Whose window an item of the webhook opens, and when; none for what does not. */
function openingOf(raw: unknown): [string, number][] {
  const each = raw as {
    sender?: { id?: string };
    timestamp?: number;
    message?: { is_echo?: boolean };
    postback?: object;
    referral?: object;
    optin?: object;
    reaction?: object;
  };
  const opens =
    (each.message && !each.message.is_echo) || each.postback || each.referral || each.optin || each.reaction;
  const psid = each.sender?.id;
  return opens && typeof psid === 'string' ? [[psid, Number(each.timestamp)]] : [];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Meta's limits of one message (messenger.md D.0, 3 and D.2): what is over them is refused, as there. */
export function problemWith(body: Record<string, unknown>): string | undefined {
  const message = body['message'] as SentMessage | undefined;
  const type = wordOf(body['messaging_type']);
  if (!['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY'].includes(type)) return 'messaging_type';
  if ((body['tag'] !== undefined) !== (type === 'MESSAGE_TAG'))
    return 'tag without MESSAGE_TAG, or without tag';
  if (body['tag'] !== undefined && body['tag'] !== 'HUMAN_AGENT')
    return 'This message tag is no longer available';
  if (!message || (!message.text && !message.attachment)) return 'empty message';
  if (message.text && message.attachment) return 'text and attachment';
  if ((message.text?.length ?? 0) >= 2000) return 'text too long';
  if ((message.metadata?.length ?? 0) >= 1000) return 'metadata too long';
  const replies = message.quick_replies ?? [];
  if (message.quick_replies && (replies.length === 0 || replies.length > 13)) return 'quick replies';
  for (const { content_type, title, payload } of replies) {
    if (content_type === 'text' && (!title || title.length > 20 || !payload || payload.length > 1000))
      return 'quick reply';
    if (content_type !== 'text' && !['user_phone_number', 'user_email'].includes(content_type))
      return 'content_type';
    if (content_type !== 'text' && (title !== undefined || payload !== undefined)) return 'chip with a title';
  }
  return message.attachment && templateProblem(message.attachment.payload);
}

function templateProblem(template: SentTemplate): string | undefined {
  const { text, buttons, elements = [] } = template;
  if (template.template_type === 'button') {
    if (!text || text.length > 640) return 'text of a button template';
    return buttonsProblem(buttons, 1);
  }
  if (template.template_type !== 'generic') return 'template_type';
  if (elements.length < 1 || elements.length > 10) return 'elements';
  for (const { title, subtitle, buttons: own } of elements) {
    if (!title || title.length > 80) return 'title of an element';
    if ((subtitle?.length ?? 0) > 80) return 'subtitle of an element';
    if (subtitle === undefined && own === undefined) return 'an element with nothing but a title';
    const problem = own && buttonsProblem(own, 1);
    if (problem) return problem;
  }
  return undefined;
}

function buttonsProblem(buttons: SentButton[] = [], fewest: number): string | undefined {
  if (buttons.length < fewest || buttons.length > 3) return 'buttons';
  const isOver = buttons.some(
    ({ title, payload }) => !title || title.length > 20 || !payload || payload.length > 1000,
  );
  return isOver ? 'button' : undefined;
}

/** Meta's limits of what a page shows before and beside the chat (messenger.md D.0, 7 and D.2). */
function profileProblem(profile: Record<string, unknown>): string | undefined {
  const { get_started, greeting, ice_breakers, persistent_menu } = profile as {
    get_started?: { payload?: string };
    greeting?: { locale: string; text: string }[];
    ice_breakers?: { locale: string; call_to_actions: { question: string; payload: string }[] }[];
    persistent_menu?: {
      locale: string;
      composer_input_disabled: boolean;
      call_to_actions: { type: string; title: string; payload: string }[];
    }[];
  };
  if (persistent_menu && !get_started?.payload) return 'You must set a Get Started button first';
  for (const each of [greeting, ice_breakers, persistent_menu]) {
    if (each && !(each as { locale: string }[]).some(({ locale }) => locale === 'default'))
      return 'No default locale';
  }
  if (greeting?.some(({ text }) => text === '' || text.length > 160)) return 'greeting';
  for (const { call_to_actions: breakers } of ice_breakers ?? []) {
    if (breakers.length < 1 || breakers.length > 4) return 'ice breakers';
    if (breakers.some(({ question, payload }) => question.length > 80 || payload.length > 1000))
      return 'ice breaker';
  }
  for (const { call_to_actions: items } of persistent_menu ?? []) {
    if (items.length < 1 || items.length > 20) return 'menu';
    if (items.some(({ title, payload }) => title.length > 30 || payload.length > 1000)) return 'menu item';
  }
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
  webhook.meta?.heard(items);
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
