import type { Decision } from '../answers/decision';
import type { LabelledQuestion } from '../answers/measure-answers';
import type { EntryDraft, TaughtPhrase, Teachings } from './ports';

/** As much of a decision as is compared. */
export type BriefDecision = Pick<Decision, 'text' | 'decision' | 'entry' | 'topic' | 'confidence'> & {
  /** The entry that fits best, whether it was sure enough or not. */
  best: string | null;
};

/** Decisions about the same questions in the same order. */
export interface Trial {
  before: readonly BriefDecision[];
  after: readonly BriefDecision[];
  /** After, but as sure as the bot was before. */
  asSureAsBefore: readonly BriefDecision[];
}

/** What it would change, found by asking every recorded question before and after. */
export interface TeachingEffect {
  /** Questions asked both times. */
  asked: number;
  /** Had no sure answer, have one now; or are what the change is for, and mean now what it says. */
  gained: Change[];
  /** Had a sure answer, have another one. */
  moved: Change[];
  /** Had a sure answer, have none now. */
  lost: Change[];
  /** Gained, moved or lost, but not by the change itself: near a limit, and the bot is a little more or less sure. */
  reweighed: Change[];
}

export interface Change {
  before: BriefDecision;
  after: BriefDecision;
}

/** A phrase, or an entry that is drafted. */
export type KnowledgeChange =
  Pick<TaughtPhrase, 'text' | 'entry'> | Pick<EntryDraft, 'entry' | 'title' | 'phrasings'>;

/** Tries a change on recorded questions with knowledge that has it, without putting it into use. */
export type TryChange = (change: KnowledgeChange, questions: string[]) => Promise<Trial>;

/** Different recorded questions that a change is tried on, in another thread. */
const MOST_TRIED = 3_000;

/** What a change would do to the newest recorded questions and to the labelled ones; `texts` are asked in any case. */
export async function effectsOf(
  change: KnowledgeChange,
  texts: string[],
  parts: { teachings: Teachings; tryChange: TryChange; labelled: readonly LabelledQuestion[] },
): Promise<Effects> {
  const { teachings, tryChange, labelled } = parts;
  const recorded = await teachings.recordedTexts(MOST_TRIED);
  const questions = [...new Set([...texts, ...recorded])];
  const trial = await tryChange(change, [...questions, ...labelled.map(({ text }) => text)]);
  return {
    recorded: effectOf(partOf(trial, 0, questions.length), { texts, entry: change.entry }),
    labelled: labelledEffectOf(labelled, partOf(trial, questions.length)),
  };
}

function partOf({ before, after, asSureAsBefore }: Trial, from: number, to?: number): Trial {
  return {
    before: before.slice(from, to),
    after: after.slice(from, to),
    asSureAsBefore: asSureAsBefore.slice(from, to),
  };
}

export interface Effects {
  recorded: TeachingEffect;
  labelled: LabelledEffect;
}

export function effectOf(
  { before, after, asSureAsBefore }: Trial,
  /** What the change says of these very texts. */
  meant: { texts: readonly string[]; entry: string | null },
): TeachingEffect {
  const effect: TeachingEffect = { asked: before.length, gained: [], moved: [], lost: [], reweighed: [] };
  before.forEach((was, index) => {
    const is = after[index];
    const kind = is && kindOf(was, is);
    if (is === undefined || kind === undefined) return;
    const own = asSureAsBefore[index] ?? is;
    const isOwn = kindOf(was, own) !== undefined && !isNearlyAsSure(was, own);
    // No sure answer any more is what one who says "out of scope" wants.
    const asMeant = meant.entry === null ? kind === 'lost' : is.entry === meant.entry;
    const isMeant = asMeant && meant.texts.includes(is.text);
    effect[isMeant ? 'gained' : isOwn ? kind : 'reweighed'].push({ before: was, after: is });
  });
  return effect;
}

/** What one more entry or phrasing does to what it has nothing to do with: no word is as rare as it was. */
const A_LITTLE = 0.05;

/** The same entry fits best, and hardly better or worse. */
function isNearlyAsSure(was: BriefDecision, is: BriefDecision): boolean {
  return was.best === is.best && Math.abs(was.confidence - is.confidence) <= A_LITTLE;
}

/** Undefined where a visitor would notice nothing, or was understood neither time. */
function kindOf(was: BriefDecision, is: BriefDecision): 'gained' | 'moved' | 'lost' | undefined {
  if (!isSure(was)) return isSure(is) ? 'gained' : undefined;
  if (!isSure(is)) return 'lost';
  return was.entry !== is.entry || was.decision !== is.decision ? 'moved' : undefined;
}

/** What it would change on questions of which somebody said what they mean. */
export interface LabelledEffect {
  asked: number;
  rightBefore: number;
  rightAfter: number;
  better: Change[];
  worse: Change[];
  /** Better or worse, but not by the change itself: see `TeachingEffect`. */
  reweighed: Change[];
}

/** The trial is of the questions, in their order. */
export function labelledEffectOf(
  questions: readonly LabelledQuestion[],
  { before, after, asSureAsBefore }: Trial,
): LabelledEffect {
  const effect: LabelledEffect = {
    asked: 0,
    rightBefore: 0,
    rightAfter: 0,
    better: [],
    worse: [],
    reweighed: [],
  };
  questions.forEach((question, index) => {
    const was = before[index];
    const is = after[index];
    if (was === undefined || is === undefined) return;
    const [wasRight, isNowRight] = [isRight(question, was), isRight(question, is)];
    effect.asked++;
    if (wasRight) effect.rightBefore++;
    if (isNowRight) effect.rightAfter++;
    if (wasRight === isNowRight) return;
    const own = asSureAsBefore[index] ?? is;
    const isOwn = isRight(question, own) !== wasRight && !isNearlyAsSure(was, own);
    const kind = isNowRight ? 'better' : 'worse';
    effect[isOwn ? kind : 'reweighed'].push({ before: was, after: is });
  });
  return effect;
}

/** The right entry speaks; where no entry may, none does. */
function isRight({ topic, also }: LabelledQuestion, decision: BriefDecision): boolean {
  if (topic === null) return !isSure(decision) || decision.decision === 'safety';
  return isSure(decision) && (decision.topic === topic || also.includes(decision.topic ?? ''));
}

/** One entry speaks, or the booking begins: nothing was left to choose or to guess. */
function isSure({ decision }: BriefDecision): boolean {
  return decision !== 'none' && decision !== 'clarify';
}
