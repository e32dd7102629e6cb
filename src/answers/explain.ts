import { BLOCKS, type Block, type Vector } from './features';
import type { Why } from './decision';
import type { Match, Matcher } from './matcher';
import type { ReadWord } from './read-message';

/** How many terms an explanation names. */
const MOST_TERMS = 5;

/** Why this reading of the message means this entry. */
export function explain(matcher: Matcher, match: Match, entry: number): Pick<Why, 'phrasing' | 'terms'> {
  const example = nearestOf(matcher, match, entry);
  return {
    phrasing: example === undefined ? null : matcher.examples[example]!.text,
    terms: example === undefined ? [] : sharedTerms(matcher, match, example),
  };
}

/** Words that neither a sentence of the knowledge nor the lexicon has, as typed, each once. */
export function unknownWords(matcher: Matcher, words: readonly ReadWord[]): string[] {
  const unknown = words.filter(
    ({ stem }) => !matcher.space.examplesWith.has(stem) && !matcher.lexicon.hasStem(stem),
  );
  return [...new Set(unknown.map((word) => word.typed))];
}

/** The entry's example that adds most to its score. */
function nearestOf(matcher: Matcher, match: Match, entry: number): number | undefined {
  let nearest: number | undefined;
  for (let example = matcher.firstExample[entry]!; example < matcher.firstExample[entry + 1]!; example++) {
    if (match.row[example]! > (nearest === undefined ? 0 : match.row[nearest]!)) nearest = example;
  }
  return nearest;
}

/** What message and example have in common, as shares of their likeness that add up to at most 1. */
function sharedTerms(matcher: Matcher, match: Match, example: number): [string, number][] {
  const { product, all } = productOf(match.vector, matcher.examples[example]!.vector);
  const shares = new Map<string, number>();
  const words = match.words.map(({ word, stem }) => ({ word, stem, padded: `#${word}#` }));
  for (const block of BLOCKS) {
    for (const feature of match.features[block].keys()) {
      const value = product.get(matcher.space.idOf(block, feature) ?? -1);
      if (value === undefined) continue;
      const texts = termsFor(block, feature, words);
      for (const text of texts) shares.set(text, (shares.get(text) ?? 0) + value / texts.length / all);
    }
  }
  return [...shares]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_TERMS)
    .map(([term, share]) => [term, Math.round(share * 1000) / 1000]);
}

/** By feature what both have, and all of it. */
function productOf(one: Vector, other: Vector): { product: Map<number, number>; all: number } {
  const product = new Map<number, number>();
  let all = 0;
  let there = 0;
  // Both are in ascending order.
  for (let at = 0; at < one.ids.length; at++) {
    const id = one.ids[at]!;
    while (there < other.ids.length && other.ids[there]! < id) there++;
    if (other.ids[there] !== id) continue;
    const value = one.weights[at]! * other.weights[there]!;
    product.set(id, value);
    all += value;
  }
  return { product, all };
}

/** Staff read words: pairs and letters are credited to the words they come from, concepts by their name. */
function termsFor(block: Block, feature: string, words: readonly TermWord[]): string[] {
  if (block === 'concepts' || block === 'everyday') return [`(${feature})`];
  const ends = block === 'pairs' ? feature.split(' ') : [];
  const terms: string[] = [];
  for (const { word, stem, padded } of words) {
    const has =
      block === 'letters'
        ? padded.includes(feature)
        : block === 'pairs'
          ? ends.includes(stem)
          : stem === feature;
    if (has && !terms.includes(word)) terms.push(word);
  }
  return terms;
}

interface TermWord {
  word: string;
  stem: string;
  /** As its letters are taken. */
  padded: string;
}
