import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import { DateTime, Duration } from 'luxon';
import type { Decision } from '../answers/decision';
import type { Entry, Knowledge } from '../answers/knowledge';
import type { BookingRequest } from '../booking/booking-request';
import { changePhone } from '../booking/change-phone';
import { isOnlyWhen, personalParts, readDetails } from '../booking/read-details';
import { isCorrection } from '../booking/read-reply';
import {
  type ButtonMeaning,
  type Situation,
  type SpokenStep,
  type Step,
  chooseNextStep,
  repliesToOwnQuestion,
} from '../conversation/choose-next-step';
import { type Speaker, composeReplies, welcome, yesNoReplies } from '../conversation/compose-replies';
import { asksToBook } from '../conversation/asks-to-book';
import { type ConversationState, NEW_CONVERSATION, type Waiting } from '../conversation/conversation-state';
import { readFeedback } from '../conversation/feedback';
import type { Reply, Say } from '../conversation/reply';
import { plainWords } from '../conversation/plain-words';
import { type Command, readCommand } from '../conversation/read-command';
import { readYesNo } from '../conversation/read-yes-no';
import type { BookingBegin } from '../../dialogs/booking-dialog';
import type { BookingLinks, Dialog, DialogContext, DialogTurn } from '../../dialogs/dialog';
import { asksForBot, wordsForSigns } from '../conversation/short-signs';
import { withSpokenSigns } from '../conversation/spoken-signs';
import { LIVE_CHANNELS, type ReviewReason } from './ports';
import { replyActivity } from './reply-activity';
import { type TurnMemory, memoryOf } from './turn-memory';

/** One loaded version of the knowledge with all that is made from it; swapped whole when the folder changes. */
export interface LoadedKnowledge {
  knowledge: Knowledge;
  entries: ReadonlyMap<string, Entry>;
  say: Say;
  /** What a tap on each of the bot's own buttons means. */
  buttons: ReadonlyMap<string, ButtonMeaning>;
  decide: (text: string, context: { lastEntry?: string }) => Decision;
  /** Where answers are made in a thread: what `decide` says, without holding up other turns; undefined where it cannot. */
  ahead?: (text: string, context: { lastEntry?: string }) => Promise<Decision | undefined>;
}

export interface BotParts {
  loaded: () => LoadedKnowledge;
  booking: Dialog<BookingBegin, unknown>;
  /** The present moment in the clinic's zone. */
  now: () => DateTime;
  newReference: () => string;
  /** Undefined where the service has no public address. */
  links?: BookingLinks;
  /** A number for the receipt of an erasure. */
  newReceipt: () => string;
}

/**
 * So long after the last word of a person of the team the bot answers again. Where both sit in front of the chat half
 * an hour of silence means that the person has left it; on channels of letters a day has several such pauses.
 */
const PERSON_IS_THERE = {
  live: Duration.fromObject({ minutes: 30 }),
  letters: Duration.fromObject({ hours: 12 }),
};

/** The longest message that is read (product limit; the channels refuse longer ones before this). */
export const LONGEST_MESSAGE = 1000;

/** A family, each with a request of their own; more in one conversation and day are hardly meant for the clinic. */
const MOST_REQUESTS_A_DAY = 5;
/** A household or an office behind one address; more in a day, from new conversations each time, is a flood. */
const MOST_REQUESTS_FROM_ADDRESS = 10;
const A_DAY = Duration.fromObject({ hours: 24 });
/** After so long people may have forgotten where they were. */
const A_PAUSE = Duration.fromObject({ minutes: 30 });
/** Nobody can be counted on to remember with whom they wrote. */
const A_LONG_SILENCE = Duration.fromObject({ days: 14 });
/** What was begun to be left is not kept longer for somebody who does not come back. */
const LONGEST_DRAFT = Duration.fromObject({ days: 7 });

/** The bot: one turn, readable top to bottom. */
export class EnquiryBot {
  constructor(private readonly parts: BotParts) {}

  async onTurn(context: TurnContext): Promise<void> {
    const turn = new BotTurn(this.parts, memoryOf(context));
    await turn.readAhead(context.activity);
    const replies = this.repliesTo(context, turn);
    if (replies.length > 0) await context.sendActivities(replies.map(replyActivity));
  }

  /** What a visitor reads when a turn fails. */
  apology(): string {
    return this.parts.loaded().say('conversation.apology');
  }

  private repliesTo({ activity }: TurnContext, turn: BotTurn): Reply[] {
    if (turn.isByStaff()) return turn.staffActed(activity);
    switch (activity.type) {
      case ActivityTypes.ConversationUpdate:
        return turn.welcomeOnce();
      case ActivityTypes.Message: {
        const text = textOf(activity);
        return turn.unlessPersonAnswers(text, isOverheard(activity), () =>
          text === ''
            ? turn.sayOne(
                activity.attachments?.length ? 'conversation.onlyText' : 'conversation.emptyMessage',
              )
            : turn.answer(text, isUnannounced(activity)),
        );
      }
      case ActivityTypes.Event:
        return turn.happened(activity.name, activity.value);
      default:
        return [];
    }
  }
}

function textOf(activity: Activity): string {
  return withSpokenSigns(activity.text?.trim().slice(0, LONGEST_MESSAGE) ?? '');
}

/** Said while another app or a person has the conversation: kept, not answered. */
function isOverheard({ channelData }: { channelData?: { overheard?: boolean } }): boolean {
  return channelData?.overheard === true;
}

/** From a channel where people write without having opened a chat that welcomes them. */
function isUnannounced({ channelData }: { channelData?: { unannounced?: boolean } }): boolean {
  return channelData?.unannounced === true;
}

function isPersonAnswering({ personUntil }: ConversationState, now: DateTime): boolean {
  return personUntil !== undefined && DateTime.fromISO(personUntil) > now;
}

/** The `until` of an event's value, where it is a time. */
function timeIn(value: unknown): string | undefined {
  const until = typeof value === 'object' && value !== null && 'until' in value ? value.until : undefined;
  return typeof until === 'string' && DateTime.fromISO(until).isValid ? until : undefined;
}

/** What one message leads to. Each method returns the replies, and leaves what is to be kept in the memory. */
class BotTurn {
  private readonly loaded: LoadedKnowledge;
  private readonly dialogContext: DialogContext;
  /** What the message as it is was matched to, where that is known before anybody asks. */
  private early: { text: string; decision: Decision } | undefined;

  constructor(
    private readonly parts: BotParts,
    private readonly memory: TurnMemory,
  ) {
    this.loaded = parts.loaded();
    let now: DateTime | undefined;
    this.dialogContext = {
      // Few turns ask, and what the clinic's clock shows takes a tenth of a turn to find out.
      get now() {
        return (now ??= parts.now());
      },
      clinic: this.loaded.knowledge.clinic,
      say: this.loaded.say,
      newReference: parts.newReference,
      get mayAddRequest() {
        return (
          sentSince(memory.state, this.now.minus(A_DAY)).length < MOST_REQUESTS_A_DAY &&
          (memory.requestsFromSender ?? 0) < MOST_REQUESTS_FROM_ADDRESS
        );
      },
      ...(parts.links && { links: parts.links }),
    };
  }

  /** Most turns ask for the answer to the message as it is; those that ask otherwise wait for the thread. */
  async readAhead(activity: Activity): Promise<void> {
    if (activity.type !== ActivityTypes.Message || this.isByStaff()) return;
    const text = textOf(activity);
    const decision = text === '' ? undefined : await this.loaded.ahead?.(text, this.matchContext());
    if (decision) this.early = { text, decision };
  }

  /** A new visitor is welcomed; one who comes back to a booking hears where it stands. */
  welcomeOnce(): Reply[] {
    if (this.memory.state.welcomed) {
      const back = this.welcomeBack();
      this.heardNow();
      return back.length > 0 ? [...back, ...this.reprompt()] : [];
    }
    this.update({ welcomed: true });
    return welcome(this.loaded.knowledge, this.speaker());
  }

  /** What a channel tells besides messages. Others than these are kept in the transcript, and nothing is said. */
  happened(name: string | undefined, value: unknown): Reply[] {
    const { state } = this.memory;
    switch (name) {
      case 'start':
        if (isPersonAnswering(state, this.dialogContext.now)) return [];
        return state.welcomed ? this.greetAgain() : this.welcomeOnce();
      case 'person-joined': {
        const until = timeIn(value);
        if (until === undefined) return [];
        this.review('person-joined');
        this.update({ personUntil: until });
        return [];
      }
      case 'person-left':
        return this.comeBack();
      case 'person-silent':
        return this.comeBackAfter(timeIn(value));
      case 'forget':
        return this.deleteData();
      case 'feedback':
        if (readFeedback(value)?.value === 'down') this.review('not-helpful');
        return [];
      default:
        return [];
    }
  }

  /**
   * While a person of the team answers, what the visitor writes is kept and the bot says nothing: but danger gets its
   * fixed text from whoever hears it first, and who wants their data deleted is obeyed. Asked for, or once its time is
   * over, the bot says that it is back.
   */
  unlessPersonAnswers(text: string, overheard: boolean, reply: () => Reply[]): Reply[] {
    const { state } = this.memory;
    if (state.personUntil === undefined && !overheard) return reply();
    if (this.matched(text).decision === 'safety') return reply();
    if (!overheard && asksForBot(text)) return [...this.comeBack(), ...this.reprompt()];
    if (!overheard && this.isAboutDeletion(text)) return reply();
    if (overheard || isPersonAnswering(state, this.dialogContext.now)) {
      // What follows is said to the person: a "yes" to them must not be taken for one to an earlier question.
      this.update({ waiting: undefined });
      if (state.personName !== undefined) this.review('visitor-waits');
      return [];
    }
    return [...this.comeBack(), ...reply()];
  }

  private isAboutDeletion(text: string): boolean {
    if (readCommand(text) === 'delete-data') return true;
    if (this.memory.state.waiting?.for !== 'delete-data') return false;
    return (this.loaded.buttons.get(plainWords(text)) ?? readYesNo(text)) !== undefined;
  }

  private greetAgain(): Reply[] {
    const back = this.welcomeBack();
    this.heardNow();
    return [...(back.length > 0 ? back : this.sayOne('conversation.welcomeBack')), ...this.reprompt()];
  }

  isByStaff(): boolean {
    return this.memory.by !== undefined;
  }

  /** A member of staff takes over, writes, or hands back. Whoever only answers a passed-on question takes nothing over. */
  staffActed({ type, name, value, channelData, channelId }: Activity): Reply[] {
    const { state, by } = this.memory;
    if (!by || (channelData as { answers?: string } | undefined)?.answers !== undefined) return [];
    const isQuiet = (value as { quietly?: boolean } | undefined)?.quietly === true;
    if (type === ActivityTypes.Event && name === 'person-left') return this.leave(isQuiet);
    const isThere = isPersonAnswering(state, this.dialogContext.now) && state.personName === by.name;
    const wait = LIVE_CHANNELS.includes(channelId) ? PERSON_IS_THERE.live : PERSON_IS_THERE.letters;
    const until = this.dialogContext.now.plus(wait).toUTC().toISO() ?? undefined;
    this.update({ personUntil: until, personName: by.name, waiting: undefined });
    if (type === ActivityTypes.Message) this.letNeedlessDialogGo();
    if (type !== ActivityTypes.Event || isThere || isQuiet) return [];
    return [{ text: this.loaded.say('conversation.personJoined', { name: by.name }), answering: 'person' }];
  }

  /** Whoever asked for a person, and has one, is not asked for a name and a number after all. */
  private letNeedlessDialogGo(): void {
    const dialogState = this.dialogState();
    if (dialogState !== undefined && this.parts.booking.isNeedlessWithPerson(dialogState))
      this.update({ dialog: undefined });
  }

  /** Where the bot may not write at this moment, it says that it is back before it next answers. */
  private leave(isQuiet: boolean): Reply[] {
    if (!isQuiet) return this.comeBack();
    if (this.memory.state.personUntil !== undefined)
      this.update({ personUntil: this.dialogContext.now.toUTC().toISO() ?? undefined });
    return [];
  }

  private comeBack(): Reply[] {
    if (this.memory.state.personUntil === undefined) return [];
    this.update({ personUntil: undefined, personName: undefined, welcomed: true });
    return [{ text: this.loaded.say('conversation.botIsBack'), answering: 'bot' }];
  }

  /** Nobody has said anything for the set time; a word of theirs in the meantime has put it off. */
  private comeBackAfter(until: string | undefined): Reply[] {
    const isOver = until !== undefined && until === this.memory.state.personUntil;
    return isOver && DateTime.fromISO(until) <= this.dialogContext.now ? this.comeBack() : [];
  }

  sayOne(key: string): Reply[] {
    return [{ text: this.loaded.say(key) }];
  }

  answer(text: string, unannounced: boolean): Reply[] {
    const introduction = unannounced ? this.introduction() : '';
    const back = this.welcomeBack();
    this.heardNow();
    const replies = this.answerNow(text);
    // In danger nothing stands before the help.
    if (this.memory.decision?.step === 'say-safety') return replies;
    const [first, ...others] = [...back, ...replies];
    return first && introduction
      ? [{ ...first, text: `${introduction}\n\n${first.text}` }, ...others]
      : [...back, ...replies];
  }

  /** Meta's policy and some laws want people told that a machine answers, after a long silence again (messenger.md D.2). */
  private introduction(): string {
    const { welcomed, lastMessageAt } = this.memory.state;
    this.update({ welcomed: true });
    const silence =
      lastMessageAt === undefined ? undefined : this.dialogContext.now.diff(DateTime.fromISO(lastMessageAt));
    if (welcomed && (silence === undefined || silence < A_LONG_SILENCE)) return '';
    return this.loaded.say('conversation.automated', this.clinicPlace());
  }

  private heardNow(): void {
    this.update({ lastMessageAt: this.memory.at });
  }

  /** After a silence: a draft that is a week old is let go, a younger one is told of. */
  private welcomeBack(): Reply[] {
    const { dialog, lastMessageAt } = this.memory.state;
    if (!dialog || lastMessageAt === undefined) return [];
    const silence = this.dialogContext.now.diff(DateTime.fromISO(lastMessageAt));
    if (silence > LONGEST_DRAFT) {
      this.update({ dialog: undefined });
      return this.sayOne('booking.expired');
    }
    return silence > A_PAUSE ? this.sayOne('booking.welcomeBack') : [];
  }

  private answerNow(text: string): Reply[] {
    const { state } = this.memory;
    const personal = personalParts(text, this.loaded.knowledge.clinic.country);
    const leavesContact = personal.phone !== undefined || personal.email !== undefined;
    const dialogState = this.dialogState();
    const meant = dialogState === undefined ? (wordsForSigns(text) ?? text) : text;
    const wanted = leavesContact || asksToBook(text) ? personal.rest : meant;
    const decision = { ...this.decide(meant, wanted), text };
    const situation: Situation = {
      text,
      state,
      decision,
      entries: this.loaded.entries,
      buttons: this.loaded.buttons,
      leavesContact,
      correctsDetail: state.request !== undefined && this.correctsDetail(text, state.request),
      ...(dialogState !== undefined && {
        dialogReads: this.parts.booking.readsAsReply(dialogState, text, this.dialogContext),
      }),
    };
    const step = chooseNextStep(situation);
    this.memory.decision = {
      ...asTaken(decision, step),
      knowledgeVersion: this.loaded.knowledge.version,
      step: repliesToOwnQuestion(situation) && !isWhatItSays(step, decision) ? 'continue-dialog' : step.do,
    };
    return this.perform(step, text, leavesContact);
  }

  private correctsDetail(text: string, { phone }: BookingRequest): boolean {
    return (
      (isCorrection(text) && Object.keys(readDetails(text, this.dialogContext)).length > 0) ||
      isOnlyWhen(text, this.dialogContext) ||
      changePhone(text, phone, this.loaded.knowledge.clinic.country) !== undefined
    );
  }

  /** A name or a number is no part of what is wanted and would mislead the matcher; danger is looked for in all of it. */
  private decide(text: string, wanted: string): Decision {
    const decision = this.matched(text);
    return wanted === text || decision.decision === 'safety' ? decision : this.matched(wanted);
  }

  private matched(text: string): Decision {
    return this.early?.text === text ? this.early.decision : this.loaded.decide(text, this.matchContext());
  }

  private matchContext(): { lastEntry?: string } {
    const { lastEntry } = this.memory.state;
    return lastEntry === undefined ? {} : { lastEntry };
  }

  private perform(step: Step, text: string, leavesContact: boolean): Reply[] {
    const { waiting } = this.memory.state;
    // A question of the bot's own is answered now or passed over; it never waits longer than one message.
    this.update({ waiting: undefined });
    switch (step.do) {
      case 'say-safety':
        this.review('safety');
        return [{ text: this.safetyText(step.kind) }];
      case 'obey':
        return this.obey(step.command, text, waiting);
      case 'delete-data':
        return this.deleteData();
      case 'let-be':
        return [...this.sayOne('conversation.letBe'), ...this.reprompt()];
      case 'tell-reference':
        return [
          { text: this.loaded.say('conversation.reference', { reference: step.reference }) },
          ...this.reprompt(),
        ];
      case 'reprompt':
        return this.reprompt();
      case 'resume-dialog':
        this.update({ dialog: { id: 'booking', state: step.state } });
        return [...this.sayOne('booking.takenUp'), ...this.reprompt()];
      case 'book-again':
        return this.book({ kind: step.request.kind, said: '', again: step.request });
      case 'pass-on-change':
        return [
          ...this.sayOne('conversation.noRequestHere'),
          ...this.book({ kind: 'question', said: '', question: step.question }),
        ];
      case 'continue-dialog':
        return this.continueDialog(text);
      case 'answer-then-reprompt':
        return this.answerInDialog(step.answer, waiting?.for === 'choice' ? waiting.question : text);
      case 'book': {
        const asked = waiting?.for === 'refused' ? '' : text;
        const language = step.language ?? this.memory.state.language;
        if (step.person !== undefined) this.review('person-wanted');
        const opening = this.loaded.entries.get(step.person ?? '')?.related;
        return [
          ...(opening ? [{ text: opening }] : []),
          ...(step.answer
            ? composeReplies(step.answer, { ...this.speaker(), withoutQuickReplies: true })
            : []),
          ...this.book({
            kind: step.kind,
            said: step.question === undefined || leavesContact ? asked : '',
            question: step.question,
            ...(language && { language }),
          }),
        ];
      }
      default:
        return this.speak(step, text);
    }
  }

  /** What has no approved answer goes along with the booking, so that two questions of the bot's do not compete. */
  private answerInDialog(step: SpokenStep, text: string): Reply[] {
    const spoken = this.speak(step, text);
    // The choices have the buttons; the prompt comes back once one of them is taken.
    if (step.do === 'offer-choices') return spoken;
    const state = this.dialogState();
    if (step.do !== 'answer' && state !== undefined)
      this.update({ dialog: { id: 'booking', state: this.parts.booking.takeQuestion(state, text) } });
    return [...spoken, ...this.reprompt()];
  }

  private speak(step: SpokenStep, text: string): Reply[] {
    const speaker = this.speaker();
    const inDialog = speaker.withoutQuickReplies;
    if (step.do === 'answer' || step.do === 'hand-off') this.update({ lastEntry: step.entries.at(-1) });
    if (step.do === 'hand-off' || step.do === 'fall-back') this.review('unanswered');
    if (step.do === 'answer' && step.entries.some((id) => this.loaded.entries.get(id)?.kind === 'care'))
      this.review('safety');
    if (step.do === 'own-up') this.review('not-helpful');
    if (step.do === 'offer-choices') {
      this.review('unsure');
      this.update({ waiting: { for: 'choice', entries: step.entries, question: text } });
    } else if (step.do !== 'answer' && step.do !== 'invite' && !inDialog) {
      const question = step.do === 'own-up' ? step.question : text;
      this.update({ waiting: { for: 'pass-on', question } });
    }
    this.update({
      notUnderstood: step.do === 'fall-back' || undefined,
      language: step.do === 'fall-back' ? step.language : undefined,
    });
    return composeReplies(step, speaker);
  }

  private obey(command: Command, text: string, waiting: Waiting | undefined): Reply[] {
    const { say } = this.loaded;
    switch (command) {
      case 'help':
        return [{ text: say('conversation.help', this.clinicPlace()) }, ...this.reprompt()];
      case 'cancel':
        return this.cancel(waiting);
      case 'start-over':
        return this.startOver(text);
      case 'person':
        return this.person();
      case 'delete-data':
        this.update({ waiting: { for: 'delete-data' } });
        return [
          {
            text: say('conversation.deleteAsk'),
            quickReplies: yesNoReplies(say, 'conversation.deleteYes', 'conversation.deleteNo'),
          },
        ];
    }
  }

  private cancel(waiting: Waiting | undefined): Reply[] {
    const dialogState = this.dialogState();
    if (dialogState !== undefined)
      return this.keepDialogTurn(this.parts.booking.cancel(dialogState, this.dialogContext));
    return this.sayOne(waiting ? 'conversation.letBe' : 'conversation.nothingToCancel');
  }

  private startOver(text: string): Reply[] {
    const dialogState = this.dialogState();
    if (dialogState !== undefined) {
      return this.keepDialogTurn(this.parts.booking.continue(dialogState, text, this.dialogContext));
    }
    this.update({ lastEntry: undefined, notUnderstood: undefined });
    return [...this.sayOne('conversation.startedOver'), ...welcome(this.loaded.knowledge, this.speaker())];
  }

  private person(): Reply[] {
    this.review('person-wanted');
    if (this.memory.state.dialog) return [...this.sayOne('conversation.personInDialog'), ...this.reprompt()];
    const question = this.loaded.say('conversation.personQuestion');
    return [...this.sayOne('conversation.person'), ...this.book({ kind: 'question', said: '', question })];
  }

  /** Everything of this conversation goes in the turn's own commit; staff learn of it for what they keep elsewhere. */
  private deleteData(): Reply[] {
    const receipt = this.parts.newReceipt();
    this.review('delete-data');
    this.memory.erase = receipt;
    this.memory.state = { ...NEW_CONVERSATION, welcomed: true };
    return [{ text: this.loaded.say('conversation.deleteDone', { receipt }) }];
  }

  private book(begin: BookingBegin): Reply[] {
    const { request } = this.memory.state;
    // A question passed on is another one each time; a correction names none.
    const another = begin.kind === 'question' && begin.question !== undefined;
    const existing = request?.kind === begin.kind && !another ? request : undefined;
    return this.keepDialogTurn(
      this.parts.booking.begin({ ...begin, ...(existing && { existing }) }, this.dialogContext),
    );
  }

  private continueDialog(text: string): Reply[] {
    const dialogState = this.dialogState();
    if (dialogState === undefined) return this.book({ kind: 'consultation', said: text });
    return this.keepDialogTurn(this.parts.booking.continue(dialogState, text, this.dialogContext));
  }

  private keepDialogTurn(turn: DialogTurn<unknown>): Reply[] {
    const { state } = this.memory;
    const isNew = turn.request && turn.request.reference !== state.request?.reference;
    this.update({
      dialog: turn.state === undefined ? undefined : { id: 'booking', state: turn.state },
      ...(turn.request && { request: turn.request }),
      ...(isNew && { sentAt: [...this.sentToday(), this.dialogContext.now.toUTC().toISO() ?? ''] }),
      ...(turn.request && { withdrawn: undefined }),
      ...(turn.withdrawn !== undefined && { request: undefined, withdrawn: state.request }),
      ...(turn.givenUp !== undefined && { waiting: { for: 'given-up' as const, dialog: turn.givenUp } }),
      ...(turn.redact && { waiting: { for: 'refused' as const } }),
    });
    if (turn.request) this.memory.request = turn.request;
    if (turn.withdrawn !== undefined) this.memory.withdrawn = turn.withdrawn;
    if (turn.redact) this.memory.redact = true;
    return turn.replies;
  }

  private sentToday(): string[] {
    return sentSince(this.memory.state, this.dialogContext.now.minus(A_DAY));
  }

  private reprompt(): Reply[] {
    const dialogState = this.dialogState();
    return dialogState === undefined ? [] : this.parts.booking.reprompt(dialogState, this.dialogContext);
  }

  private dialogState(): unknown {
    const { dialog } = this.memory.state;
    return dialog && this.parts.booking.revive(dialog.state);
  }

  private speaker(): Speaker {
    return {
      entries: this.loaded.entries,
      say: this.loaded.say,
      againNotUnderstood: this.memory.state.notUnderstood === true,
      withoutQuickReplies: this.dialogState() !== undefined,
    };
  }

  private safetyText(kind: 'crisis' | 'emergency'): string {
    const text = this.loaded.knowledge.safety.find((safety) => safety.kind === kind)?.text;
    if (text === undefined) throw new Error(`The knowledge has no safety text for "${kind}".`);
    return text;
  }

  private clinicPlace(): Record<string, string> {
    return { clinic: this.loaded.knowledge.clinic.name };
  }

  private review(reason: ReviewReason): void {
    this.memory.review = reason;
    if (this.memory.decision) this.memory.decision = { ...this.memory.decision, raises: reason };
  }

  private update(change: Partial<ConversationState>): void {
    this.memory.state = { ...this.memory.state, ...change };
  }
}

/** A wish to book that only the router reads is counted as one, and not as a question that was not understood. */
function asTaken(decision: Decision, step: Step): Decision {
  const isOnlyWish = step.do === 'book' && step.answer === undefined;
  const isOpen = decision.decision === 'none' || decision.decision === 'clarify';
  return isOnlyWish && isOpen ? { ...decision, decision: 'booking' } : decision;
}

/** A tap on one of the questions that were offered is that question, and not only a reply. */
function isWhatItSays(step: Step, { decision, entry }: Decision): boolean {
  const isChoice = step.do === 'answer' || step.do === 'hand-off';
  return isChoice && (decision === 'answer' || decision === 'handoff') && step.entries.includes(entry ?? '');
}

function sentSince({ sentAt = [] }: ConversationState, since: DateTime): string[] {
  return sentAt.filter((at) => DateTime.fromISO(at) > since);
}
