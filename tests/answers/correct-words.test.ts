import { createWordCorrector } from '../../src/answers/correct-words';

const corrector = createWordCorrector(
  new Map([
    ['session', 9],
    ['sessions', 4],
    ['care', 3],
    ['how', 30],
    ['long', 20],
    ['pigment', 5],
    ['micropigmentation', 6],
    ['scar', 4],
    ['last', 9],
    ['hair', 9],
  ]),
);
const read = (word: string) => corrector.read(word).words.join(' ');

test.each([
  ['sesion', 'session', 'a letter missing'],
  ['sesssion', 'session', 'a letter too many'],
  ['sessoin', 'session', 'two letters swapped'],
  ['aession', 'session', 'the key beside it'],
  ['micropigmntaiton', 'micropigmentation', 'two slips in a long word'],
  ['hwo', 'how', 'a swap even in three letters'],
  ['lng', 'long', 'its only vowel missing'],
  ['howlong', 'how long', 'a space missing'],
  ['haiir', 'hair', 'a letter held too long'],
])('%s is read as %s: %s', (typed, meant) => {
  expect(read(typed)).toBe(meant);
});

test.each([
  ['card', 'an everyday word'],
  ['lost', 'an everyday word'],
  ['car', 'too short to tell'],
  ['pgmt', 'too far off'],
  ['sesion2', 'it has a digit'],
])('%s stays as typed: %s', (typed) => {
  expect(corrector.read(typed)).toEqual({ words: [typed], corrected: false });
});
