import { readConsent } from '../../src/booking/read-reply';

test.each([
  'certainly',
  'alright then',
  'I consent',
  'I do',
  "it's fine",
  "I don't mind",
  'not a problem',
  'okey dokey',
  'that is quite all right',
  'you have my permission',
  'lol ok bet',
])('"%s" agrees', (text) => expect(readConsent(text)).toBe('yes'));

test.each([
  'absolutely not',
  "I'd rather you didn't",
  'no way jose',
  'nope not comfortable',
  "no I don't consent",
  'not ok with that',
])('"%s" refuses', (text) => expect(readConsent(text)).toBe('no'));

test.each(['I guess', 'Ann Lee', 'is it fine', 'I do not know', ''])('"%s" is neither', (text) =>
  expect(readConsent(text)).toBeUndefined(),
);
