/**
 * `work` on single words or short texts, with what it made of the last ones at hand; forgets all when `most` are kept. What
 * it throws is thrown, and nothing kept.
 */
export function remembering<Made>(most: number, work: (text: string) => Made): (text: string) => Made {
  const kept = new Map<string, Made>();
  return (text) => {
    const earlier = kept.get(text);
    if (earlier !== undefined) return earlier;
    const made = work(text);
    if (kept.size >= most) kept.clear();
    kept.set(text, made);
    return made;
  };
}
