import { createAnswerFinder } from '../../src/answers/find-answer';
import { describeDecision } from '../../src/cli/ask';
import { smallClinic } from '../support/small-clinic';

const clinic = smallClinic();
const finder = createAnswerFinder(clinic);
const ask = (text: string) => describeDecision(finder.decide(text), clinic);

test('a person reads what the bot would say, and why', () => {
  const said = ask('how long dose one sesion take');
  expect(said).toContain('answer: session-length');
  expect(said).toContain('The answer about session-length.');
  expect(said).toContain('read "sesion" as "session"');
  expect(said).toContain('nearest phrasing: "How long does one session take?"');
});

test.each([
  ['how much does it cost', 'Recognised, no approved answer'],
  ['i want to book', 'Starts the booking'],
  ['i want to kill myself', 'Call or text 988.'],
  ['12345', 'Says what it can help with'],
])('%s: %s', (text, said) => {
  expect(ask(text)).toContain(said);
});
