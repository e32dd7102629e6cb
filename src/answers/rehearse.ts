import { familiarityOf, type Example, type Familiarity, type Matcher } from './matcher';
import type { ReadWord } from './read-message';

/** What the confidence is computed from, see `signalsOf`. */
export type Signals = readonly [
  best: number,
  lead: number,
  background: number,
  unknown: number,
  trade: number,
  length: number,
];

/** One sentence of the knowledge asked as if it were a visitor's message. */
export interface Rehearsal {
  example: number;
  /** `left-out`: its whole entry was hidden, so nothing may answer it. */
  kind: 'phrasing' | 'left-out' | 'background';
  signals: Signals;
  /** The first three entries and their scores. */
  first: readonly { entry: number; score: number }[];
  /** Where the right entry stands, 1 is first; undefined where there is none. */
  place: number | undefined;
  /** How much it counts: phrasings, and what is out of scope, each add up to their share of a visitor's messages. */
  weight: number;
}

/** Rehearsed phrasings, about; where there are more, a lot drawn from the text decides. */
const MOST_PHRASINGS = 3000;
/** The same for entries hidden whole and for background sentences, of which the others tell little more. */
const MOST_OUTSIDE = 1200;
/** Of visitors' messages to small FAQ bots 42 to 72 % are out of scope (HINT3), of those to this clinic about a quarter. */
const OUT_OF_SCOPE_SHARE = 0.3;
/** Hidden entries are far harder to refuse than what visitors send: with a background they are a quarter of it. */
const LEFT_OUT_SHARE = 0.25;
/**
 * Without a background they stand for two fifths of it, and the rest is taken to be so unlike anything that no limit
 * matters: the least at which four fifths of what is out of scope in CLINC150's validation lines are still refused.
 */
const LEFT_OUT_SHARE_ALONE = 0.4;
/** A phrasing is hidden together with those that nearly repeat it, or rehearsal would flatter the matching. */
const NEARLY_THE_SAME = 0.6;

/** Asks the knowledge its own sentences, each hidden while it is asked. `understood`: see `Costs`. */
export function rehearse(matcher: Matcher, understood?: number): Rehearsal[] {
  const { firstExample, entries, examples } = matcher;
  const background = firstExample[entries.length]!;
  const aside = new Set(matcher.setAside);
  const row = new Float64Array(examples.length);
  const found: Rehearsal[] = [];
  const hiddenWhole = new Set(entries.length > 1 ? drawn(examples, 0, background, MOST_OUTSIDE) : []);
  for (const example of drawn(examples, 0, background, MOST_PHRASINGS)) {
    matcher.likeness.toAll(examples[example]!.vector, row);
    const whole = ownExamples(matcher, example);
    const nearest = whole.filter((other) => other === example || row[other]! > NEARLY_THE_SAME);
    found.push(ask(matcher, example, 'phrasing', row, nearest));
    if (hiddenWhole.has(example)) found.push(ask(matcher, example, 'left-out', row, whole));
  }
  for (const example of drawn(examples, background, examples.length, MOST_OUTSIDE)) {
    if (aside.has(example)) continue;
    matcher.likeness.toAll(examples[example]!.vector, row);
    found.push(ask(matcher, example, 'background', row, [example]));
  }
  return weigh(found, understood);
}

/** Whether a sentence is drawn depends on nothing but itself, so that an edit elsewhere does not change the rehearsal. */
function drawn(examples: readonly Example[], from: number, to: number, most: number): number[] {
  const share = Math.min(1, most / (to - from));
  const all = Array.from({ length: to - from }, (_, at) => from + at);
  return share === 1 ? all : all.filter((example) => lotOf(examples[example]!.text) < share);
}

/** A number from 0 up to 1 that the text alone decides (FNV-1a, its bits mixed once more as MurmurHash3 does). */
function lotOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Every example of the entry that this one belongs to. */
function ownExamples({ examples, firstExample }: Matcher, example: number): number[] {
  const { entry } = examples[example]!;
  const first = firstExample[entry]!;
  return Array.from({ length: firstExample[entry + 1]! - first }, (_, at) => first + at);
}

/** What would be found if the hidden examples were not there; `row` loses them. */
function ask(
  matcher: Matcher,
  example: number,
  kind: Rehearsal['kind'],
  row: Float64Array,
  hidden: readonly number[],
): Rehearsal {
  const { entry, words } = matcher.examples[example]!;
  for (const other of [...hidden, ...matcher.setAside]) row[other] = 0;
  const { scores } = matcher.rank(row);
  const first = bestEntries(scores, matcher.entries.length, 3);
  const at = first.findIndex((candidate) => candidate.entry === entry);
  const hiddenWith = countStems(hidden.map((other) => matcher.examples[other]!.words));
  const familiarity = familiarityOf(
    words,
    matcher.space,
    matcher.lexicon,
    (stem) => hiddenWith.get(stem) ?? 0,
  );
  return {
    example,
    kind,
    signals: signalsOf(scores, matcher.entries.length, familiarity, words.length),
    first,
    place: kind !== 'phrasing' ? undefined : at < 0 ? 4 : at + 1,
    weight: 1,
  };
}

/** In how many of the sentences each stem occurs. */
function countStems(sentences: readonly (readonly ReadWord[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of sentences) {
    for (const stem of new Set(words.map((word) => word.stem))) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}

/**
 * Best score, its lead over the second, the background's score, how familiar the words are, and how many they are: few
 * words are easily like something, so that the same score says less.
 */
export function signalsOf(
  scores: Float64Array,
  entries: number,
  { unknown, trade }: Familiarity,
  words: number,
): Signals {
  const [first, second] = bestEntries(scores, entries, 2);
  const best = first?.score ?? 0;
  return [best, best - (second?.score ?? 0), scores[entries] ?? 0, unknown, trade, Math.log(1 + words)];
}

/** The entries with the highest scores, best first; the background is none of them. */
export function bestEntries(
  scores: Float64Array,
  entries: number,
  most: number,
): { entry: number; score: number }[] {
  const best: { entry: number; score: number }[] = [];
  let least = -Infinity;
  for (let entry = 0; entry < entries; entry++) {
    const score = scores[entry]!;
    if (score <= least) continue;
    const at = best.findIndex((other) => other.score < score);
    best.splice(at < 0 ? best.length : at, 0, { entry, score });
    if (best.length > most) best.pop();
    if (best.length === most) least = best[most - 1]!.score;
  }
  return best;
}

/**
 * Gives each kind its share of the whole, keeping the sum at the number of rehearsed phrasings; and of the phrasings
 * those that are found their share, where it is known how many of visitors' messages are.
 */
function weigh(rehearsals: Rehearsal[], understood: number | undefined): Rehearsal[] {
  const count = (kind: Rehearsal['kind']) => rehearsals.filter((rehearsal) => rehearsal.kind === kind).length;
  const [phrasings, leftOut, background] = [count('phrasing'), count('left-out'), count('background')];
  const leftOutShare = background === 0 ? LEFT_OUT_SHARE_ALONE : LEFT_OUT_SHARE;
  const found = rehearsals.filter(({ place }) => place === 1).length;
  const share = {
    found: ((1 - OUT_OF_SCOPE_SHARE) * (understood ?? found / phrasings)) / Math.max(1, found),
    missed:
      ((1 - OUT_OF_SCOPE_SHARE) * (1 - (understood ?? found / phrasings))) / Math.max(1, phrasings - found),
    'left-out': (OUT_OF_SCOPE_SHARE * leftOutShare) / Math.max(1, leftOut),
    background: (OUT_OF_SCOPE_SHARE * (1 - leftOutShare)) / Math.max(1, background),
  };
  return rehearsals.map((rehearsal) => {
    const kind = rehearsal.kind !== 'phrasing' ? rehearsal.kind : rehearsal.place === 1 ? 'found' : 'missed';
    return { ...rehearsal, weight: phrasings * share[kind] };
  });
}
