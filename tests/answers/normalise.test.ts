import { withoutTone, hasLetters, readParts, readWords } from '../../src/answers/normalise';

const words = (text: string) =>
  readWords(text)
    .map(({ word }) => word)
    .join(' ');

test.each([
  ["What's the price?", 'what is the price'],
  ['whats the price', 'what is the price'],
  ["I don't know", 'i do not know'],
  ["the clinic's hours", 'the clinic hours'],
  ['can u do it b4 my appt pls', 'can you do it before my appointment please'],
  ['which colour, grey?', 'which color gray'],
  ['is it reaaaaally safe', 'is it reaally safe'],
  ['Ｈｏｗ much\u2019s caf\u00e9', 'how much cafe'],
  ['3-5 hours', '0 0 hours'],
])('"%s" reads "%s"', (typed, read) => {
  expect(words(typed)).toBe(read);
});

test('a message falls into its sentences; commas part, numbers with commas do not', () => {
  const parts = readParts('Hi! I paid 5,000, is that usual?\nThanks').map((part) =>
    part.map(({ word }) => word).join(' '),
  );
  expect(parts).toEqual(['hi', 'i paid 0 0', 'is that usual', 'thanks']);
});

test('a part of more than forty words is read in pieces', () => {
  expect(readParts('word '.repeat(90)).map((part) => part.length)).toEqual([40, 40, 10]);
});

test('breath before a question is no word of it, and alone it stays what was said', () => {
  expect(readWords('hmm so uhh how long lol').map(({ word }) => word)).toEqual(['so', 'how', 'long']);
  expect(readWords('hmm').map(({ word }) => word)).toEqual(['hmm']);
  expect(readWords('in the er').map(({ word }) => word)).toContain('er');
});

test('digits and emoji are no words', () => {
  expect([hasLetters('20814'), hasLetters('\u{1F642}'), hasLetters('5 pm')]).toEqual([false, false, true]);
});

test('what sets the tone is no word of the question, and stays where nothing else is said', () => {
  const asked = (text: string) => withoutTone(readWords(text)).map(({ word }) => word);
  expect(asked('ok cool so whats smp tho')).toEqual(['so', 'what', 'is', 'smp']);
  expect(asked('ok bro')).toEqual(['okay', 'bro']);
});
