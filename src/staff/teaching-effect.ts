import type { Decision } from '../answers/decision';
import type { LabelledQuestion } from '../answers/measure-answers';
import type { TaughtPhrase } from './ports';

/** As much of a decision as is compared. */
export type BriefDecision = Pick<Decision, 'text' | 'decision' | 'entry' | 'topic' | 'confidence'>;

/** What a phrase would change, found by asking every recorded question before and after. */
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

/** Tries a phrase on recorded questions with knowledge that has it, without putting it into use. */
export type TryPhrase = (
  phrase: Pick<TaughtPhrase, 'text' | 'entry'>,
  questions: string[],
) => Promise<{ before: BriefDecision[]; after: BriefDecision[] }>;

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

/** What a phrase would change on questions of which somebody said what they mean. */
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
