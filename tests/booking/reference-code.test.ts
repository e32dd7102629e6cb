import { referenceCode } from '../../src/booking/reference-code';

const bytes = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 8 }, (_, place) => (seed * 37 + place * 101) % 256);

test('a reference begins with the initials and has five signs that cannot be mistaken', () => {
  for (let seed = 0; seed < 500; seed++) {
    expect(referenceCode(bytes(seed), 'Scalp Allure')).toMatch(/^SA-[3479ACDEFHJKMNPQRTWXY]{5}$/);
  }
});

test.each([
  ['Ink of Baltimore Hair Studio', /^IOB-/],
  ["O'Neill's", /^O-/],
  ['头皮诊所', /^R-/],
])('the initials of %s', (name, start) => expect(referenceCode(bytes(1), name)).toMatch(start));

test('too little randomness is refused', () => {
  expect(() => referenceCode(new Uint8Array(7), 'Scalp Allure')).toThrow(RangeError);
});
