import type { Calibration, Rehearsal } from './calibrate';
import type { Costs } from './knowledge';

/** From which confidence on the bot answers, and from which on it at least offers. */
export interface Limits {
  /** Least probability that the first entry is right. */
  answer: number;
  /** Least probability that any entry may answer; 1 where offers are never worth their cost. */
  offer: number;
  /** What a rehearsed message costs on average at these limits, in the units of `Costs`. */
  cost: number;
}

type Say = 'answer' | 'clarify' | 'none';

/** What the bot says to one message at these limits. */
export function sayAt(limits: Pick<Limits, 'answer' | 'offer'>, right: number, inScope: number): Say {
  if (right >= limits.answer) return 'answer';
  return inScope >= limits.offer ? 'clarify' : 'none';
}

const STEPS = 50;

/**
 * The limits that would have cost least over the rehearsals, every one of which was asked with its own sentence
 * (or its whole entry) hidden. Both limits are tried in steps of 0.02.
 */
export function chooseLimits(calibration: Calibration, costs: Costs): Limits {
  const rehearsed = calibration.rehearsals.map((rehearsal) => ({
    rehearsal,
    right: calibration.right(rehearsal.signals),
    inScope: calibration.inScope(rehearsal.signals),
  }));
  const weight = rehearsed.reduce((sum, { rehearsal }) => sum + rehearsal.weight, 0);
  let best: Limits = { answer: 0.7, offer: 0.4, cost: Infinity };
  for (let answer = 1; answer < STEPS; answer++) {
    for (let offer = 1; offer <= STEPS; offer++) {
      const tried = { answer: answer / STEPS, offer: offer / STEPS };
      let cost = 0;
      for (const { rehearsal, right, inScope } of rehearsed) {
        cost += rehearsal.weight * costOf(sayAt(tried, right, inScope), rehearsal, costs);
      }
      if (cost / weight < best.cost) best = { ...tried, cost: cost / weight };
    }
  }
  return best;
}

function costOf(said: Say, { place }: Rehearsal, costs: Costs): number {
  if (said === 'answer')
    return place === 1 ? 0 : place === undefined ? costs.answeredOutOfScope : costs.wrongAnswer;
  if (said === 'clarify') return place !== undefined && place <= 3 ? costs.offer : costs.uselessOffer;
  return place === undefined ? 0 : costs.missedAnswer;
}
