import { fitLogistic, probability, type Outcome } from '../../src/answers/logistic';

const outcome = (signal: number, cameTrue: boolean, weight = 1): Outcome => ({
  signals: [signal],
  cameTrue,
  weight,
});

test('without outcomes the prior rules', () => {
  expect(fitLogistic([], [-2, 8], 1)).toEqual([-2, 8]);
});

test('the probabilities come to how often it came true', () => {
  const outcomes = [
    ...Array.from({ length: 80 }, (_, at) => outcome(0, at < 20)),
    ...Array.from({ length: 80 }, (_, at) => outcome(1, at < 60)),
  ];
  const weights = fitLogistic(outcomes, [0, 0], 1e-6);
  expect(probability(weights, [0])).toBeCloseTo(0.25, 3);
  expect(probability(weights, [1])).toBeCloseTo(0.75, 3);
});

// Newton's whole steps end at weights of -170 here, from which everything has probability 0.
test('outcomes far from the prior do not throw the weights away', () => {
  const outcomes = Array.from({ length: 400 }, (_, at) => outcome(0.05 + (at % 20) / 100, at % 10 > 0, 1.3));
  const weights = fitLogistic(outcomes, [-2.4, 8], 1);
  expect(probability(weights, [0.1])).toBeGreaterThan(0.8);
  expect(probability(weights, [0.1])).toBeLessThan(0.98);
});
