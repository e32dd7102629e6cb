import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DeliveredMessage, type SentMessage, problemWith } from './fake-graph';

/** A stand-in for Azure's Bot Connector on loopback, with Facebook's channel behind it. */
export interface FakeConnector {
  url: string;
  /** What the bot posted, refused posts too. */
  calls: { path: string; authorization: string; activity: Record<string, unknown> }[];
  /** Messages that reached a person on Facebook, in order. */
  delivered: DeliveredMessage[];
  /** How the next posts are refused, by HTTP status; each is used once. */
  fail(...statuses: number[]): void;
  failAlways(status: number | undefined): void;
  /** The only token that is good from now on; undefined: every one. */
  accept(token: string | undefined): void;
  close(): Promise<void>;
}

export async function startFakeConnector(): Promise<FakeConnector> {
  const failures: number[] = [];
  let always: number | undefined;
  let goodToken: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const activity = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const authorization = request.headers.authorization ?? '';
      connector.calls.push({ path: request.url ?? '', authorization, activity });
      const [status, body] = answerTo(activity, authorization);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });

  function answerTo(activity: Record<string, unknown>, authorization: string): [number, object] {
    if (goodToken !== undefined && authorization !== `Bearer ${goodToken}`)
      return refusal(401, 'Unauthorized');
    const failure = failures.shift() ?? always;
    if (failure !== undefined) return refusal(failure, 'AsTold');
    const problem = activity['channelId'] === 'facebook' ? deliver(activity) : undefined;
    if (problem !== undefined) return refusal(400, problem);
    return [200, { id: `m_${connector.calls.length}` }];
  }

  /** As the Facebook channel does it: native payloads of `channelData` go to Meta as they are. */
  function deliver(activity: Record<string, unknown>): string | undefined {
    const {
      messaging_type = 'RESPONSE',
      tag,
      ...native
    } = (activity['channelData'] ?? {}) as object & {
      messaging_type?: string;
      tag?: string;
    };
    if (activity['attachments'] !== undefined) return 'A card of the Bot Framework’s own';
    const { text } = activity;
    const message: SentMessage = { ...(typeof text === 'string' && { text }), ...native };
    const told = { messaging_type, ...(tag !== undefined && { tag }), message };
    const problem = problemWith(told);
    if (problem !== undefined) return problem;
    const recipient = activity['recipient'] as { id: string };
    connector.delivered.push({
      psid: recipient.id,
      mid: `m_${connector.calls.length}`,
      messagingType: messaging_type,
      ...(tag !== undefined && { tag }),
      message,
    });
    return undefined;
  }

  const connector: FakeConnector = {
    url: '',
    calls: [],
    delivered: [],
    fail: (...statuses) => void failures.push(...statuses),
    failAlways: (status) => void (always = status),
    accept: (token) => void (goodToken = token),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  connector.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return connector;
}

function refusal(status: number, code: string): [number, object] {
  return [status, { error: { code, message: code } }];
}
