import type { Vector } from './features';

/** Up to this many examples all likenesses are kept (64 MB at 4,000); beyond it they are worked out when needed. */
const MOST_KEPT_WHOLE = 2600;

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

  const whole = vectors.length <= MOST_KEPT_WHOLE ? allLikenesses(vectors, toAll) : undefined;
  const between = (a: number, b: number): number =>
    whole === undefined ? power(dot(vectors[a]!, vectors[b]!)) : whole[a * vectors.length + b]!;

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

function allLikenesses(vectors: readonly Vector[], toAll: Likeness['toAll']): Float32Array {
  const whole = new Float32Array(vectors.length * vectors.length);
  const row = new Float64Array(vectors.length);
  vectors.forEach((vector, example) => {
    toAll(vector, row);
    whole.set(row, example * vectors.length);
  });
  return whole;
}

function dot(a: Vector, b: Vector): number {
  const other = new Map<number, number>();
  b.ids.forEach((id, at) => other.set(id, b.weights[at]!));
  let sum = 0;
  a.ids.forEach((id, at) => (sum += a.weights[at]! * (other.get(id) ?? 0)));
  return sum;
}
