import type { Activity } from 'botbuilder';
import type { Decision } from '../answers/decision';

/** What stands where a visitor's words stood. */
export const REDACTED = '[redacted]';

/**
 * The activity with nothing left that a visitor could have written: only the fields listed here go over, so
 * whatever a channel adds (value, channelData, attachments, a profile name) is gone as well.
 */
export function redactedActivity(json: string): string {
  const activity: Partial<Activity> = JSON.parse(json);
  const { type, id, timestamp, channelId, conversation, recipient, replyToId, locale, from } = activity;
  return JSON.stringify({
    type,
    id,
    timestamp,
    channelId,
    conversation,
    recipient,
    replyToId,
    locale,
    ...(from && { from: { id: from.id, role: from.role } }),
    ...(activity.text !== undefined && { text: REDACTED }),
  });
}

/** What was decided stays for the figures; the words it was decided by go. */
export function redactedDecision(json: string): string {
  const decision: Decision = JSON.parse(json);
  return JSON.stringify({
    ...decision,
    text: REDACTED,
    why: {
      corrections: [],
      phrasing: decision.why.phrasing,
      terms: [],
      unknownWords: [],
      sentence: REDACTED,
    },
  });
}
