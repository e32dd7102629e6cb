/**
 * Damerau-Levenshtein distance (optimal string alignment); `most + 1` for anything farther than `most`.
 * Takes length x length steps, so keep to names and sentences.
 */
export function editDistance(a: string, b: string, most = Infinity): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  const [restOfA, restOfB] = withoutSameEnds(a, b);
  const isEmpty = restOfA === '' || restOfB === '';
  if (isEmpty) return restOfA.length + restOfB.length;
  // Every message is compared so with all commands; the table took a tenth of what a turn allocates.
  if (most === 1) return isOneSlip(restOfA, restOfB) ? 1 : 2;
  return distanceOf(restOfA, restOfB, most);
}

/** Of two texts that begin and end differently: another letter, or two that changed places. */
function isOneSlip(a: string, b: string): boolean {
  if (a.length === 1) return b.length === 1;
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}

/** What two texts begin and end with alike costs nothing, and of a word with one slip it is nearly all. */
function withoutSameEnds(a: string, b: string): [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function distanceOf(a: string, b: string, most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > most) return most + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(at(last, b.length), most + 1);
}

function at(row: number[], index: number): number {
  return row[index] ?? Infinity;
}
