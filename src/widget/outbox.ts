import type { Unsent } from './kept-conversation';

/** What became of one attempt. `later`: worth another attempt, not before so many milliseconds where given. */
export type PostResult = { is: 'accepted' } | { is: 'refused' } | { is: 'later'; afterMs?: number };

/** `waiting`: no connection, or the server asked for patience; `refused`: only the visitor can decide now. */
export type Delivery = 'sending' | 'waiting' | 'accepted' | 'refused';

/**
 * The visitor's messages on their way to the server: strictly one after the other, each with the same id at
 * every attempt, none dropped. An attempt that fails is repeated when the connection is back or after a pause.
 */
export class Outbox {
  private queue: Unsent[] = [];
  private refused = new Map<string, Unsent>();
  private running = false;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(
    private readonly options: {
      post: (message: Unsent) => Promise<PostResult>;
      /** Milliseconds before the next attempt after so many failures. */
      backOff: (failures: number) => number;
      onDelivery: (clientActivityId: string, delivery: Delivery) => void;
      /** It need not be kept any longer: the server has it, or will never take it. */
      onDone: (clientActivityId: string) => void;
    },
  ) {}

  /** Queues messages; nothing is posted before `flush`. */
  add(...messages: Unsent[]): void {
    this.queue.push(...messages);
  }

  isEmpty(): boolean {
    return this.queue.length === 0;
  }

  /** Tries now instead of after the pause. */
  flush(): void {
    clearTimeout(this.pause);
    void this.run();
  }

  /** The visitor asks for another attempt of a refused message. */
  retry(clientActivityId: string): void {
    const message = this.refused.get(clientActivityId);
    if (!message) return this.flush();
    this.refused.delete(clientActivityId);
    this.add(message);
    this.flush();
  }

  /** The stream has shown the message: the server has it, even where its answer got lost. */
  settle(clientActivityId: string): void {
    if (this.remove(clientActivityId)) this.options.onDelivery(clientActivityId, 'accepted');
  }

  stop(): void {
    clearTimeout(this.pause);
    this.queue = [];
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let message = this.queue[0]; message; message = this.queue[0]) {
        if (!(await this.attempt(message))) return;
      }
    } finally {
      this.running = false;
    }
  }

  /** False where the queue has to wait. */
  private async attempt(message: Unsent): Promise<boolean> {
    const id = message.clientActivityId;
    this.options.onDelivery(id, 'sending');
    const result = await this.options.post(message);
    // The stream may have settled it meanwhile; then the answer to this attempt no longer matters.
    if (!this.queue.includes(message)) return true;
    if (result.is === 'later') {
      this.options.onDelivery(id, 'waiting');
      const pause = Math.max(result.afterMs ?? 0, this.options.backOff(++this.failures));
      this.pause = setTimeout(() => void this.run(), pause);
      return false;
    }
    this.failures = 0;
    if (result.is === 'refused') this.refused.set(id, message);
    this.remove(id);
    this.options.onDelivery(id, result.is);
    return true;
  }

  /** False where it was not queued. */
  private remove(clientActivityId: string): boolean {
    const rest = this.queue.filter((message) => message.clientActivityId !== clientActivityId);
    if (rest.length === this.queue.length) return false;
    this.queue = rest;
    this.options.onDone(clientActivityId);
    return true;
  }
}
