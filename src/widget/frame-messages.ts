/**
 * What the launcher (in the clinic's page) and the chat (in our frame) tell each other. Both sides check the
 * origin and the window a message came from before they look at it; no token and no conversation ever crosses.
 */
export type ToChat =
  /** `focus`: by the visitor, who now wants to write; not because it was open on the page before. */
  { type: 'opened'; focus: boolean } | { type: 'closed' } | { type: 'send'; text: string };

export type FromChat =
  | { type: 'ready' }
  | { type: 'close' }
  /** Messages that came while the chat was closed. */
  | { type: 'unread'; count: number }
  /** The bot has said something: for the site's own events, without the text. */
  | { type: 'message' };

/** Marks our messages among all others that pages post to each other. */
const MARK = 'enquiry-bot';

/** The form in which a message travels. */
export function wrap(message: ToChat | FromChat): unknown {
  return { [MARK]: 1, ...message };
}

/** The message in it; undefined for everything that is not one of ours. Never throws, whatever is posted. */
export function readFromChat(data: unknown): FromChat | undefined {
  const fields = ours(data);
  switch (fields?.type) {
    case 'ready':
    case 'close':
    case 'message':
      return { type: fields.type };
    case 'unread':
      return Number.isInteger(fields.count)
        ? { type: 'unread', count: Math.max(0, Math.min(99, Number(fields.count))) }
        : undefined;
    default:
      return undefined;
  }
}

/** As readFromChat, in the other direction. */
export function readToChat(data: unknown): ToChat | undefined {
  const fields = ours(data);
  switch (fields?.type) {
    case 'opened':
      return { type: 'opened', focus: fields.focus === true };
    case 'closed':
      return { type: 'closed' };
    case 'send':
      return typeof fields.text === 'string' ? { type: 'send', text: fields.text } : undefined;
    default:
      return undefined;
  }
}

function ours(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const fields = data as Record<string, unknown>;
  return fields[MARK] === 1 ? fields : undefined;
}
