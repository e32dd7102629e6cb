import type { OtherLanguage } from '../answers/detect-language';
import type { BookingRequest } from '../booking/booking-request';

/** Where a conversation stands, kept with each turn as plain JSON. */
export interface ConversationState {
  version: 1;
  welcomed: boolean;
  /** The entry answered last: "and for women?" is read in its light. */
  lastEntry?: string;
  /** The message before was not understood; a second time in a row leads to a person. */
  notUnderstood?: true;
  /** At most one simple question of the bot's own waits for its reply. */
  waiting?: Waiting;
  /** In which the visitor wrote last, where it was not English: a booking that begins then is asked in it as far as can be. */
  language?: OtherLanguage;
  /** A dialog longer than one question; its state belongs to it. */
  dialog?: { id: 'booking'; state: unknown };
  /** The request last sent from this conversation, so that it can be changed. */
  request?: BookingRequest;
  /** The one last withdrawn here, until another is sent: "actually, I do want it". */
  withdrawn?: BookingRequest;
  /** When the new requests of this conversation were sent, ISO 8601 UTC; those of the last day count. */
  sentAt?: string[];
  /** The visitor's message before this one, ISO 8601 UTC. */
  lastMessageAt?: string;
  /** A person of the team answers here: the bot keeps silent until then (ISO 8601 UTC), or until it is asked back. */
  personUntil?: string;
  /** Their name as the visitor reads it, where they joined in the console; absent where in the channel's own inbox. */
  personName?: string;
}

export type Waiting =
  /** "Did you mean ...?" */
  | { for: 'choice'; entries: string[]; question: string }
  /** "Shall I pass it on?" */
  | { for: 'pass-on'; question: string }
  /** The notice was refused: who thinks better of it need not begin again. */
  | { for: 'refused' }
  /** A booking was given up in the middle: "actually, let's do it" goes on with it. */
  | { for: 'given-up'; dialog: unknown }
  /** "Delete everything you wrote here?" */
  | { for: 'delete-data' };

export const NEW_CONVERSATION: ConversationState = { version: 1, welcomed: false };

/** State as kept by any released version, brought to today's; a fresh one where it cannot be read. */
export function reviveConversation(stored: string | undefined): ConversationState {
  if (stored === undefined) return NEW_CONVERSATION;
  try {
    const state = JSON.parse(stored) as ConversationState;
    return state?.version === 1 ? state : NEW_CONVERSATION;
  } catch {
    return NEW_CONVERSATION;
  }
}
