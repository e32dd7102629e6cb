import { decisionInWords } from '../../src/staff/decision-in-words';
import { reasonsByNeed, reasonTitle } from '../../src/staff/words';
import type { ReviewReason } from '../../src/bot/ports';
import type { Step } from '../../src/conversation/choose-next-step';
import type { Decision } from '../../src/answers/decision';
import { decisionOf } from '../support/staff-console';

test.each<[Decision['decision'], Step['do'] | null, string]>([
  ['answer', 'answer', 'Answered with “Price” (10 % sure).'],
  ['answer', null, 'Answered with “Price” (10 % sure).'],
  [
    'answer',
    'answer-then-reprompt',
    'Answered with “Price” (10 % sure). Then the booking question was asked again.',
  ],
  ['none', 'answer', 'Answered with what the visitor chose.'],
  ['clarify', 'offer-choices', 'Not sure of one answer (10 % sure), so it offered a choice.'],
  ['handoff', 'hand-off', 'Understood as “Price” (10 % sure), for which no answer is approved.'],
  ['booking', 'book', 'Taken as a wish to book (10 % sure).'],
  ['none', 'book', 'Began the booking questions.'],
  ['none', 'continue-dialog', 'Taken as a reply to what the bot had asked.'],
  ['answer', 'obey', 'Obeyed: a word that always works.'],
  ['answer', 'let-be', 'Taken as “no, thank you”.'],
  ['none', 'delete-data', 'Asked for their data to be deleted.'],
  ['none', 'fall-back', 'Not understood: no entry fits.'],
  ['safety', 'say-safety', 'Sounded like a crisis: the safety text was sent.'],
])('a message taken for %s, at which the bot did %s, reads: %s', (decision, step, sentence) => {
  expect(decisionInWords(decisionOf('x', { decision, entry: 'price' }), step, () => 'Price')).toBe(sentence);
});

test('what needs staff most comes first, and every reason of the bot has words', () => {
  const reasons: Record<ReviewReason, true> = {
    unsure: true,
    'not-helpful': true,
    unanswered: true,
    'delete-data': true,
    'person-joined': true,
    'window-closed': true,
    'person-wanted': true,
    'visitor-waits': true,
    'failed-turn': true,
    safety: true,
  };
  const names = Object.keys(reasons);
  expect(reasonsByNeed(['new-one', ...names])).toEqual([
    'safety',
    'failed-turn',
    'visitor-waits',
    'person-wanted',
    'window-closed',
    'delete-data',
    'person-joined',
    'unanswered',
    'not-helpful',
    'unsure',
    'new-one',
  ]);
  for (const name of names) expect(reasonTitle(name)).not.toBe(name);
});
