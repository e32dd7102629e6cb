import type { WordCorrector } from './correct-words';
import type { Token } from './normalise';
import { stem } from './stem';

/** A word as the matching uses it. */
export interface ReadWord {
  typed: string;
  /** The word it is read as. */
  word: string;
  stem: string;
  /** 1 as typed, less where it was corrected. */
  weight: number;
}

/** A corrected word counts a little less than one that was typed so. */
const WEIGHT_OF_CORRECTED = 0.9;

/** Corrects and stems. An unknown word that makes a known one with the next ("micro pigmentation") is joined. */
export function readAs(tokens: readonly Token[], corrector: WordCorrector): ReadWord[] {
  const words: ReadWord[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { typed, word } = tokens[at]!;
    const next = tokens[at + 1];
    if (next !== undefined && !corrector.knows(word) && corrector.knows(word + next.word)) {
      words.push({
        typed: `${typed} ${next.typed}`,
        word: word + next.word,
        stem: stem(word + next.word),
        weight: 1,
      });
      at++;
      continue;
    }
    const reading = corrector.read(word);
    const weight = reading.corrected ? WEIGHT_OF_CORRECTED : 1;
    for (const read of reading.words) words.push({ typed, word: read, stem: stem(read), weight });
  }
  return words;
}

/** What was typed and what it was read as, each once. */
export function corrections(words: readonly ReadWord[]): [string, string][] {
  const readings = new Map<string, string[]>();
  for (const { typed, word, weight } of words) {
    if (weight < 1) readings.set(typed, [...(readings.get(typed) ?? []), word]);
  }
  return [...readings].map(([typed, read]) => [typed, [...new Set(read)].join(' ')]);
}
