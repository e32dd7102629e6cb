import porterStem from 'wink-porter2-stemmer';

const kept = new Map<string, string>();
const MOST_KEPT = 20_000;

/** The word without its ending (Porter 2): `sessions` and `session` are one word to the matching. */
export function stem(word: string): string {
  const earlier = kept.get(word);
  if (earlier !== undefined) return earlier;
  const found = porterStem(word);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(word, found);
  return found;
}
