import { asksToBook } from '../../src/conversation/asks-to-book';

test.each([
  'book',
  'Book please!',
  'appointment',
  'I want to book',
  "I'd like to book for my husband Tom, I'm Ann Lee",
  'i need an appointment next week',
  "we'd like to schedule a free consultation",
  'can I book for friday at 4pm?',
  'could we get an appointment',
  'Hi, book me in for tuesday',
  'schedule a consultation',
  'make an appointment for me please',
  'another booking',
  'please call me',
  'can someone call me at 410-555-0134?',
  'ok can i come saturday afternoon, im Deshawn',
  'could we stop by on the 3rd?',
  "I'd like to come in on Friday",
])('a wish to book: %s', (text) => {
  expect(asksToBook(text)).toBe(true);
});

test.each([
  'how do I book an appointment?',
  'can I come in a wheelchair',
  'can I come with my wife',
  'do I need an appointment or can I walk in',
  'can I cancel my appointment',
  'what happens at the consultation',
  'how much does a consultation cost',
  'I had an appointment last week',
  'I read a book about it',
  'when can I come',
  'who would call me',
])('no wish to book, or one for the answers to find: %s', (text) => {
  expect(asksToBook(text)).toBe(false);
});
