import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';

/** One request over kept-alive sockets. */
export interface Client {
  post(
    path: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: string }>;
  close(): void;
}

export function openClient(url: string, maxSockets = 900): Client {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const { hostname, port } = new URL(url);
  return {
    post: (path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const text = JSON.stringify(body);
        const outgoing = request(
          {
            agent,
            hostname,
            port,
            path,
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
              ...headers,
            },
          },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.on('end', () =>
              resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
            );
            incoming.on('error', reject);
          },
        );
        outgoing.on('error', reject);
        outgoing.end(text);
      }),
    close: () => agent.destroy(),
  };
}

/** A visitor of the load: sends one question after the other, each with an address of its own. */
export interface Visitor {
  conversationId: string;
  token: string;
  streamUrl: string;
  /** @throws where the service is gone */
  ask(client: Client): Promise<number>;
}

export const SECRET = 'the-secret-of-the-measurement';
/** What a service under load is started with: it believes the visitors' addresses that we make up. */
export const LOAD_SETTINGS = { TRUST_PROXY: '127.0.0.1', DIRECTLINE_SECRET: SECRET, LOG_LEVEL: 'error' };

/** What visitors type. */
const QUESTIONS = [
  'how long does one session take?',
  'does it hurt',
  'how long does it last',
  'can i swim afterwards',
  'is there parking',
  'what is smp',
  'hello',
  'how many sessions do i need',
];

/**
 * Opens conversations, a hundred at a time. Their visitors tap one of the questions that the greeting offers at every
 * second message, unless they only type.
 */
export async function openVisitors(client: Client, amount: number, taps = true): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  while (visitors.length < amount) {
    const many = Math.min(100, amount - visitors.length);
    const first = visitors.length;
    visitors.push(
      ...(await Promise.all(
        Array.from({ length: many }, (_, index) => openVisitor(client, first + index, taps)),
      )),
    );
  }
  return visitors;
}

async function openVisitor(client: Client, number: number, taps: boolean): Promise<Visitor> {
  const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  const begin = () =>
    client.post(
      '/v3/directline/conversations',
      {},
      { authorization: `Bearer ${SECRET}`, 'x-forwarded-for': address },
    );
  let opened = await begin();
  // As clients do that are told to come back in a second.
  while (opened.status === 503) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    opened = await begin();
  }
  if (opened.status !== 201) throw new Error(`No conversation: ${opened.status} ${opened.body}`);
  const { conversationId, token, streamUrl, greeting } = JSON.parse(opened.body) as Omit<Visitor, 'ask'> & {
    greeting: { suggestedActions?: { actions: { value: string }[] } }[];
  };
  const buttons = greeting
    .flatMap(({ suggestedActions }) => suggestedActions?.actions ?? [])
    .map(({ value }) => value)
    .filter((value) => value.endsWith('?'));
  let asked = 0;
  return {
    conversationId,
    token,
    streamUrl,
    async ask(through) {
      const texts = taps && asked % 2 === 0 ? buttons : QUESTIONS;
      const text = texts[(number + (asked >> 1)) % texts.length];
      const { status } = await through.post(
        `/v3/directline/conversations/${conversationId}/activities`,
        { type: 'message', text, channelData: { clientActivityID: `${number}-${asked++}` } },
        { authorization: `Bearer ${token}`, 'x-forwarded-for': address },
      );
      return status;
    },
  };
}

/** Milliseconds, and how often each status came. */
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  statuses: Map<number, number>;
  /** Of those refused with 503; NaN where none was. */
  refusedP99: number;
  /** How much later than due 99 of 100 were sent: what of the times is the client's own. */
  lateP99: number;
}

/** Closed loop: `atOnce` are under way at any moment. */
export async function closedLoop(
  ask: (() => Promise<number>)[],
  atOnce: number,
  seconds: number,
): Promise<Measured> {
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const idle = [...ask];
  const started = performance.now();
  const work = async () => {
    while (performance.now() - started < seconds * 1_000) {
      const next = idle.shift();
      if (!next) return;
      const since = performance.now();
      const status = await next();
      idle.push(next);
      if (status === 200) times.push(performance.now() - since);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return measuredOf(times, statuses, (performance.now() - started) / 1_000);
}

/**
 * Open loop: one every 1/`rate` seconds whether the earlier ones are answered or not, and each is timed from when it was
 * due, so that a stall counts for all who wait. A connection that breaks counts as status 0.
 */
export async function openLoop(
  ask: (() => Promise<number>)[],
  rate: number,
  seconds: number,
): Promise<Measured> {
  const times: number[] = [];
  const refused: number[] = [];
  const late: number[] = [];
  const statuses = new Map<number, number>();
  const underWay: Promise<void>[] = [];
  const started = performance.now();
  for (let n = 0; n < rate * seconds; n++) {
    const due = started + (n * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const next = ask[n % ask.length];
    if (!next) break;
    late.push(performance.now() - due);
    underWay.push(
      next()
        .catch(() => 0)
        .then((status) => {
          if (status === 200) times.push(performance.now() - due);
          if (status === 503) refused.push(performance.now() - due);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }),
    );
  }
  await Promise.all(underWay);
  return measuredOf(times, statuses, (performance.now() - started) / 1_000, refused, late);
}

function measuredOf(
  times: number[],
  statuses: Map<number, number>,
  seconds: number,
  refused: number[] = [],
  late: number[] = [],
): Measured {
  return {
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    statuses,
    refusedP99: quantile(refused, 0.99),
    lateP99: quantile(late, 0.99),
  };
}

function quantile(times: number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** An open socket of each visitor; returns how many messages they have heard, and the way to close them. */
export async function openSockets(
  visitors: Visitor[],
  origin: string,
): Promise<{ heard: () => number; close: () => void }> {
  let heard = 0;
  const sockets: WebSocket[] = [];
  for (let first = 0; first < visitors.length; first += 100) {
    const some = visitors.slice(first, first + 100);
    sockets.push(...(await Promise.all(some.map((visitor) => openSocket(visitor, origin, () => heard++)))));
  }
  return { heard: () => heard, close: () => sockets.forEach((socket) => socket.terminate()) };
}

async function openSocket(visitor: Visitor, origin: string, onHeard: () => void): Promise<WebSocket> {
  const socket = new WebSocket(visitor.streamUrl, { origin });
  socket.on('message', onHeard);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('close', () => reject(new Error('a stream was refused')));
  });
  return socket;
}
