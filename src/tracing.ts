import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Turns } from './bot/ports';
import type { Log } from './http/logger';
import type { Sender } from './notify/ports';

/** Spans as OpenTelemetry has them, sent to a collector as OTLP/HTTP in JSON; loaded only where one is configured. */
export interface Tracing {
  /** Around the answer to one request; goes on with the caller's trace where it names one (`traceparent`). */
  request: (about: TracedRequest, answer: () => Promise<number>) => Promise<number>;
  turns: (turns: Turns) => Turns;
  senders: (senders: Record<string, Sender>) => Record<string, Sender>;
  /** Sends what is left; waits 3 s for the collector at most. */
  close: () => Promise<void>;
}

export interface TracedRequest {
  method: string;
  /** As it is mounted, `/staff/requests/:reference`: never what a stranger typed. */
  route: string;
  traceparent: string | undefined;
}

export interface TracingParts {
  /** OTEL_EXPORTER_OTLP_ENDPOINT, without `/v1/traces`. */
  endpoint: string;
  /** OTEL_EXPORTER_OTLP_HEADERS, such as an API key. */
  headers: Record<string, string>;
  log: Log;
}

const SEND_EVERY_MS = 5_000;
/** What a collector that is down may cost: some 500 bytes each. The oldest are let go. */
const MOST_WAITING = 2_000;
const PATIENCE_MS = 3_000;
/** In OTLP's numbers. */
const KIND = { internal: 1, server: 2, client: 3 } as const;
const FAILED = 2;

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue: string } | { intValue: string } }[];
  status: { code?: number };
}

type Attributes = Record<string, string | number>;

export function startTracing({ endpoint, headers, log }: TracingParts): Tracing {
  const current = new AsyncLocalStorage<{ traceId: string; spanId: string }>();
  let waiting: Span[] = [];
  let failing = false;

  /** Runs `work` in a span of its own; `describe` tells of its outcome. */
  async function inSpan<T>(
    span: {
      name: string;
      kind: number;
      attributes: Attributes;
      parent?: { traceId: string; spanId: string };
    },
    work: () => Promise<T>,
    describe: (outcome: T) => { attributes?: Attributes; failed?: boolean } = () => ({}),
  ): Promise<T> {
    const parent = span.parent ?? current.getStore();
    const own = {
      traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
    };
    const started = nanoseconds();
    const end = ({ attributes = {}, failed = false }: { attributes?: Attributes; failed?: boolean }) => {
      waiting.push({
        ...own,
        ...(parent && { parentSpanId: parent.spanId }),
        name: span.name,
        kind: span.kind,
        startTimeUnixNano: started,
        endTimeUnixNano: nanoseconds(),
        attributes: attributesOf({ ...span.attributes, ...attributes }),
        status: failed ? { code: FAILED } : {},
      });
      if (waiting.length > MOST_WAITING) waiting.shift();
    };
    try {
      const outcome = await current.run(own, work);
      end(describe(outcome));
      return outcome;
    } catch (error) {
      end({ attributes: { 'error.type': error instanceof Error ? error.name : 'unknown' }, failed: true });
      throw error;
    }
  }

  async function send(): Promise<void> {
    if (waiting.length === 0) return;
    const spans = waiting;
    waiting = [];
    const body = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: attributesOf({ 'service.name': 'enquiry-bot' }) },
          scopeSpans: [{ scope: { name: 'enquiry-bot' }, spans }],
        },
      ],
    });
    try {
      const answer = await fetch(`${endpoint}/v1/traces`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`The collector answered ${answer.status}.`);
      failing = false;
    } catch (error) {
      // Traces are for looking, not for keeping: these are gone. Told once an outage.
      if (!failing) log.warn({ err: error }, 'traces cannot be sent');
      failing = true;
    }
  }

  let sending = Promise.resolve();
  const timer = setInterval(() => void (sending = sending.then(send)), SEND_EVERY_MS).unref();
  return {
    request: ({ method, route, traceparent }, answer) =>
      inSpan(
        {
          name: `${method} ${route}`,
          kind: KIND.server,
          attributes: { 'http.request.method': method, 'http.route': route },
          ...parentIn(traceparent),
        },
        answer,
        (status) => ({ attributes: { 'http.response.status_code': status }, failed: status >= 500 }),
      ),
    turns: (turns) => ({
      ...turns,
      handle: (incoming) =>
        inSpan(
          { name: 'turn', kind: KIND.internal, attributes: { channel: incoming.channel } },
          () => turns.handle(incoming),
          ({ replies, repeated }) => ({
            attributes: { replies: replies.length, repeated: String(repeated) },
          }),
        ),
    }),
    senders: (senders) =>
      Object.fromEntries(
        Object.entries(senders).map(([kind, sender]) => [
          kind,
          {
            send: (message, signal) =>
              inSpan(
                {
                  name: `deliver ${kind}`,
                  kind: KIND.client,
                  attributes: { attempts: message.attempts + 1 },
                },
                () => sender.send(message, signal),
                ({ outcome }) => ({ attributes: { outcome }, failed: outcome !== 'sent' }),
              ),
          } satisfies Sender,
        ]),
      ),
    close: async () => {
      clearInterval(timer);
      await sending;
      await send();
    },
  };
}

function nanoseconds(): string {
  return String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n);
}

function attributesOf(attributes: Attributes): Span['attributes'] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

/** W3C Trace Context, version 00. */
function parentIn(traceparent: string | undefined): { parent?: { traceId: string; spanId: string } } {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? '') ?? [];
  return traceId !== undefined && spanId !== undefined ? { parent: { traceId, spanId } } : {};
}
