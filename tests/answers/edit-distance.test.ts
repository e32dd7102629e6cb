import * as fc from 'fast-check';
import { editDistance } from '../../src/answers/edit-distance';

test.each([
  ['', '', 0],
  ['answer', 'anwser', 1],
  ['answer', 'answers', 1],
  ['answer', 'aswer', 1],
  ['answer', 'anslar', 2],
  ['abc', '', 3],
])('from "%s" to "%s" it is %d letters', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('farther than asked for is one more than that', () => {
  expect(editDistance('kitten', 'sitting', 2)).toBe(3);
  expect(editDistance('kitten', 'sitting', 3)).toBe(3);
});

test('asked only whether it is one slip, the answer is the same', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b, 1)).toBe(Math.min(editDistance(a, b), 2));
    }),
    { numRuns: 2_000 },
  );
});
