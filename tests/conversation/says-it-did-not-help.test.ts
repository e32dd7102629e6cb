import { saysItDidNotHelp } from '../../src/conversation/says-it-did-not-help';

test.each([
  "that doesn't help",
  'thats not an answer lol',
  'that was not what i asked',
  "you didn't answer my question",
  'not helpful at all',
  "no that's not what I meant",
  'ok but you still havent answered me',
  'this isnt helpful',
  'you are useless',
  'useless bot',
  'what a stupid bot',
  'this is fucking useless',
  'this is a waste of my time',
  'you suck',
])('owned up to: %s', (text) => {
  expect(saysItDidNotHelp(text)).toBe(true);
});

test.each([
  'that helped',
  'does it not help with scars',
  'minoxidil did not help me at all, would this',
  'not sure',
  "i don't think it will help my hair",
  'can you help me',
  'my hair is awful',
  "it's terrible",
  'i feel useless',
  'is it a waste of money',
])('something else: %s', (text) => {
  expect(saysItDidNotHelp(text)).toBe(false);
});
