/** What the frame keeps so that a reload or a later page goes on with the same conversation. */
export interface KeptConversation {
  conversationId: string;
  /**
   * Direct Line token of this one conversation: lives half an hour, is refreshed while the chat is loaded, and
   * buys a new one for the same conversation for a day after.
   */
  token: string;
  /** Written but not yet acknowledged by the server, oldest first. */
  unsent: UnsentMessage[];
}

export interface UnsentMessage {
  /** The same at every attempt, so that the server can tell a repetition. */
  clientActivityId: string;
  text: string;
}

export interface ConversationKeep {
  /** Undefined where nothing is kept. */
  load(): KeptConversation | undefined;
  save(kept: KeptConversation): void;
  clear(): void;
}

/** In memory: for browsers that forbid storage in frames. The conversation then ends with the page. */
export function keepInMemory(): ConversationKeep {
  let kept: KeptConversation | undefined;
  return {
    load: () => kept,
    save: (next) => void (kept = next),
    clear: () => void (kept = undefined),
  };
}

/** In the storage of the frame's own origin, which the clinic's page cannot read; in memory where that is blocked. */
export function keepInStorage(name: string, storage: () => Storage): ConversationKeep {
  const memory = keepInMemory();
  // Storage may be blocked altogether, full, or taken away later: each call falls back by itself.
  const attempt = <Result>(work: () => Result, otherwise: () => Result): Result => {
    try {
      return work();
    } catch {
      return otherwise();
    }
  };
  return {
    load: () =>
      attempt(
        () => readKept(storage().getItem(name)) ?? memory.load(),
        () => memory.load(),
      ),
    save: (kept) => {
      memory.save(kept);
      attempt(
        () => storage().setItem(name, JSON.stringify(kept)),
        () => undefined,
      );
    },
    clear: () => {
      memory.clear();
      attempt(
        () => storage().removeItem(name),
        () => undefined,
      );
    },
  };
}

function readKept(text: string | null): KeptConversation | undefined {
  if (text === null) return undefined;
  const { conversationId, token, unsent } = JSON.parse(text) as Partial<KeptConversation>;
  if (typeof conversationId !== 'string' || typeof token !== 'string') return undefined;
  return { conversationId, token, unsent: Array.isArray(unsent) ? unsent : [] };
}
