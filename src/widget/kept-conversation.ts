/** What the frame keeps so that a reload, a later page or a later day goes on with the same conversation. */
export interface KeptConversation {
  conversationId: string;
  /** Buys a token for this one conversation; the server has its hash only, and can revoke it. */
  resume: string;
  /** ISO 8601: until when it does; each visit puts it off. */
  until: string;
  /** The id of the newest activity that has been on the screen; ids of one conversation sort as text. */
  seen?: string;
}

/** Written but not yet acknowledged by the server: a message, or an event that is not shown. */
export interface Unsent {
  /** The same at every attempt, so that the server can tell a repetition. */
  clientActivityId: string;
  /** Milliseconds since 1970: their order. */
  at: number;
  text?: string;
  event?: { name: string; value: unknown };
}

export interface ConversationKeep {
  /** Undefined where nothing is kept. */
  load(): KeptConversation | undefined;
  save(kept: KeptConversation): void;
  /** Whether what was saved outlives the page. */
  lasts(): boolean;
  /** What is not sent yet stays. */
  clear(): void;
  /** Oldest first. */
  unsent(): Unsent[];
  addUnsent(message: Unsent): void;
  removeUnsent(clientActivityId: string): void;
  /** Runs the work while no other tab runs any: of two tabs that open at once, one begins the conversation. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Another tab has forgotten the conversation, or begun another one. */
  onReplaced(listener: () => void): void;
}

/** In memory: for browsers that forbid storage in frames. The conversation then ends with the page. */
export function keepInMemory(): ConversationKeep {
  const unsent = new Map<string, Unsent>();
  let kept: KeptConversation | undefined;
  return {
    load: () => kept,
    save: (next) => void (kept = next),
    lasts: () => false,
    clear: () => void (kept = undefined),
    unsent: () => [...unsent.values()],
    addUnsent: (message) => void unsent.set(message.clientActivityId, message),
    removeUnsent: (id) => void unsent.delete(id),
    alone: (work) => work(),
    onReplaced: () => undefined,
  };
}

/** In the storage of the frame's own origin, which the clinic's page cannot read; in memory where that is blocked. */
export function keepInStorage(name: string, storage: () => Storage): ConversationKeep {
  const memory = keepInMemory();
  // One entry a message, so that no tab overwrites what another one has not sent yet.
  const prefix = `${name}:unsent:`;
  // Storage may be blocked altogether, full, or taken away later: each call falls back by itself.
  const attempt = <Result>(work: () => Result, otherwise: () => Result): Result => {
    try {
      return work();
    } catch {
      return otherwise();
    }
  };
  const nothing = (): void => undefined;
  return {
    load: () =>
      attempt(
        () => readKept(storage().getItem(name)) ?? memory.load(),
        () => memory.load(),
      ),
    save: (kept) => {
      memory.save(kept);
      attempt(() => storage().setItem(name, JSON.stringify(kept)), nothing);
    },
    lasts: () =>
      attempt(
        () => storage().getItem(name) !== null,
        () => false,
      ),
    clear: () => {
      memory.clear();
      attempt(() => storage().removeItem(name), nothing);
    },
    unsent: () =>
      attempt(
        () =>
          Object.keys(storage())
            .filter((key) => key.startsWith(prefix))
            .map((key) => JSON.parse(storage().getItem(key) ?? '') as Unsent)
            .sort((one, other) => one.at - other.at),
        () => [],
      ),
    addUnsent: (message) =>
      attempt(() => storage().setItem(prefix + message.clientActivityId, JSON.stringify(message)), nothing),
    removeUnsent: (id) => attempt(() => storage().removeItem(prefix + id), nothing),
    // There are no locks without https, and none where storage is blocked: there two tabs that open in the same
    // instant begin two conversations.
    alone: async (work) => {
      let begun = false;
      const begin = () => {
        begun = true;
        return work();
      };
      try {
        await navigator.locks.request(name, begin);
      } catch (error) {
        if (begun) throw error;
        await work();
      }
    },
    onReplaced: (listener) =>
      window.addEventListener('storage', ({ key, oldValue, newValue }) => {
        if (key !== name || oldValue === null) return;
        if (readKept(oldValue)?.conversationId !== readKept(newValue)?.conversationId) listener();
      }),
  };
}

function readKept(text: string | null): KeptConversation | undefined {
  if (text === null) return undefined;
  const { conversationId, resume, until, seen } = JSON.parse(text) as Partial<KeptConversation>;
  if (typeof conversationId !== 'string' || typeof resume !== 'string') return undefined;
  return { conversationId, resume, until: String(until), ...(typeof seen === 'string' && { seen }) };
}
