import { fitLogistic, probability, type LogisticWeights, type Outcome } from './logistic';
import type { Rehearsal, Signals } from './rehearse';

/** How sure the matching may be, learnt from the knowledge itself; plain numbers. */
export interface Confidence {
  /** Of the probability that any entry may answer. */
  inScope: LogisticWeights;
  /** Of the probability that the first entry is the right one, given that one is. */
  first: LogisticWeights;
}

/** Set by hand; they rule as long as a knowledge is too small to learn from. The intercept first, then the signals. */
const PRIOR: LogisticWeights = [-2.4, 8, 4, -3, -2, 0];
const PRIOR_PULL = 1;

/** "Nobody asks that here" and "which of two neighbours" show in different signals, so the two are learnt apart. */
export function learnConfidence(rehearsals: readonly Rehearsal[]): Confidence {
  const inScope = rehearsals.map((rehearsal) => outcomeOf(rehearsal, rehearsal.place !== undefined));
  const first = rehearsals
    .filter((rehearsal) => rehearsal.place !== undefined)
    .map((rehearsal) => outcomeOf(rehearsal, rehearsal.place === 1));
  return {
    inScope: fitLogistic(inScope, PRIOR, PRIOR_PULL),
    first: fitLogistic(first, PRIOR, PRIOR_PULL),
  };
}

/** Probability that any entry may answer. */
export function inScopeAt({ inScope }: Confidence, signals: Signals): number {
  return probability(inScope, signals);
}

/** Probability that the first entry is the right one: that one is, and that it is the first. */
export function rightAt(confidence: Confidence, signals: Signals): number {
  return inScopeAt(confidence, signals) * probability(confidence.first, signals);
}

function outcomeOf({ signals, weight }: Rehearsal, cameTrue: boolean): Outcome {
  return { signals, weight, cameTrue };
}
