import { hasLink } from '../../src/booking/has-link';

test.each([
  'see https://spam.example.com',
  'HTTP://X.EXAMPLE',
  'www.cheap-pills.example',
  'visit cheap-pills.ru today',
  'look at bit.ly/x',
  'my-page.com',
])('a web address: %s', (text) => {
  expect(hasLink(text)).toBe(true);
});

test.each([
  'ann@example.com',
  'ann.lee@mail.example.com please',
  'after 3.30pm',
  'e.g. Friday',
  'Jr.Smith',
  '410.555.0134',
])('no web address: %s', (text) => {
  expect(hasLink(text)).toBe(false);
});
