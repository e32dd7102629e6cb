import type { Decision } from '../answers/decision';
import type { OtherLanguage } from '../answers/detect-language';
import type { Entry } from '../answers/knowledge';
import { noteToAdd, readReply } from '../booking/read-reply';
import { asksToBook } from './asks-to-book';
import type { ConversationState } from './conversation-state';
import { plainWords } from './plain-words';
import { readsAsQuestion } from './reads-as-question';
import { type Command, readCommand } from './read-command';
import { readChoice } from './read-choice';
import { readYesNo } from './read-yes-no';

/** What a turn does with the visitor's message. */
export type Step =
  | { do: 'say-safety'; kind: 'crisis' | 'emergency' }
  | { do: 'obey'; command: Command }
  | { do: 'delete-data' }
  | { do: 'let-be' }
  /** The visitor asks for the code of what they have sent. */
  | { do: 'tell-reference'; reference: string }
  /** A booking is to be changed or cancelled, and none was made here: that is for the team. */
  | { do: 'pass-on-change'; question: string }
  | { do: 'continue-dialog' }
  /** A question in the middle of a dialog: the inner step answers it, then the same prompt comes again. */
  | { do: 'answer-then-reprompt'; answer: SpokenStep }
  /**
   * With `question`, that is what is passed on; the message itself is read for details where it has any. `answer` is
   * said first, where the message asks something besides.
   */
  | { do: 'book'; kind: 'consultation' | 'question'; question?: string; answer?: SpokenStep }
  | SpokenStep;

/** The steps that end with what was said. */
export type SpokenStep =
  | { do: 'answer'; entries: string[] }
  | { do: 'offer-choices'; entries: string[] }
  | { do: 'hand-off'; entries: string[] }
  | { do: 'fall-back'; language?: OtherLanguage };

export interface Situation {
  text: string;
  state: ConversationState;
  decision: Decision;
  entries: ReadonlyMap<string, Entry>;
  /** The bot's own buttons: what the text each of them sends means. */
  buttons: ReadonlyMap<string, ButtonMeaning>;
  /** It has a phone number or an e-mail address in it. */
  leavesContact?: boolean;
  /** It puts a detail right, as "make it Friday instead" does: of the request that was sent, where no dialog waits. */
  correctsDetail?: boolean;
  /** How the text reads to the waiting dialog; undefined while none waits. */
  dialogReads?: 'surely' | 'maybe' | 'no';
}

export type ButtonMeaning = 'book' | 'yes' | 'no';

/** The router: its rules in their order. Pure; the first rule that applies decides. */
export function chooseNextStep(situation: Situation): Step {
  return (
    safetyFirst(situation) ??
    commandsAnywhere(situation) ??
    replyToOwnQuestion(situation) ??
    waitingDialog(situation) ??
    aboutOwnRequest(situation) ??
    bookButton(situation) ??
    wantsToBook(situation) ??
    bareYesOrNo(situation) ??
    stepFor(situation.decision, situation.entries, situation.text)
  );
}

function safetyFirst({ decision }: Situation): Step | undefined {
  return decision.decision === 'safety' ? { do: 'say-safety', kind: decision.safety ?? 'crisis' } : undefined;
}

function commandsAnywhere({ text, state }: Situation): Step | undefined {
  // "I changed my mind" gives up what is under way, and after a no to the notice takes it up.
  if (state.waiting?.for === 'refused' && thinksBetter(text)) return undefined;
  const command = readCommand(text);
  return command && { do: 'obey', command };
}

function replyToOwnQuestion(situation: Situation): Step | undefined {
  const { text, state, entries, buttons, dialogReads } = situation;
  const { waiting } = state;
  if (!waiting) return undefined;
  if (waiting.for === 'refused') return thinksBetter(text) ? { do: 'book', kind: 'consultation' } : undefined;
  if (waiting.for === 'choice') {
    const offered = waiting.entries.flatMap((id) => entries.get(id) ?? []);
    const choice = readChoice(text, offered);
    const bare = readYesNo(text);
    // In a dialog neither is meant for its prompt, of which the choices came last.
    if (bare !== undefined && dialogReads !== undefined) return { do: 'let-be' };
    if (choice === 'none') return inDialog({ do: 'fall-back' }, situation);
    if (choice) return inDialog(stepForEntries([choice], waiting.question), situation);
    // A bare yes says that one of them is meant, and not which.
    return bare === 'yes' ? { do: 'offer-choices', entries: waiting.entries } : undefined;
  }
  const reply =
    buttons.get(plainWords(text)) ?? readYesNo(text) ?? (answersOffer(situation) ? 'yes' : undefined);
  if (reply === undefined || reply === 'book') return undefined;
  if (reply === 'no') return { do: 'let-be' };
  return waiting.for === 'delete-data'
    ? { do: 'delete-data' }
    : { do: 'book', kind: 'question', question: waiting.question };
}

/** What answers a question in the middle of a dialog is followed by the prompt that waits. */
function inDialog(step: ReturnType<typeof stepForEntries>, { dialogReads }: Situation): Step {
  return dialogReads === undefined || step.do === 'book'
    ? step
    : { do: 'answer-then-reprompt', answer: step };
}

/** After a no to the notice: "actually yes", "ok you can keep them", "I changed my mind"; a bare "ok" is none. */
function thinksBetter(text: string): boolean {
  const said = plainWords(text);
  return (
    /^(?:(?:actually|fine|well|wait|oh|alright|then|no|hmm) )*(?:yes|yeah|yep|sure|i agree|i do agree|go ahead|you can|you may|it's ok|i changed my mind|changed my mind|on second thought)\b/.test(
      said,
    ) && !readsAsQuestion(text)
  );
}

function waitingDialog({ text, state, decision, entries, dialogReads }: Situation): Step | undefined {
  if (!state.dialog) return undefined;
  const known = decision.decision === 'answer' || decision.decision === 'handoff';
  const isQuestion = readsAsQuestion(text) && (dialogReads === 'no' || (dialogReads === 'maybe' && known));
  if (!isQuestion) return { do: 'continue-dialog' };
  const answer = stepFor(decision, entries, text);
  return answer.do === 'book' ? { do: 'continue-dialog' } : { do: 'answer-then-reprompt', answer };
}

function aboutOwnRequest({ text, state, correctsDetail }: Situation): Step | undefined {
  if (!state.request) return asksToChangeBooking(text) ? { do: 'pass-on-change', question: text } : undefined;
  if (asksForReference(text)) return { do: 'tell-reference', reference: state.request.reference };
  const { kind } = state.request;
  const reply = readReply(text);
  const ofField =
    (reply.kind === 'change' || reply.kind === 'remove') &&
    (kind === 'consultation' || !['when', 'note'].includes(reply.field));
  const corrects = correctsDetail === true && !readsAsQuestion(text);
  const adds = kind === 'consultation' && noteToAdd(text) !== undefined;
  // "never mind" may be said of anything; "cancel that" after a request is said of the request.
  const withdraws = reply.kind === 'withdraw' || (reply.kind === 'cancel' && /\bcancel/i.test(text));
  return withdraws || reply.kind === 'separate' || ofField || corrects || adds
    ? { do: 'book', kind }
    : undefined;
}

/** "what's my reference", "what was the booking number again": whole messages, not what a longer one mentions. */
function asksForReference(text: string): boolean {
  if (STATUS.test(plainWords(text))) return true;
  return /^(?:(?:and|thanks|thank you|great|ok|what'?s|whats|what|is|was|tell|give|me|can|could|do|i|you|have|get|need|lost|forgot|remind|of|again) )*(?:my|the|a) (?:booking |confirmation |request )?(?:reference|ref|code|booking number|confirmation number)(?: (?:number|code|no|again|is|was|please))*$/.test(
    plainWords(text),
  );
}

/** "cancel my appointment", "I need to reschedule my consultation"; not "can I cancel?", which asks how it is done. */
function asksToChangeBooking(text: string): boolean {
  if (readsAsQuestion(text) && !/^(?:can|could) you\b/i.test(text.trim())) return false;
  return readReply(text).kind === 'withdraw' || CHANGE_BOOKING.test(plainWords(text));
}

const CHANGE_BOOKING =
  /^(?:(?:can|could) you |i (?:need|want|would like|have|'d like) to |i'd like to |please |hi |hello )*(?:change|move|reschedule|postpone|cancel|push back|switch) (?:my|our|the) (?:booking|appointment|consultation|consult|visit|session|request)\b/;

/** "did you get my request?", "is my booking confirmed", "what's the status of my booking" */
const STATUS =
  /^(?:(?:and|so|hey) )*(?:(?:did|have) (?:you|they|the clinic) (?:get|got|receive|received|see|seen) (?:my|the) (?:booking|request|message|question|details)|(?:is|was|has) (?:my|the) (?:booking|request|appointment|message|question) (?:been )?(?:sent|confirmed|received|through|booked|set|in)|(?:what's|whats|what is|how is|check) (?:the )?(?:status|state) of my (?:booking|request|appointment)|(?:my )?(?:booking|request) status|(?:am|are) (?:i|we) (?:all )?(?:confirmed|booked|set|good|scheduled|in)(?: .{1,40})?|did it (?:go through|send|work))(?: (?:yet|already|now|ok|through))*$/;

function bookButton({ text, buttons }: Situation): Step | undefined {
  return buttons.get(plainWords(text)) === 'book' ? { do: 'book', kind: 'consultation' } : undefined;
}

/** "Ann Lee, 410 555 0134" in reply to "shall I pass it on?". */
function answersOffer({ text, state, leavesContact }: Situation): boolean {
  return state.waiting?.for === 'pass-on' && leavesContact === true && !readsAsQuestion(text);
}

/**
 * Who asks to book, or just leaves a number, is led to the booking, unless they also ask something that the clinic
 * knows; what concerns health goes first.
 */
function wantsToBook({ text, decision, entries, leavesContact }: Situation): Step | undefined {
  if (!leavesContact && !asksToBook(text)) return undefined;
  const [likeliest] = decision.candidates;
  const entry = entries.get(decision.entry ?? likeliest?.entry ?? '');
  if (entry && entry.danger.length > 0 && (likeliest?.confidence ?? 0) >= LIKELY_HEALTH)
    return stepForEntries([entry], text);
  const known = decision.decision === 'answer' || decision.decision === 'handoff';
  const asksToo = known && entry?.kind === 'question' && !ABOUT_CONTACT.has(entry.topic);
  if (!asksToo || !readsAsQuestion(text)) return { do: 'book', kind: 'consultation' };
  if (!asksToBook(text)) return undefined;
  // What is asked besides is answered first; without an approved answer it is said to go along with the booking.
  const spoken = stepForEntries([entry], text);
  return { do: 'book', kind: 'consultation', ...(spoken.do !== 'book' && { answer: spoken }) };
}

/** "Can someone call me at 410 ...?" is no question about the clinic's telephone. */
const ABOUT_CONTACT = new Set(['phone-contact']);
/** Of two readings of a wish to book, the one that concerns health is spoken to where it is as likely as not. */
const LIKELY_HEALTH = 0.5;

/** "ok" or "no" to nothing in particular is not a question that went unanswered. */
function bareYesOrNo({ text, decision, entries }: Situation): Step | undefined {
  return readYesNo(text) !== undefined && !isSmallTalk(decision, entries) ? { do: 'let-be' } : undefined;
}

function isSmallTalk(decision: Decision, entries: ReadonlyMap<string, Entry>): boolean {
  return decision.entry !== null && entries.get(decision.entry)?.kind === 'small-talk';
}

function stepFor(
  decision: Decision,
  entries: ReadonlyMap<string, Entry>,
  text: string,
): SpokenStep | Extract<Step, { do: 'book' }> {
  switch (decision.decision) {
    case 'booking':
      return { do: 'book', kind: 'consultation' };
    case 'answer':
    case 'handoff': {
      const spoken = [decision.entry, decision.second?.entry ?? null].flatMap(
        (id) => (id && entries.get(id)) || [],
      );
      return spoken.length > 0 ? stepForEntries(spoken, text) : { do: 'fall-back' };
    }
    case 'clarify': {
      const offered = decision.candidates.slice(0, 3).map((candidate) => candidate.entry);
      return { do: 'offer-choices', entries: offered.filter((id) => entries.has(id)) };
    }
    default:
      return { do: 'fall-back', ...(decision.language !== undefined && { language: decision.language }) };
  }
}

/** An entry without an approved answer among them makes it a hand-off: the reply still gives what the others say. */
function stepForEntries(spoken: Entry[], question: string): SpokenStep | Extract<Step, { do: 'book' }> {
  if (spoken.length === 1 && spoken[0]?.kind === 'booking') return { do: 'book', kind: 'consultation' };
  if (spoken.length === 1 && spoken[0]?.kind === 'person') return { do: 'book', kind: 'question', question };
  const ids = spoken.map((entry) => entry.id);
  return spoken.some((entry) => entry.approval === 'none')
    ? { do: 'hand-off', entries: ids }
    : { do: 'answer', entries: ids };
}
