import { PassThrough } from 'node:stream';
import { HttpError, type HttpResponse } from '../http/route';
import type { Log } from '../http/logger';
import type { StaffMember } from './sessions';

/** One page of the console that shows what happens while it is open. */
export interface Watcher {
  /** Whose it is; the session is looked at again before anything goes out. */
  email: string;
  stillAllowed: () => Promise<StaffMember | undefined>;
  /** The conversation that it shows; undefined where it only counts. */
  conversationId: string | undefined;
  /** What is new since the last time; what this member may see at this moment and nothing else. */
  news: (member: StaffMember, about: About) => Promise<LiveEvent[]>;
}

/** `counts`: what waits; `all`: also what the page shows. */
export type About = 'counts' | 'all';

export interface LiveEvent {
  name: 'counts' | 'news' | 'parts' | 'over';
  data: object;
  /** Where a browser goes on after its connection was cut. */
  id?: number;
}

export interface LivePages {
  /** @throws HttpError 429 when this member, or everybody together, has too many open. */
  open(watcher: Watcher): HttpResponse;
  /** Turns were kept of these conversations, here or on another instance. */
  moved(conversationIds: string[]): void;
  /** Staff have changed something: counts, and perhaps who may still look. */
  changed(): void;
  /** The same without being told of anything: for what no wake-up has told. */
  poll(): void;
  count(): number;
  /** Ends every stream; browsers come back on their own. */
  close(): void;
}

export interface LiveLimits {
  /** Streams of one account: a window or two on each of a few screens. */
  account: number;
  all: number;
  /** Milliseconds between two updates of the counts, however much happens. */
  countsMs: number;
  /** Milliseconds between signs of life; each looks whether the session is still good. */
  beatMs: number;
}

export const LIVE_LIMITS: LiveLimits = { account: 12, all: 200, countsMs: 3_000, beatMs: 15_000 };

/** Bytes waiting for a browser that does not read; it is cut and comes back. */
const MOST_WAITING = 256 * 1024;

/** Server-sent events for open pages of the console: bounded, and ended with the session that opened them. */
export function createLivePages(log: Log, limits: LiveLimits = LIVE_LIMITS): LivePages {
  const open = new Set<LivePage>();
  const beat = setInterval(() => open.forEach((page) => page.beat()), limits.beatMs);
  beat.unref();
  const countsSoon = atMostEvery(limits.countsMs, () => open.forEach((page) => page.update('counts')));

  return {
    open(watcher) {
      const own = [...open].filter((page) => page.email === watcher.email).length;
      if (open.size >= limits.all || own >= limits.account)
        throw new HttpError(429, 'TooManyRequests', 'Too many open pages.', { 'retry-after': '30' });
      const page = new LivePage(watcher, log);
      open.add(page);
      page.stream.once('close', () => open.delete(page));
      page.update('all');
      return {
        status: 200,
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
        body: page.stream,
      };
    },
    moved(conversationIds) {
      for (const page of open)
        if (page.conversationId !== undefined && conversationIds.includes(page.conversationId))
          page.update('all');
      countsSoon.run();
    },
    changed() {
      // At once: a session that has just been ended must not see anything more.
      for (const page of open) page.update('all');
    },
    poll() {
      for (const page of open) page.update('all');
    },
    count: () => open.size,
    close() {
      clearInterval(beat);
      countsSoon.stop();
      for (const page of open) page.end();
    },
  };
}

class LivePage {
  readonly stream = new PassThrough();
  private isRunning = false;
  private due: About | undefined;

  constructor(
    private readonly watcher: Watcher,
    private readonly log: Log,
  ) {
    this.stream.on('error', () => this.stream.destroy());
  }

  get email(): string {
    return this.watcher.email;
  }

  get conversationId(): string | undefined {
    return this.watcher.conversationId;
  }

  /** Looks what is new and sends it; asked for again meanwhile, it looks once more. */
  update(about: About): void {
    if (this.due !== 'all') this.due = about;
    void this.run();
  }

  beat(): void {
    if (!this.stream.writableEnded) this.stream.write(': alive\n\n');
    this.endIfOver().catch((error: unknown) => this.fail(error));
  }

  end(): void {
    this.stream.end();
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      while (this.due !== undefined && !this.stream.writableEnded && !this.stream.destroyed) {
        const about = this.due;
        this.due = undefined;
        const member = await this.endIfOver();
        if (member === undefined) return;
        for (const event of await this.watcher.news(member, about)) this.send(event);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.isRunning = false;
    }
  }

  /** The browser comes back and reads what it missed. */
  private fail(error: unknown): void {
    this.log.warn({ err: error }, 'a page of the console could not be kept up to date');
    this.end();
  }

  private async endIfOver(): Promise<StaffMember | undefined> {
    const member = await this.watcher.stillAllowed();
    if (member === undefined && !this.stream.writableEnded) {
      this.send({ name: 'over', data: {} });
      this.end();
    }
    return member;
  }

  private send({ name, data, id }: LiveEvent): void {
    if (this.stream.writableEnded || this.stream.destroyed) return;
    const lines = [
      `event: ${name}`,
      ...(id === undefined ? [] : [`id: ${id}`]),
      `data: ${JSON.stringify(data)}`,
    ];
    this.stream.write(`${lines.join('\n')}\n\n`);
    if (this.stream.writableLength + this.stream.readableLength > MOST_WAITING) this.stream.destroy();
  }
}

/** At once, then again once the time is over, if it was asked for meanwhile. */
function atMostEvery(milliseconds: number, work: () => void): { run: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const run = (): void => {
    if (timer !== undefined) return void (again = true);
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      run();
    }, milliseconds);
    timer.unref();
  };
  return { run, stop: () => clearTimeout(timer) };
}
