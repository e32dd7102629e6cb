import { TurnsBusy } from './ports';

/** Work of one conversation runs in the order it came, one at a time; conversations do not wait for each other. */
export class ConversationQueue {
  private readonly last = new Map<string, { done: Promise<unknown>; waiting: number }>();
  /** When each of those under way came, the oldest first. */
  private readonly under = new Set<{ since: number }>();

  /** @param clock monotonic milliseconds */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  /**
   * @param begins with it the conversation begins: in a rush who is in the middle of something goes first
   * @throws TurnsBusy when 20 wait in this conversation, or so much in all that this one would wait for long.
   */
  async run<T>(conversationId: string, begins: boolean, work: () => Promise<T>): Promise<T> {
    const ahead = this.last.get(conversationId);
    const most = begins ? MOST_TO_BEGIN : MOST_IN_ALL;
    if ((ahead?.waiting ?? 0) >= MOST_PER_CONVERSATION || this.under.size >= most || this.isSlow()) {
      throw new TurnsBusy('Too many messages are waiting; try again in a few seconds.');
    }
    const mine = { done: Promise.resolve() as Promise<unknown>, waiting: (ahead?.waiting ?? 0) + 1 };
    const result = (ahead?.done ?? Promise.resolve()).then(work);
    mine.done = result.catch(() => undefined);
    this.last.set(conversationId, mine);
    const entry = { since: this.clock() };
    this.under.add(entry);
    try {
      return await result;
    } finally {
      this.under.delete(entry);
      const newest = this.last.get(conversationId);
      if (newest === mine) this.last.delete(conversationId);
      else if (newest) newest.waiting--;
    }
  }

  private isSlow(): boolean {
    const [oldest] = this.under;
    return this.under.size >= FEW && oldest !== undefined && this.clock() - oldest.since > LONG_MS;
  }
}

const MOST_PER_CONVERSATION = 20;
/** A third of a second's work on two cores. */
const MOST_IN_ALL = 150;
const MOST_TO_BEGIN = 100;
/** On a slower machine: once the oldest has waited so long, a new one would too. So few do no harm, whatever holds them up. */
const LONG_MS = 500;
const FEW = 100;
