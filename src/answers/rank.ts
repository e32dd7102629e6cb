import type { Likeness } from './likeness';

/** Entries scored for one message. */
export interface Ranking {
  /** One score per entry, 0 to about 1.3. */
  scores: Float64Array;
  /** The nearest examples, in no order, and what each adds to its entry's score. */
  nearest: number[];
  shares: Float64Array;
}

/** More neighbours cost more time and change the first guess by less than a point (25 to 200 were measured). */
const NEIGHBOURS = 50;
/** How far the ridge regression trusts single neighbours; flat between 0.2 and 1. */
const RIDGE = 0.5;
/** What the one most similar phrasing adds; keeps an order among entries outside the neighbourhood. */
const NEAREST_SHARE = 0.3;

/**
 * A ridge regression solved anew for each message on its nearest examples: an entry is likely where its phrasings
 * explain the message, and phrasings that say the same share their vote instead of doubling it.
 */
export function createRanker(likeness: Likeness, entryOf: Int32Array, entries: number) {
  const gram = new Float64Array(NEIGHBOURS * NEIGHBOURS);
  const solution = new Float64Array(NEIGHBOURS);

  /** `row` as filled by `likeness.toAll`; an example set to 0 there takes no part. */
  return function rank(row: Float64Array): Ranking {
    const scores = new Float64Array(entries);
    for (let example = 0; example < row.length; example++) {
      const entry = entryOf[example]!;
      const share = NEAREST_SHARE * row[example]!;
      if (share > scores[entry]!) scores[entry] = share;
    }
    const nearest = largest(row, NEIGHBOURS);
    const count = nearest.length;
    likeness.among(nearest, gram);
    for (let a = 0; a < count; a++) {
      solution[a] = row[nearest[a]!]!;
      gram[a * count + a] = gram[a * count + a]! + RIDGE;
    }
    solveInPlace(gram, solution, count);
    for (let a = 0; a < count; a++) {
      const entry = entryOf[nearest[a]!]!;
      scores[entry] = scores[entry]! + solution[a]!;
    }
    return { scores, nearest, shares: solution.slice(0, count) };
  };
}

export type Ranker = ReturnType<typeof createRanker>;

/** Indices of the largest numbers above 0: a heap whose root is the smallest kept. */
function largest(row: Float64Array, most: number): number[] {
  const heap: number[] = [];
  for (let index = 0; index < row.length; index++) {
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
