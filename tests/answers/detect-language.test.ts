import { createAnswerFinder } from '../../src/answers/find-answer';
import { smallClinic } from '../support/small-clinic';

const finder = createAnswerFinder(smallClinic());

test.each([
  ['¿Cuánto cuesta?', 'es'],
  ['hola, quiero una cita', 'es'],
  ['tengo alopecia, me pueden ayudar', 'es'],
  ['y cuantas sesiones son', 'es'],
  ['bonjour, combien ça coûte ?', 'fr'],
  ['wie viel kostet das', 'de'],
  ['Guten Tag, ich habe Haarausfall', 'de'],
  ['quanto custa a micropigmentação', 'pt'],
  ['vocês falam português', 'pt'],
  ['quanto costa', 'it'],
  ['сколько это стоит', 'other'],
  ['多少钱', 'other'],
])('"%s" gets no answer, and the bot knows that it is in %s', (text, language) => {
  expect(finder.decide(text)).toMatchObject({ decision: 'none', entry: null, language });
});

test.each([
  'how much is it por favor',
  'Los Angeles?',
  'my name is Maria de la Cruz',
  'José García',
  'do you have a clinic in El Paso',
  'what will a hat do to it',
  'is die hard a movie',
  'asdf qwer zxcv',
])('"%s" is not taken for another language', (text) => {
  expect(finder.decide(text).language).toBeUndefined();
});

test('a crisis goes before the language', () => {
  expect(finder.decide('hola, quiero morir. i want to die').decision).toBe('safety');
});
