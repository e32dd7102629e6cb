import { isHealthWord, isRecentTreatment } from '../../src/answers/health-words';

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
