import type { Judged, LabelledQuestion } from '../answers/measure-answers';

/** One message that was asked, what it means, and what came of it. */
export interface Outcome {
  question: LabelledQuestion;
  decision: Judged;
}

/** Messages whose first entry was about equally sure; `said` and `right` are shares of 1. */
export interface ReliabilityBin {
  count: number;
  /** Mean confidence. */
  said: number;
  /** How often the first entry was the right one. */
  right: number;
}

/** What would have been said had the bot answered from another confidence on. */
export interface LimitTried {
  limit: number;
  /** Of messages in scope: answered by the right entry, by a wrong one. */
  right: number;
  wrong: number;
  /** Of messages out of scope. */
  outOfScope: number;
}

const BINS = 10;

/** How far the confidence can be believed: of messages at 0.8, eight in ten should be right. Empty bins are left out. */
export function reliabilityOf(outcomes: readonly Outcome[]): ReliabilityBin[] {
  const bins: Outcome[][] = Array.from({ length: BINS }, () => []);
  for (const outcome of outcomes) {
    if (outcome.decision.candidates.length === 0) continue;
    bins[Math.min(BINS - 1, Math.floor(outcome.decision.confidence * BINS))]!.push(outcome);
  }
  return bins
    .filter((bin) => bin.length > 0)
    .map((bin) => ({
      count: bin.length,
      said: bin.reduce((sum, { decision }) => sum + decision.confidence, 0) / bin.length,
      right: share(bin, isFirstRight),
    }));
}

/** The limit of answering moved from 0.05 to 0.95, all else equal. */
export function limitsTried(outcomes: readonly Outcome[]): LimitTried[] {
  const inScope = outcomes.filter(({ question }) => question.topic !== null);
  const outside = outcomes.filter(({ question }) => question.topic === null);
  return Array.from({ length: 19 }, (_, step) => {
    const limit = (step + 1) * 0.05;
    const answered = ({ decision }: Outcome) =>
      decision.candidates.length > 0 && decision.confidence >= limit;
    return {
      limit,
      right: share(inScope, (outcome) => answered(outcome) && isFirstRight(outcome)),
      wrong: share(inScope, (outcome) => answered(outcome) && !isFirstRight(outcome)),
      outOfScope: share(outside, answered),
    };
  });
}

function isFirstRight({ question, decision }: Outcome): boolean {
  const first = decision.candidates[0]?.topic;
  return first !== undefined && (first === question.topic || question.also.includes(first));
}

function share(outcomes: readonly Outcome[], counts: (outcome: Outcome) => boolean): number {
  return outcomes.length === 0 ? 0 : outcomes.filter(counts).length / outcomes.length;
}
