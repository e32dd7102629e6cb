import Fuse from 'fuse.js';
import { COMMON_WORDS } from './common-words';
import { isListedHealthWord } from './health-words';

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

/** Shorter words have so many neighbours that few slips are believed, see `isShortSlip`. */
const SHORTEST_CORRECTED = 4;
/** Words up to this long may differ in one edit, longer ones in two. */
const LONGEST_WITH_ONE_EDIT = 7;
/** What slips of the hand count, a letter lost or put in being 1: the likelier the slip, the less. */
const SLIP = { doubled: 0.5, swapped: 0.6, neighbour: 0.8, other: 1.2 };
/** People seldom get the first letter wrong, unless they swap it with the second. */
const OTHER_START = 0.3;
/** Words that the knowledge often uses are the likelier ones to be meant. */
const USUAL = 0.1;
/** A word of three letters may lack one of a word that the knowledge has at least this often: "ade" for "fade". */
const USUAL_ENOUGH = 5;
/** Readings kept; a service that runs for years must not collect every word ever typed. */
const MOST_KEPT_READINGS = 5000;

/**
 * Reads misspelt words as words of the vocabulary (word to the number of times it occurs there).
 * Fuse.js finds what is near; how likely the slips are, and how usual the word is, decides.
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
  if (COMMON_WORDS.has(word) || isListedHealthWord(word) || /\p{N}/u.test(word)) return asTyped;
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
    const slips = slipsBetween(word, known.word);
    if (slips > edits * SLIP.other) continue;
    if (word.length < SHORTEST_CORRECTED && !isShortSlip(word, known)) continue;
    const otherStart = known.word[0] === word[0] || known.word[0] === word[1] ? 0 : OTHER_START;
    const cost = slips + otherStart - USUAL * Math.log(1 + known.count);
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

function isShortSlip(typed: string, { word, count }: KnownWord): boolean {
  if (isSwap(typed, word) || lacksVowel(typed, word)) return true;
  return typed.length === 3 && word.length === 4 && count >= USUAL_ENOUGH;
}

/** "lng" for "long", "hrt" for "hurt": no vowel was typed, and one makes the word. */
function lacksVowel(typed: string, known: string): boolean {
  return !/[aeiouy]/u.test(typed) && known.length > typed.length && known.replace(/[aeiou]/u, '') === typed;
}

/**
 * How unlikely it is that a hand that meant one word typed the other, in slips; a letter too many or too few is one.
 */
function slipsBetween(typed: string, meant: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: meant.length + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row++) {
    const current = [row];
    const letter = typed[row - 1]!;
    for (let column = 1; column <= meant.length; column++) {
      const other = meant[column - 1]!;
      const tooMany = letter === typed[row - 2] ? SLIP.doubled : 1;
      const tooFew = other === meant[column - 2] ? SLIP.doubled : 1;
      let slips = Math.min(
        last[column]! + tooMany,
        current[column - 1]! + tooFew,
        last[column - 1]! +
          (letter === other ? 0 : areNeighbours(letter, other) ? SLIP.neighbour : SLIP.other),
      );
      const swapped = row > 1 && column > 1 && letter === meant[column - 2] && typed[row - 2] === other;
      if (swapped) slips = Math.min(slips, beforeLast[column - 2]! + SLIP.swapped);
      current.push(slips);
    }
    [beforeLast, last] = [last, current];
  }
  return last[meant.length]!;
}

const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function areNeighbours(a: string, b: string): boolean {
  return KEYBOARD.some(
    (keys) => keys.includes(a) && keys.includes(b) && Math.abs(keys.indexOf(a) - keys.indexOf(b)) === 1,
  );
}
