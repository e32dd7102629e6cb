import { createWordCorrector } from '../../src/answers/correct-words';
import { isHealthWord, isRecentTreatment, namesMinor } from '../../src/answers/health-words';
import { readWords } from '../../src/answers/normalise';
import { readAs } from '../../src/answers/read-message';

test.each(['lupus', 'dialysis', 'pacemaker', 'warfarin', 'pcos'])('%s is on the list', (word) => {
  expect(isHealthWord(word)).toBe(true);
});

test.each([
  'vasculitis',
  'sarcomatosis',
  'oligemia',
  'erlotinib',
  'pitavastatin',
  'olaparib',
  'risankizumab',
])('%s is not, and is still known by its ending', (word) => {
  expect(isHealthWord(word)).toBe(true);
});

test.each([
  'prognosis',
  'academia',
  'lottery',
  'person',
  'season',
  'magazine',
  'scalp',
  'alopecia',
  'hairline',
])('%s is no reason to ask a doctor', (word) => {
  expect(isHealthWord(word)).toBe(false);
});

test.each([
  ['i had surgery 0 weeks ago', true],
  ['facelift last month', true],
  ['stitches out yesterday', true],
  ['i had surgery 0 years ago', false],
  ['my hair went two weeks ago', false],
])('"%s": fresh wound %s', (text, recent) => {
  expect(isRecentTreatment(text.split(' '))).toBe(recent);
});

test.each([
  ["i'm 15, can i get it", true],
  ['im only 16', true],
  ['my son is 14', true],
  ['my daughter just turned twelve', true],
  ['for my 9 year old', true],
  ['my fourteen year old son wants it', true],
  ['she is 17 years old', true],
  ['turning 17 in may', true],
  ['my teen has alopecia', true],
  ['burned my head as a child', false],
  ['he is 18', false],
  ["i'm 34", false],
  ['my scar is 5 years old', false],
  ['i am 5 weeks in', false],
  ['i am 2 hours away', false],
  ['i have a 10 year old transplant', false],
  ['my 3 year old tattoo is fading', false],
  ['i was told he is one of the best', false],
  ['i am 15 years into balding', false],
])('"%s": somebody under 18 %s', (text, minor) => {
  expect(namesMinor(readAs(readWords(text), createWordCorrector(new Map())))).toBe(minor);
});
