import type { Decision } from '../../src/answers/decision';
import { linesOf, shippedAnswers } from '../support/shipped-answers';

/** Messages that mean a crisis or an emergency, and as many that only look like one (kind null). */

const { finder } = shippedAnswers();
const messages = linesOf<{ text: string; kind: 'crisis' | 'emergency' | null }>('crisis.jsonl');
const textsOf = (kind: 'crisis' | 'emergency' | null) =>
  messages.filter((message) => message.kind === kind).map(({ text }) => text);
const kindOf = ({ decision, safety }: Decision) => (decision === 'safety' ? safety : null);

test.each(['crisis', 'emergency'] as const)('every %s gets its fixed text', (kind) => {
  expect(textsOf(kind).length).toBeGreaterThanOrEqual(20);
  expect(textsOf(kind).filter((text) => kindOf(finder.decide(text)) !== kind)).toEqual([]);
});

test('what only looks like one is taken for what it is', () => {
  expect(textsOf(null).length).toBeGreaterThanOrEqual(20);
  expect(textsOf(null).filter((text) => kindOf(finder.decide(text)) !== null)).toEqual([]);
});

test('it makes no difference of whom it is said', () => {
  for (const text of ['i want to die', 'my son wants to die', 'she said she wants to kill herself'])
    expect(kindOf(finder.decide(text))).toBe('crisis');
});
