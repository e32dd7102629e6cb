import type { Vector } from './features';

/** Up to this many examples all likenesses are worked out beforehand: 16 MB at 4,000. */
const MOST_KEPT_WHOLE = 4000;
/** They are kept as whole numbers up to this one. */
const ALIKE = 0xffff;

/** How like a message is to each example, and the examples to each other; 0 to 1. */
export interface Likeness {
  readonly examples: number;
  /** Fills `row` (one number per example). */
  toAll(query: Vector, row: Float64Array): void;
  between(a: number, b: number): number;
}

/** Posting lists: for every feature the examples that have it, so that a message only touches what it shares. */
export function createLikeness(vectors: readonly Vector[], features: number): Likeness {
  const { starts, examples, weights } = postings(vectors, features);

  function toAll(query: Vector, row: Float64Array): void {
    row.fill(0);
    for (let at = 0; at < query.ids.length; at++) {
      const id = query.ids[at]!;
      const weight = query.weights[at]!;
      const end = starts[id + 1]!;
      for (let post = starts[id]!; post < end; post++) {
        const example = examples[post]!;
        row[example] = row[example]! + weight * weights[post]!;
      }
    }
    for (let example = 0; example < row.length; example++) row[example] = power(row[example]!);
  }

  const pairs = vectors.length <= MOST_KEPT_WHOLE ? allPairs(vectors, toAll) : undefined;

  function between(a: number, b: number): number {
    if (pairs === undefined) return power(dot(vectors[a]!, vectors[b]!));
    return (a > b ? pairs[pairIndex(a, b)]! : pairs[pairIndex(b, a)]!) / ALIKE;
  }

  return { examples: vectors.length, toAll, between };
}

/** The power 1.5: being very like one phrasing counts more than being a little like many. */
function power(dotProduct: number): number {
  return dotProduct * Math.sqrt(dotProduct);
}

function postings(vectors: readonly Vector[], features: number) {
  const starts = new Int32Array(features + 1);
  for (const { ids } of vectors) for (const id of ids) starts[id + 1] = starts[id + 1]! + 1;
  for (let id = 0; id < features; id++) starts[id + 1] = starts[id + 1]! + starts[id]!;
  const examples = new Int32Array(starts[features]!);
  const weights = new Float32Array(starts[features]!);
  const next = starts.slice();
  vectors.forEach((vector, example) => {
    vector.ids.forEach((id, at) => {
      const post = next[id]!;
      next[id] = post + 1;
      examples[post] = example;
      weights[post] = vector.weights[at]!;
    });
  });
  return { starts, examples, weights };
}

/** The lower half of the table, row by row. */
function allPairs(vectors: readonly Vector[], toAll: Likeness['toAll']): Uint16Array {
  const pairs = new Uint16Array(pairIndex(vectors.length, 0));
  const row = new Float64Array(vectors.length);
  vectors.forEach((vector, example) => {
    toAll(vector, row);
    const start = pairIndex(example, 0);
    for (let other = 0; other <= example; other++)
      pairs[start + other] = Math.min(ALIKE, Math.round(row[other]! * ALIKE));
  });
  return pairs;
}

function pairIndex(larger: number, smaller: number): number {
  return (larger * (larger + 1)) / 2 + smaller;
}

/** The ids of both ascend, so one pass over the two is enough. */
function dot(a: Vector, b: Vector): number {
  let sum = 0;
  let [atA, atB] = [0, 0];
  while (atA < a.ids.length && atB < b.ids.length) {
    const difference = a.ids[atA]! - b.ids[atB]!;
    if (difference === 0) sum += a.weights[atA]! * b.weights[atB]!;
    if (difference <= 0) atA++;
    if (difference >= 0) atB++;
  }
  return sum;
}
