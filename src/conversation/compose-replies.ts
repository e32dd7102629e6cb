import type { OtherLanguage } from '../answers/detect-language';
import type { Entry, Knowledge } from '../answers/knowledge';
import type { ButtonMeaning, SpokenStep } from './choose-next-step';
import { plainWords } from './plain-words';
import type { QuickReply, Reply, Say } from './reply';

/** What the composing needs to know: the answers, the sentences, and what was not understood before. */
export interface Speaker {
  entries: ReadonlyMap<string, Entry>;
  say: Say;
  /** The message before this one was not understood either. */
  againNotUnderstood: boolean;
  /** Quick replies would compete with those of a waiting prompt. */
  withoutQuickReplies: boolean;
}

/** Turns a spoken step into replies. Only the clinic's own sentences are used. */
export function composeReplies(step: SpokenStep, speaker: Speaker): Reply[] {
  switch (step.do) {
    case 'answer': {
      const unanswered = step.unanswered ?? [];
      return withQuickReplies(
        [...step.entries.map((id) => answerReply(entryOf(id, speaker))), ...stillOpen(unanswered, speaker)],
        unanswered.length > 0
          ? unanswered.slice(0, 3).flatMap((id) => questionReply(id, speaker))
          : followUps(step.entries, speaker),
        speaker,
      );
    }
    case 'hand-off':
      return handOff(step.entries, step.unanswered ?? [], speaker);
    case 'offer-choices':
      return [
        {
          text: speaker.say(
            step.entries.length === 1 ? 'conversation.didYouMeanThis' : 'conversation.didYouMean',
          ),
          quickReplies: choices(step.entries, speaker),
          isChoice: true,
        },
      ];
    case 'fall-back':
      return step.language === undefined ? fallBack(speaker) : inEnglishOnly(step.language, speaker);
    case 'invite':
      return withQuickReplies(
        [{ text: speaker.say('conversation.nothingAsked') }],
        [...EXAMPLES.flatMap((id) => questionReply(id, speaker)), bookReply(speaker)],
        speaker,
      );
    case 'own-up':
      return ownUp(speaker);
  }
}

/** The greeting of a new conversation, with questions to start from. */
export function welcome(knowledge: Knowledge, speaker: Speaker): Reply[] {
  return [
    {
      text: speaker.say('conversation.welcome', { clinic: knowledge.clinic.name }),
      quickReplies: [...EXAMPLES.flatMap((id) => questionReply(id, speaker)), bookReply(speaker)],
    },
  ];
}

export function yesNoReplies(say: Say, yes: string, no: string): QuickReply[] {
  return [yes, no].map((key) => ({ title: say(key), value: say(key) }));
}

/** What a tap on one of the bot's own buttons means, by the text it sends in plain words. */
export function buttonMeanings(say: Say): ReadonlyMap<string, ButtonMeaning> {
  return new Map(
    Object.entries(BUTTONS).map(
      ([key, meaning]) => [plainWords(say(key)), meaning] satisfies [string, ButtonMeaning],
    ),
  );
}

const BUTTONS: Record<string, ButtonMeaning> = {
  'conversation.book': 'book',
  'conversation.passItOn': 'yes',
  'conversation.deleteYes': 'yes',
  'conversation.noThanks': 'no',
  'conversation.deleteNo': 'no',
};

function handOff(ids: string[], unanswered: string[], speaker: Speaker): Reply[] {
  const entries = ids.map((id) => entryOf(id, speaker));
  const without = entries.filter(({ approval }) => approval === 'none');
  if (without.length > 1) return handOffSeveral(entries, without, unanswered, speaker);
  const replies = entries.map((entry, place) => {
    if (entry.approval !== 'none') return { text: entry.answer };
    const key = place === 0 ? 'conversation.noApprovedAnswer' : 'conversation.partlyNoApprovedAnswer';
    const refusal = speaker.say(key, { question: entry.question });
    return { text: entry.related ? `${refusal}\n\n${entry.related}` : refusal };
  });
  return [...replies, ...stillOpen(unanswered, speaker), passOnOffer(speaker)];
}

/** What can be answered first; the others in one message, so that the offer to pass them on stays in sight. */
function handOffSeveral(entries: Entry[], without: Entry[], unanswered: string[], speaker: Speaker): Reply[] {
  const { say, withoutQuickReplies } = speaker;
  const answered = entries.filter((entry) => !without.includes(entry));
  const questions = without.map(({ question }) => `- ${question}`).join('\n');
  const related = [...new Set(without.map((entry) => entry.related))].filter((sentence) => sentence !== '');
  const refusal = [say('conversation.noApprovedAnswers', { questions }), ...related].join('\n\n');
  const offer = passOnOffer(speaker);
  return [
    ...answered.map(({ answer }) => ({ text: answer })),
    { text: refusal },
    ...stillOpen(unanswered, speaker),
    withoutQuickReplies ? offer : { ...offer, text: say('conversation.shallIPassThemOn') },
  ];
}

/** Of three questions in one message two are answered; the visitor hears which one is not. */
function stillOpen(ids: string[], speaker: Speaker): Reply[] {
  if (ids.length === 0) return [];
  const questions = ids.map((id) => entryOf(id, speaker).question).join(' ');
  return [{ text: speaker.say('conversation.stillOpen', { questions }) }];
}

function answerReply({ answer, kind }: Entry): Reply {
  return kind === 'question' ? { text: answer, isAnswer: true } : { text: answer };
}

function passOnOffer({ say, withoutQuickReplies }: Speaker): Reply {
  // In a booking the question simply goes along; an offer would compete with the prompt that waits.
  if (withoutQuickReplies) return { text: say('conversation.goesAlong') };
  const quickReplies = yesNoReplies(say, 'conversation.passItOn', 'conversation.noThanks');
  return { text: say('conversation.shallIPassItOn'), quickReplies };
}

function fallBack(speaker: Speaker): Reply[] {
  const { say } = speaker;
  // In a booking the question goes along with it.
  if (speaker.withoutQuickReplies) return [{ text: say('conversation.fallBackInDialog') }];
  const text = say(speaker.againNotUnderstood ? 'conversation.fallBackAgain' : 'conversation.fallBack');
  const passOn = { title: say('conversation.passItOn'), value: say('conversation.passItOn') };
  const ways = speaker.againNotUnderstood
    ? [passOn, bookReply(speaker)]
    : [passOn, ...EXAMPLES.slice(0, 2).flatMap((id) => questionReply(id, speaker)), bookReply(speaker)];
  return withQuickReplies([{ text }], ways, speaker);
}

function ownUp(speaker: Speaker): Reply[] {
  const passOn = { title: speaker.say('conversation.passItOn'), value: speaker.say('conversation.passItOn') };
  return withQuickReplies(
    [{ text: speaker.say('conversation.didNotHelp') }],
    [passOn, bookReply(speaker)],
    speaker,
  );
}

/** In the visitor's language, as far as the clinic has a sentence in it. */
function inEnglishOnly(language: OtherLanguage, speaker: Speaker): Reply[] {
  const text = speaker.say(`conversation.otherLanguage.${language}`);
  return withQuickReplies([{ text }], [bookReply(speaker)], speaker);
}

function choices(ids: string[], speaker: Speaker): QuickReply[] {
  const none = speaker.say('conversation.noneOfThese');
  return [...ids.flatMap((id) => questionReply(id, speaker)), { title: none, value: none }];
}

function followUps(ids: string[], speaker: Speaker): QuickReply[] {
  const said = new Set(ids);
  const next = [...new Set(ids.flatMap((id) => entryOf(id, speaker).followUps))].filter(
    (id) => !said.has(id),
  );
  const questions = next.filter((id) => speaker.entries.get(id)?.kind !== 'booking').slice(0, 3);
  // A word to somebody in distress sells nothing.
  const isCare = ids.some((id) => entryOf(id, speaker).kind === 'care');
  return [...questions.flatMap((id) => questionReply(id, speaker)), ...(isCare ? [] : [bookReply(speaker)])];
}

function questionReply(id: string, { entries }: Speaker): QuickReply[] {
  const entry = entries.get(id);
  return entry ? [{ title: entry.label, value: entry.question }] : [];
}

function bookReply({ say }: Speaker): QuickReply {
  return { title: say('conversation.book'), value: say('conversation.book') };
}

function withQuickReplies(replies: Reply[], quickReplies: QuickReply[], speaker: Speaker): Reply[] {
  const last = replies.at(-1);
  if (!last || speaker.withoutQuickReplies) return replies;
  return [...replies.slice(0, -1), { ...last, quickReplies }];
}

function entryOf(id: string, { entries }: Speaker): Entry {
  const entry = entries.get(id);
  if (!entry) throw new Error(`The knowledge has no entry "${id}".`);
  return entry;
}

/** Good first questions, the most asked with a full answer; those that the knowledge file lacks are left out. */
const EXAMPLES = ['what-is-smp', 'session-length', 'longevity-touchups'];
