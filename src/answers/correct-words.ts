import Fuse from 'fuse.js';
import { COMMON_WORDS } from './common-words';

/** How an unknown word is read: the same word where nothing known is near. */
export interface Reading {
  words: string[];
  corrected: boolean;
}

export interface WordCorrector {
  /** Reads one normalised word. */
  read(word: string): Reading;
  knows(word: string): boolean;
}

/** Words shorter than this are corrected only where two neighbouring letters are swapped or their vowel is missing. */
const SHORTEST_CORRECTED = 4;
/** Words up to this long may differ in one edit, longer ones in two. */
const LONGEST_WITH_ONE_EDIT = 7;
/** Readings kept; a service that runs for years must not collect every word ever typed. */
const MOST_KEPT_READINGS = 5000;

/**
 * Reads misspelt words as words of the vocabulary (word to the number of times it occurs there).
 * Fuse.js finds what is near; the Damerau distance, in which a swap of neighbours is one edit, decides.
 */
export function createWordCorrector(vocabulary: ReadonlyMap<string, number>): WordCorrector {
  const kept = new Map<string, Reading>();
  const byLength = wordsByLength(vocabulary);

  function read(word: string): Reading {
    if (vocabulary.has(word)) return { words: [word], corrected: false };
    const earlier = kept.get(word);
    if (earlier !== undefined) return earlier;
    const reading = correct(word, vocabulary, byLength);
    if (kept.size >= MOST_KEPT_READINGS) kept.clear();
    kept.set(word, reading);
    return reading;
  }

  return { read, knows: (word) => vocabulary.has(word) };
}

interface KnownWord {
  word: string;
  letters: number;
  count: number;
}

function wordsByLength(vocabulary: ReadonlyMap<string, number>): Map<number, KnownWord[]> {
  const byLength = new Map<number, KnownWord[]>();
  for (const [word, count] of vocabulary) {
    if (word.length < 3) continue;
    const same = byLength.get(word.length) ?? [];
    same.push({ word, count, letters: letterSet(word) });
    byLength.set(word.length, same);
  }
  return byLength;
}

function correct(
  word: string,
  vocabulary: ReadonlyMap<string, number>,
  byLength: Map<number, KnownWord[]>,
): Reading {
  const asTyped = { words: [word], corrected: false };
  if (COMMON_WORDS.has(word) || /\p{N}/u.test(word)) return asTyped;
  const unstretched = word.replace(/(.)\1/gu, '$1');
  if (vocabulary.has(unstretched)) return { words: [unstretched], corrected: true };
  const doubled = doubledLetter(word, vocabulary);
  if (doubled !== undefined) return { words: [doubled], corrected: true };
  const nearest = nearestWord(word, byLength);
  if (nearest !== undefined) return { words: [nearest], corrected: true };
  const split = splitInTwo(word, vocabulary);
  return split === undefined ? asTyped : { words: split, corrected: true };
}

/** A letter typed once that should stand twice: "kil", "ful", "apointment". */
function doubledLetter(word: string, vocabulary: ReadonlyMap<string, number>): string | undefined {
  for (let at = 1; word.length >= 3 && at < word.length; at++) {
    const doubled = word.slice(0, at + 1) + word.slice(at);
    if (vocabulary.has(doubled)) return doubled;
  }
  return undefined;
}

function nearestWord(word: string, byLength: Map<number, KnownWord[]>): string | undefined {
  const edits = word.length <= LONGEST_WITH_ONE_EDIT ? 1 : 2;
  let nearest: string | undefined;
  let least = Infinity;
  for (const known of nearInFuse(word, shortList(word, edits, byLength))) {
    const distance = damerau(word, known.word, edits);
    if (distance > edits) continue;
    if (word.length < SHORTEST_CORRECTED && !isSwap(word, known.word) && !lacksVowel(word, known.word))
      continue;
    const otherStart = known.word[0] === word[0] ? 0 : 0.5;
    const cost = distance + otherStart - Math.min(0.3, 0.05 * Math.log(1 + known.count));
    if (cost < least) [nearest, least] = [known.word, cost];
  }
  return nearest;
}

/** One edit changes at most two letters of the set, so most of the vocabulary needs no closer look. */
function shortList(word: string, edits: number, byLength: Map<number, KnownWord[]>): KnownWord[] {
  const letters = letterSet(word);
  const list: KnownWord[] = [];
  for (let length = word.length - edits; length <= word.length + edits; length++) {
    for (const known of byLength.get(length) ?? []) {
      if (bitCount(known.letters ^ letters) <= 2 * edits) list.push(known);
    }
  }
  return list;
}

/** Fuse's own score is not used: it looks for substrings, so "car" is as near to "scar" as to "car". */
function nearInFuse(word: string, list: KnownWord[]): KnownWord[] {
  if (list.length <= 1) return list;
  const fuse = new Fuse(list, {
    keys: ['word'],
    threshold: 0.6,
    distance: 20,
    ignoreFieldNorm: true,
  });
  return fuse.search(word, { limit: 25 }).map((found) => found.item);
}

function splitInTwo(word: string, vocabulary: ReadonlyMap<string, number>): string[] | undefined {
  let best: string[] | undefined;
  let most = 0;
  for (let at = 2; at <= word.length - 2; at++) {
    const [left, right] = [word.slice(0, at), word.slice(at)];
    const count = Math.min(vocabulary.get(left) ?? 0, vocabulary.get(right) ?? 0);
    if (count > most) [best, most] = [[left, right], count];
  }
  return best;
}

function letterSet(word: string): number {
  let set = 0;
  for (let at = 0; at < word.length; at++) set |= 1 << (word.charCodeAt(at) % 31);
  return set;
}

function bitCount(bits: number): number {
  let rest = bits >>> 0;
  let count = 0;
  for (; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let at = 0;
  while (a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** "lng" for "long", "hrt" for "hurt": no vowel was typed, and one makes the word. */
function lacksVowel(typed: string, known: string): boolean {
  return !/[aeiouy]/u.test(typed) && known.length > typed.length && known.replace(/[aeiou]/u, '') === typed;
}

/** Edits from one word to the other, a swap of neighbours counting one; `most + 1` once it is surely more. */
function damerau(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1);
      current.push(edits);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? most + 1;
}
