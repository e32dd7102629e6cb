import { fitLogistic, logOdds, probability, type LogisticWeights, type Outcome } from './logistic';
import type { Rehearsal, Signals } from './rehearse';

/** How sure the matching may be, learnt from the knowledge itself; plain numbers. */
export interface Confidence {
  /** Of the probability that any entry may answer. */
  inScope: LogisticWeights;
  /** Of the probability that the first entry is the right one, given that one is. */
  first: LogisticWeights;
}

/**
 * Which way each signal speaks, and how much beside the others; set by hand. What a knowledge can tell of itself is
 * drawn to it, since its own sentences are not those that visitors will write: weights learnt freely are surer of them
 * than of messages.
 */
const DIRECTION: LogisticWeights = [8, 4, -3, -2, 0, 0.7];
/** How strong the draw is, in rehearsed phrasings. "Which of two neighbours" is learnt on the knowledge's own sentences alone. */
const PULL = { inScope: 10, first: 100 };
/** The line through the direction is drawn to this one as long as there is next to nothing to learn from. */
const LINE = { intercept: -2.4, slope: 1, pull: 1 };

/**
 * Phrasings written to be unlike each other, each hidden, are less like the rest than messages are, and hidden entries
 * less unlike it than what is out of scope: the two are further apart than a rehearsal shows. Where labelled questions have
 * shown how a knowledge is understood, log odds are drawn apart so many times around the probability that stays. Read off
 * the clinic's: what was said and what was true were 9.1 % apart on average, and are 4.6.
 */
const FURTHER_APART = { times: 2, around: 0.68 };

/**
 * "Nobody asks that here" and "which of two neighbours" show in different signals, so the two are learnt apart.
 * `understood`: see `Costs`.
 */
export function learnConfidence(rehearsals: readonly Rehearsal[], understood?: number): Confidence {
  const inScope = rehearsals.map((rehearsal) => outcomeOf(rehearsal, rehearsal.place !== undefined));
  const first = rehearsals
    .filter((rehearsal) => rehearsal.place !== undefined)
    .map((rehearsal) => outcomeOf(rehearsal, rehearsal.place === 1));
  const rehearsed = learn(inScope, PULL.inScope);
  return {
    inScope: understood === undefined ? rehearsed : drawnApart(rehearsed),
    first: learn(first, PULL.first),
  };
}

function drawnApart(weights: LogisticWeights): LogisticWeights {
  const { times, around } = FURTHER_APART;
  const stays = Math.log(around / (1 - around));
  return weights.map((weight, at) => times * weight - (at === 0 ? (times - 1) * stays : 0));
}

/** First how much the direction says at all, then how each signal departs from it. */
function learn(outcomes: readonly Outcome[], pull: number): LogisticWeights {
  const along = outcomes.map((outcome) => ({
    ...outcome,
    signals: [logOdds([0, ...DIRECTION], outcome.signals)],
  }));
  const line = fitLogistic(along, [LINE.intercept, LINE.slope], LINE.pull);
  return fitLogistic(outcomes, [line[0]!, ...DIRECTION.map((weight) => weight * line[1]!)], pull);
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
