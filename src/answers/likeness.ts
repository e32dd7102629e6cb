import type { Vector } from './features';

/** Up to this many examples all likenesses are kept, once they were asked for: 16 MB at 4,000. */
const MOST_KEPT_WHOLE = 4000;
/** They are kept as whole numbers up to this one. */
const ALIKE = 0xffff;

/** Held by name, since a calibration calls it some ten million times, and jest looks a global up anew each time. */
const { sqrt } = Math;

/** How like a message is to each example, and the examples to each other; 0 to 1. */
export interface Likeness {
  readonly examples: number;
  /** Fills `row` (one number per example). */
  toAll(query: Vector, row: Float64Array): void;
  /** Fills the lower half of `table` (row by row, `some.length` wide) with how alike these examples are. */
  among(some: readonly number[], table: Float64Array): void;
}

/** Posting lists: for every feature the examples that have it, so that a message only touches what it shares. */
export function createLikeness(vectors: readonly Vector[], features: number): Likeness {
  const lists = postings(vectors, features);
  const { starts, examples, weights } = lists;

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

  const pairs = vectors.length <= MOST_KEPT_WHOLE ? keepPairs(vectors, lists) : undefined;

  // For one example at a time its weights lie open by feature, so that each other one is a walk over its own.
  const open = new Float64Array(pairs === undefined ? features : 0);

  function among(some: readonly number[], table: Float64Array): void {
    for (let row = 0; row < some.length; row++) {
      if (pairs === undefined) spread(vectors[some[row]!]!, open, true);
      for (let column = 0; column <= row; column++) {
        table[row * some.length + column] =
          pairs === undefined
            ? power(dotWithOpen(vectors[some[column]!]!, open))
            : pairs(some[row]!, some[column]!);
      }
      if (pairs === undefined) spread(vectors[some[row]!]!, open, false);
    }
  }

  return { examples: vectors.length, toAll, among };
}

/** The power 1.5: being very like one phrasing counts more than being a little like many. */
function power(dotProduct: number): number {
  return dotProduct * sqrt(dotProduct);
}

interface Postings {
  /** The list of feature f is `starts[f]` up to, not with, `starts[f + 1]` of the other two. */
  starts: Int32Array;
  /** Ascending within a list. */
  examples: Int32Array;
  weights: Float32Array;
}

function postings(vectors: readonly Vector[], features: number): Postings {
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

/**
 * The lower half of the table. Each row is worked out when it is first asked for: the example meets those before it in
 * lists read up to itself. All rows together take 0.15 s at 3,000 examples, and few are needed for one message.
 */
function keepPairs(vectors: readonly Vector[], { starts, examples, weights }: Postings) {
  const pairs = new Uint16Array(pairIndex(vectors.length, 0));
  const isKnown = new Uint8Array(vectors.length);
  const row = new Float64Array(vectors.length);

  function workOut(example: number): void {
    const vector = vectors[example]!;
    row.fill(0, 0, example + 1);
    for (let at = 0; at < vector.ids.length; at++) {
      const id = vector.ids[at]!;
      const weight = vector.weights[at]!;
      const end = starts[id + 1]!;
      for (let post = starts[id]!; post < end; post++) {
        const other = examples[post]!;
        if (other > example) break;
        row[other] = row[other]! + weight * weights[post]!;
      }
    }
    const start = pairIndex(example, 0);
    // The half is for rounding; the array cuts off what is behind the point.
    for (let other = 0; other <= example; other++) pairs[start + other] = power(row[other]!) * ALIKE + 0.5;
    isKnown[example] = 1;
  }

  return (a: number, b: number): number => {
    const larger = a > b ? a : b;
    const smaller = a > b ? b : a;
    if (isKnown[larger] === 0) workOut(larger);
    return pairs[pairIndex(larger, smaller)]! / ALIKE;
  };
}

function pairIndex(larger: number, smaller: number): number {
  return (larger * (larger + 1)) / 2 + smaller;
}

function spread({ ids, weights }: Vector, open: Float64Array, isOpen: boolean): void {
  for (let at = 0; at < ids.length; at++) open[ids[at]!] = isOpen ? weights[at]! : 0;
}

function dotWithOpen({ ids, weights }: Vector, open: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < ids.length; at++) sum += weights[at]! * open[ids[at]!]!;
  return sum;
}
