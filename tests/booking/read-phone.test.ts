import { getExampleNumber } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json';
import { readPhone, speakPhone } from '../../src/booking/read-phone';

test.each([
  ['(410) 555-0134', '+14105550134', '(410) 555-0134'],
  ['410.555.0134 after 6pm', '+14105550134', '410.555.0134'],
  ['call 4105550134 please', '+14105550134', '4105550134'],
  ['410 555 0134 5pm', '+14105550134', '410 555 0134'],
  ['1-410-555-0134', '+14105550134', '1-410-555-0134'],
  [
    'four one zero five five five oh one three four',
    '+14105550134',
    'four one zero five five five oh one three four',
  ],
  [
    'my cell is four one oh, triple five, zero one three four',
    '+14105550134',
    'four one oh, triple five, zero one three four',
  ],
  ['４１０ ５５５ ０１３４', '+14105550134', '４１０ ５５５ ０１３４'],
  ['+44 (0)20 7946 0018', '+442079460018', '+44 (0)20 7946 0018'],
  ['0044 20 7946 0018', '+442079460018', '0044 20 7946 0018'],
  ['44 20 7946 0018', '+442079460018', '44 20 7946 0018'],
  ['410-555-0134 or 410-555-0199', '+14105550134', '410-555-0134'],
  ['on 12/24/2026 call 410 555 0134', '+14105550134', '410 555 0134'],
])('%s is read as %s, and kept as typed', (text, e164, typed) => {
  expect(readPhone(text, 'US')).toMatchObject({ ok: true, phone: { e164, typed } });
});

test.each([
  ['410 555 0134 ext 12', '12'],
  ['(410) 555-0134 x7', '7'],
  ['410-555-0134, extension 4021', '4021'],
  ['4105550134#33', '33'],
])('%s has the extension %s', (text, extension) => {
  expect(readPhone(text, 'US')).toMatchObject({ ok: true, phone: { e164: '+14105550134', extension } });
});

test.each([
  ['555-0134', 'too-short'],
  ['410 555 01345', 'too-long'],
  ['123 456 7890', 'not-valid'],
  ['no number here', 'no-number'],
  ['12/24/2026', 'no-number'],
  ['2026-12-24 at 10:30', 'no-number'],
  ['I am 45', 'no-number'],
  ['', 'no-number'],
])('%s: %s', (text, problem) => {
  expect(readPhone(text, 'US')).toMatchObject({ ok: false, problem });
});

const COUNTRIES: CountryCode[] = ['US', 'CA', 'GB', 'DE', 'FR', 'MX', 'IN', 'BR', 'AU', 'JP'];
describe.each(COUNTRIES)('an example number of %s', (country) => {
  const example = getExampleNumber(country, examples);
  if (!example) throw new Error(`libphonenumber has no example for ${country}`);
  const national = example.formatNational();
  test.each([
    ['at home', national, country],
    ['at home with dots', national.replace(/[\s-]+/g, '.'), country],
    ['in a sentence', `you can call me on ${national}, thanks`, country],
    ['from abroad', example.formatInternational(), 'US'],
    ['in one go', example.number, 'US'],
    ['with brackets', `(${example.formatInternational()})`, 'US'],
  ])('typed %s: %s', (_, text, home) => {
    expect(readPhone(text, home)).toMatchObject({ ok: true, phone: { e164: example.number } });
  });
});

test('a number is said back in the national form at home and with its country code otherwise', () => {
  expect(speakPhone({ e164: '+14105550134', typed: '', extension: '12' }, 'US')).toBe(
    '(410) 555-0134 ext. 12',
  );
  expect(speakPhone({ e164: '+442079460018', typed: '' }, 'US')).toBe('+44 20 7946 0018');
});
