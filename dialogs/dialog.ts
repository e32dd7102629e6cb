import type { DateTime } from 'luxon';
import type { Clinic } from '../src/answers/knowledge';
import type { BookingRequest } from '../src/booking/booking-request';
import type { Reply, Say } from '../src/conversation/reply';

/**
 * A conversation longer than one turn. A dialog is pure: it is given the state it returned last time, and
 * returns what to say, the state to keep (plain, versioned JSON) and, at its end, what came of it.
 */
export interface Dialog<Begin, State> {
  readonly id: string;
  begin(options: Begin, context: DialogContext): DialogTurn<State>;
  /**
   * How the text reads as a reply to the waiting prompt. `surely`: a phone number where one is asked, yes or no,
   * a correction, a tapped button. `maybe`: free text that could be one. `no`: it cannot be. The router answers
   * a clear question first unless the text is surely a reply.
   */
  readsAsReply(state: State, text: string, context: DialogContext): 'surely' | 'maybe' | 'no';
  continue(state: State, text: string, context: DialogContext): DialogTurn<State>;
  /** A question that the clinic has no approved answer to goes along with what is asked for here. */
  takeQuestion(state: State, question: string): State;
  /** It was only to bring a person of the team about, and nothing is noted yet: one who writes here makes it needless. */
  isNeedlessWithPerson(state: State): boolean;
  /** The waiting prompt once more, after a question in the middle was answered. */
  reprompt(state: State, context: DialogContext): Reply[];
  cancel(state: State, context: DialogContext): DialogTurn<State>;
  /** State as kept by any released version, brought to today's; undefined where it cannot be read. */
  revive(stored: unknown): State | undefined;
}

export interface DialogContext {
  /** In the clinic's zone. */
  now: DateTime;
  clinic: Clinic;
  say: Say;
  /** A fresh reference code; the caller owns randomness. */
  newReference: () => string;
  /** False where the visitor has sent as many requests as one may send in a day. */
  mayAddRequest?: boolean;
  /** Where visitors find the pages that belong to a booking; undefined where the service has no public address. */
  links?: BookingLinks;
}

export interface BookingLinks {
  /** The service's own privacy notice, for clinics without one of their own. */
  privacy: string;
  /** The calendar file of a request, readable by who has this address. */
  calendarFile: (reference: string) => string;
}

export interface DialogTurn<State> {
  replies: Reply[];
  /** What to keep for the next turn; undefined: the dialog is over. */
  state: State | undefined;
  /** The request to keep in this turn's commit: new, or a changed one of the same reference. */
  request?: BookingRequest;
  /** A kept request that the visitor withdrew, by reference. */
  withdrawn?: string;
  /** What the visitor, or the dialog, gave up: the next message may take it up again. */
  givenUp?: State;
  /** The visitor refused the notice: what they typed before it is redacted in the transcript. */
  redact?: true;
}
