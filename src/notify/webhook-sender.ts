import { createHmac } from 'node:crypto';
import type { SendOutcome, Sender, TakenMessage } from './ports';

export interface WebhookParts {
  /** https, or http on this machine. */
  url: string;
  /** Signs each call; without one they are not signed. */
  secret: string | undefined;
  clock: () => Date;
}

/** The receiver's time for one call. */
const PATIENCE_MS = 5_000;
/** A receiver may ask for up to this much patience with Retry-After. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Posts what `write` makes of a message as JSON, with the headers of standardwebhooks.com: `webhook-id` (the same at
 * every attempt), `webhook-timestamp` (seconds) and `webhook-signature`, `v1,` and the Base64 HMAC-SHA256 of
 * `ID.TIMESTAMP.BODY`. Follows no redirect and reads nothing of the answer but its status.
 * @throws Error when made with an address that is neither https nor on this machine.
 */
export function createWebhookSender(parts: WebhookParts, write: (message: TakenMessage) => object): Sender {
  refuseUnsafe(parts.url);
  return {
    async send(message, signal) {
      const body = JSON.stringify(write(message));
      let response: Response;
      try {
        response = await fetch(parts.url, {
          method: 'POST',
          redirect: 'manual',
          headers: headersOf(parts, message, body),
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        });
      } catch (error) {
        return { outcome: 'retry', reason: `webhook: ${causeOf(error)}` };
      }
      // Unread, so that no answer is too long.
      await response.body?.cancel();
      return outcomeOf(response, parts.clock());
    },
  };
}

/** The value of `webhook-signature`; `timestamp` in seconds since 1970. */
export function webhookSignature(
  secret: string | Buffer,
  id: string,
  timestamp: string,
  body: string,
): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

function headersOf({ secret, clock }: WebhookParts, message: TakenMessage, body: string): HeadersInit {
  const timestamp = String(Math.floor(clock().getTime() / 1000));
  return {
    'content-type': 'application/json',
    'user-agent': 'scalp-enquiry-bot',
    'webhook-id': message.idempotencyKey,
    'webhook-timestamp': timestamp,
    ...(secret !== undefined && {
      'webhook-signature': webhookSignature(secret, message.idempotencyKey, timestamp, body),
    }),
  };
}

function outcomeOf({ status, headers }: Response, now: Date): SendOutcome {
  const reason = `webhook: answered ${status}`;
  if (status >= 200 && status < 300) return { outcome: 'sent' };
  // The address or the secret is wrong: no message gets through before somebody has corrected it.
  if ((status >= 300 && status < 400) || MISCONFIGURED.has(status)) return { outcome: 'stop-all', reason };
  if (status < 500 && !PASSING.has(status)) return { outcome: 'dead', reason };
  const afterMs = retryAfter(headers.get('retry-after'), now);
  return { outcome: 'retry', reason, ...(afterMs !== undefined && { afterMs }) };
}

const MISCONFIGURED = new Set([401, 403, 404, 405]);
/** Timeout, conflict, too early, too many. */
const PASSING = new Set([408, 409, 425, 429]);

/** Seconds or a date (RFC 9110 10.2.3), as milliseconds from now; undefined where it is neither. */
function retryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}

function refuseUnsafe(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) return;
  throw new Error('The webhook address must start with https:// (http:// only on this machine).');
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** ECONNREFUSED and the like; never the address, which may hold a secret. */
function causeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? name ?? 'failed';
}
