/** Few changes each, so that most requests get past the parser. */
export function mutated(seed: Buffer, random: () => number): Buffer {
  const bytes = [...seed];
  const pick = (below: number): number => Math.floor(random() * below);
  for (let changes = 1 + pick(4); changes > 0; changes--) {
    const at = pick(bytes.length);
    if (random() < 0.3) bytes.splice(at, pick(20));
    else if (random() < 0.5) bytes.splice(at, 0, ...Array.from({ length: pick(30) }, () => pick(256)));
    else bytes[at] = pick(256);
  }
  return Buffer.from(bytes);
}

/** mulberry32: the same requests at every run. */
export function seededRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
