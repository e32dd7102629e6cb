import type { Decision } from '../answers/decision';
import type { OtherLanguage } from '../answers/detect-language';
import type { Entry } from '../answers/knowledge';
import { noteToAdd, readReply } from '../booking/read-reply';
import type { BookingRequest } from '../booking/booking-request';
import { bareWords } from '../booking/bare-words';
import { asksToBook } from './asks-to-book';
import { asksToBookElsewhere } from './asks-to-book-elsewhere';
import type { ConversationState } from './conversation-state';
import { plainWords } from './plain-words';
import { readsAsQuestion } from './reads-as-question';
import { type Command, readCommand } from './read-command';
import { readChoice } from './read-choice';
import { readYesNo } from './read-yes-no';
import { saysItDidNotHelp } from './says-it-did-not-help';

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
  /** What was given up just now is wanted after all. */
  | { do: 'resume-dialog'; state: unknown }
  /** A greeting, say, in the middle of a dialog: the prompt that waits comes again, and nothing is counted against them. */
  | { do: 'reprompt' }
  | { do: 'book-again'; request: BookingRequest }
  /** A question in the middle of a dialog: the inner step answers it, then the same prompt comes again. */
  | { do: 'answer-then-reprompt'; answer: SpokenStep }
  /**
   * With `question`, that is what is passed on; the message itself is read for details where it has any. `answer` is
   * said first, where the message asks something besides; in another `language` it is said that the booking is in English.
   * `person`: the entry that says that a person is wanted, which may have a sentence of its own to begin with.
   */
  | {
      do: 'book';
      kind: 'consultation' | 'question';
      question?: string;
      answer?: SpokenStep;
      language?: OtherLanguage;
      person?: string;
    }
  | SpokenStep;

/** The steps that end with what was said. */
export type SpokenStep =
  | { do: 'answer'; entries: string[]; unanswered?: string[] }
  | { do: 'offer-choices'; entries: string[] }
  | { do: 'hand-off'; entries: string[]; unanswered?: string[] }
  | { do: 'fall-back'; language?: OtherLanguage }
  /** Something was told and nothing asked. */
  | { do: 'invite' }
  /** What was said before was not what the visitor wanted to know. */
  | { do: 'own-up'; question: string };

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
    didNotHelp(situation) ??
    stepFor(situation.decision, situation.entries, situation.text)
  );
}

/** Whether the message was taken as a reply to what the bot had asked outside of a dialog, and not for what it says. */
export function repliesToOwnQuestion(situation: Situation): boolean {
  return (
    situation.state.waiting !== undefined &&
    safetyFirst(situation) === undefined &&
    commandsAnywhere(situation) === undefined &&
    replyToOwnQuestion(situation) !== undefined
  );
}

function safetyFirst({ decision }: Situation): Step | undefined {
  return decision.decision === 'safety' ? { do: 'say-safety', kind: decision.safety ?? 'crisis' } : undefined;
}

function commandsAnywhere({ text, state }: Situation): Step | undefined {
  // "I changed my mind" gives up what is under way, and after a no to the notice or a withdrawal takes it up.
  if (state.waiting?.for === 'refused' && thinksBetter(text)) return undefined;
  if ((state.waiting?.for === 'given-up' || state.withdrawn) && !state.dialog && wantsItAfterAll(text))
    return undefined;
  const command = readCommand(text);
  return command && { do: 'obey', command };
}

function replyToOwnQuestion(situation: Situation): Step | undefined {
  const { text, state, entries, buttons, dialogReads } = situation;
  const { waiting } = state;
  if (!waiting) return undefined;
  if (waiting.for === 'given-up')
    return wantsItAfterAll(text) ? { do: 'resume-dialog', state: waiting.dialog } : undefined;
  if (waiting.for === 'refused') return thinksBetter(text) ? { do: 'book', kind: 'consultation' } : undefined;
  if (waiting.for === 'choice') {
    const offered = waiting.entries.flatMap((id) => entries.get(id) ?? []);
    const choice = readChoice(text, offered);
    const bare = readYesNo(text);
    // In a dialog neither is meant for its prompt, of which the choices came last.
    if (bare !== undefined && dialogReads !== undefined) return { do: 'let-be' };
    if (choice === 'none') return inDialog({ do: 'fall-back' }, situation);
    if (choice) return inDialog(stepForEntries([choice], waiting.question), situation);
    if (bare !== 'yes') return undefined;
    // Of several a bare yes says that one is meant, and not which.
    const [only, ...others] = offered;
    return only && others.length === 0
      ? inDialog(stepForEntries([only], waiting.question), situation)
      : { do: 'offer-choices', entries: waiting.entries };
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

/** After it was given up or withdrawn: "actually I do want it", "wait, put it back", "let's do it"; a bare yes is none. */
function wantsItAfterAll(text: string): boolean {
  return text.length <= LONGEST_SECOND_THOUGHT && AFTER_ALL.test(bareWords(text)) && !readsAsQuestion(text);
}

const LONGEST_SECOND_THOUGHT = 100;
const IT = '(?:it|that|this|one|(?:the|my|an?) (?:booking|appointment|consultation|consult|request))';
const AFTER_ALL = new RegExp(
  '^(?:(?:actually|wait|no|nope|hmm|um|oh|ok|okay|well|sorry|hang on|hold on|please|and|but|so|yes|yeah|then|on second thoughts?|you know what|(?:i (?:have )?)?changed my mind(?: again)?) )*(?:' +
    `(?:i )?(?:do |still |really |would |think )*(?:want|need|like|keep|take|'d like|i'd like)(?: to (?:keep|have))? ${IT}|` +
    `i (?:do|still do|would)|i do want to (?:come|book)|` +
    `let'?s (?:do|keep|book|go (?:on|ahead|for)|continue)(?: with)?(?: ${IT})?|lets (?:do|keep|book)(?: ${IT})?|` +
    `(?:put|bring|get|give me) ${IT} back|(?:undo|restore|reinstate|keep|rebook|resend)(?: ${IT})?|book ${IT}|` +
    `(?:do not|don'?t) (?:withdraw|cancel|delete|remove)(?: ${IT})?|i (?:have )?changed my mind|changed my mind|go on|continue|i'm back|yes (?:actually|i do|please do)|actually yes` +
    ')(?: (?:back|after all|again|please|still|now|anyway|though|then|actually|sorry|too))*$',
);

function waitingDialog({ text, state, decision, entries, dialogReads }: Situation): Step | undefined {
  if (!state.dialog) return undefined;
  if (state.request && asksForReference(text))
    return { do: 'tell-reference', reference: state.request.reference };
  if (dialogReads !== 'surely' && GREETING.test(bareWords(text))) return { do: 'reprompt' };
  const known = decision.decision === 'answer' || decision.decision === 'handoff';
  const isDistress = dialogReads !== 'surely' && entries.get(decision.entry ?? '')?.kind === 'care';
  const isQuestion =
    isDistress || (readsAsQuestion(text) && (dialogReads === 'no' || (dialogReads === 'maybe' && known)));
  if (!isQuestion) return { do: 'continue-dialog' };
  const answer = stepFor(decision, entries, text);
  return answer.do === 'book' ? { do: 'continue-dialog' } : { do: 'answer-then-reprompt', answer };
}

/** "hi" by somebody who left in the middle and is back: no answer to what was asked, and no fault. */
const GREETING =
  /^(?:(?:hi|hello|hey|hiya|howdy|yo|hola|good (?:morning|afternoon|evening|day)|morning|i'?m back|back now|here again)(?: (?:again|there|guys|all|bot))?)$/;

function aboutOwnRequest({ text, state, correctsDetail }: Situation): Step | undefined {
  if (!state.request && state.withdrawn && wantsItAfterAll(text))
    return { do: 'book-again', request: state.withdrawn };
  if (!state.request)
    return asksToChangeBooking(text) || hasLostReference(text)
      ? { do: 'pass-on-change', question: text }
      : undefined;
  if (asksForReference(text)) return { do: 'tell-reference', reference: state.request.reference };
  const { kind } = state.request;
  const reply = readReply(text);
  const ofField =
    (reply.kind === 'change' || reply.kind === 'remove') &&
    (kind === 'consultation' || !['when', 'note'].includes(reply.field));
  const corrects = correctsDetail === true && (!readsAsQuestion(text) || ASKS_FOR_A_CHANGE.test(text));
  const adds = kind === 'consultation' && noteToAdd(text) !== undefined;
  // "never mind" may be said of anything; "cancel that" after a request is said of the request.
  const withdraws = reply.kind === 'withdraw' || (reply.kind === 'cancel' && /\bcancel/i.test(text));
  return withdraws || reply.kind === 'separate' || ofField || corrects || adds
    ? { do: 'book', kind }
    : undefined;
}

/** "can we make it Monday instead?", "how about Monday?" */
const ASKS_FOR_A_CHANGE =
  /^\W*(?:(?:hi|hey|oh|sorry|wait|actually|and|so|ok)\W+)*(?:(?:can|could|may|might) (?:we|i|you|it)|(?:is|would) it (?:be )?(?:possible|ok)|(?:how|what) about)\b/i;

/** "what's my reference", "what was the booking number again": whole messages, not what a longer one mentions. */
function asksForReference(text: string): boolean {
  if (STATUS.test(plainWords(text)) || WHAT_NEXT.test(plainWords(text)) || hasLostReference(text))
    return true;
  return /^(?:(?:and|thanks|thank you|great|ok|what'?s|what|is|was|tell|give|me|can|could|do|i|you|have|get|need|lost|forgot|remind|of|again) )*(?:my|the|a) (?:booking |confirmation |request )?(?:reference|ref|code|booking number|confirmation number)(?: (?:number|code|no|again|is|was|please))*$/.test(
    plainWords(text),
  );
}

/** "I filled this out yesterday and lost my reference number" */
function hasLostReference(text: string): boolean {
  return (
    text.length <= LONGEST_TOLD &&
    /\b(?:lost|forgot|forgotten|misplaced|can'?t find|cannot find|don'?t have|never got|didn'?t get) (?:my|the|a|any) (?:(?!(?:promo|promotion|discount|coupon|voucher|gift|referral|zip|post|postal|area|country) code)\w+ )?(?:reference|ref|code|confirmation)\b/.test(
      bareWords(text),
    )
  );
}

/** A sentence or two about a booking; longer messages are about more. */
const LONGEST_TOLD = 160;

/** "cancel my appointment", "I need to reschedule my consultation"; not "can I cancel?", which asks how it is done. */
function asksToChangeBooking(text: string): boolean {
  if (readsAsQuestion(text) && !/^(?:can|could) you\b/.test(plainWords(text))) return false;
  const isTold = text.length <= LONGEST_TOLD && TELLS_OF_CHANGE.test(bareWords(text));
  return readReply(text).kind === 'withdraw' || CHANGE_BOOKING.test(plainWords(text)) || isTold;
}

/** "I have an appointment on Friday but I need to move it" */
const TELLS_OF_CHANGE =
  /\b(?:i|we)(?: have|'ve| had|'ve got| got| am| made| booked)(?: got| made| booked)? (?:an?|my|our|the) (?:\w+ )?(?:booking|appointment|consultation|consult|visit|session)\b.{0,60}\b(?:(?:need|want|have|like|wish|hoping|trying) to|must|can you|could you|could we|can we|can i|could i) (?:please )?(?:change|move|reschedule|postpone|cancel|push|switch) (?:it|that|this|the (?:day|date|time))\b/;

const CHANGE_BOOKING =
  /^(?:(?:can|could) you |i (?:need|want|would like|have|'d like) to |i'd like to |please |hi |hello )*(?:change|move|reschedule|postpone|cancel|push back|switch) (?:my|our|the) (?:booking|appointment|consultation|consult|visit|session|request)\b/;

/** "did you get my request?", "is my booking confirmed", "what's the status of my booking" */
const STATUS =
  /^(?:(?:and|so|hey) )*(?:(?:did|have) (?:you|they|the clinic) (?:get|got|receive|received|see|seen) (?:my|the) (?:booking|request|message|question|details)|(?:is|was|has) (?:my|the) (?:booking|request|appointment|message|question) (?:been )?(?:sent|confirmed|received|through|booked|set|in)|(?:what's|whats|what is|how is|check) (?:the )?(?:status|state) of my (?:booking|request|appointment)|(?:my )?(?:booking|request) status|(?:am|are) (?:i|we) (?:all )?(?:confirmed|booked|set|good|scheduled|in)(?: .{1,40})?|did it (?:go through|send|work))(?: (?:yet|already|now|ok|through))*$/;

/** "what happens now", "when will they call", "how long until I hear from you" */
const WHAT_NEXT =
  /^(?:(?:and|so|great) )*(?:what (?:happens|comes|is|do i do) (?:now|next|then)|what's next|whats next|what now|now what|(?:when|how soon|how fast) (?:will|do|can|should) (?:i|they|you|someone|somebody|the clinic|the team) (?:expect to |be able to )?(?:hear|call|ring|phone|text|contact|reply|answer|respond|write|e-?mail|get back|get in touch|be called|be contacted)(?: (?:back|me|to me|from|you|them|someone|somebody|a call|with me))*|how long (?:until|till|before|does it take until) (?:i hear|they|you|someone|somebody)(?: (?:call|answer|reply|contact|back|from|me|you|get back|them|to))*)$/;

/** What was asked in another language goes along: nobody could answer it here. */
function bookButton({ text, state: { language, waiting }, buttons }: Situation): Step | undefined {
  if (buttons.get(plainWords(text)) !== 'book') return undefined;
  const question = language && waiting?.for === 'pass-on' ? waiting.question : undefined;
  return { do: 'book', kind: 'consultation', ...(question !== undefined && { question }) };
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
  const language = asksToBookElsewhere(text);
  if (language) return { do: 'book', kind: 'consultation', language };
  if (!leavesContact && !asksToBook(text)) return undefined;
  const [likeliest] = decision.candidates;
  const entry = entries.get(decision.entry ?? likeliest?.entry ?? '');
  if (entry && entry.danger.length > 0 && (likeliest?.confidence ?? 0) >= LIKELY_HEALTH)
    return stepForEntries([entry], text);
  const known = decision.decision === 'answer' || decision.decision === 'handoff';
  const asksToo = known && entry?.kind === 'question' && !ABOUT_CONTACT.has(entry.topic);
  if (!asksToo || !readsAsQuestion(text)) return bookAndAnswer(decision, entries, text);
  if (!asksToBook(text)) return undefined;
  // What is asked besides is answered first; without an approved answer it is said to go along with the booking.
  const spoken = stepForEntries([entry], text);
  return { do: 'book', kind: 'consultation', ...(spoken.do !== 'book' && { answer: spoken }) };
}

/** "I need it done before June, how are the sessions spaced?": what is asked beside the wish to book is answered first. */
function bookAndAnswer(
  decision: Decision,
  entries: ReadonlyMap<string, Entry>,
  text: string,
): Extract<Step, { do: 'book' }> {
  const asked =
    decision.decision === 'booking'
      ? [...(decision.second ? [decision.second] : []), ...(decision.unanswered ?? [])]
          .flatMap(({ entry }) => entries.get(entry) ?? [])
          .filter(({ kind, topic }) => kind === 'question' && !ABOUT_CONTACT.has(topic))
      : [];
  const spoken = asked.length > 0 ? stepForEntries(asked.slice(0, 2), text) : undefined;
  const answer = spoken && spoken.do !== 'book' ? spoken : undefined;
  return { do: 'book', kind: 'consultation', ...(answer && { answer }) };
}

/** "Can someone call me at 410 ...?" is no question about the clinic's telephone. */
const ABOUT_CONTACT = new Set(['phone-contact']);
/** Of two readings of a wish to book, the one that concerns health is spoken to where it is as likely as not. */
const LIKELY_HEALTH = 0.5;

/** "..." says nothing that could have gone unanswered; "??" asks what now. */
const ONLY_SIGNS = /^[\s.,…!?-]+$/;

/** "ok" or "no" to nothing in particular is not a question that went unanswered. */
function bareYesOrNo({ text, decision, entries }: Situation): Step | undefined {
  if (ONLY_SIGNS.test(text)) return text.includes('?') ? { do: 'obey', command: 'help' } : { do: 'let-be' };
  return readYesNo(text) !== undefined && !isSmallTalk(decision, entries) ? { do: 'let-be' } : undefined;
}

/** What is passed on then is the question itself, in the visitor's words where they are at hand. */
function didNotHelp({ text, state, entries }: Situation): Step | undefined {
  const { waiting, lastEntry } = state;
  const asked =
    waiting?.for === 'pass-on' || waiting?.for === 'choice'
      ? waiting.question
      : entries.get(lastEntry ?? '')?.question;
  return asked !== undefined && saysItDidNotHelp(text) ? { do: 'own-up', question: asked } : undefined;
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
      return bookAndAnswer(decision, entries, text);
    case 'answer':
    case 'handoff': {
      const spoken = [decision.entry, decision.second?.entry ?? null].flatMap(
        (id) => (id && entries.get(id)) || [],
      );
      if (spoken.length === 0) return { do: 'fall-back' };
      // Of more than two questions what can be answered is left open, and what can not is said at once to be passed on.
      const others = decision.unanswered?.flatMap(({ entry }) => entries.get(entry) ?? []) ?? [];
      const unapproved = others.filter(({ approval }) => approval === 'none');
      const open = others.filter(({ approval }) => approval !== 'none').map(({ id }) => id);
      const step = stepForEntries([...spoken, ...unapproved], text);
      return open.length > 0 && (step.do === 'answer' || step.do === 'hand-off')
        ? { ...step, unanswered: open }
        : step;
    }
    case 'clarify': {
      const likely = decision.candidates
        .filter(({ confidence }, place) => place === 0 || confidence >= LEAST_OFFERED)
        .flatMap(({ entry }) => entries.get(entry) ?? []);
      const questions = likely.filter(isAskable);
      // Unsure whether somebody only said hello: "Did you mean: Hello?" helps nobody.
      if (questions.length === 0 && !likely.some(({ kind }) => kind === 'care')) return { do: 'fall-back' };
      const offered = (questions.length > 0 ? questions : likely).slice(0, 3);
      return { do: 'offer-choices', entries: offered.map(({ id }) => id) };
    }
    default:
      if (decision.asksNothing && !readsAsQuestion(text)) return { do: 'invite' };
      return { do: 'fall-back', ...(decision.language !== undefined && { language: decision.language }) };
  }
}

/** "Who reads what I write here?" can be chosen as what was meant; a greeting or how somebody feels can not. */
function isAskable({ kind, question }: Entry): boolean {
  return kind !== 'care' && (kind !== 'small-talk' || question.endsWith('?'));
}

/**
 * Of what is less likely than this a visitor would ask how the bot came upon it. Of 251 choices on the labelled questions
 * one held the right entry below it, and 14 % of all that was offered stood there.
 */
const LEAST_OFFERED = 0.02;

/** An entry without an approved answer among them makes it a hand-off: the reply still gives what the others say. */
function stepForEntries(spoken: Entry[], question: string): SpokenStep | Extract<Step, { do: 'book' }> {
  if (spoken.length === 1 && spoken[0]?.kind === 'booking') return { do: 'book', kind: 'consultation' };
  if (spoken.length === 1 && spoken[0]?.kind === 'person')
    return { do: 'book', kind: 'question', question, person: spoken[0].id };
  const ids = spoken.map((entry) => entry.id);
  return spoken.some((entry) => entry.approval === 'none')
    ? { do: 'hand-off', entries: ids }
    : { do: 'answer', entries: ids };
}
