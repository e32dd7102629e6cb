import type { Log } from '../http/logger';
import type { InboxStore, TakenEntry } from './ports';

export interface InboxParts {
  store: InboxStore;
  /** By the kind of entry each runs. What it throws is tried again. */
  handlers: Readonly<Record<string, (entry: TakenEntry) => Promise<void>>>;
  /** What channels keep against repetitions beside the inbox goes with it. */
  alsoForget?: (before: Date) => Promise<void>;
  clock: () => Date;
  log: Log;
}

/** Runs what channels have acknowledged: in the order it happened, one at a time per conversation, over crashes. */
export interface Inbox {
  /** Begins with what an earlier process has left. */
  start(): Promise<void>;
  /** Something was kept: look now rather than at the next poll. */
  wake(): void;
  /** Resolves once nothing is under way that was due when it was asked. */
  idle(): Promise<void>;
  /** @throws where the inbox no longer looks for entries, or the oldest waits too long. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Entries that another instance kept, and second attempts, wait no longer than this for being seen. */
const POLL_MS = 1_000;
/** Different people at a time. */
const AT_ONCE = 8;
/**
 * A process that is killed in a turn holds up that conversation for so long (Postgres only). One that is only slow, or
 * whose clock is off, loses nothing: a turn run twice at once is kept once, by its incoming id.
 */
const TAKEN_MS = 15_000;
const SHORTEST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
/** With the back-off above about a day and a half: a database that is down for a night loses nothing. */
const MOST_ATTEMPTS = 2_000;
/** Meta repeats a message for an hour (messenger.md D.0, 6); a week is kept for whatever else comes twice. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;
const TOO_LONG_MS = 5 * 60_000;

export function createInbox({ store, handlers, alsoForget, clock, log }: InboxParts): Inbox {
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let again = false;
  let nextForget = 0;

  function runMore(): void {
    if (closed || underWay.size >= AT_ONCE) return;
    const work: Promise<void> = runNext()
      .catch((error: unknown) => {
        log.error({ err: error }, 'the inbox cannot read or write its entries');
        return false;
      })
      .then((found) => {
        underWay.delete(work);
        if (!found && !again) return;
        again = false;
        runMore();
      });
    underWay.add(work);
  }

  async function runNext(): Promise<boolean> {
    const now = clock();
    const entry = await store.take(now, new Date(now.getTime() + TAKEN_MS));
    if (!entry) return false;
    runMore();
    try {
      const handler = handlers[entry.kind];
      if (!handler) throw new Error(`nothing handles entries of kind ${entry.kind}`);
      await handler(entry);
    } catch (error) {
      await tryLater(entry, error);
      return true;
    }
    await store.done(entry.id);
    return true;
  }

  async function tryLater(entry: TakenEntry, error: unknown): Promise<void> {
    const about = { err: error, inbox: entry.id, kind: entry.kind, attempts: entry.attempts + 1 };
    const reason = error instanceof Error ? error.name : 'unknown';
    if (entry.attempts + 1 >= MOST_ATTEMPTS) {
      log.error(about, 'an acknowledged message could not be handled and was given up');
      return store.fail(entry.id, reason);
    }
    log.warn(about, 'an acknowledged message could not be handled yet');
    const wait = Math.min(SHORTEST_BACKOFF_MS * 2 ** Math.min(entry.attempts, 10), LONGEST_BACKOFF_MS);
    return store.retry(entry.id, new Date(clock().getTime() + wait), reason);
  }

  function wake(): void {
    // Whoever looks at this moment may have looked past the new entry already.
    again = underWay.size > 0;
    runMore();
  }

  async function poll(): Promise<void> {
    wake();
    const now = clock().getTime();
    if (now < nextForget) return;
    nextForget = now + FORGET_EVERY_MS;
    const before = new Date(now - KEPT_MS);
    await store.forget(before);
    await alsoForget?.(before);
  }

  function pollSafely(): void {
    poll().catch((error: unknown) => log.error({ err: error }, 'the inbox cannot be tidied'));
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
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
    async check() {
      const { count, oldest } = await store.waiting();
      const since = oldest ? clock().getTime() - oldest.getTime() : 0;
      if (since > TOO_LONG_MS)
        throw new Error(`${count} acknowledged messages wait, the oldest for ${Math.round(since / 1000)} s.`);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await idle();
    },
  };
}
