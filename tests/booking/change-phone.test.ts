import { changePhone } from '../../src/booking/change-phone';

const given = { e164: '+14105550143', typed: '410 555 0143' };

describe('of (410) 555-0143', () => {
  test.each([
    ['the number ends 0124', '+14105550124'],
    ['the number ends in 0124', '+14105550124'],
    ['sorry it should end with 24', '+14105550124'],
    ['it ends in 0 1 2 4', '+14105550124'],
    ['last four digits are 0124', '+14105550124'],
    ['last two digits: 24', '+14105550124'],
    ['the area code is 443', '+14435550143'],
    ["it's 0124, not 0143", '+14105550124'],
    ['not 0143 but 0124', '+14105550124'],
    ["it's 0143 not 0134", '+14105550143'],
    ['it ends in 0143', '+14105550143'],
    ['the area code is 000', 'unclear'],
    ['friday at 10 not 11', undefined],
    ['at 4 not 5', undefined],
    ['my shift ends at 5', undefined],
    ['it ends at 5pm', undefined],
    ['410 555 0199', undefined],
    ['Ann Lee', undefined],
    ['', undefined],
  ])('"%s" makes %s', (text, expected) => {
    const change = changePhone(text, given, 'US');
    expect(typeof change === 'object' ? change.phone.e164 : change).toBe(expected);
  });
});

test('of a number from abroad no area code is known, and its end is', () => {
  const london = { e164: '+442079460018', typed: '+44 20 7946 0018' };
  expect(changePhone('the area code is 207', london, 'US')).toBe('unclear');
  expect(changePhone('it ends 0019', london, 'US')).toEqual({
    phone: { e164: '+442079460019', typed: 'it ends 0019' },
  });
});

test('before there is a number nothing is changed by its last digits', () => {
  expect(changePhone('it ends 0124', undefined, 'US')).toBe('unclear');
  expect(changePhone('friday at 10 not 11', undefined, 'US')).toBeUndefined();
});
