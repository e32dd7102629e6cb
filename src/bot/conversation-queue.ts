import { TurnsBusy } from './ports';

/** Work of one conversation runs in the order it came, one at a time; conversations do not wait for each other. */
export class ConversationQueue {
  private readonly last = new Map<string, { done: Promise<unknown>; waiting: number }>();
  private waiting = 0;

  /** @throws TurnsBusy when 20 wait in this conversation or 1,000 in all (reliability-security rule 6). */
  async run<T>(conversationId: string, work: () => Promise<T>): Promise<T> {
    const ahead = this.last.get(conversationId);
    if ((ahead?.waiting ?? 0) >= MOST_PER_CONVERSATION || this.waiting >= MOST_IN_ALL) {
      throw new TurnsBusy('Too many messages are waiting; try again in a few seconds.');
    }
    const mine = { done: Promise.resolve() as Promise<unknown>, waiting: (ahead?.waiting ?? 0) + 1 };
    const result = (ahead?.done ?? Promise.resolve()).then(work);
    mine.done = result.catch(() => undefined);
    this.last.set(conversationId, mine);
    this.waiting++;
    try {
      return await result;
    } finally {
      this.waiting--;
      const newest = this.last.get(conversationId);
      if (newest === mine) this.last.delete(conversationId);
      else if (newest) newest.waiting--;
    }
  }
}

const MOST_PER_CONVERSATION = 20;
const MOST_IN_ALL = 1000;
