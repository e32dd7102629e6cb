import * as fc from 'fast-check';
import type { Likeness } from '../../src/answers/likeness';
import { createRanker } from '../../src/answers/rank';

const PLACES = 8;
const vector = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: PLACES, maxLength: PLACES })
  .filter((places) => places.some((place) => place > 0.01))
  .map((places) => {
    const length = Math.hypot(...places);
    return places.map((place) => place / length);
  });

const alike = (one: readonly number[], other: readonly number[]) =>
  one.reduce((sum, place, at) => sum + place * (other[at] ?? 0), 0);

test('what each example adds solves the ridge regression, however many take part', () => {
  const message = fc.tuple(vector, fc.array(vector, { minLength: 1, maxLength: 40 }));
  fc.assert(
    fc.property(message, ([said, examples]) => {
      const likeness: Likeness = {
        examples: examples.length,
        toAll: () => undefined,
        among: (some, table) =>
          some.forEach((one, row) =>
            some.slice(0, row + 1).forEach((other, column) => {
              table[row * some.length + column] = alike(examples[one] ?? [], examples[other] ?? []);
            }),
          ),
      };
      // Each example is an entry of its own.
      const rank = createRanker(
        likeness,
        Int32Array.from({ length: examples.length + 1 }, (_, at) => at),
      );
      const row = Float64Array.from(examples, (example) => alike(said, example));
      const { nearest, shares } = rank(row);
      nearest.forEach((one) => {
        const explained = nearest.reduce((sum, other, at) => {
          const ridge = one === other ? 0.3 : 0;
          return sum + (alike(examples[one] ?? [], examples[other] ?? []) + ridge) * (shares[at] ?? 0);
        }, 0);
        expect(explained).toBeCloseTo(row[one] ?? Number.NaN, 8);
      });
    }),
  );
});
