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

/** None of them has a phrase of the lists; the entries of kind `care` are said where they are only nearly sure. */
test.each([
  ['im at the end of my rope', 'feelings'],
  ['i just want everything to go dark and quiet', 'feelings'],
  ['cant be bothered being alive', 'feelings'],
  ['i hurt myself when i see my reflection', 'feelings'],
  ['living is too hard now', 'feelings'],
  ['just want to fade away and be forgotten', 'feelings'],
  ['i have been cutting since my hair fell out', 'feelings'],
  ['i cant move one arm and my words come out wrong', 'symptoms-now'],
  ['i have a panic attack because of my bald spot', 'feelings'],
])(
  'distress that no list has words for gets a kind word and a help line, or is sent to a doctor: %s',
  (text, entry) => {
    expect(finder.decide(text)).toMatchObject({ decision: 'answer', entry });
  },
);

test.each([
  ['i hate my thin hair, does it hurt?', 'pain'],
  ['my scalp is a bit red after the session, is that normal', 'healing-downtime'],
])('a question beside it is still answered: %s', (text, topic) => {
  expect(finder.decide(text).candidates.map((candidate) => candidate.topic)[0]).toBe(topic);
});
