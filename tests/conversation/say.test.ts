import { makeSay } from '../../src/conversation/say';

const say = makeSay(
  new Map([
    ['greeting', 'Hello {name}, welcome to {clinic}.'],
    ['goodbye', 'Goodbye.'],
  ]),
);

test('every place of a sentence is filled in', () => {
  expect(say('greeting', { name: 'Ann', clinic: 'the clinic' })).toBe('Hello Ann, welcome to the clinic.');
});

test('what a visitor wrote is said as it is, braces and dollar signs included', () => {
  expect(say('greeting', { name: '{clinic} $& $1', clinic: 'X' })).toBe(
    'Hello {clinic} $& $1, welcome to X.',
  );
});

test('a sentence need not use what it is given', () => {
  expect(say('goodbye', { name: 'Ann' })).toBe('Goodbye.');
});

test('a sentence that does not exist, or a place that is not given, is a mistake of the program', () => {
  expect(() => say('hello')).toThrow('no sentence "hello"');
  expect(() => say('greeting', { name: 'Ann' })).toThrow('says {clinic}, which is not given');
  expect(() => makeSay(new Map([['a', '{toString}']]))('a')).toThrow('{toString}');
});
