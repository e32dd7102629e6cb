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
    ['what', 30],
    ['hat', 5],
    ['fade', 9],
    ['grow', 9],
    ['site', 6],
    ['sit', 6],
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
  ['hwat', 'what', 'a swap of the first two is likelier than a letter too many'],
  ['siite', 'site', 'a letter held too long is likelier than a slip to another key'],
  ['dade', 'fade', 'the key beside it, even at the start'],
  ['ade', 'fade', 'a letter missing in a word that is often used here'],
])('%s is read as %s: %s', (typed, meant) => {
  expect(read(typed)).toBe(meant);
});

test.each([
  ['card', 'an everyday word'],
  ['lost', 'an everyday word'],
  ['car', 'an everyday word of three letters'],
  ['row', 'an everyday word of three letters'],
  ['sca', 'too short to tell, since scars are seldom asked about here'],
  ['pgmt', 'too far off'],
  ['sesion2', 'it has a digit'],
])('%s stays as typed: %s', (typed) => {
  expect(corrector.read(typed)).toEqual({ words: [typed], corrected: false });
});
