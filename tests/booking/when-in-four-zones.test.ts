import { DateTime } from 'luxon';
import { readWhen } from '../../src/booking/read-when';

/**
 * One instant in the last night of a year, which is Wednesday, December 30 in two of the zones and Thursday the 31st in
 * the others: "tomorrow" and "the 1st" are different days, and some weekdays too.
 */
const NOW = '2026-12-31T04:30:00Z';
const ZONES = ['America/New_York', 'America/Los_Angeles', 'Europe/London', 'Asia/Tokyo'];

/**
 * What is meant, in the visitor's own calendar. `+1`: days from today. `fri`: the next Friday after today; `fri!`: the
 * one of next week. `2027-01-03`: that date. `week+1`, `month+1`: the one after this. Then a time with its bound, or a
 * part of the day. `?`: not understood, or impossible.
 */
const READINGS: [text: string, meant: string][] = [
  ['today at 11:45 pm', '+0 23:45'],
  ['tonight at 11:50pm', '+0 23:50'],
  ['tomorrow', '+1'],
  ['tommorow at 3', '+1 15:00'],
  ['tmrw morning', '+1 morning'],
  ['tomorrow at noon', '+1 12:00'],
  ['tomorrow 9am', '+1 09:00'],
  ['tomorrow around 4', '+1 around 16:00'],
  ['tomorrow after lunch', '+1 afternoon'],
  ['tomorrow evening', '+1 evening'],
  ['tomorrow after work', '+1 evening'],
  ['tomorrow between 2 and 4', '+1 14:00-16:00'],
  ['tomorrow 10-12', '+1 10:00-12:00'],
  ['the day after tomorrow', '+2'],
  ['day after tomorrow at half past 5', '+2 17:30'],
  ['in 3 days', '+3'],
  ['in five days', '+5'],
  ['10 days from now', '+10'],
  ['a week from today', '+7'],
  ['a week from tomorrow', '+8'],
  ['friday', 'fri'],
  ['fri', 'fri'],
  ['on friday at 4pm', 'fri 16:00'],
  ['Friday, 4 PM', 'fri 16:00'],
  ['friday at 16:00', 'fri 16:00'],
  ['friday before noon', 'fri morning'],
  ['friday after 5', 'fri after 17:00'],
  ['friday 5ish', 'fri around 17:00'],
  ['saturday morning', 'sat morning'],
  ['this saturday', 'sat'],
  ['coming saturday at 11', 'sat 11:00'],
  ['sunday 2 to 4 pm', 'sun 14:00-16:00'],
  ['monday first thing', 'mon morning'],
  ['next monday', 'mon!'],
  ['next tuesday after work', 'tue! evening'],
  ['tuesday next week', 'tue!'],
  ['monday at quarter past 10', 'mon 10:15'],
  ['monday at 10:30 am', 'mon 10:30'],
  ['monday lunchtime', 'mon midday'],
  ['mon at 8.30', 'mon 08:30'],
  ['next week', 'week+1'],
  ['next week in the afternoon', 'week+1 afternoon'],
  ['week after next', 'week+2'],
  ['next month', 'month+1'],
  ['sometime in january', '2027-01'],
  ['in february', '2027-02'],
  ['end of march', '2027-03'],
  ['january 3', '2027-01-03'],
  ['Jan 3rd at 2 pm', '2027-01-03 14:00'],
  ['3 january', '2027-01-03'],
  ['the 3rd of january in the morning', '2027-01-03 morning'],
  ['the 3rd', '2027-01-03'],
  ['the 15th at 10', '2027-01-15 10:00'],
  ['jan 15, 2027', '2027-01-15'],
  ['2027-01-15', '2027-01-15'],
  ['1/15', '2027-01-15'],
  ['1/15/27 at 5pm', '2027-01-15 17:00'],
  ['15.1.2027', '2027-01-15'],
  ['feb 14 evening', '2027-02-14 evening'],
  ['march 14', '2027-03-14'],
  ['july 4', '2027-07-04'],
  ['dec 1', '2027-12-01'],
  ['any weekend', 'weekend'],
  ['weekends after 10', 'weekend after 10:00'],
  ['any weekday', 'weekdays'],
  ['weekdays after 5', 'weekdays after 17:00'],
  ['mon-fri before 10am', 'weekdays before 10:00'],
  ['asap', 'soon'],
  ['as soon as possible', 'soon'],
  ['first available', 'soon'],
  ['any time', 'any'],
  ['whenever works', 'any'],
  ['mañana', '+1'],
  ['mañana por la tarde', '+1 afternoon'],
  ['el viernes a las 4', 'fri 16:00'],
  ['yesterday', '?'],
  ['last friday', '?'],
  ['today at 3am', '?'],
  ['feb 30', '?'],
  ['2025-05-05', '?'],
  ['hello', '?'],
  ['i lost it 5 years ago', '?'],
];

test('the table has at least 300 readings', () => {
  expect(READINGS.length * ZONES.length).toBeGreaterThanOrEqual(300);
});

describe.each(ZONES)('in %s', (zone) => {
  const now = DateTime.fromISO(NOW, { zone });
  test.each(READINGS)('"%s" is %s', (text, meant) => {
    const reading = readWhen(text, { now, clinic: { timeZone: zone } });
    expect(reading.ok ? spoken(reading.wish) : '?').toBe(resolved(meant, now));
    if (reading.ok) expect(reading.wish.zone).toBe(zone);
  });
});

/** The meaning with its day worked out: `2027-01-01 16:00`. */
function resolved(meant: string, now: DateTime): string {
  const [day = '', ...clock] = meant.split(' ');
  return [dayMeant(day, now.startOf('day')), ...clock].join(' ');
}

function dayMeant(day: string, today: DateTime): string {
  const [, weekday, next] = /^(mon|tue|wed|thu|fri|sat|sun)(!?)$/.exec(day) ?? [];
  if (weekday !== undefined) {
    const number = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(weekday) + 1;
    const monday = today.minus({ days: today.weekday - 1 });
    const thisWeeks = monday.plus({ days: number - 1 });
    const later = next === '!' || thisWeeks <= today ? 7 : 0;
    return iso(thisWeeks.plus({ days: later }));
  }
  const [, unit, ahead] = /^(\+|week\+|month\+)(\d+)$/.exec(day) ?? [];
  const count = Number(ahead);
  if (unit === '+') return iso(today.plus({ days: count }));
  if (unit === 'week+') return `week ${iso(today.minus({ days: today.weekday - 1 }).plus({ weeks: count }))}`;
  if (unit === 'month+') return `month ${today.plus({ months: count }).toFormat('yyyy-MM')}`;
  return /^\d{4}-\d\d$/.test(day) ? `month ${day}` : day;
}

function spoken(wish: Extract<ReturnType<typeof readWhen>, { ok: true }>['wish']): string {
  const { date, days, time, bound, until, part } = wish;
  const day =
    date ??
    (days?.kind === 'week'
      ? `week ${days.monday}`
      : days?.kind === 'month'
        ? `month ${days.month}`
        : (days?.kind ?? ''));
  const clock = time === undefined ? part : `${time}${until === undefined ? '' : `-${until}`}`;
  return [day, bound, clock].filter(Boolean).join(' ');
}

function iso(date: DateTime): string {
  return date.toFormat('yyyy-MM-dd');
}
