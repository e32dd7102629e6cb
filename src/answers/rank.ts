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
    for (let entry = 0, example = 0; entry < entries; entry++) {
      let nearest = 0;
      for (const end = firstExample[entry + 1]!; example < end; example++) {
        const like = row[example]!;
        if (like > nearest) nearest = like;
      }
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
  factorise(matrix, size);
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

/** Two rows and two columns at a time: each number is fetched half as often, and it takes half the time. */
function factorise(matrix: Float64Array, size: number): void {
  const even = size - (size % 2);
  for (let row = 0; row < even; row += 2) {
    const upper = row * size;
    const lower = upper + size;
    for (let column = 0; column < row; column += 2) factoriseBlock(matrix, size, upper, lower, column);
    let first = matrix[upper + row]!;
    let below = matrix[lower + row]!;
    let second = matrix[lower + row + 1]!;
    for (let k = 0; k < row; k++) {
      const x = matrix[upper + k]!;
      const y = matrix[lower + k]!;
      first -= x * x;
      below -= x * y;
      second -= y * y;
    }
    const root = rootOf(first);
    const beside = below / root;
    matrix[upper + row] = root;
    matrix[lower + row] = beside;
    matrix[lower + row + 1] = rootOf(second - beside * beside);
  }
  if (even < size) factoriseRow(matrix, size, even);
}

/** Rows that begin at `upper` and `lower`, at `column` and the one after it. */
function factoriseBlock(
  matrix: Float64Array,
  size: number,
  upper: number,
  lower: number,
  column: number,
): void {
  const left = column * size;
  const right = left + size;
  let a = matrix[upper + column]!;
  let b = matrix[upper + column + 1]!;
  let c = matrix[lower + column]!;
  let d = matrix[lower + column + 1]!;
  for (let k = 0; k < column; k++) {
    const x = matrix[upper + k]!;
    const y = matrix[lower + k]!;
    const u = matrix[left + k]!;
    const w = matrix[right + k]!;
    a -= x * u;
    b -= x * w;
    c -= y * u;
    d -= y * w;
  }
  a /= matrix[left + column]!;
  c /= matrix[left + column]!;
  const beside = matrix[right + column]!;
  const root = matrix[right + column + 1]!;
  matrix[upper + column] = a;
  matrix[lower + column] = c;
  matrix[upper + column + 1] = (b - a * beside) / root;
  matrix[lower + column + 1] = (d - c * beside) / root;
}

/** The last one of an odd number. */
function factoriseRow(matrix: Float64Array, size: number, row: number): void {
  for (let column = 0; column <= row; column++) {
    let sum = matrix[row * size + column]!;
    for (let k = 0; k < column; k++) sum -= matrix[row * size + k]! * matrix[column * size + k]!;
    matrix[row * size + column] = row === column ? rootOf(sum) : sum / matrix[column * size + column]!;
  }
}

/** Rounding may leave next to nothing, or less. */
function rootOf(square: number): number {
  return Math.sqrt(Math.max(square, 1e-9));
}
