import { createWordCorrector } from '../../src/answers/correct-words';
import { createSafetyDetector } from '../../src/answers/detect-safety';
import { readParts } from '../../src/answers/normalise';
import { readAs } from '../../src/answers/read-message';

/** What people say in danger has no fixed order: some words are dangerous only together. */

const detect = createSafetyDetector([
  {
    kind: 'emergency',
    phrases: ['not breathing'],
    together: [
      [
        ['scalp', 'forehead'],
        ['swollen', 'blew up'],
      ],
    ],
    except: ['swollen with pride'],
    notAfter: ['will', 'can my'],
    past: ['years ago'],
    text: 'See a doctor now.',
  },
]);
const corrector = createWordCorrector(new Map());
const kindOf = (text: string) => detect(readParts(text).map((part) => readAs(part, corrector)));

test.each([
  'my scalp is swollen',
  'it is swollen, the whole scalp',
  'my forehead blew up after the session',
  'swollen and red since this morning is what my scalp is',
  'the scalp is swollen, will that go away?',
  'Will you help me? My forehead is swollen',
])('"%s" is an emergency, in whatever order it is told', (text) => {
  expect(kindOf(text)).toBe('emergency');
});

test.each([
  ['one of the words alone is none', 'my scalp is red'],
  ['what may be is asked, not told', 'will my scalp be swollen afterwards?'],
  ['... in other words', 'so can my forehead get swollen'],
  ['old times are over', 'my scalp was swollen years ago'],
  ['a harmless phrase takes its words away', 'my head is swollen with pride, and the scalp looks great'],
  [
    'words far apart do not belong together',
    'my scalp was done on friday by your lovely colleague and I went home happy and then my ankle was swollen',
  ],
])('%s: "%s"', (_, text) => {
  expect(kindOf(text)).toBeUndefined();
});

test('a phrase is heard even where the same sentence asks', () => {
  expect(kindOf('will you come, my dad is not breathing')).toBe('emergency');
});
