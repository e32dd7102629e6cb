import type { Activity } from 'botbuilder';
import { STAFF_ID } from '../../bot/ports';
import type { Reach } from '../../staff/ports';

/** Who wrote a message decides, with the age of the window, whether and as what Meta allows it. */
export type Author =
  /** The bot's answer to what the person did. */
  | 'bot'
  /** The service by itself: a confirmation, a change. */
  | 'service'
  /** A member of staff, by hand. */
  | 'staff';

export type SendingTerms =
  | { allowed: true; messaging_type: 'RESPONSE' | 'UPDATE' }
  | { allowed: true; messaging_type: 'MESSAGE_TAG'; tag: 'HUMAN_AGENT' }
  | { allowed: false; reason: string };

const HOUR_MS = 3_600_000;
/** Standard messaging window (messenger.md D.2). */
const WINDOW_MS = 24 * HOUR_MS;
/** HUMAN_AGENT: a person's own answer, up to seven days (messenger.md D.2). */
const HUMAN_WINDOW_MS = 7 * 24 * HOUR_MS;

/**
 * The one table, on both ways to Messenger: who wrote it x how long ago the person last opened the window. Never
 * another tag: since April 2026 Meta refuses them all (messenger.md D.0, 3), and HUMAN_AGENT on what a bot wrote breaks its policy (D.0, 11).
 */
export function sendingTerms(author: Author, windowAgeMs: number | undefined): SendingTerms {
  if (windowAgeMs === undefined) return refuse('The person has never written to the page.');
  if (windowAgeMs < WINDOW_MS)
    return { allowed: true, messaging_type: author === 'service' ? 'UPDATE' : 'RESPONSE' };
  if (author !== 'staff') return refuse('The person last wrote more than 24 hours ago.');
  if (windowAgeMs < HUMAN_WINDOW_MS)
    return { allowed: true, messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' };
  return refuse('The person last wrote more than seven days ago.');
}

/** Of an outgoing activity. */
export function authorOf({ from }: Partial<Activity>): 'bot' | 'staff' {
  return from?.id === STAFF_ID ? 'staff' : 'bot';
}

/** What staff are told of it, given when the person last opened the window (ISO 8601 UTC). */
export function reachByTerms(terms: SendingTerms, openedAt: string | undefined): Reach {
  if (!terms.allowed) return { open: false, why: terms.reason };
  const until = (span: number) => new Date(Date.parse(openedAt ?? '') + span).toISOString();
  return 'tag' in terms
    ? { open: true, how: 'human-agent', until: until(HUMAN_WINDOW_MS) }
    : { open: true, how: 'message', until: until(WINDOW_MS) };
}

function refuse(reason: string): SendingTerms {
  return { allowed: false, reason };
}
