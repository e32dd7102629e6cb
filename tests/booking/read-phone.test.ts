import { getExampleNumber, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
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
  ...[
    'four ten five five five oh one three four',
    'four one zero five fifty five zero one thirty four',
    'four one zero and then fifty five five dash zero one three four',
  ].map((typed): [string, string, string] => [`area code ${typed}`, '+14105550134', typed]),
  [
    'eight hundred five five five oh one nine nine',
    '+18005550199',
    'eight hundred five five five oh one nine nine',
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
/** libphonenumber's examples of fixed lines and toll-free numbers, which the package does not bring along. */
const OTHER_EXAMPLES: Partial<Record<CountryCode, string[]>> = {
  US: ['2015550123', '8002345678'],
  CA: ['5062345678', '8002123456'],
  GB: ['1212345678', '8001234567'],
  DE: ['30123456', '8001234567890'],
  FR: ['123456789', '801234567'],
  MX: ['2001234567', '8001234567'],
  IN: ['7410410123', '1800123456'],
  BR: ['1123456789', '800123456'],
  AU: ['212345678', '1800123456'],
  JP: ['312345678', '120123456'],
};
const EXAMPLES = COUNTRIES.flatMap((country) => {
  const mobile = getExampleNumber(country, examples);
  if (!mobile) throw new Error(`libphonenumber has no example for ${country}`);
  const others = (OTHER_EXAMPLES[country] ?? []).map((digits) => parsePhoneNumberWithError(digits, country));
  return [mobile, ...others].map((example): [CountryCode, PhoneNumber] => [country, example]);
});

test('every example number of the ten countries is one', () => {
  expect(EXAMPLES.filter(([, example]) => !example.isValid()).map(([, { number }]) => number)).toEqual([]);
});

describe.each(EXAMPLES)('an example number of %s', (country, example) => {
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
