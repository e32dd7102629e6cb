import path from 'node:path';
import { createAnswerFinder, plainKnowledge, readCalibration, type Rerank } from '../../src/answers/index';
import { exports as entries } from '../../package.json';

/** The matching as another program uses it: by the package's own entry, without the bot. */

const knowledge = plainKnowledge([
  {
    id: 'opening-hours',
    phrasings: ['when are you open', 'what are your hours', 'are you open on sunday', 'when do you close'],
  },
  {
    id: 'parking',
    phrasings: ['where can i park', 'is there a car park', 'do i pay for parking', 'parking nearby'],
  },
  {
    id: 'lost-card',
    phrasings: ['i lost my card', 'my library card is gone', 'get a new card', 'replace my card'],
  },
]);

test('the package names it', () => {
  const { default: compiled } = entries['./answers'];
  expect(path.normalize(compiled)).toBe(path.normalize('dist/src/answers/index.js'));
});

test('ids and phrasings are enough', () => {
  const finder = createAnswerFinder(knowledge);
  expect(finder.decide('wher do i park?').candidates[0]).toMatchObject({
    entry: 'parking',
    topic: 'parking',
  });
  expect(finder.decide('i have lost my libary card').candidates[0]?.entry).toBe('lost-card');
});

test('what was learnt can be kept as text', () => {
  const first = createAnswerFinder(knowledge);
  const kept = readCalibration(JSON.stringify(first.calibration));
  expect(createAnswerFinder(knowledge, kept).decide('when do you open')).toEqual(
    first.decide('when do you open'),
  );
});

describe('a second ranker', () => {
  const question = 'can i park there on sunday';
  const plain = createAnswerFinder(knowledge).decide(question);
  const ranked = (rerank: Rerank) => createAnswerFinder(knowledge, undefined, { rerank }).decide(question);

  test('sees the candidates, best first, and puts them in its order; the confidences keep their places', () => {
    const backwards = ranked((text, candidates) => {
      expect(text).toBe(question);
      expect(candidates).toEqual(plain.candidates);
      return candidates.map(({ entry }) => entry).toReversed();
    });
    expect(backwards.candidates.map(({ entry }) => entry)).toEqual(
      plain.candidates.map(({ entry }) => entry).toReversed(),
    );
    expect(backwards.confidence).toBe(plain.confidence);
  });

  test('that leaves some out, or invents others, loses none', () => {
    const last = plain.candidates.at(-1)!.entry;
    const { candidates } = ranked(() => ['nobody', last]);
    expect(candidates[0]?.entry).toBe(last);
    expect(new Set(candidates.map(({ entry }) => entry))).toEqual(
      new Set(plain.candidates.map(({ entry }) => entry)),
    );
  });
});
