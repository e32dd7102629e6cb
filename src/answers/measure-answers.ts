import type { Decision } from './decision';
import type { AnswerFinder } from './find-answer';

/** A message of which somebody said what it means. */
export interface LabelledQuestion {
  text: string;
  /** Null: no entry may answer. */
  topic: string | null;
  /** Topics that are right too. */
  also: readonly string[];
}

/** How good the answers were; every share is of 1. */
export interface AnswerFigures {
  inScope: InScopeFigures;
  outOfScope: { count: number; answered: number; offered: number; safety: number };
  /** Labelled topic to its own figures, most asked first. */
  topics: { topic: string; count: number; first: number; amongThree: number; wrongAnswers: number }[];
  /** Labelled topic, the topic put first instead, how often; worst first. */
  confusions: { topic: string; instead: string; count: number }[];
  /** Every message that was answered by an entry it does not mean, in full. */
  wrong: {
    text: string;
    topic: string | null;
    said: Decision['decision'];
    instead: string;
    confidence: number;
  }[];
}

export interface InScopeFigures {
  count: number;
  /** The labelled topic is first, among the first three. */
  first: number;
  amongThree: number;
  /** The same, `also` topics counted as right. */
  firstWithAlso: number;
  amongThreeWithAlso: number;
  /** An entry spoke (answer, handoff or booking) that the message does not mean; `also` topics are no mistake. */
  wrongAnswers: number;
  /** The right entry spoke, or was among the three offered. */
  answeredOrOffered: number;
  rightAnswers: number;
}

/** As much of a decision as the figures need. */
export interface Judged {
  decision: Decision['decision'];
  topic: string | null;
  confidence: number;
  candidates: readonly { topic: string }[];
}

interface Outcome {
  question: LabelledQuestion;
  decision: Judged;
}

/** Asks every question and counts. */
export function measureAnswers(
  finder: Pick<AnswerFinder, 'decide'>,
  questions: readonly LabelledQuestion[],
): AnswerFigures {
  return figuresOf(questions.map((question) => ({ question, decision: finder.decide(question.text) })));
}

/** The figures of decisions that were made already. */
export function figuresOf(outcomes: readonly Outcome[]): AnswerFigures {
  const inScope = outcomes.filter(({ question }) => question.topic !== null);
  const outside = outcomes.filter(({ question }) => question.topic === null);
  const wrong = outcomes.filter(isWrong);
  return {
    inScope: {
      count: inScope.length,
      first: share(inScope, (outcome) => placeOf(outcome, false) === 1),
      amongThree: share(inScope, (outcome) => placeOf(outcome, false) <= 3),
      firstWithAlso: share(inScope, (outcome) => placeOf(outcome, true) === 1),
      amongThreeWithAlso: share(inScope, (outcome) => placeOf(outcome, true) <= 3),
      wrongAnswers: share(inScope, isWrong),
      rightAnswers: share(inScope, (outcome) => speaks(outcome) && !isWrong(outcome)),
      answeredOrOffered: share(inScope, isServed),
    },
    outOfScope: {
      count: outside.length,
      answered: share(outside, isWrong),
      offered: share(outside, ({ decision }) => decision.decision === 'clarify'),
      safety: share(outside, ({ decision }) => decision.decision === 'safety'),
    },
    topics: topicFigures(inScope),
    confusions: confusionsOf(inScope),
    wrong: wrong.map(({ question, decision }) => ({
      text: question.text,
      topic: question.topic,
      said: decision.decision,
      instead: decision.topic ?? '',
      confidence: decision.confidence,
    })),
  };
}

function speaks({ decision }: Outcome): boolean {
  return decision.decision === 'answer' || decision.decision === 'handoff' || decision.decision === 'booking';
}

function isRight(question: LabelledQuestion, topic: string | null, withAlso: boolean): boolean {
  return topic !== null && (topic === question.topic || (withAlso && question.also.includes(topic)));
}

function isWrong(outcome: Outcome): boolean {
  return speaks(outcome) && !isRight(outcome.question, outcome.decision.topic, true);
}

function isServed(outcome: Outcome): boolean {
  if (speaks(outcome)) return !isWrong(outcome);
  return outcome.decision.decision === 'clarify' && placeOf(outcome, true) <= 3;
}

/** Where the right topic stands among the candidates, 1 is first; a topic with two entries counts once. */
function placeOf({ question, decision }: Outcome, withAlso: boolean): number {
  const topics = [...new Set(decision.candidates.map((candidate) => candidate.topic))];
  const at = topics.findIndex((topic) => isRight(question, topic, withAlso));
  return at < 0 ? Infinity : at + 1;
}

function topicFigures(inScope: readonly Outcome[]): AnswerFigures['topics'] {
  const byTopic = groupBy(inScope, ({ question }) => question.topic ?? '');
  return [...byTopic]
    .map(([topic, outcomes]) => ({
      topic,
      count: outcomes.length,
      first: share(outcomes, (outcome) => placeOf(outcome, true) === 1),
      amongThree: share(outcomes, (outcome) => placeOf(outcome, true) <= 3),
      wrongAnswers: share(outcomes, isWrong),
    }))
    .sort((a, b) => b.count - a.count);
}

function confusionsOf(inScope: readonly Outcome[]): AnswerFigures['confusions'] {
  const missed = inScope.filter((outcome) => placeOf(outcome, true) !== 1);
  const pairs = groupBy(
    missed,
    ({ question, decision }) => `${question.topic} ${decision.candidates[0]?.topic ?? '-'}`,
  );
  return [...pairs]
    .map(([pair, outcomes]) => {
      const [topic = '', instead = ''] = pair.split(' ');
      return { topic, instead, count: outcomes.length };
    })
    .sort((a, b) => b.count - a.count);
}

function share(outcomes: readonly Outcome[], counts: (outcome: Outcome) => boolean): number {
  return outcomes.length === 0 ? 0 : outcomes.filter(counts).length / outcomes.length;
}

function groupBy(outcomes: readonly Outcome[], keyOf: (outcome: Outcome) => string): Map<string, Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes)
    groups.set(keyOf(outcome), [...(groups.get(keyOf(outcome)) ?? []), outcome]);
  return groups;
}
