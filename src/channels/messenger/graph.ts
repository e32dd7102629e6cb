import { appSecretProof } from './signature';

export interface GraphOptions {
  /** `https://graph.facebook.com/v26.0`; no slash at its end. */
  graphUrl: string;
  pageToken: string;
  appSecret: string;
}

/** What became of one call to Meta. */
export type GraphResult =
  | { kind: 'answered'; body: Record<string, unknown> }
  | ({ kind: 'refused' } & GraphRefusal)
  /** The call never left: nothing can have been done. */
  | { kind: 'unreachable'; reason: string }
  /** It left and no answer came: it may have been done, there is no idempotency key (messenger.md D.2). */
  | { kind: 'unclear'; reason: string };

export interface GraphRefusal {
  /** HTTP */
  status: number;
  /** Meta's code and subcode; 0 where there is none. */
  code: number;
  subcode: number;
  /** Meta's own sentence, cut; it never holds what a visitor wrote. */
  text: string;
  retryAfterMs?: number;
}

export interface Graph {
  call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    content: { query?: Record<string, string>; body?: object },
    signal?: AbortSignal,
  ): Promise<GraphResult>;
}

/** Longer than Meta takes when it works at all (reliability-security row 52). */
const CALL_MS = 10_000;
const MOST_ANSWER_BYTES = 256 * 1024;

/** Meta's Graph API with this page's token: in a header, where no log and no proxy writes it down. */
export function createGraph({ graphUrl, pageToken, appSecret }: GraphOptions): Graph {
  const proof = appSecretProof(pageToken, appSecret);
  return {
    async call(method, path, { query = {}, body }, signal) {
      const url = `${graphUrl}/${path}?${new URLSearchParams({ ...query, appsecret_proof: proof }).toString()}`;
      const limit = AbortSignal.timeout(CALL_MS);
      try {
        const answer = await fetch(url, {
          method,
          redirect: 'error',
          headers: {
            authorization: `Bearer ${pageToken}`,
            ...(body && { 'content-type': 'application/json' }),
          },
          ...(body && { body: JSON.stringify(body) }),
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
        });
        return read(answer, (await answer.text()).slice(0, MOST_ANSWER_BYTES));
      } catch (error) {
        const code = networkCode(error);
        return NEVER_LEFT.has(code)
          ? { kind: 'unreachable', reason: code }
          : { kind: 'unclear', reason: code || nameOf(error) };
      }
    },
  };
}

const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Node's fetch hides the socket's own code in the cause. */
function networkCode(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}

/** `TimeoutError`, `TypeError` */
function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : 'unknown';
}

function read(answer: Response, text: string): GraphResult {
  const body = parse(text);
  if (answer.ok && body) return { kind: 'answered', body };
  const error = body?.['error'];
  if (typeof error !== 'object' || error === null) {
    // A gateway answered in Meta's stead: what lies behind it may have done the work.
    if (answer.ok || answer.status >= 500) return { kind: 'unclear', reason: `HTTP ${answer.status}` };
    return { kind: 'refused', ...refusal(answer, {}) };
  }
  return { kind: 'refused', ...refusal(answer, error as Record<string, unknown>) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(answer: Response, error: Record<string, unknown>): GraphRefusal {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return {
    status: answer.status,
    code: Number(error['code'] ?? 0) || 0,
    subcode: Number(error['error_subcode'] ?? 0) || 0,
    text: typeof error['message'] === 'string' ? error['message'].slice(0, 200) : `HTTP ${answer.status}`,
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
  };
}
