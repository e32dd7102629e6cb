import { EVERYDAY_CONCEPTS } from './everyday-words';
import { createLexicon, type Lexicon } from './lexicon';
import type { ReadWord } from './read-message';

/** The five ways in which two sentences can be alike, and what each counts in the kernel. */
export const BLOCKS = ['words', 'pairs', 'letters', 'concepts', 'everyday'] as const;
export type Block = (typeof BLOCKS)[number];

/** Chosen on CLINC150's validation lines; changing one by half moves the first guess by less than a point. */
export const BLOCK_WEIGHT: Record<Block, number> = {
  words: 1,
  pairs: 0.5,
  letters: 0.6,
  concepts: 0.5,
  everyday: 0.25,
};

/** Stand in where a knowledge brings no concepts of its own; beside those they say nothing new (two points of chatter lost). */
const everyday = createLexicon(EVERYDAY_CONCEPTS);

/** Rare features count more, but less than proportionally to their information. */
const RARITY_POWER = 0.7;
/** A pair of words with one between them counts this much of an adjacent pair. */
const GAP_PAIR = 0.7;

/** Features of one sentence by block, with how often they occur. */
export type Features = Record<Block, Map<string, number>>;

/** Features as numbers: ids ascending, weights so that the dot product is the kernel before its power. */
export interface Vector {
  ids: Int32Array;
  weights: Float32Array;
}

export function featuresOf(words: readonly ReadWord[], lexicon: Lexicon): Features {
  return {
    words: wordFeatures(words),
    pairs: pairFeatures(words),
    letters: letterFeatures(words),
    concepts: lexicon.conceptsOf(words),
    everyday: lexicon.isEmpty ? everyday.conceptsOf(words) : new Map(),
  };
}

function wordFeatures(words: readonly ReadWord[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { stem, weight } of words) raise(found, stem, weight);
  return found;
}

function pairFeatures(words: readonly ReadWord[]): Map<string, number> {
  const found = new Map<string, number>();
  const stems = ['^', ...words.map((word) => word.stem), '$'];
  for (let at = 1; at < stems.length; at++) {
    raise(found, `${stems[at - 1]} ${stems[at]}`, 1);
    if (at >= 2) raise(found, `${stems[at - 2]} _ ${stems[at]}`, GAP_PAIR);
  }
  return found;
}

function letterFeatures(words: readonly ReadWord[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { word, weight } of words) {
    const padded = `#${word}#`;
    for (let length = 3; length <= 5; length++) {
      for (let at = 0; at + length <= padded.length; at++)
        raise(found, padded.slice(at, at + length), weight);
    }
  }
  return found;
}

function raise(counts: Map<string, number>, feature: string, by: number): void {
  counts.set(feature, (counts.get(feature) ?? 0) + by);
}

/** Numbers the features of all examples and weighs them by how few entries have them. */
export interface FeatureSpace {
  readonly size: number;
  /** Of the examples, in their order. */
  readonly vectors: readonly Vector[];
  vectorOf(features: Features): Vector;
  /** In how many examples each word stem occurs, the background (the last entry) not counted. */
  readonly examplesWith: ReadonlyMap<string, number>;
  /** The id of one feature, undefined where no example has it. */
  idOf(block: Block, feature: string): number | undefined;
}

/** A sentence's features by number, and how often they occur; those of block b end before `ends[b]`. */
interface Numbered {
  ids: Int32Array;
  times: Float64Array;
  ends: Int32Array;
}

/** In place of a number: a feature that no example has. */
const UNKNOWN = -1;

/**
 * `entryOf[i]` is the entry that example i belongs to. Examples are taken one after the other, and kept as numbers
 * only: the texts of the features of all at once would be most of the work and of the memory.
 */
export function createFeatureSpace(
  examples: Iterable<Features>,
  entryOf: Int32Array,
  entries: number,
): FeatureSpace {
  const ids = Object.fromEntries(BLOCKS.map((block) => [block, new Map<string, number>()])) as Record<
    Block,
    Map<string, number>
  >;
  const entriesWith: number[] = [];
  const lastEntry: number[] = [];
  const examplesWith = new Map<string, number>();
  const numberedExamples: Numbered[] = [];

  // Examples of one entry stand together, so "seen in this entry already" is the last entry seen.
  for (const features of examples) {
    const entry = entryOf[numberedExamples.length] ?? 0;
    if (entry < entries - 1) for (const stem of features.words.keys()) raise(examplesWith, stem, 1);
    numberedExamples.push(numbered(features, (block, feature) => count(ids[block], feature, entry)));
  }

  function count(known: Map<string, number>, feature: string, entry: number): number {
    const id = known.get(feature) ?? entriesWith.length;
    if (id === entriesWith.length) {
      known.set(feature, id);
      entriesWith.push(0);
      lastEntry.push(-1);
    }
    if (lastEntry[id] !== entry) {
      lastEntry[id] = entry;
      entriesWith[id] = (entriesWith[id] ?? 0) + 1;
    }
    return id;
  }

  const rarity = Float32Array.from(
    entriesWith,
    (having) => (1 + Math.log((1 + entries) / (1 + having))) ** RARITY_POWER,
  );
  const unknownRarity = (1 + Math.log(1 + numberedExamples.length)) ** RARITY_POWER;
  const used = BLOCKS.filter((block) => ids[block].size > 0);
  const weightOfAll = used.reduce((sum, block) => sum + BLOCK_WEIGHT[block], 0);

  function weighed({ ids: numbers, times, ends }: Numbered): Vector {
    const found: number[] = [];
    const weights: number[] = [];
    let at = 0;
    BLOCKS.forEach((block, number) => {
      const start = found.length;
      let squares = 0;
      for (; at < ends[number]!; at++) {
        const id = numbers[at]!;
        const often = times[at]!;
        const weight =
          (often > 1 ? 1 + Math.log(often) : often) * (id === UNKNOWN ? unknownRarity : rarity[id]!);
        // A feature nobody has counts in the length, which honestly lowers the likeness to everything.
        squares += weight * weight;
        if (id === UNKNOWN) continue;
        found.push(id);
        weights.push(weight);
      }
      const scale = Math.sqrt(BLOCK_WEIGHT[block] / weightOfAll / (squares || 1));
      for (let place = start; place < found.length; place++) weights[place] = weights[place]! * scale;
    });
    return ascending(found, weights);
  }

  return {
    size: entriesWith.length,
    vectors: numberedExamples.map(weighed),
    vectorOf: (features) =>
      weighed(numbered(features, (block, feature) => ids[block].get(feature) ?? UNKNOWN)),
    examplesWith,
    idOf: (block, feature) => ids[block].get(feature),
  };
}

function numbered(features: Features, numberOf: (block: Block, feature: string) => number): Numbered {
  const size = BLOCKS.reduce((sum, block) => sum + features[block].size, 0);
  const ids = new Int32Array(size);
  const times = new Float64Array(size);
  const ends = new Int32Array(BLOCKS.length);
  let at = 0;
  BLOCKS.forEach((block, number) => {
    for (const [feature, often] of features[block]) {
      ids[at] = numberOf(block, feature);
      times[at] = often;
      at++;
    }
    ends[number] = at;
  });
  return { ids, times, ends };
}

/** Id and place in one number, since numbers are sorted ten times as fast without a function that compares. */
function ascending(found: readonly number[], weightOf: readonly number[]): Vector {
  const keys = new Float64Array(found.length);
  for (let at = 0; at < found.length; at++) keys[at] = found[at]! * found.length + at;
  keys.sort();
  const ids = new Int32Array(found.length);
  const weights = new Float32Array(found.length);
  for (let at = 0; at < found.length; at++) {
    const place = keys[at]! % found.length;
    ids[at] = found[place]!;
    weights[at] = weightOf[place]!;
  }
  return { ids, weights };
}
