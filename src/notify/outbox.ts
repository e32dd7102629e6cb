import type { Log } from '../http/logger';
import type { OutboxFigures, OutboxStore, SendOutcome, Sender, TakenMessage } from './ports';

export interface OutboxParts {
  store: OutboxStore;
  /** By the kind of message each delivers; messages of other kinds are left alone. */
  senders: Readonly<Record<string, Sender>>;
  clock: () => Date;
  /** 0 up to 1, as Math.random: spreads the attempts of many. */
  random: () => number;
  log: Log;
  /** For the figures: what became of one attempt. */
  onAttempt?: (kind: string, outcome: SendOutcome['outcome']) => void;
}

/** Delivers what turns leave for the outside: each message at least once, whatever is down or restarted meanwhile. */
export interface Outbox {
  /** Begins to look for messages by itself, first for those that an earlier process has left. */
  start(): Promise<void>;
  /** Something of these kinds was kept (of any, where none is named): look now rather than at the next poll. */
  wake(kinds?: Iterable<string>): void;
  /** Resolves once no delivery is under way. */
  idle(): Promise<void>;
  /** As of the last look, at most 10 s old. */
  figures(): OutboxFigures;
  /** @throws where the outbox no longer looks for messages. That a receiver is down does not count. */
  check(): Promise<void>;
  /** Ends the deliveries under way: 5 s for those that can finish, the others are due again at once. */
  close(): Promise<void>;
}

/** Messages kept by other instances, and second attempts, wait no longer than this for being seen. */
const POLL_MS = 1_000;
const FIGURES_MS = 10_000;
/** Of one kind at a time: enough that one slow receiver does not hold up the others of its kind. */
const DELIVERIES_AT_ONCE = 4;
/** One attempt; longer than any sender's own limit. */
const ATTEMPT_MS = 30_000;
/** Another instance takes over so long after a crash (Postgres); who is alive renews it. */
const TAKEN_MS = 15_000;
const RENEW_MS = 5_000;
const SHORTEST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 15 * 60_000;
/** A long weekend without mail loses nothing (reliability-security rule 4). */
const GIVE_UP_MS = 72 * 3_600_000;
/**
 * Nor is anything given up after fewer attempts, one for each of these hours (no wait is longer than one): by a clock
 * that leaps ahead, and after days of the service itself being down, a message is old before it has been tried.
 */
const FEWEST_ATTEMPTS = 72;
/** The poll has not come through for so long that it will not by itself. */
const STUCK_MS = 60_000;
const CLOSE_MS = 5_000;

export function createOutbox(parts: OutboxParts): Outbox {
  const { store, clock, log } = parts;
  const kinds = Object.keys(parts.senders);
  const underWay = new Map<string, Set<Promise<void>>>(kinds.map((kind) => [kind, new Set()]));
  const restingUntil = new Map<string, number>();
  const closing = new AbortController();
  let figures: OutboxFigures = { waiting: 0, dead: 0, oldestWaiting: undefined };
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let lastLook = clock().getTime();
  let lastFigures = Number.NEGATIVE_INFINITY;

  function wake(kept: Iterable<string> = kinds): void {
    for (const kind of new Set(kept)) deliverMore(kind);
  }

  /** Starts one delivery, which starts the next as soon as it has found something to do. */
  function deliverMore(kind: string): void {
    const running = underWay.get(kind);
    const now = clock().getTime();
    if (closed || !running || running.size >= DELIVERIES_AT_ONCE || isResting(kind, now)) return;
    const delivery: Promise<void> = deliverNext(kind)
      .catch((error: unknown) => {
        log.error({ err: error, kind }, 'the outbox cannot read or write its messages');
        return false;
      })
      .then((found) => {
        running.delete(delivery);
        if (found) deliverMore(kind);
      });
    running.add(delivery);
  }

  /** A clock that was set back does not make the rest longer. */
  function isResting(kind: string, now: number): boolean {
    const left = (restingUntil.get(kind) ?? 0) - now;
    return left > 0 && left <= LONGEST_BACKOFF_MS;
  }

  async function deliverNext(kind: string): Promise<boolean> {
    const now = clock();
    const message = await store.take(kind, now, TAKEN_MS);
    lastLook = now.getTime();
    if (!message) return false;
    deliverMore(kind);
    const lease = hold(message);
    const outcome = await attempt(message);
    parts.onAttempt?.(kind, outcome.outcome);
    await settle(await lease.end(), outcome);
    return true;
  }

  /** Renews the lease for as long as the attempt takes. */
  function hold(message: TakenMessage): { end: () => Promise<TakenMessage> } {
    let held: Promise<TakenMessage> = Promise.resolve(message);
    const renew = async (before: TakenMessage) => {
      try {
        return (await store.renew(before, clock(), TAKEN_MS)) ?? before;
      } catch (error) {
        log.warn({ err: error, outbox: message.id }, 'a lease of the outbox could not be renewed');
        return before;
      }
    };
    const timer = setInterval(() => void (held = held.then(renew)), RENEW_MS);
    return {
      end: () => {
        clearInterval(timer);
        return held;
      },
    };
  }

  async function attempt(message: TakenMessage): Promise<SendOutcome> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(ATTEMPT_MS)]);
    try {
      const sending = parts.senders[message.kind]?.send(message, signal);
      return (await Promise.race([sending, aborted(signal)])) ?? { outcome: 'retry', reason: 'no sender' };
    } catch (error) {
      return { outcome: 'retry', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async function settle(message: TakenMessage, outcome: SendOutcome): Promise<void> {
    const now = clock();
    const about = { kind: message.kind, outbox: message.id, attempts: message.attempts + 1 };
    if (outcome.outcome === 'sent') return store.settle(message, { state: 'sent' }, now);
    const reason = outcome.reason.slice(0, LONGEST_REASON);
    if (outcome.outcome === 'stop-all') {
      restingUntil.set(message.kind, now.getTime() + LONGEST_BACKOFF_MS);
      log.error({ ...about, reason }, 'nothing of this kind can be delivered until somebody mends this');
    }
    const mayTryAgain = outcome.outcome === 'retry' || outcome.outcome === 'stop-all';
    const isYoung = now.getTime() < message.createdAt.getTime() + GIVE_UP_MS;
    if (mayTryAgain && (isYoung || about.attempts < FEWEST_ATTEMPTS)) {
      const at = nextAttempt(message, outcome, now, parts.random());
      return store.settle(message, { state: 'waiting', at, reason }, now);
    }
    log.error({ ...about, reason }, 'a message could not be delivered and was given up');
    if (outcome.outcome === 'stop-key' && message.orderKey !== undefined)
      return store.giveUpKey(message.kind, message.orderKey, reason, now);
    await store.settle(message, { state: 'dead', reason }, now);
  }

  async function poll(): Promise<void> {
    wake();
    const now = clock().getTime();
    if (Math.abs(now - lastFigures) < FIGURES_MS) return;
    lastFigures = now;
    figures = await store.figures();
    lastLook = now;
  }

  function pollSafely(): void {
    poll().catch((error: unknown) => log.error({ err: error }, 'the outbox cannot read its figures'));
  }

  async function idle(): Promise<void> {
    for (let all = allUnderWay(); all.length > 0; all = allUnderWay()) await Promise.all(all);
  }

  function allUnderWay(): Promise<void>[] {
    return [...underWay.values()].flatMap((running) => [...running]);
  }

  return {
    async start() {
      await store.releaseLost();
      timer = setInterval(pollSafely, POLL_MS);
      timer.unref();
      pollSafely();
    },
    wake,
    idle,
    figures: () => figures,
    async check() {
      const silent = clock().getTime() - lastLook;
      if (timer && silent > STUCK_MS)
        throw new Error(`The outbox has not looked for messages for ${Math.round(silent / 1000)} s.`);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      const patience = setTimeout(() => closing.abort(new Error('The service was stopped.')), CLOSE_MS);
      await idle();
      clearTimeout(patience);
    },
  };
}

/** Reasons come from other people's servers. */
const LONGEST_REASON = 500;

/**
 * Exponential back-off with jitter, 1 s at first and never more than 15 min; what the receiver asked for goes
 * first. An attempt is made when the 72 hours are over.
 */
function nextAttempt(
  message: TakenMessage,
  outcome: Extract<SendOutcome, { outcome: 'retry' | 'stop-all' }>,
  now: Date,
  random: number,
): Date {
  const step = Math.min(SHORTEST_BACKOFF_MS * 2 ** Math.min(message.attempts, 20), LONGEST_BACKOFF_MS);
  const own = SHORTEST_BACKOFF_MS + random * (step - SHORTEST_BACKOFF_MS);
  const asked = outcome.outcome === 'stop-all' ? LONGEST_BACKOFF_MS : (outcome.afterMs ?? own);
  const at = now.getTime() + Math.max(asked, SHORTEST_BACKOFF_MS);
  const over = message.createdAt.getTime() + GIVE_UP_MS;
  return new Date(now.getTime() < over ? Math.min(at, over) : at);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
