import type { Match } from './matcher';

/** A message, or a part of it, compared with everything. */
export interface Reading {
  /** The part's number; `whole` is all of them together, `going-on` the message behind the last question. */
  part: number | 'whole' | 'going-on';
  match: Match;
  /** The best entries of this reading, best first. */
  best: readonly Scored[];
  /** Probability that the first is right. */
  right: number;
  /** Probability that any entry may answer. */
  inScope: number;
}

interface Scored {
  entry: number;
  score: number;
}

/** An entry with its probability of being meant, and the reading that speaks for it most. */
export interface Guess {
  entry: number;
  confidence: number;
  reading: Reading;
}

export interface Merged {
  /** Best first. */
  guesses: Guess[];
  inScope: number;
}

/** Log odds taken from a reading that is not the whole message: it may be only the frame of the question. */
const HANDICAP = { part: 1, goingOn: 0.7 };
/** Log odds added to an entry that the last answer offered as its follow-up. */
const FOLLOW_UP_BONUS = 0.7;
/** An entry with half the best score has an eighth of its probability. */
const SCORE_POWER = 3;

/** Each entry gets the best that any reading says for it. */
export function mergeReadings(
  readings: readonly Reading[],
  isSmallTalk: (entry: number) => boolean,
  expected: ReadonlySet<number> = new Set(),
): Merged {
  const heard = withoutSmallTalk(readings, isSmallTalk);
  const best = new Map<number, Guess>();
  for (const reading of heard) {
    for (const { entry, score } of reading.best) {
      const own = reading.right * (score / (reading.best[0]?.score || 1)) ** SCORE_POWER;
      const bonus = expected.has(entry) ? FOLLOW_UP_BONUS : 0;
      const confidence = shiftOdds(own, bonus - handicapOf(reading));
      if (confidence > (best.get(entry)?.confidence ?? -1)) best.set(entry, { entry, confidence, reading });
    }
  }
  const guesses = [...best.values()].sort((a, b) => b.confidence - a.confidence || a.entry - b.entry);
  const inScope = heard.map((reading) => shiftOdds(reading.inScope, -handicapOf(reading)));
  return { guesses: leaveRestToOthers(guesses), inScope: Math.max(0, ...inScope) };
}

/** The questions of the other parts, surest first; `least` is the confidence each must reach by itself. */
export function otherQuestions(
  readings: readonly Reading[],
  first: number,
  least: number,
  isSmallTalk: (entry: number) => boolean,
): Guess[] {
  const parts = readings.filter((reading) => typeof reading.part === 'number');
  if (!parts.some((reading) => reading.best[0]?.entry === first)) return [];
  const others = new Map<number, Guess>();
  for (const reading of parts) {
    const top = reading.best[0];
    if (top === undefined || top.entry === first || reading.right < least || isSmallTalk(top.entry)) continue;
    if (reading.right > (others.get(top.entry)?.confidence ?? 0))
      others.set(top.entry, { entry: top.entry, confidence: reading.right, reading });
  }
  return [...others.values()].sort((a, b) => b.confidence - a.confidence);
}

/** The two in the order in which the message asks them. */
export function inOrderAsked(a: Guess, b: Guess, readings: readonly Reading[]): [Guess, Guess] {
  const placeOf = ({ entry }: Guess) =>
    readings.findIndex(({ part, best }) => typeof part === 'number' && best[0]?.entry === entry);
  return placeOf(a) <= placeOf(b) ? [a, b] : [b, a];
}

/**
 * "Thanks! How long does it last?" is a question: where any part means one, the parts that only greet are not
 * heard. Nor are they where a part asks something that was not understood: "Hello! What is the capital of France?"
 * is not greeted back.
 */
function withoutSmallTalk(
  readings: readonly Reading[],
  isSmallTalk: (entry: number) => boolean,
): readonly Reading[] {
  const asks = ({ best, match }: Reading) =>
    best[0] !== undefined && !isSmallTalk(best[0].entry) && !match.asksNothing;
  const asking = readings.filter((reading) => reading.part !== 'whole' && asks(reading));
  const questions = asking.filter((reading) => reading.inScope >= 0.5);
  if (questions.length === 0) {
    const isPuzzled = asking.some(({ match }) => match.words.length >= SHORTEST_REQUEST);
    return isPuzzled ? readings.filter(asks) : readings;
  }
  // The one part that asks is the message: it needs no handicap against the whole.
  return readings.filter(asks).map((reading) => ({
    ...reading,
    part: questions.length === 1 && reading === questions[0] ? ('whole' as const) : reading.part,
    best: reading.best.filter(({ entry }) => !isSmallTalk(entry)),
  }));
}

/** Fewer words beside a greeting ("hello again", "good day sir") are hardly a request of their own. */
const SHORTEST_REQUEST = 3;

function handicapOf({ part }: Reading): number {
  if (part === 'whole') return 0;
  return part === 'going-on' ? HANDICAP.goingOn : HANDICAP.part;
}

/** The others share at most what the first leaves, so that all confidences add up to no more than 1. */
export function leaveRestToOthers(guesses: readonly Guess[]): Guess[] {
  const [first, ...others] = guesses;
  if (first === undefined) return [];
  const sum = others.reduce((total, guess) => total + guess.confidence, 0);
  const scale = Math.min(1, (1 - first.confidence) / (sum || 1));
  return [first, ...others.map((guess) => ({ ...guess, confidence: guess.confidence * scale }))];
}

/** The probability after so many log odds more. */
export function shiftOdds(probability: number, by: number): number {
  if (by === 0) return probability;
  const odds = (probability / (1 - probability)) * Math.exp(by);
  return Number.isFinite(odds) ? odds / (1 + odds) : probability;
}
