/** `work` on single words or short texts, with what it made of the last ones at hand; forgets all when `most` are kept. */
export function remembering(most: number, work: (word: string) => string): (word: string) => string {
  const kept = new Map<string, string>();
  return (word) => {
    const earlier = kept.get(word);
    if (earlier !== undefined) return earlier;
    const made = work(word);
    if (kept.size >= most) kept.clear();
    kept.set(word, made);
    return made;
  };
}
