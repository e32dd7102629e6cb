import type { Decision } from '../answers/decision';
import type { LabelledQuestion } from '../answers/measure-answers';
import type { EntryDraft, TaughtPhrase, Teachings } from './ports';

/** As much of a decision as is compared. */
export type BriefDecision = Pick<Decision, 'text' | 'decision' | 'entry' | 'topic' | 'confidence'>;

/** What it would change, found by asking every recorded question before and after. */
export interface TeachingEffect {
  /** Questions asked both times. */
  asked: number;
  /** Had no sure answer, have one now. */
  gained: Change[];
  /** Had a sure answer, have another one. */
  moved: Change[];
  /** Had a sure answer, have none now. */
  lost: Change[];
}

export interface Change {
  before: BriefDecision;
  after: BriefDecision;
}

/** A phrase, or an entry that is drafted. */
export type KnowledgeChange =
  Pick<TaughtPhrase, 'text' | 'entry'> | Pick<EntryDraft, 'entry' | 'title' | 'phrasings'>;

/** Tries a change on recorded questions with knowledge that has it, without putting it into use. */
export type TryChange = (
  change: KnowledgeChange,
  questions: string[],
) => Promise<{ before: BriefDecision[]; after: BriefDecision[] }>;

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
  const { before, after } = await tryChange(change, [...questions, ...labelled.map(({ text }) => text)]);
  const asked = questions.length;
  return {
    recorded: effectOf(before.slice(0, asked), after.slice(0, asked)),
    labelled: labelledEffectOf(labelled, before.slice(asked), after.slice(asked)),
  };
}

export interface Effects {
  recorded: TeachingEffect;
  labelled: LabelledEffect;
}

/** `before` and `after` are decisions about the same texts in the same order. */
export function effectOf(before: readonly BriefDecision[], after: readonly BriefDecision[]): TeachingEffect {
  const effect: TeachingEffect = { asked: before.length, gained: [], moved: [], lost: [] };
  before.forEach((was, index) => {
    const is = after[index];
    if (is === undefined) return;
    if (!isSure(was) && isSure(is)) effect.gained.push({ before: was, after: is });
    else if (isSure(was) && !isSure(is)) effect.lost.push({ before: was, after: is });
    else if (isSure(was) && (was.entry !== is.entry || was.decision !== is.decision))
      effect.moved.push({ before: was, after: is });
  });
  return effect;
}

/** What it would change on questions of which somebody said what they mean. */
export interface LabelledEffect {
  asked: number;
  rightBefore: number;
  rightAfter: number;
  better: Change[];
  worse: Change[];
}

/** `before` and `after` are decisions about the questions, in their order. */
export function labelledEffectOf(
  questions: readonly LabelledQuestion[],
  before: readonly BriefDecision[],
  after: readonly BriefDecision[],
): LabelledEffect {
  const effect: LabelledEffect = { asked: 0, rightBefore: 0, rightAfter: 0, better: [], worse: [] };
  questions.forEach((question, index) => {
    const was = before[index];
    const is = after[index];
    if (was === undefined || is === undefined) return;
    effect.asked++;
    if (isRight(question, was)) effect.rightBefore++;
    if (isRight(question, is)) effect.rightAfter++;
    if (isRight(question, is) && !isRight(question, was)) effect.better.push({ before: was, after: is });
    if (isRight(question, was) && !isRight(question, is)) effect.worse.push({ before: was, after: is });
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
