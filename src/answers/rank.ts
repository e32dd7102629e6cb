import type { Likeness } from './likeness';

/** Entries scored for one message. */
export interface Ranking {
  /** One score per entry, 0 to about 1.3. */
  scores: Float64Array;
  /** The nearest examples, in no order, and what each adds to its entry's score. */
  nearest: number[];
  shares: Float64Array;
}

/**
 * The neighbours are the nearest phrasings of the nearest entries, so that many of every likely entry take part and no
 * entry fills the neighbourhood alone. 50 to 70 in all were measured: within half a point.
 */
const NEIGHBOURS = 60;
const NEIGHBOURS_OF_ENTRY = 6;
/** How far the ridge regression trusts single neighbours; 0.3 was best of 0.2 to 1 on every set of validation lines, by a third of a point. */
const RIDGE = 0.3;
/** What the one most similar phrasing adds; keeps an order among entries outside the neighbourhood. */
const NEAREST_SHARE = 0.3;

/**
 * A ridge regression solved anew for each message on its nearest examples: an entry is likely where its phrasings
 * explain the message, and phrasings that say the same share their vote instead of doubling it.
 */
export function createRanker(likeness: Likeness, firstExample: Int32Array) {
  const entries = firstExample.length - 1;
  const gram = new Float64Array(NEIGHBOURS * NEIGHBOURS);
  const solution = new Float64Array(NEIGHBOURS);
  const nearestOf = new Float64Array(entries);

  /** `row` as filled by `likeness.toAll`; an example set to 0 there takes no part. */
  return function rank(row: Float64Array): Ranking {
    for (let entry = 0; entry < entries; entry++) {
      let nearest = 0;
      for (let example = firstExample[entry]!; example < firstExample[entry + 1]!; example++)
        if (row[example]! > nearest) nearest = row[example]!;
      nearestOf[entry] = nearest;
    }
    const { nearest, entryOf } = neighboursOf(row);
    const count = nearest.length;
    const scores = new Float64Array(entries);
    for (let entry = 0; entry < entries; entry++) scores[entry] = NEAREST_SHARE * nearestOf[entry]!;
    likeness.among(nearest, gram);
    for (let a = 0; a < count; a++) {
      solution[a] = row[nearest[a]!]!;
      gram[a * count + a] = gram[a * count + a]! + RIDGE;
    }
    solveInPlace(gram, solution, count);
    for (let a = 0; a < count; a++) {
      const entry = entryOf[a]!;
      scores[entry] = scores[entry]! + solution[a]!;
    }
    return { scores, nearest, shares: solution.slice(0, count) };
  };

  function neighboursOf(row: Float64Array): { nearest: number[]; entryOf: number[] } {
    const nearest: number[] = [];
    const entryOf: number[] = [];
    const likely = largest(nearestOf, 0, entries, NEIGHBOURS).sort((a, b) => nearestOf[b]! - nearestOf[a]!);
    for (const entry of likely) {
      const most = Math.min(NEIGHBOURS_OF_ENTRY, NEIGHBOURS - nearest.length);
      if (most === 0) break;
      for (const example of largest(row, firstExample[entry]!, firstExample[entry + 1]!, most)) {
        nearest.push(example);
        entryOf.push(entry);
      }
    }
    return { nearest, entryOf };
  }
}

export type Ranker = ReturnType<typeof createRanker>;

/** Indices, `from` up to, not with, `to`, of the largest numbers above 0: a heap whose root is the smallest kept. */
function largest(row: Float64Array, from: number, to: number, most: number): number[] {
  const heap: number[] = [];
  for (let index = from; index < to; index++) {
    const value = row[index]!;
    if (value <= 0) continue;
    if (heap.length < most) siftUp(heap, row, index);
    else if (value > row[heap[0]!]!) siftDown(heap, row, index);
  }
  return heap;
}

function siftUp(heap: number[], row: Float64Array, index: number): void {
  let at = heap.length;
  heap.push(index);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (row[heap[parent]!]! <= row[index]!) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = index;
}

function siftDown(heap: number[], row: Float64Array, index: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && row[heap[child + 1]!]! < row[heap[child]!]!) child++;
    if (row[heap[child]!]! >= row[index]!) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = index;
}

/** Cholesky on the lower half of `matrix` (size × size); the answer replaces `vector`. */
function solveInPlace(matrix: Float64Array, vector: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const rowStart = row * size;
    for (let column = 0; column <= row; column++) {
      const columnStart = column * size;
      let sum = matrix[rowStart + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[rowStart + k]! * matrix[columnStart + k]!;
      matrix[rowStart + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-9)) : sum / matrix[columnStart + column]!;
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = vector[row]!;
    for (let k = 0; k < row; k++) sum -= matrix[row * size + k]! * vector[k]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row]!;
    for (let k = row + 1; k < size; k++) sum -= matrix[k * size + row]! * vector[k]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
}
