import { editDistance } from '../answers/edit-distance';

/** Longer ones are cut: nobody types them to search. */
const LONGEST_WORD = 40;
/** A typing error in a shorter word makes another word of it. */
const SHORTEST_FORGIVEN = 4;
const LONGEST_FORGIVEN = 24;
/** From this length on two errors are forgiven where they are not both missing or both extra letters. */
const FORGIVEN_TWICE_FROM = 8;

const EMAIL = /[^\s@<>()[\],;:"]{1,64}@[^\s@<>()[\],;:"]{1,255}/g;
/** Seven digits or more with what people write between them. */
const PHONE = /\+?\d(?:[\s().\-/]{0,3}\d){6,18}/g;
/** The digits that numbers with and without a country code have in common. */
export const LOCAL_DIGITS = 10;

/** The words of a text as the search index has them: lower case, without accents; e-mail addresses and phone numbers whole. */
export function wordsIn(text: string): string[] {
  const words = new Set<string>();
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const rest = plain
    .replace(EMAIL, (email) => {
      words.add(email.replace(/[.'!?]+$/, ''));
      return ' ';
    })
    .replace(PHONE, (phone) => {
      words.add(phone.replace(/\D/g, '').slice(-LOCAL_DIGITS));
      return ' ';
    });
  for (const [word] of rest.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu))
    words.add(word.replace(/['’]/g, ''));
  return [...words].map((word) => word.slice(0, LONGEST_WORD));
}

/** The word, and for those that may be mistyped every spelling with one letter left out. */
export function spellingsOf(word: string): string[] {
  const letters = Array.from(word);
  if (!mayBeMistyped(word)) return [word];
  const without = letters.map((_, index) =>
    letters
      .slice(0, index)
      .concat(letters.slice(index + 1))
      .join(''),
  );
  return [...new Set([word, ...without])];
}

/**
 * Whether one is a likely misspelling of the other: two words that share a spelling (`spellingsOf`) are at most two
 * errors apart, and short ones may be only one (left out, added, replaced or two swapped).
 */
export function isNearlySame(one: string, other: string): boolean {
  const most = Math.min(one.length, other.length) >= FORGIVEN_TWICE_FROM ? 2 : 1;
  return editDistance(one, other, most) <= most;
}

function mayBeMistyped(word: string): boolean {
  return word.length >= SHORTEST_FORGIVEN && word.length <= LONGEST_FORGIVEN && /^\p{L}+$/u.test(word);
}
