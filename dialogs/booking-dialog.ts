import { DateTime } from 'luxon';
import type { OtherLanguage } from '../src/answers/detect-language';
import type { BookingRequest } from '../src/booking/booking-request';
import { fitsCalendar } from '../src/booking/calendar-file';
import { changePhone } from '../src/booking/change-phone';
import { hasLink, withoutLinks } from '../src/booking/has-link';
import { isOnlyAName, isOnlyWhen, readDetails, statedAge } from '../src/booking/read-details';
import type { Details } from '../src/booking/read-details';
import { addressesIn, readEmail } from '../src/booking/read-email';
import { readHandle } from '../src/booking/read-handle';
import { readName } from '../src/booking/read-name';
import { readPhone, speakPhone } from '../src/booking/read-phone';
import {
  beginsWithYes,
  behindYes,
  besidesWhatCannotBe,
  isCorrection,
  looksLikeQuestion,
  noteToAdd,
  readConsent,
  readReply,
  saysToSend,
} from '../src/booking/read-reply';
import type { Field, ReplyRead } from '../src/booking/read-reply';
import { mergeWishes, readWhen } from '../src/booking/read-when';
import type { WhenReading } from '../src/booking/read-when';
import { speakDate, speakTime, speakWish } from '../src/booking/speak-wish';
import { asksToBook } from '../src/conversation/asks-to-book';
import type { Reply } from '../src/conversation/reply';
import { buttons, consentText, promptFor, soFar } from './booking-prompts';
import { hasContact, isComplete, nextAsking, reviveBookingState } from './booking-state';
import type { Asking, BookingState, Draft } from './booking-state';
import type { Dialog, DialogContext, DialogTurn } from './dialog';

export interface BookingBegin {
  kind: BookingRequest['kind'];
  /** The message that led here; what it says already is not asked again. */
  said: string;
  /** What is passed on, or goes along with a consultation, where it is not `said` itself. */
  question?: string;
  /** In which the visitor writes, where it is not English. */
  language?: OtherLanguage;
  /** A request sent before, to be changed: same reference, summary at once. */
  existing?: BookingRequest;
  /** A request that was withdrawn and is wanted after all: a new reference, summary at once. */
  again?: BookingRequest;
}

type Turn = DialogTurn<BookingState>;

/**
 * From "I'd like to come by" to a request with a reference code: consent, name, phone or e-mail, day and time, note,
 * summary. Whatever a message says is taken, in any order; anything can be corrected at any step; two misses on a
 * field lead to another way. It promises no slot: the clinic confirms.
 */
export const bookingDialog: Dialog<BookingBegin, BookingState> = {
  id: 'booking',
  begin,
  readsAsReply,
  continue: continueWith,
  takeQuestion,
  isNeedlessWithPerson: ({ kind, consent, reference }) =>
    kind === 'question' && consent === undefined && reference === undefined,
  reprompt: promptFor,
  cancel,
  revive: reviveBookingState,
};

const LONGEST_MESSAGE = 1000;
const LONGEST_NOTE = 1000;
const LONGEST_QUESTION = 1000;
const LONGEST_NAME = 100;
const LONGEST_CONTACT = 300;
const LONGEST_ASKED = 300;
const MOST_ASKED = 5;
/** Misses on one prompt after which the dialog steps back rather than ask a fourth time. */
const MOST_MISSES = 3;
/** Under this age a parent is asked to book (the age of majority where the clinic is). */
const ADULT = 18;

function begin(options: BookingBegin, context: DialogContext): Turn {
  const said = options.said.trim().slice(0, LONGEST_MESSAGE);
  if (options.existing) return reopen(options.existing, said, context);
  if (options.again) return takeUpAgain(options.again, said, context);
  const beside = options.kind === 'consultation' ? options.question : undefined;
  const led = beside === undefined ? (options.question ?? said) : said;
  const question = led.trim().slice(0, LONGEST_MESSAGE);
  const state: BookingState = {
    version: 1,
    kind: options.kind,
    asking: 'consent',
    said: said ? [said] : [],
    ...(question && { question }),
    ...(beside !== undefined && { asked: [beside.slice(0, LONGEST_ASKED)] }),
    ...(options.language && { language: options.language }),
    draft: {},
    skipped: [],
    misses: 0,
  };
  if (context.mayAddRequest === false) return over(context, 'booking.tooMany');
  if (isMinor(said) || isMinor(question)) return over(context, 'booking.minor');
  return { state, replies: promptFor(state, context) };
}

/** As it was before the summary was confirmed. */
function stateOf(request: BookingRequest): BookingState | undefined {
  const { reference, kind, question, consent, name, phone, email, contact, forWhom, wish, note } = request;
  const { words: _, ...wishRead } = wish ?? { words: '' };
  const kept = { name, phone, email, contact, forWhom, note, ...(wish && { wish: wishRead }) };
  return reviveBookingState({
    version: 1,
    kind,
    asking: 'summary',
    said: [],
    question,
    consent,
    reference,
    draft: kept,
    skipped: ['when', 'note'],
    misses: 0,
  });
}

/** The withdrawn one is gone from the clinic's list, so that what is sent now is a new one. */
function takeUpAgain(withdrawn: BookingRequest, said: string, context: DialogContext): Turn {
  if (context.mayAddRequest === false) return over(context, 'booking.tooMany');
  const state = stateOf(withdrawn);
  if (!state) return begin({ kind: withdrawn.kind, said }, context);
  return goOn({ ...state, reference: undefined }, context, [context.say('booking.takenUpAgain')]);
}

function reopen(existing: BookingRequest, said: string, context: DialogContext): Turn {
  const { kind, question } = existing;
  const state = stateOf(existing);
  // A request that cannot be read any more is no reason to turn the visitor away: it is asked anew.
  if (!state) return begin({ kind, said, ...(question !== undefined && { question }) }, context);
  const reply = readReply(said);
  if (['withdraw', 'cancel'].includes(reply.kind)) return ask(state, 'withdraw', context);
  if (reply.kind === 'remove') return remove(state, reply.field, context);
  const { forWhom: another } = readDetails(said, context);
  const isForAnother = another !== undefined && !samePerson(another, state.draft.forWhom);
  if (reply.kind === 'separate' || (isForAnother && reply.kind !== 'change'))
    return secondRequest(state, said, context);
  const digits = changeDigits(state, said, context);
  if (digits) return digits;
  const isOtherTime = reply.kind === 'none' && isCorrection(said);
  const taken = take(state, said, context) ?? (isOtherTime ? takeWish(state, said, context) : undefined);
  if (taken) return goOn(taken.state, context, taken.said);
  const noted = addNote(state, said, context);
  if (noted) return noted;
  return reply.kind === 'change' ? askFor(state, reply.field, context) : goOn(state, context);
}

/** "my wife" and "my wife Lisa" are one. */
function samePerson(one: string, other: string | undefined): boolean {
  return other !== undefined && (one.startsWith(other) || other.startsWith(one) || other.endsWith(one));
}

/** One more beside the one that was sent: who it is and how to reach them stay, the rest is asked again. */
function secondRequest(state: BookingState, said: string, context: DialogContext): Turn {
  if (context.mayAddRequest === false) return over(context, 'booking.tooMany');
  const { name, phone, email, contact } = state.draft;
  const fresh: BookingState = {
    version: 1,
    kind: 'consultation',
    asking: 'consent',
    said: [],
    consent: state.consent,
    draft: { name, phone, email, contact },
    skipped: [],
    misses: 0,
  };
  const taken = take(fresh, said, context) ?? { state: fresh, said: [] };
  return goOn(taken.state, context, [context.say('booking.secondRequest'), ...taken.said]);
}

function cancel(state: BookingState, context: DialogContext): Turn {
  return giveUp(state, context, 'booking.cancelled');
}

/** What was begun can be taken up again by the next message; of a request that was sent nothing is given up. */
function giveUp(state: BookingState, context: DialogContext, key: string): Turn {
  if (state.reference) return over(context, 'booking.leftAsItWas');
  return { ...over(context, key), givenUp: state };
}

function continueWith(state: BookingState, text: string, context: DialogContext): Turn {
  const typed = text.trim().slice(0, LONGEST_MESSAGE);
  const reply = readReply(typed);
  if (isMinor(typed)) return over(context, 'booking.minor');
  return obey(state, reply, typed, context) ?? ANSWERS[state.asking]({ state, reply, typed, context });
}

// What works at every prompt.

/** The newest five; a longer one up to where it is still readable in a list. */
function takeQuestion(state: BookingState, question: string): BookingState {
  const others = (state.asked ?? []).filter((each) => each !== question);
  return { ...state, asked: [...others, question.slice(0, LONGEST_ASKED)].slice(-MOST_ASKED) };
}

function obey(
  state: BookingState,
  reply: ReplyRead,
  typed: string,
  context: DialogContext,
): Turn | undefined {
  switch (reply.kind) {
    case 'cancel':
      return cancel(state, context);
    case 'withdraw':
      return state.reference ? ask(state, 'withdraw', context) : cancel(state, context);
    case 'start-over':
      return startOver(state, context);
    case 'why':
      return {
        state,
        replies: [
          { text: context.say(`booking.why.${reasonOf(state.asking)}`) },
          ...promptFor(state, context),
        ],
      };
    case 'help':
      return { state, replies: [{ text: context.say('booking.help') }, ...promptFor(state, context)] };
    case 'thanks':
      return state.asking === 'note'
        ? skip(state, 'note', context)
        : { state, replies: promptFor(state, context) };
    case 'show':
      return { state, replies: [...soFar(state, context), ...promptFor(state, context)] };
    case 'wait':
      return { state, replies: [takeYourTime(state, context)] };
  }
  if (!state.consent) return undefined;
  if (reply.kind === 'back') return goBack(state, context);
  if (reply.kind === 'separate' && state.reference) return secondRequest(state, typed, context);
  if (reply.kind === 'change') return change(state, reply.field, typed, context);
  if (reply.kind === 'remove') return remove(state, reply.field, context);
  if (state.kind === 'question' && asksToBook(typed) && !looksLikeQuestion(typed))
    return bookInstead(state, typed, context);
  const digits = reply.kind === 'none' ? changeDigits(state, typed, context) : undefined;
  if (digits) return digits;
  return reply.kind === 'none' && state.asking !== 'note' ? addNote(state, typed, context) : undefined;
}

/** "the number ends 0124"; where the digits make no number with the others, the whole one is asked for. */
function changeDigits(state: BookingState, typed: string, context: DialogContext): Turn | undefined {
  const { clinic, say } = context;
  const before = state.draft.phone;
  const digits = before && !looksLikeQuestion(typed) && changePhone(typed, before, clinic.country);
  if (!digits) return undefined;
  const taken = digits === 'unclear' ? undefined : take(state, typed, context);
  if (!taken) return ask(state, 'phone', context);
  const isSame = taken.state.draft.phone?.e164 === before.e164;
  const same = isSame ? [say('booking.samePhone', { phone: speakPhone(before, clinic.country) })] : [];
  return goOn(taken.state, context, [...same, ...taken.said]);
}

function takeYourTime(state: BookingState, context: DialogContext): Reply {
  const atSummary = state.asking === 'summary' || state.asking === 'change';
  return {
    text: context.say('booking.takeYourTime'),
    quickReplies: buttons(context, [
      ...(atSummary ? ['send' as const] : []),
      state.reference ? 'leave' : 'cancel',
    ]),
  };
}

/** Who was about to have a question passed on wants an appointment after all: the question stays with it. */
function bookInstead(state: BookingState, typed: string, context: DialogContext): Turn {
  const booking: BookingState = { ...state, kind: 'consultation' };
  const taken = take(booking, typed, context) ?? { state: booking, said: [] };
  return goOn(taken.state, context, [context.say('booking.bookInstead'), ...taken.said]);
}

/** "tell them I'm coming by bus", said at any prompt. */
function addNote(state: BookingState, typed: string, context: DialogContext): Turn | undefined {
  const note = state.kind === 'consultation' && !hasLink(typed) ? noteToAdd(typed) : undefined;
  if (note === undefined || Object.keys(readDetails(typed, context)).length > 0) return undefined;
  const whole = [state.draft.note, note].filter(Boolean).join('\n');
  if (whole.length > LONGEST_NOTE) return undefined;
  const here = { ...state, draft: { ...state.draft, note: whole } };
  return goOn(here, context, [context.say('booking.addedToNote')]);
}

function startOver(state: BookingState, context: DialogContext): Turn {
  const { question, consent, language, reference } = state;
  if (reference) return cancel(state, context);
  const fresh: BookingState = {
    version: 1,
    kind: state.kind,
    asking: 'consent',
    said: [],
    draft: {},
    skipped: [],
    misses: 0,
  };
  const again = {
    ...fresh,
    ...(question && { question }),
    ...(language && { language }),
    ...(consent && { consent }),
  };
  return goOn(again, context, [context.say('booking.startedOver')]);
}

const ORDER: Asking[] = ['name', 'contact', 'when', 'note', 'summary'];

function goBack(state: BookingState, context: DialogContext): Turn {
  const order =
    state.kind === 'question' ? ORDER.filter((step) => step !== 'when' && step !== 'note') : ORDER;
  const step: Asking = ['phone', 'email', 'email-offer'].includes(state.asking)
    ? 'contact'
    : state.asking === 'change' || state.asking === 'question'
      ? 'summary'
      : state.asking;
  const before = order[Math.max(order.indexOf(step) - 1, 0)] ?? 'name';
  const here: BookingState = { ...state, offer: undefined };
  if (before !== 'contact') return ask(here, before, context);
  return askFor(here, 'contact', context);
}

/** "remove the phone number": what can be missing goes; a name and one way to be reached stay. */
function remove(state: BookingState, field: Field, context: DialogContext): Turn {
  if (field === 'name' || field === 'question') return askFor(state, field, context);
  const { phone, email, contact, ...others } = state.draft;
  const kept: Draft = { ...others, phone, email, contact };
  if (field === 'when') kept.wish = undefined;
  else if (field === 'contact') kept.contact = undefined;
  else kept[field] = undefined;
  if (hasContact(state.draft) && !hasContact(kept)) return askFor(state, field, context);
  const optional = field === 'when' || field === 'note' ? [field] : [];
  const skipped = [...new Set([...state.skipped, ...optional])];
  return goOn({ ...state, draft: kept, skipped }, context, [context.say('booking.removed')]);
}

/** "change the email", with or without the new one beside it. */
function change(state: BookingState, field: Field, typed: string, context: DialogContext): Turn {
  const said = field === 'when' ? besidesWhatCannotBe(typed) : typed;
  const taken =
    take(state, said, context) ??
    takeSurname(state, typed) ??
    takeNameAfterTo(state, field, typed) ??
    takeQuestionAfterTo(state, field, typed) ??
    (field === 'when' ? takeWish(state, said, context) : undefined);
  // "Tuesday is bad" names the day that was wished for, and no other.
  if (taken && (field !== 'when' || saysOther(taken.state.draft, state.draft, context))) {
    const said = taken.said.length > 0 ? taken.said : changesSaid(state.draft, taken.state.draft, context);
    return goOn(taken.state, context, said);
  }
  return (field === 'note' ? addNote(state, typed, context) : undefined) ?? askFor(state, field, context);
}

/** "change the question to does Aetna cover it" */
function saysOther(after: Draft, before: Draft, { now, say }: DialogContext): boolean {
  const words = ({ wish, ...rest }: Draft): string =>
    JSON.stringify([rest, wish && speakWish(wish, now, say)]);
  return words(after) !== words(before);
}

function takeQuestionAfterTo(state: BookingState, field: Field, typed: string): Taken | undefined {
  const isIt = field === 'question' && state.kind === 'question' && !hasLink(typed);
  const question = isIt ? /\bquestion (?:to|into|:|should be|is) *(\S.{2,})$/is.exec(typed)?.[1] : undefined;
  return question === undefined ? undefined : { state: { ...state, question }, said: [] };
}

/** "my last name is Marlowe": the first one stays. */
function takeSurname(state: BookingState, typed: string): Taken | undefined {
  const surname =
    /\b(?:last|family|sur) ?name(?: is|['’]s|:)?(?: actually| really| spelled)? (\p{L}[\p{L}\p{M}'’-]{0,40})/iu.exec(
      typed,
    )?.[1];
  const [first, ...others] = state.draft.name?.split(' ') ?? [];
  if (surname === undefined || first === undefined || /^(?:is|wrong|not)$/i.test(surname)) return undefined;
  const name = [first, ...others.slice(0, -1), surname].join(' ');
  return { state: { ...state, draft: { ...state.draft, name } }, said: [] };
}

function takeNameAfterTo(state: BookingState, field: Field, typed: string): Taken | undefined {
  const value = field === 'name' ? /\b(?:to|as|be)\s+(\S.{0,100})$/i.exec(typed)?.[1] : undefined;
  const reading = value === undefined ? undefined : readName(value);
  return reading?.ok
    ? { state: { ...state, draft: { ...state.draft, name: reading.name } }, said: [] }
    : undefined;
}

/** Asks for a field by name; "contact" is whichever of the two was given. */
function askFor(state: BookingState, field: Field, context: DialogContext): Turn {
  // In a booking the question is what led to it; what is to be known beside stands in the note.
  if (field === 'question' && state.kind !== 'question') return ask(state, 'note', context);
  if (field !== 'contact') return ask(state, field, context);
  const { phone, email, contact } = state.draft;
  return ask(
    state,
    contact !== undefined ? 'contact' : phone ? 'phone' : email ? 'email' : 'contact',
    context,
  );
}

// One answer for each prompt.

interface Answer {
  state: BookingState;
  reply: ReplyRead;
  typed: string;
  context: DialogContext;
}

const ANSWERS: Record<Asking, (answer: Answer) => Turn> = {
  consent: answerConsent,
  name: answerName,
  contact: answerContact,
  phone: answerContact,
  email: answerContact,
  'email-offer': answerEmailOffer,
  when: answerWhen,
  note: answerNote,
  question: answerQuestion,
  summary: answerSummary,
  change: answerChange,
  withdraw: answerWithdraw,
};

function answerConsent({ state, reply, typed, context }: Answer): Turn {
  const { say } = context;
  const answer = reply.kind === 'none' ? readConsent(typed) : reply.kind;
  if (answer === 'no') return { replies: [{ text: say('booking.refused') }], state: undefined, redact: true };
  const agreed = answer === 'yes';
  // The message that led here was read before the notice was.
  const givesDetails = [...state.said.slice(1), typed].some((message) => tellsDetails(message, context));
  // What stands beside the yes, or instead of it, is read once there is one.
  const said = agreed || !typed ? state.said : [...state.said, typed].slice(-8);
  if (agreed || beginsWithYes(typed)) return consented({ ...state, said }, context);
  // Who goes on giving details means yes: asked again to say so, and never turned away.
  const misses = givesDetails ? Math.min(state.misses, 1) : state.misses;
  const asked = givesDetails && state.misses > 0 ? 'booking.consentHeld' : 'booking.consentFirst';
  const { consent } = context.clinic;
  return miss(
    { ...state, said, misses },
    context,
    (state.language && consent.elsewhere?.[state.language]) ?? say(asked),
    buttons(context, ['yes', 'no']),
  );
}

function tellsDetails(message: string, context: DialogContext): boolean {
  return (
    isOnlyAName(message, context.clinic.country) !== undefined ||
    Object.keys(readDetails(message, context)).length > 0
  );
}

function consented(state: BookingState, context: DialogContext): Turn {
  const text = consentText(state, context);
  const { version } = context.clinic.consent;
  const at = context.now.toUTC().toISO() ?? '';
  let here: BookingState = { ...state, said: [], consent: { text, version, at } };
  const notes: string[] = [];
  for (const [at, message] of state.said.entries()) {
    const name = here.draft.name === undefined && isOnlyAName(message, context.clinic.country);
    // The first of them began the booking: a lone "Botox" there is no name, a lone "Lee" after the notice is one.
    const nameToo = name && (name.besideContact || at > 0 || state.kind === 'question');
    const taken = take(here, message, context, nameToo ? 'name' : undefined);
    if (taken) here = taken.state;
    if (taken) notes.push(...taken.said);
  }
  return goOn(here, context, notes);
}

function answerName(answer: Answer): Turn {
  const { state, reply, typed, context } = answer;
  if (state.draft.name !== undefined && ['keep', 'skip'].includes(reply.kind)) return goOn(state, context);
  const command = reply.kind !== 'none' && reply.kind !== 'field';
  const taken = command ? undefined : take(state, typed, context, 'name');
  if (taken) return goOn(taken.state, context, taken.said);
  if (hasLink(typed) && !taken) return miss(state, context, context.say('booking.nameProblem.sentence'));
  const asTyped = !command && !looksLikeQuestion(typed) && typed.length <= LONGEST_NAME && readName(typed);
  // The second time it is taken as it stands: people know their names better than this reader does.
  if (state.misses >= 1 && asTyped && !(asTyped.ok === false && asTyped.problem === 'blank')) {
    return acceptAsTyped(state, { name: typed }, context);
  }
  const reading = readName(typed);
  const problem = command || reading.ok ? 'sentence' : reading.problem;
  return miss(state, context, context.say(`booking.nameProblem.${problem}`));
}

function answerContact(answer: Answer): Turn {
  const { state, reply, typed, context } = answer;
  if (hasContact(state.draft) && ['keep', 'skip', 'no'].includes(reply.kind)) return goOn(state, context);
  if (reply.kind === 'field' && (reply.field === 'phone' || reply.field === 'email'))
    return ask(state, reply.field, context);
  // "I don't have my number here, my email is ...": the other one stands beside it.
  const { phone, email } = readDetails(typed, { ...context, asked: 'contact' });
  if ((reply.kind === 'no-phone' || reply.kind === 'no-email') && !phone && !email)
    return otherContact(state, reply.kind === 'no-phone' ? 'email' : 'phone', context);
  if (reply.kind === 'no-contact') return withoutContact(state, context);
  // "ok", "continue": ready to answer, and no answer yet.
  if (state.misses === 0 && ['yes', 'skip'].includes(reply.kind) && isReady(typed))
    return { state, replies: promptFor(state, context) };
  const chosen = state.addresses?.[placeNamed(typed)] ?? typed;
  const taken = take(state, chosen, context, 'contact');
  if (taken && taken.state.draft !== state.draft && (hasContact(taken.state.draft) || taken.state.offer)) {
    return goOn(taken.state, context, taken.said);
  }
  if (taken && addsSomething(taken.state, state)) return goOn(taken.state, context, taken.said);
  const here = taken?.state ?? state;
  const handle = readHandle(typed);
  if (handle !== undefined && state.handle === undefined) return keepHandle(here, handle, context);
  if (canStandAsTyped(answer, handle !== undefined))
    return acceptAsTyped({ ...here, handle: undefined }, { contact: contactAsTyped(state, typed) }, context);
  return missContact(here, typed, context);
}

function isReady(typed: string): boolean {
  return /^\W*(?:(?:yes|ok|okay|sure|alright|fine|now|let['’]?s|please|i['’]?m (?:back|ready))\W*)*(?:continue|go on|proceed|next|go ahead|carry on)?\W*$/i.test(
    typed,
  );
}

/** The clinic answers by phone or e-mail: a handle is kept beside, and one of the two asked for, with the reason. */
function keepHandle(state: BookingState, handle: string, context: DialogContext): Turn {
  const next: BookingState = { ...state, handle: handle.slice(0, LONGEST_CONTACT), misses: state.misses + 1 };
  const text = context.say('booking.handleKept', { handle });
  return { state: next, replies: [{ text, quickReplies: buttons(context, CONTACT_WAYS) }] };
}

/** Asked again, people who insist on their own way of being reached get it; a person will read it. */
function canStandAsTyped({ state, reply, typed }: Answer, isHandle: boolean): boolean {
  if (reply.kind !== 'none' || looksLikeQuestion(typed)) return false;
  if (isHandle) return true;
  if (hasLink(typed)) return false;
  const looksReachable = typed.includes('@') || (typed.match(/\p{Nd}/gu) ?? []).length >= 5;
  return looksReachable ? state.misses >= 1 : state.misses >= 2 && typed.split(/\s+/).length >= 4;
}

function contactAsTyped({ handle }: BookingState, typed: string): string {
  return [...(handle === undefined || typed.includes(handle) ? [] : [handle]), typed]
    .join('; ')
    .slice(0, LONGEST_CONTACT);
}

function missContact(state: BookingState, typed: string, context: DialogContext): Turn {
  const addresses = addressesIn(typed);
  if (addresses.length > 1) {
    const first = buttons(context, ['first', 'second']).slice(0, addresses.length);
    return miss({ ...state, addresses }, context, context.say('booking.emailProblem.several'), first);
  }
  // The second time another way is offered besides.
  const problem = [
    contactProblem(typed, context),
    ...(state.misses >= 1 ? [context.say('booking.contactYourWay')] : []),
  ].join(' ');
  return miss(state, context, problem, buttons(context, CONTACT_WAYS));
}

const CONTACT_WAYS = ['byPhone', 'byEmail', 'cancel'] as const;

/** "the first", "2": its place in what was offered, or -1. */
function placeNamed(typed: string): number {
  const said =
    /^(?:(?:use|the|number|option|take)\s+)*(first|1|1st|one|second|2|2nd|two|last)(?:\s+(?:one|please|is fine|email|date|day))*[.!]*$/i.exec(
      typed.trim(),
    )?.[1];
  if (said === undefined) return -1;
  return /^(?:first|1|1st|one)$/i.test(said) ? 0 : 1;
}

/** A corrected name, say, while the number is asked for: no miss. */
function addsSomething(after: BookingState, before: BookingState): boolean {
  return JSON.stringify(after.draft) !== JSON.stringify(before.draft);
}

/** Nobody can be answered without: said once with the reason, then left in peace. */
function withoutContact(state: BookingState, context: DialogContext): Turn {
  const misses = state.misses + 2;
  if (misses > MOST_MISSES) return giveUp(state, context, 'booking.gaveUp');
  const text = `${context.say('booking.why.contact')} ${context.say('booking.contactYourWay')}`;
  return { state: { ...state, misses }, replies: [{ text, quickReplies: buttons(context, CONTACT_WAYS) }] };
}

/** One of the two will do; who has neither is asked twice and then left in peace. */
function otherContact(state: BookingState, other: 'phone' | 'email', context: DialogContext): Turn {
  if (state.draft[other] !== undefined) return goOn(state, context);
  const misses = state.misses + 1;
  if (misses >= MOST_MISSES) return giveUp(state, context, 'booking.gaveUp');
  const text = context.say(other === 'email' ? 'booking.emailInstead' : 'booking.phoneInstead');
  return { state: { ...state, asking: other, misses }, replies: [{ text, asks: other }] };
}

function contactProblem(typed: string, { clinic, say }: DialogContext): string {
  const email = readEmail(typed);
  if (typed.includes('@') && !email.ok) return say(`booking.emailProblem.${email.problem}`);
  const phone = readPhone(typed, clinic.country);
  return say(`booking.phoneProblem.${phone.ok ? 'no-number' : phone.problem}`);
}

function answerEmailOffer({ state, reply, typed, context }: Answer): Turn {
  const offer = state.offer ?? { email: '', suggestion: '' };
  const settle = (email: string): Turn => {
    return goOn(withAddress(state, email), context);
  };
  if (reply.kind === 'yes' || namesHost(typed, offer)) return settle(offer.suggestion);
  const typedAgain = readEmail(typed);
  if (typedAgain.ok && typedAgain.email === offer.suggestion) return settle(offer.suggestion);
  if (typedAgain.ok && typedAgain.email === offer.email) return settle(offer.email);
  const taken = take({ ...state, offer: undefined }, typed, context);
  if (taken)
    return goOn(
      (taken.state.draft.email ?? taken.state.offer) ? taken.state : { ...taken.state, offer },
      context,
      taken.said,
    );
  if (reply.kind === 'no' || reply.kind === 'keep' || reply.kind === 'skip' || state.misses >= 1)
    return settle(offer.email);
  return miss(state, context, context.say('booking.pleaseChoose'));
}

/** "yes gmail", "the gmail one": the suggested host by its name alone. */
function namesHost(typed: string, { suggestion }: { suggestion: string }): boolean {
  const host = /@([\w-]+)/.exec(suggestion)?.[1]?.toLowerCase();
  const words: string[] = typed.toLowerCase().match(/[\w-]+/g) ?? [];
  const isPlain = words.length <= MOST_WORDS_ABOUT_HOST && !/@|\bno[tn]?\b/i.test(typed);
  return host !== undefined && isPlain && words.includes(host);
}

const MOST_WORDS_ABOUT_HOST = 6;

function answerWhen({ state, reply, typed, context }: Answer): Turn {
  const { say } = context;
  if (['skip', 'no', 'keep'].includes(reply.kind)) return skip(state, 'when', context);
  const offered = state.dates && dateNamed(typed, state.dates);
  const taken = take(state, offered ?? typed, context, 'when');
  if (taken && taken.state.draft.wish !== state.draft.wish) return goOn(taken.state, context, taken.said);
  if (taken && addsSomething(taken.state, state)) return goOn(taken.state, context, taken.said);
  const reading = readDetails(typed, { ...context, asked: 'when' }).when ?? { ok: false, problem: 'unclear' };
  if (state.misses >= 1 && reply.kind === 'none' && typed && !looksLikeQuestion(typed) && !hasLink(typed)) {
    return acceptAsTyped(
      state,
      { wish: { typed: typed.slice(0, LONGEST_CONTACT), zone: context.clinic.timeZone } },
      context,
    );
  }
  const here = taken?.state ?? state;
  return miss(
    { ...here, ...leftOpen(reading) },
    context,
    reading.ok ? say('booking.whenProblem.unclear') : whenProblem(reading, context),
  );
}

/** "the first", or "december" where December 11 and November 12 are to choose from: that date. */
function dateNamed(typed: string, dates: string[]): string | undefined {
  const month = /^(?:in |the )?([a-z]{3})[a-z]*(?: one)?[.!]*$/i.exec(typed.trim())?.[1]?.toLowerCase();
  const inMonth = dates.filter((date) => monthOf(date) === month);
  return inMonth.length === 1 ? inMonth[0] : dates[placeNamed(typed)];
}

function monthOf(date: string): string {
  return DateTime.fromISO(date, { locale: 'en-US' }).toFormat('LLL').toLowerCase();
}

/** What the next reply completes: the time that was said with a refused day, and the days to choose from. */
function leftOpen(reading: WhenReading): Pick<BookingState, 'partialWish' | 'dates'> {
  if (reading.ok) return {};
  const dates =
    reading.problem === 'which' ? reading.dates : reading.problem === 'closed' ? [reading.next] : undefined;
  return { partialWish: 'wish' in reading ? reading.wish : undefined, dates };
}

function whenProblem(reading: Extract<WhenReading, { ok: false }>, { now, say }: DialogContext): string {
  switch (reading.problem) {
    case 'closed':
      return reading.day
        ? say('booking.whenProblem.closed', {
            day: speakDate(reading.day, now),
            next: speakDate(reading.next, now),
          })
        : say('booking.whenProblem.closedDays', { next: speakDate(reading.next, now) });
    case 'outside-hours':
      return say('booking.whenProblem.outside-hours', {
        day: speakDate(reading.day, now),
        hours: reading.spans
          .map(({ opens, closes }) =>
            say('booking.when.span', { opens: speakTime(opens), closes: speakTime(closes) }),
          )
          .reduce((first, second) => say('booking.when.and', { first, second })),
      });
    case 'which':
      return say('booking.whenProblem.which', {
        first: speakDate(reading.dates[0] ?? '', now),
        second: speakDate(reading.dates[1] ?? '', now),
      });
    default:
      return say(`booking.whenProblem.${reading.problem}`);
  }
}

function answerNote({ state, reply, typed, context }: Answer): Turn {
  if (['skip', 'no', 'keep'].includes(reply.kind) || !typed) return skip(state, 'note', context);
  if (reply.kind === 'yes') return miss(state, context, context.say('booking.noteGoAhead'));
  if (hasLink(typed)) return miss(state, context, context.say('booking.noLinks'));
  const corrected =
    isCorrection(typed) || isOnlyWhen(typed, context) ? take(state, typed, context, 'when') : undefined;
  if (corrected) return goOn(corrected.state, context, corrected.said);
  return goOn({ ...state, draft: { ...state.draft, note: typed } }, context);
}

/** What is passed on, put anew; it may well be put as a question. */
function answerQuestion({ state, reply, typed, context }: Answer): Turn {
  if (['skip', 'no', 'keep'].includes(reply.kind) || !typed || hasLink(typed)) return letBe(state, context);
  return goOn({ ...state, question: typed }, context);
}

function answerSummary(answer: Answer): Turn {
  const { state, reply, typed, context } = answer;
  if (reply.kind === 'yes' || saysToSend(typed)) return confirm(state, context);
  if (reply.kind === 'no') return ask(state, 'change', context);
  return changeAtSummary(answer);
}

/**
 * After a no to sending: it stays unsent until somebody says "send". A bare yes to "what should be different?" is no
 * word of sending, so the summary is asked about once more.
 */
function answerChange(answer: Answer): Turn {
  const { state, reply, typed, context } = answer;
  if (saysToSend(typed)) return confirm(state, context);
  if (reply.kind === 'yes') return ask(state, 'summary', context);
  if (reply.kind === 'no') return { state, replies: [takeYourTime(state, context)] };
  return changeAtSummary(answer);
}

function changeAtSummary({ state, reply, typed, context }: Answer): Turn {
  if (state.reference && reply.kind === 'keep') return cancel(state, context);
  if (reply.kind === 'field') return askFor(state, reply.field, context);
  // "No changes", "that's all": nothing to change, but not yet a yes.
  if (reply.kind === 'keep' || reply.kind === 'skip') {
    return {
      state: { ...state, asking: 'summary' },
      replies: [
        {
          text: context.say('booking.askSendAsItIs'),
          quickReplies: buttons(context, ['send', state.reference ? 'leave' : 'cancel']),
        },
      ],
    };
  }
  const taken = take(state, typed, context) ?? takeWish(state, typed, context);
  if (taken) return goOn(taken.state, context, taken.said);
  const note = [state.draft.note, behindYes(typed)].filter(Boolean).join('\n');
  const fits = state.kind === 'consultation' && reply.kind === 'none' && typed && note.length <= LONGEST_NOTE;
  // Said twice, or beside a yes, it is something the visitor wants known: better in the note than asked about again.
  const insists = state.misses >= 1 || beginsWithYes(typed);
  if (insists && fits && !looksLikeQuestion(typed) && !hasLink(typed)) {
    return goOn({ ...state, draft: { ...state.draft, note } }, context, [context.say('booking.addedToNote')]);
  }
  const waiting = { ...state, misses: state.misses + 1 };
  return {
    state: waiting,
    replies: [{ text: context.say('booking.summaryUnclear') }, ...promptFor(waiting, context)],
  };
}

function answerWithdraw({ state, reply, context }: Answer): Turn {
  if (reply.kind !== 'yes' || state.reference === undefined) return goOn(state, context);
  const text = context.say('booking.withdrawn', { reference: state.reference });
  return { replies: [{ text }], state: undefined, withdrawn: state.reference };
}

// Taking what a message says.

interface Taken {
  state: BookingState;
  /** What the visitor is told about it. */
  said: string[];
}

/** Everything usable in the message put into the draft; undefined when there is nothing. */
function take(
  state: BookingState,
  typed: string,
  context: DialogContext,
  asked?: 'name' | 'when' | 'contact',
): Taken | undefined {
  // Once all is there, whatever else is said at the prompt of one field is a change of another.
  const correcting =
    isCorrection(typed) ||
    state.asking === 'summary' ||
    state.asking === 'change' ||
    (isComplete(state.draft) && asked !== 'when');
  const surname = state.draft.name === undefined ? undefined : takeSurname(state, typed)?.state.draft.name;
  const digits = changePhone(typed, state.draft.phone, context.clinic.country);
  const details = {
    ...readDetails(typed, { ...context, asked }),
    ...(digits && digits !== 'unclear' && digits),
    ...(surname !== undefined && { name: surname }),
  };
  const read = personal(details, state);
  const draft: Draft = { ...state.draft, ...read };
  let here: BookingState = { ...state, draft, ...(details.phone && { handle: undefined }) };
  if (details.email) here = withEmail(here, details.email);
  const said = changesSaid(state.draft, here.draft, context);
  const wantsWish = mayWish(state, typed) && (asked === 'when' || !state.draft.wish || correcting);
  const wished = wantsWish && details.when ? withWish(here, details.when, asked, context) : undefined;
  if (wished) here = wished.state;
  if (wished) said.push(...wished.said);
  const wishAlone = Object.keys(read).length === 0 && !details.email;
  if (wishAlone && !wished) return undefined;
  // The prompt comes again: without a word the visitor would think not to have been heard.
  if (wishAlone && ['name', 'contact', 'note'].includes(state.asking) && !state.draft.wish && here.draft.wish)
    said.push(
      context.say('booking.notedWhen', { wish: speakWish(here.draft.wish, context.now, context.say) }),
    );
  return { state: here, said };
}

function personal({ name, phone, forWhom, remark }: Details, { draft, handle }: BookingState): Draft {
  return {
    ...(name !== undefined && { name }),
    ...(phone && { phone, contact: remark ?? handle }),
    ...(forWhom !== undefined && { forWhom: bothFor(draft.forWhom, forWhom) }),
  };
}

/** "my wife", and later "Lisa": my wife Lisa. */
function bothFor(before: string | undefined, now: string): string {
  const joins = before !== undefined && /^my \w+$/.test(before) && !now.startsWith('my ');
  return joins ? `${before} ${now}` : now;
}

function withEmail(state: BookingState, read: NonNullable<Details['email']>): BookingState {
  if (read.suggestion !== undefined)
    return { ...state, offer: { email: read.email, suggestion: read.suggestion } };
  return withAddress(state, read.email);
}

/** What stood in for a number or an address is not needed any more; a handle, or when to call, stays beside. */
function withAddress(state: BookingState, email: string): BookingState {
  const { phone, contact } = state.draft;
  const beside = phone ? contact : state.handle;
  const draft = { ...state.draft, email, contact: beside };
  return { ...state, offer: undefined, addresses: undefined, handle: undefined, draft };
}

/** A wish that cannot be is told when it was said on the side; asked for, the prompt's own answer tells it. */
function withWish(
  state: BookingState,
  when: WhenReading,
  asked: string | undefined,
  context: DialogContext,
): Taken | undefined {
  if (when.ok) {
    const wish = mergeWishes(state.partialWish ?? state.draft.wish, when.wish);
    const before = state.draft.wish && speakWish(state.draft.wish, context.now, context.say);
    const now = speakWish(wish, context.now, context.say);
    const said =
      before !== undefined && before !== now ? [context.say('booking.changedWhen', { wish: now })] : [];
    return {
      state: { ...state, draft: { ...state.draft, wish }, partialWish: undefined, dates: undefined },
      said,
    };
  }
  if (asked === 'when' || state.kind === 'question') return undefined;
  const { wish: _, ...draft } = state.draft;
  const asksAgain = {
    ...state,
    draft,
    skipped: state.skipped.filter((each) => each !== 'when'),
    ...leftOpen(when),
  };
  return { state: asksAgain, said: [whenProblem(when, context)] };
}

/** At the summary "at 5 instead" and "make it later in the day" count too, a time without a day. */
function takeWish(state: BookingState, typed: string, context: DialogContext): Taken | undefined {
  if (!mayWish(state, typed) || looksLikeQuestion(typed)) return undefined;
  const when = readWhen(typed, context);
  return when.ok || when.problem !== 'unclear' ? withWish(state, when, undefined, context) : undefined;
}

/** Whoever has a question passed on is not asked for a day, but one that they name ("next Saturday please") goes along. */
function mayWish({ kind, asking }: BookingState, typed: string): boolean {
  return kind === 'consultation' || (asking !== 'question' && !looksLikeQuestion(typed));
}

function changesSaid(before: Draft, after: Draft, { clinic, say }: DialogContext): string[] {
  const said: string[] = [];
  if (before.name !== undefined && after.name !== undefined && before.name !== after.name) {
    said.push(say('booking.changedName', { name: after.name }));
  }
  if (before.phone && after.phone && before.phone.e164 !== after.phone.e164) {
    said.push(say('booking.changedPhone', { phone: speakPhone(after.phone, clinic.country) }));
  }
  if (before.email !== undefined && after.email !== undefined && before.email !== after.email) {
    said.push(say('booking.changedEmail', { email: after.email }));
  }
  return said;
}

// How a text reads before it is taken.

function readsAsReply(state: BookingState, text: string, context: DialogContext): 'surely' | 'maybe' | 'no' {
  const typed = text.trim().slice(0, LONGEST_MESSAGE);
  if (!typed) return 'maybe';
  if (state.asking === 'question') return 'surely';
  const reply = readReply(typed);
  if (reply.kind !== 'none') return 'surely';
  const question = looksLikeQuestion(typed);
  if (!question && isOnlyWhen(typed, context)) return 'surely';
  const details = readDetails(typed, context);
  const digits = state.draft.phone && changePhone(typed, state.draft.phone, context.clinic.country);
  if (details.phone ?? details.email ?? digits) return question ? 'maybe' : 'surely';
  if (['when', 'summary'].includes(state.asking) && wishesFor(typed, context)) {
    return question &&
      !/^(?:can|could|may) (?:i|we|it|you)\b|^(?:is|would|how about|what about|maybe)\b/i.test(typed)
      ? 'maybe'
      : 'surely';
  }
  if (question) return state.asking === 'note' ? 'maybe' : 'no';
  if (
    details.name !== undefined ||
    isCorrection(typed) ||
    (state.asking === 'consent' && beginsWithYes(typed))
  )
    return 'surely';
  return 'maybe';
}

function wishesFor(typed: string, context: DialogContext): boolean {
  const when = readDetails(typed, { ...context, asked: 'when' }).when;
  return when !== undefined && (when.ok || when.problem !== 'unclear');
}

// The ways on.

function ask(state: BookingState, asking: Asking, context: DialogContext): Turn {
  const next: BookingState = { ...state, asking, misses: 0, dates: undefined };
  return { state: next, replies: promptFor(next, context) };
}

/** The next prompt; what is told before it comes in a message of its own. */
function goOn(state: BookingState, context: DialogContext, said: string[] = []): Turn {
  const next: BookingState = { ...state, asking: nextAsking(state), misses: 0, dates: state.dates };
  const told = said.length > 0 ? [{ text: said.join(' ') }] : [];
  return { state: next, replies: [...told, ...promptFor(next, context)] };
}

function skip(state: BookingState, field: 'when' | 'note', context: DialogContext): Turn {
  const skipped = [...new Set([...state.skipped, field])];
  return goOn({ ...state, skipped, dates: undefined, partialWish: undefined }, context);
}

function acceptAsTyped(state: BookingState, fields: Draft, context: DialogContext): Turn {
  const here: BookingState = {
    ...state,
    draft: { ...state.draft, ...fields },
    dates: undefined,
    partialWish: undefined,
  };
  return goOn(here, context, [context.say('booking.keptAsTyped')]);
}

function miss(
  state: BookingState,
  context: DialogContext,
  problem: string,
  ways: Reply['quickReplies'] = [],
): Turn {
  const next: BookingState = { ...state, misses: state.misses + 1 };
  // What is optional or there already must not cost the visitor the rest.
  if (isComplete(state.draft) && next.misses > 1) return letBe(state, context);
  if (next.misses >= MOST_MISSES) return giveUp(state, context, 'booking.gaveUp');
  const [prompt] = promptFor(next, context);
  const quickReplies = [...(prompt?.quickReplies ?? []), ...(prompt?.quickReplies ? [] : ways)];
  const again: Reply = {
    text: problem,
    ...(quickReplies.length > 0 && { quickReplies }),
    ...(prompt?.asks && { asks: prompt.asks }),
  };
  return { state: next, replies: [again] };
}

function letBe(state: BookingState, context: DialogContext): Turn {
  const field = state.asking === 'when' || state.asking === 'note' ? [state.asking] : [];
  const skipped = [...new Set([...state.skipped, ...field])];
  return goOn({ ...state, skipped, dates: undefined, partialWish: undefined }, context, [
    context.say('booking.leftUnchanged'),
  ]);
}

function over({ say }: DialogContext, key: string): Turn {
  return { replies: [{ text: say(key) }], state: undefined };
}

function confirm(state: BookingState, context: DialogContext): Turn {
  const { draft, consent } = state;
  if (!consent || !isComplete(draft)) return goOn(state, context);
  if (!state.reference && context.mayAddRequest === false) return over(context, 'booking.tooMany');
  const { wish, ...fields } = draft;
  const reference = state.reference ?? context.newReference();
  const request: BookingRequest = {
    reference,
    kind: state.kind,
    ...fields,
    ...(wish && { wish: { ...wish, words: speakWish(wish, context.now, context.say) } }),
    ...(questionsOf(state) && { question: questionsOf(state) }),
    consent,
  };
  const key = state.reference
    ? 'booking.changed'
    : state.kind === 'question'
      ? 'booking.passedOn'
      : 'booking.sent';
  // "Thank you, Davis Jr." ends with its own full stop.
  const name = draft.name.replace(/\.$/, '');
  const sent = context.say(key, { reference, name, clinic: context.clinic.name });
  const calendar =
    context.links && state.kind === 'consultation' && fitsCalendar(request.wish)
      ? [context.say('booking.calendarFile', { url: context.links.calendarFile(reference) })]
      : [];
  return { replies: [{ text: [sent, ...calendar].join('\n\n') }], state: undefined, request };
}

/** What led here, and what was asked on the way. */
function questionsOf({ question, asked = [] }: BookingState): string {
  return withoutLinks([...(question ? [question] : []), ...asked].join('\n')).slice(0, LONGEST_QUESTION);
}

function isMinor(typed: string): boolean {
  const age = statedAge(typed);
  return age !== undefined && age < ADULT;
}

function reasonOf(asking: Asking): string {
  if (asking === 'phone' || asking === 'email' || asking === 'email-offer') return 'contact';
  return ['withdraw', 'change', 'question'].includes(asking) ? 'summary' : asking;
}
