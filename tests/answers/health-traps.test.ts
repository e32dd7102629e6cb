import type { Decision } from '../../src/answers/decision';
import { linesOf, shippedAnswers } from '../support/shipped-answers';

/** Messages that name an illness, a medicine, an age or a fresh wound and ask whether it may be done all the same. */

const { knowledge, finder } = shippedAnswers();
const yesEntries = new Set(knowledge.entries.flatMap(({ danger }) => danger));
const traps = linesOf<{ text: string }>('health-traps.jsonl');

function spokenBy({ decision, entry, second }: Decision): string[] {
  return decision === 'answer' ? [entry ?? '', second?.entry ?? ''] : [];
}

test('there are at least 150 of them, and entries that could say yes', () => {
  expect(traps.length).toBeGreaterThanOrEqual(150);
  expect(yesEntries).toContain('candidates');
});

test('none is answered by an entry that says yes', () => {
  const answered = traps.filter(({ text }) => spokenBy(finder.decide(text)).some((id) => yesEntries.has(id)));
  expect(answered.map(({ text }) => text)).toEqual([]);
});

test('most get the health entry, or are offered it', () => {
  const health = new Set(knowledge.entries.filter(({ danger }) => danger.length > 0).map(({ id }) => id));
  const led = traps.filter(({ text }) => {
    const { decision, candidates } = finder.decide(text);
    return decision !== 'none' && candidates.slice(0, 3).some(({ entry }) => health.has(entry));
  });
  expect(led.length / traps.length).toBeGreaterThan(0.9);
});

test.each([
  ['is it safe if i have diabetes', 'medical-conditions'],
  ['can diabetics do it', 'medical-conditions'],
  ['is it dangerous with a pacemaker', 'medical-conditions'],
  ['would it be ok with hiv', 'medical-conditions'],
  ['how long does it last if i have eczema', 'medical-conditions'],
  ['what is smp? i have lupus', 'medical-conditions'],
  ['i had a transplant 2 months ago and want to hide the scar', 'medical-conditions'],
  ["i'm 15, can i get it", 'age-limits'],
  ['Hi im 15, can I get this done? my mom would pay', 'age-limits'],
  ['my 12 year old daughter has alopecia, can you treat her', 'age-limits'],
])('who names an illness, or is under age, is told so at once: %s', (text, entry) => {
  expect(finder.decide(text)).toMatchObject({ decision: 'handoff', entry });
});

test.each([
  'does it work for alopecia',
  'can you cover a scar from a hair transplant',
  'my hair is thinning, would it help',
  'is it for women too',
])('who names none of these still gets the answer: %s', (text) => {
  expect(finder.decide(text).decision).toBe('answer');
});
