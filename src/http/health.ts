import type { Log } from './logger';
import type { Metrics } from './metrics';
import type { HttpResponse, Route } from './route';

/**
 * Resolves where all is well; throws or rejects where it is not. Its error goes to the log, only its name out.
 * A word that it resolves to (`stale`) is shown in place of `ok`: worth a look, and no reason to take no visitors.
 */
export type ReadinessCheck = () => Promise<string | void>;

export interface HealthParts {
  /** Named for the public: `database`, `knowledge`, `outbox`. */
  checks: Record<string, ReadinessCheck>;
  metrics: Metrics;
  log: Log;
}

/** Longer than any check takes that is worth waiting for. */
const CHECK_MS = 3_000;

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: figures. */
export function healthRoutes(parts: HealthParts): Route[] {
  return [
    { method: 'GET', path: '/healthz', handle: async () => ({ status: 200, body: { status: 'ok' } }) },
    { method: 'GET', path: '/readyz', handle: () => readiness(parts) },
    {
      method: 'GET',
      path: '/metrics',
      handle: async () => ({
        status: 200,
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: parts.metrics.render(),
      }),
    },
  ];
}

async function readiness({ checks, log }: HealthParts): Promise<HttpResponse> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcome(name, check, log)] as const),
  );
  const ok = results.every(([, result]) => result !== 'failing');
  const body = { status: ok ? 'ok' : 'failing', checks: Object.fromEntries(results) };
  return { status: ok ? 200 : 503, body };
}

async function outcome(name: string, check: ReadinessCheck, log: Log): Promise<string> {
  const tooLong = timeout();
  try {
    return (await Promise.race([check(), tooLong.promise])) ?? 'ok';
  } catch (error) {
    log.warn({ check: name, err: error }, 'a readiness check failed');
    return 'failing';
  } finally {
    tooLong.clear();
  }
}

function timeout(): { promise: Promise<never>; clear: () => void } {
  let clear = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
    clear = () => clearTimeout(timer);
  });
  return { promise, clear };
}
