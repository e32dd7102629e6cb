import { inScopeAt, rightAt, type Confidence } from './confidence';
import type { Costs } from './knowledge';
import type { Rehearsal } from './rehearse';

/** From which confidence on the bot answers, and from which on it at least offers. */
export interface Limits {
  /** Least probability that the first entry is right. */
  answer: number;
  /** Least probability that any entry may answer; 1 where offers are never worth their cost. */
  offer: number;
  /** What a rehearsed message costs on average at these limits, in the units of `Costs`. */
  cost: number;
}

const SAYS = ['answer', 'clarify', 'none'] as const;
type Say = (typeof SAYS)[number];

/** What the bot says to one message at these limits. */
export function sayAt(limits: Pick<Limits, 'answer' | 'offer'>, right: number, inScope: number): Say {
  if (right >= limits.answer) return 'answer';
  return inScope >= limits.offer ? 'clarify' : 'none';
}

const STEPS = 50;

/** How many wrong answers two pairs of limits must be apart in cost, over all rehearsals, to be told apart for sure. */
const TELLING_APART = 3;

/**
 * The limits that would have cost least over the rehearsals, every one of which was asked with its own sentence
 * (or its whole entry) hidden. Both limits are tried in steps of 0.02, and the mean of all is taken, each counting the
 * more the less it costs: where many cost nearly the same, the cheapest alone is chance, and would jump with each edit.
 */
export function chooseLimits(rehearsals: readonly Rehearsal[], confidence: Confidence, costs: Costs): Limits {
  const steps = stepsReached(rehearsals, confidence, costs);
  const weight = rehearsals.reduce((sum, rehearsal) => sum + rehearsal.weight, 0);
  const tried = pairsOfLimits().map((pair) => ({ ...pair, cost: costAt(pair, steps) }));
  const least = Math.min(...tried.map(({ cost }) => cost));
  const counts = tried.map(({ cost }) => Math.exp((least - cost) / (TELLING_APART * costs.wrongAnswer)));
  const all = counts.reduce((sum, count) => sum + count, 0);
  const mean = (limit: 'answer' | 'offer') =>
    tried.reduce((sum, pair, at) => sum + pair[limit] * counts[at]!, 0) / (all * STEPS);
  const limits = { answer: mean('answer'), offer: mean('offer') };
  const nearest = { answer: Math.round(limits.answer * STEPS), offer: Math.round(limits.offer * STEPS) };
  return { ...limits, cost: costAt(nearest, steps) / weight };
}

function pairsOfLimits(): { answer: number; offer: number }[] {
  const answers = Array.from({ length: STEPS - 1 }, (_, at) => at + 1);
  return answers.flatMap((answer) => Array.from({ length: STEPS }, (_, at) => ({ answer, offer: at + 1 })));
}

/** `pair` in steps. */
function costAt(pair: { answer: number; offer: number }, steps: readonly Step[]): number {
  return steps.reduce((cost, step) => cost + step.cost[sayAt(pair, step.right, step.inScope)], 0);
}

/** Rehearsals that no pair of limits can tell apart, and what they cost together. */
interface Step {
  /** The last step of each limit that lets them through. */
  right: number;
  inScope: number;
  cost: Record<Say, number>;
}

function stepsReached(rehearsals: readonly Rehearsal[], confidence: Confidence, costs: Costs): Step[] {
  const reached = new Map<number, Step>();
  for (const rehearsal of rehearsals) {
    const right = lastStep(rightAt(confidence, rehearsal.signals));
    const inScope = lastStep(inScopeAt(confidence, rehearsal.signals));
    const key = right * (STEPS + 1) + inScope;
    const step = reached.get(key) ?? { right, inScope, cost: { answer: 0, clarify: 0, none: 0 } };
    for (const say of SAYS) step.cost[say] += rehearsal.weight * costOf(say, rehearsal, costs);
    reached.set(key, step);
  }
  return [...reached.values()];
}

/** The largest n for which the probability is at least n / STEPS. */
function lastStep(probability: number): number {
  const near = Math.floor(probability * STEPS);
  return (near + 1) / STEPS <= probability ? near + 1 : near;
}

function costOf(said: Say, { place }: Rehearsal, costs: Costs): number {
  if (said === 'answer')
    return place === 1 ? 0 : place === undefined ? costs.answeredOutOfScope : costs.wrongAnswer;
  if (said === 'clarify') return place !== undefined && place <= 3 ? costs.offer : costs.uselessOffer;
  return place === undefined ? 0 : costs.missedAnswer;
}
