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
