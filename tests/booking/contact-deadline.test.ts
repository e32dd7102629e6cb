import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { OpeningHours } from '../../src/answers/knowledge';
import { contactDeadline, overdueSince } from '../../src/booking/contact-deadline';

const zone = 'America/New_York';
const local = (text: string) => DateTime.fromISO(text, { zone });
const span = [{ opens: '09:00', closes: '17:00' }];
/** Closed on Saturday and Sunday. */
const weekdays: OpeningHours = { 1: span, 2: span, 3: span, 4: span, 5: span };

test.each([
  ['a day later', '2026-03-03T10:00', 24, undefined, '2026-03-04T10:00'],
  ['not before Monday', '2026-03-06T10:00', 24, weekdays, '2026-03-09T10:00'],
  [
    'for one that came on Sunday, from Monday morning on',
    '2026-03-08T15:00',
    4,
    weekdays,
    '2026-03-09T04:00',
  ],
  ['to the last minute of Friday', '2026-03-06T20:00', 4, weekdays, '2026-03-07T00:00'],
  ['over the end of winter time', '2026-03-07T12:00', 24, undefined, '2026-03-08T13:00'],
  ['and a clinic that is never open still keeps it', '2026-03-03T10:00', 24, {}, '2026-03-04T10:00'],
])('the promise is %s', (_when, received, hours, openingHours, due) => {
  expect(contactDeadline(local(received), { hours, openingHours }).toISO()).toBe(local(due).toISO());
});

test('holidays do not count', () => {
  const promise = { hours: 24, openingHours: weekdays, closedOn: ['2026-03-04', '2026-03-05'] };
  expect(contactDeadline(local('2026-03-03T10:00'), promise).toISO()).toBe(local('2026-03-06T10:00').toISO());
  expect(overdueSince(local('2026-03-06T10:00'), promise).toISO()).toBe(local('2026-03-03T10:00').toISO());
});

test('what is overdue is what was received by the moment that the list asks for, on any day', () => {
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 60 });
  const opening = fc.subarray([1, 2, 3, 4, 5, 6, 7] as const);
  fc.assert(
    fc.property(minutes, minutes, fc.integer({ min: 1, max: 200 }), opening, (early, late, hours, days) => {
      const promise = { hours, openingHours: Object.fromEntries(days.map((day) => [day, span])) };
      const start = local('2026-02-20T00:00');
      const received = start.plus({ minutes: early });
      const now = start.plus({ minutes: late });
      expect(contactDeadline(received, promise) <= now).toBe(received <= overdueSince(now, promise));
    }),
  );
});
