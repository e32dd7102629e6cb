import { shippedAnswers } from '../support/shipped-answers';

/** What visitors ask most, in its plainest words: it must never be met with a choice or with silence. */

const { finder } = shippedAnswers();

test.each([
  ['how long does it last', 'answer', 'longevity-touchups'],
  ['is it permanent', 'answer', 'longevity-touchups'],
  ['how long does it take', 'answer', 'session-length'],
  ['how long does a session last', 'answer', 'session-length'],
  ['where are you', 'answer', 'clinic-identity-where'],
  ['does it hurt', 'handoff', 'pain'],
  ['how much is it', 'handoff', 'price'],
])('"%s" gets its %s', (text, decision, entry) => {
  expect(finder.decide(text)).toMatchObject({ decision, entry });
});
