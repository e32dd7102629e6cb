import type { Concept } from './knowledge';
import { readWords } from './normalise';
import type { ReadWord } from './read-message';
import { stem } from './stem';

/** Finds the concepts that words and phrases of the trade stand for. */
export interface Lexicon {
  readonly isEmpty: boolean;
  /** Concept name to how strongly it is meant: 1 for a phrase, less for a word that stands for several. */
  conceptsOf(words: readonly ReadWord[]): Map<string, number>;
  /** Every word of the lexicon, phrases taken apart, normalised. */
  words(): string[];
  hasStem(stem: string): boolean;
}

/** A concept found in words `start` (first) to `end` (past the last). */
interface Phrase {
  stems: string[];
  concept: string;
}

export function createLexicon(concepts: readonly Concept[]): Lexicon {
  const single = new Map<string, Set<string>>();
  const phrases = new Map<string, Phrase[]>();
  const words = new Set<string>();
  const stems = new Set<string>();

  for (const concept of concepts) for (const text of concept.words) add(concept.name, text);

  function add(concept: string, text: string): void {
    const read = readWords(text).map((token) => token.word);
    const first = read[0];
    if (first === undefined) return;
    const readStems = read.map(stem);
    read.forEach((word) => words.add(word));
    readStems.forEach((found) => stems.add(found));
    const key = stem(first);
    if (read.length === 1) single.set(key, (single.get(key) ?? new Set()).add(concept));
    else phrases.set(key, [...(phrases.get(key) ?? []), { stems: readStems, concept }]);
  }

  function conceptsOf(message: readonly ReadWord[]): Map<string, number> {
    const found = new Map<string, number>();
    const raise = (concept: string, by: number) => found.set(concept, (found.get(concept) ?? 0) + by);
    message.forEach((word, at) => {
      const meant = single.get(word.stem);
      meant?.forEach((concept) => raise(concept, word.weight / Math.sqrt(meant.size)));
      for (const phrase of phrases.get(word.stem) ?? []) {
        if (phrase.stems.every((part, offset) => message[at + offset]?.stem === part))
          raise(phrase.concept, 1);
      }
    });
    return found;
  }

  return {
    isEmpty: concepts.length === 0,
    conceptsOf,
    words: () => [...words],
    hasStem: (found) => stems.has(found),
  };
}
