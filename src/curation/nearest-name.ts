import { editDistance } from '../answers/edit-distance';

/**
 * The name that was probably meant: the nearest of `names` by Damerau-Levenshtein distance (letters missing,
 * extra, wrong or swapped), capital letters aside. Undefined where none is within `most` (by default a third of
 * the typed name's length, at least 1), so that nothing far-fetched is proposed.
 */
export function nearestName(
  typed: string,
  names: Iterable<string>,
  most = Math.max(1, Math.floor(typed.length / 3)),
): string | undefined {
  let nearest: string | undefined;
  let least = most + 1;
  for (const name of names) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase(), least - 1);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}
