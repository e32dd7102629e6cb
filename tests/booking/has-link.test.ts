import { hasLink, withoutLinks } from '../../src/booking/has-link';

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

test.each([
  ['see https://spam.example.com/x?y=1 now', 'see (link) now'],
  ['www.cheap-pills.example and bit.ly/abc', '(link) and (link)'],
  ['write to ann@example.com after 3.30pm', 'write to ann@example.com after 3.30pm'],
])('web addresses are taken out: %s', (text, without) => {
  expect(withoutLinks(text)).toBe(without);
});
