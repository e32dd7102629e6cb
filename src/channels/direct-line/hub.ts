import type { Activity } from 'botbuilder';
import type { KeptActivity, Turns } from '../../bot/ports';
import type { ConversationLog } from '../ports';

/** What a client receives at a time; the watermark goes with its next request. */
export interface ActivitySet {
  activities: Partial<Activity>[];
  watermark: string;
}

/** One client listening to one conversation. */
export interface Feed {
  /** Reads the log again: finds what another instance of the service has kept. */
  check(): void;
  close(): void;
}

export interface Hub {
  /**
   * Delivers everything after the watermark, then everything new: in order, nothing twice, nothing left out.
   * @param onFailure the log could not be read; the feed has ended, the client comes back with its watermark.
   */
  open(
    conversationId: string,
    after: number,
    deliver: (set: ActivitySet) => void,
    onFailure: (error: unknown) => void,
  ): Feed;
  /** Another instance of the service has kept turns of these conversations. */
  moved(conversationIds: string[]): void;
  /** Finds by one question what other instances have kept of every conversation that somebody listens to. */
  poll(): Promise<void>;
  close(): void;
}

/** Activities of a polled page, and of one reading of the log. */
export const PAGE = 100;
/**
 * Activities of a frame, some 12 kB: on a connection that keeps breaking a client has gained nothing before a frame is
 * whole, and each one moves its watermark on.
 */
const FRAME = 20;

/** Passes what turns keep on to the clients that listen. */
export function createHub(turns: Turns, log: ConversationLog): Hub {
  const feeds = new Map<string, Set<ConversationFeed>>();
  const unsubscribe = turns.subscribe((kept) => {
    const listening = feeds.get(kept[0]?.conversationId ?? '') ?? [];
    for (const feed of listening) feed.publish(kept);
  });

  return {
    open(conversationId, after, deliver, onFailure) {
      const feed = new ConversationFeed(log, conversationId, after, deliver, onFailure);
      const others = feeds.get(conversationId) ?? new Set();
      feeds.set(conversationId, others.add(feed));
      // Listening before the first read: what is kept in between comes twice and is told by its number.
      feed.check();
      return {
        check: () => feed.check(),
        close() {
          feed.close();
          others.delete(feed);
          if (others.size === 0) feeds.delete(conversationId);
        },
      };
    },
    moved(conversationIds) {
      for (const id of conversationIds) for (const feed of feeds.get(id) ?? []) feed.check();
    },
    async poll() {
      for (const { id, lastSequence } of await log.newest([...feeds.keys()]))
        for (const feed of feeds.get(id) ?? []) feed.checkUpTo(lastSequence);
    },
    close: unsubscribe,
  };
}

class ConversationFeed {
  private live: KeptActivity[] = [];
  private isBehind = false;
  private isRunning = false;
  private isClosed = false;

  constructor(
    private readonly log: ConversationLog,
    private readonly conversationId: string,
    private sent: number,
    private readonly deliver: (set: ActivitySet) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  publish(kept: KeptActivity[]): void {
    this.live.push(...kept);
    void this.run();
  }

  check(): void {
    this.isBehind = true;
    void this.run();
  }

  checkUpTo(newest: number): void {
    if (newest > this.sent) this.check();
  }

  close(): void {
    this.isClosed = true;
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      while (!this.isClosed && (this.isBehind || this.live.length > 0)) {
        if (this.isBehind) await this.readOn();
        else this.sendLive();
      }
    } catch (error) {
      this.isClosed = true;
      this.onFailure(error);
    } finally {
      this.isRunning = false;
    }
  }

  private async readOn(): Promise<void> {
    this.isBehind = false;
    const page = await this.log.after(this.conversationId, this.sent, PAGE);
    if (page.length === PAGE) this.isBehind = true;
    this.send(page);
  }

  private sendLive(): void {
    const fresh = this.live.splice(0).filter(({ sequence }) => sequence > this.sent);
    const isGapless = fresh.every(({ sequence }, i) => sequence === this.sent + 1 + i);
    if (isGapless) this.send(fresh);
    else this.isBehind = true;
  }

  private send(kept: KeptActivity[]): void {
    for (let at = 0; at < kept.length && !this.isClosed; at += FRAME) {
      const frame = kept.slice(at, at + FRAME);
      this.sent = frame.at(-1)?.sequence ?? this.sent;
      const set = activitySet(frame, this.sent);
      if (set.activities.length > 0) this.deliver(set);
    }
  }
}

/** As Direct Line gives it: the visitor's own messages too, but not that somebody joined. */
export function activitySet(kept: KeptActivity[], watermark: number): ActivitySet {
  const published = kept.filter(({ activity }) => activity.type !== 'conversationUpdate');
  return { activities: published.map(({ activity }) => activity), watermark: String(watermark) };
}
