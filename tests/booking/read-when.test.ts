import { DateTime } from 'luxon';
import type { OpeningHours } from '../../src/answers/knowledge';
import { readWhen } from '../../src/booking/read-when';
import type { WhenReading } from '../../src/booking/read-when';
import { speakWish } from '../../src/booking/speak-wish';
import { say } from '../dialogs/dialog-chat';

const read = (
  text: string,
  now = '2026-03-02T10:00',
  zone = 'America/New_York',
  hours?: OpeningHours,
): WhenReading =>
  readWhen(text, {
    now: DateTime.fromISO(now, { zone }),
    clinic: { timeZone: zone, ...(hours && { hours }) },
  });
/** The wish in the words in which it is said back; the problem where there is none. */
const words = (reading: WhenReading, now = '2026-03-02T10:00'): string =>
  reading.ok
    ? speakWish(reading.wish, DateTime.fromISO(now, { zone: reading.wish.zone }), say)
    : reading.problem;

describe('on Monday, March 2, 2026, at ten', () => {
  test.each([
    ['next tuesday after work', 'Tuesday, March 10 in the evening'],
    ['tomorrow morning', 'Tuesday, March 3 in the morning'],
    ['the 3rd in the morning', 'Tuesday, March 3 in the morning'],
    ['the 1st', 'Wednesday, April 1'],
    ['31st', 'Tuesday, March 31'],
    ['the 31st of next month', 'no-such-day'],
    ['friday midnight', '"friday midnight"'],
    ['thursday arvo', 'Thursday, March 5 in the afternoon'],
    ['tmrw afernon', 'Tuesday, March 3 in the afternoon'],
    ['am Dienstag um 15 Uhr', 'Tuesday, March 3 at 3 pm'],
    ['nächsten Freitag vormittags', 'Friday, March 13 in the morning'],
    ['Donnerstag morgen', 'Thursday, March 5 in the morning'],
    ['morgen Nachmittag', 'Tuesday, March 3 in the afternoon'],
    ['übermorgen um 9:30 Uhr', 'Wednesday, March 4 at 9:30 am'],
    ['am 3. Mai', 'Sunday, May 3'],
    ['nächste Woche', 'in the week of Monday, March 9'],
    ['vendredi prochain à 14h', 'Friday, March 13 at 2 pm'],
    ['demain matin', 'Tuesday, March 3 in the morning'],
    ['mercredi après-midi', 'Wednesday, March 4 in the afternoon'],
    ['le 3 avril', 'Friday, April 3'],
    ["après-demain dans l'après-midi", 'Wednesday, March 4 in the afternoon'],
    ['quarta-feira à tarde', 'Wednesday, March 4 in the afternoon'],
    ['amanhã de manhã', 'Tuesday, March 3 in the morning'],
    ['sexta às 15h', 'Friday, March 6 at 3 pm'],
    ['sabato mattina', 'Saturday, March 7 in the morning'],
    ['domani pomeriggio', 'Tuesday, March 3 in the afternoon'],
    ['giovedì alle 16', 'Thursday, March 5 at 4 pm'],
    ['el jueves por la mañana', 'Thursday, March 5 in the morning'],
    ['el 3 de mayo', 'Sunday, May 3'],
    ['Dec 24 at 6pm', 'Thursday, December 24 at 6 pm'],
    ['24th of december, 18:30', 'Thursday, December 24 at 6:30 pm'],
    ['2026-12-24', 'Thursday, December 24'],
    ['christmas eve', 'Thursday, December 24'],
    ["new year's day", 'Friday, January 1, 2027'],
    ['wednesday the eleventh around noon', 'Wednesday, March 11 around 12 pm'],
    ['the twenty third at half past two', 'Monday, March 23 at 2:30 pm'],
    ['thursday at quarter to four', 'Thursday, March 5 at 3:45 pm'],
    ['the week after easter', 'in the week of Monday, April 6'],
    ['easter monday in the morning', 'Monday, April 6 in the morning'],
    ['good friday', 'Friday, April 3'],
    ['the day after thanksgiving', 'Friday, November 27'],
    ['black friday at 2', 'Friday, November 27 at 2 pm'],
    ['the monday after easter', 'Monday, April 6'],
    ['the wednesday before thanksgiving', 'Wednesday, November 25'],
    ['memorial day', 'Monday, May 25'],
    ['labor day weekend', 'Saturday, September 5 or Sunday, September 6'],
    ['the weekend after labor day', 'Saturday, September 12 or Sunday, September 13'],
    ['thanksgiving weekend', 'Saturday, November 28 or Sunday, November 29'],
    ['the weekend before thanksgiving', 'Saturday, November 21 or Sunday, November 22'],
    ["mother's day", 'Sunday, May 10'],
    ['mlk day', 'Monday, January 18, 2027'],
    ['day after christmas', 'Saturday, December 26'],
    ['the week of christmas', 'in the week of Monday, December 21'],
    ['sometime before christmas', '"sometime before christmas"'],
    ['week after next, tuesdays are good', 'Tuesday, March 17'],
    ['friday 3pm pacific time', 'Friday, March 6 at 6 pm'],
    ['friday at 10 am CST', 'Friday, March 6 at 11 am'],
    ['friday 11pm pacific', 'Saturday, March 7 at 2 am'],
    ['friday 3pm eastern', 'Friday, March 6 at 3 pm'],
    ['either tuesday at 10 or thursday at 4', '"either tuesday at 10 or thursday at 4"'],
    ['evenings after 6 or saturdays', '"evenings after 6 or saturdays"'],
    ['24/12', 'Thursday, December 24'],
    ['12-24-2026', 'Thursday, December 24'],
    ['Jan 1', 'Friday, January 1, 2027'],
    ['friday', 'Friday, March 6'],
    ['this friday', 'Friday, March 6'],
    ['next friday', 'Friday, March 13'],
    ['fri', 'Friday, March 6'],
    ['monday', 'Monday, March 9'],
    ['this monday', 'Monday, March 2'],
    ['tuesday next week', 'Tuesday, March 10'],
    ['a week from thursday', 'Thursday, March 12'],
    ['day after tomorrow', 'Wednesday, March 4'],
    ['in 5 days', 'Saturday, March 7'],
    ['in 3 hours', 'Monday, March 2 at 1 pm'],
    ['in two weeks', 'in the week of Monday, March 16'],
    ['next week', 'in the week of Monday, March 9'],
    ['week of march 9', 'in the week of Monday, March 9'],
    ['next month', 'in April'],
    ['in april', 'in April'],
    ['early next week', 'early in the week of Monday, March 9'],
    ['beginning of next week', 'early in the week of Monday, March 9'],
    ['late next week', 'late in the week of Monday, March 9'],
    ['middle of next week', 'in the week of Monday, March 9, towards the middle'],
    ['asap next week', 'early in the week of Monday, March 9'],
    ['end of the week', 'late in the week of Monday, March 2'],
    ['later this week', 'late in the week of Monday, March 2'],
    ['early next week in the morning', 'early in the week of Monday, March 9 in the morning'],
    ['next week late afternoon', 'in the week of Monday, March 9 late in the afternoon'],
    ['end of the month', 'late in March'],
    ['early next month', 'early in April'],
    ['beginning of december', 'early in December'],
    ['the first week of december', 'early in December'],
    ['mid-april', 'in April, towards the middle'],
    ['late may', 'late in May'],
    ['Anfang Dezember', 'early in December'],
    ['a finales de abril', 'late in April'],
    ['fin mars', 'late in March'],
    ['Ende des Monats', 'late in March'],
    ['le mois prochain', 'in April'],
    ['nächsten Monat', 'in April'],
    ['a fine mese', 'late in March'],
    ['early or mid april', '"early or mid april"'],
    ['by the end of the month', '"by the end of the month"'],
    ['the second week of april', '"the second week of april"'],
    ['sometime in the spring', '"sometime in the spring"'],
    ['next year', '"next year"'],
    ['early on friday', 'Friday, March 6 early in the day'],
    ['friday, late afternoon', 'Friday, March 6 late in the afternoon'],
    ['late thursday evening', 'Thursday, March 5 late in the evening'],
    ['early mornings', 'any day early in the morning'],
    ['the second monday in april', 'Monday, April 13'],
    ['the last friday of april', 'Friday, April 24'],
    ['a monday in april', '"a monday in april"'],
    ['a weekend in april', '"a weekend in april"'],
    ['after the 15th', '"after the 15th"'],
    ['from march 10 on', '"from march 10 on"'],
    ['after tuesday', '"after tuesday"'],
    ['march 10 or 11', '"march 10 or 11"'],
    ['the 10th or the 12th', '"the 10th or the 12th"'],
    ['march 10 - 2pm', 'Tuesday, March 10 at 2 pm'],
    ['monday to wednesday', '"monday to wednesday"'],
    ['friday 1930', 'Friday, March 6 at 7:30 pm'],
    ['friday at 1400 hrs', 'Friday, March 6 at 2 pm'],
    ['any weekday before noon, I nap at one', '"any weekday before noon, I nap at one"'],
    ['friday at 2 in the morning', '"friday at 2 in the morning"'],
    ['tuesday or wednesday next week', 'Tuesday, March 10 or Wednesday, March 11'],
    ['sat am', 'Saturday, March 7 in the morning'],
    ['thurs or fri pm', 'Thursday, March 5 or Friday, March 6 in the afternoon'],
    ['tomorrow or the day after', 'Tuesday, March 3 or Wednesday, March 4'],
    ['a tuesday', 'any Tuesday'],
    ['10-15 march', '"10-15 march"'],
    ['easter week', 'in the week of Monday, March 30'],
    ['noonish friday', 'Friday, March 6 around 12 pm'],
    ['half 3 on monday', 'Monday, March 9 at 3:30 pm'],
    ['within the next two weeks', '"within the next two weeks"'],
    ['in a fortnight', 'in the week of Monday, March 16'],
    ['this summer', '"this summer"'],
    ['any weekend', 'any weekend'],
    ['this weekend', 'Saturday, March 7 or Sunday, March 8'],
    ['monday or tuesday afternoon', 'Tuesday, March 3 or Monday, March 9 in the afternoon'],
    ['tuesdays or thursdays', 'any Tuesday or Thursday'],
    ['weekdays after 5', 'any weekday after 5 pm'],
    ['mon-fri before 10', 'any weekday before 10 am'],
    ['asap', 'as soon as possible'],
    ['whenever', 'any day'],
    ['after 6pm', 'any day after 6 pm'],
    ['evenings', 'any day in the evening'],
    ['between 2 and 4 tomorrow', 'Tuesday, March 3 between 2 pm and 4 pm'],
    ['tues 10-12', 'Tuesday, March 3 between 10 am and 12 pm'],
    ['sat 11-1', 'Saturday, March 7 between 11 am and 1 pm'],
    ['friday at half past 5', 'Friday, March 6 at 5:30 pm'],
    ['five thirty pm on friday', 'Friday, March 6 at 5:30 pm'],
    ['friday at 9', 'Friday, March 6 at 9 am'],
    ['friday at 7 in the morning', 'Friday, March 6 at 7 am'],
    ['noon tomorrow', 'Tuesday, March 3 at 12 pm'],
    ['around 3 on friday', 'Friday, March 6 around 3 pm'],
    ['tomorow at 3', 'Tuesday, March 3 at 3 pm'],
    ['wensday', 'Wednesday, March 4'],
    ['mañana', 'Tuesday, March 3'],
    ['mañana por la mañana', 'Tuesday, March 3 in the morning'],
    ['el próximo martes a las 5', 'Tuesday, March 10 at 5 pm'],
    ['any day but friday', '"any day but friday"'],
    ['i work 9 to 5 so after 6', '"i work 9 to 5 so after 6"'],
    ['yesterday', 'past'],
    ['last friday', 'past'],
    ['today at 9am', 'past'],
    ['dec 24 2024', 'past'],
    ['dec 24 2036', 'too-far'],
    ['sunday 3am 1999', 'past'],
    ['a sunday in 1999', 'past'],
    ['next friday 2025', 'past'],
    ['december 2025', 'past'],
    ['3/2/1999', 'past'],
    ['1999-03-02', 'past'],
    ['march 2030', 'too-far'],
    ['friday 2036', 'too-far'],
    ['january 2027', 'in January 2027'],
    ['a friday in 2027', '"a friday in 2027"'],
    ['friday march 6 2026', 'Friday, March 6'],
    ['I lost my hair in 1999, friday is good', 'Friday, March 6'],
    ['feb 29', 'no-such-day'],
    ['apr 31', 'no-such-day'],
    ['31/04', 'no-such-day'],
    ['tomorrow at 25:00', 'no-such-time'],
    ['hello there', 'unclear'],
    ['I sat in the sun', 'unclear'],
    ['my hair fell out about 5 years ago', 'unclear'],
    ['5', 'unclear'],
    ['', 'unclear'],
  ])('"%s" is %s', (text, expected) => expect(words(read(text))).toBe(expected));
});

test('12/11 is asked about, unless the weekday settles it', () => {
  expect(read('12/11 at 3')).toMatchObject({
    problem: 'which',
    dates: ['2026-12-11', '2026-11-12'],
    wish: { time: '15:00' },
  });
  expect(read('friday 12/11')).toMatchObject({ ok: true, wish: { date: '2026-12-11' } });
  expect(read('3/3')).toMatchObject({ ok: true, wish: { date: '2026-03-03' } });
});

test('a weekday that does not fit its date is asked about', () => {
  expect(read('friday march 3')).toMatchObject({ problem: 'which', dates: ['2026-03-03', '2026-03-06'] });
});

describe('at the ends of months and years', () => {
  test.each([
    ['2026-12-31T23:30', 'tomorrow', '2027-01-01'],
    ['2026-12-30T12:00', 'the 1st', '2027-01-01'],
    ['2026-12-30T12:00', 'next friday', '2027-01-08'],
    ['2026-01-31T12:00', 'the 30th', '2026-03-30'],
    ['2028-02-28T12:00', 'tomorrow', '2028-02-29'],
    ['2028-02-01T12:00', 'feb 29', '2028-02-29'],
    ['2026-12-20T12:00', 'jan 5', '2027-01-05'],
  ])('%s: "%s" is %s', (now, text, date) =>
    expect(read(text, now)).toMatchObject({ ok: true, wish: { date } }),
  );
});

describe('in the nights when the clocks change', () => {
  test.each([
    ['2026-03-07T23:30', 'tomorrow', '2026-03-08'],
    ['2026-03-08T00:30', 'tomorrow', '2026-03-09'],
    ['2026-03-08T03:30', 'in 2 days', '2026-03-10'],
    ['2026-10-31T23:59', 'tomorrow', '2026-11-01'],
    ['2026-11-01T00:30', 'tomorrow', '2026-11-02'],
    ['2026-11-01T23:30', 'next monday', '2026-11-02'],
  ])('%s: "%s" is %s', (now, text, date) =>
    expect(read(text, now)).toMatchObject({ ok: true, wish: { date } }),
  );

  test('half past two does not exist in spring and does in autumn', () => {
    expect(read('march 8 at 2:30am')).toMatchObject({ ok: false, problem: 'no-such-time' });
    expect(read('november 1 at 1:30am')).toMatchObject({
      ok: true,
      wish: { date: '2026-11-01', time: '01:30' },
    });
  });

  test('hours are counted as they pass', () => {
    expect(read('in 3 hours', '2026-03-08T01:00')).toMatchObject({ ok: true, wish: { time: '05:00' } });
    expect(read('in 3 hours', '2026-11-01T00:00')).toMatchObject({ ok: true, wish: { time: '02:00' } });
  });
});

test.each([
  ['America/New_York', '2026-03-03'],
  ['UTC', '2026-03-03'],
  ['Pacific/Kiritimati', '2026-03-03'],
  ['Pacific/Apia', '2026-03-03'],
])('tomorrow is counted in %s', (zone, date) => {
  expect(read('tomorrow at 5', '2026-03-02T23:50', zone)).toMatchObject({
    ok: true,
    wish: { date, time: '17:00', zone },
  });
});

describe('with opening hours', () => {
  const hours: OpeningHours = {
    1: [{ opens: '09:00', closes: '17:00' }],
    2: [{ opens: '12:00', closes: '20:00' }],
  };
  const open = (text: string): WhenReading => read(text, '2026-03-02T10:00', 'America/New_York', hours);

  test('a closed day is refused with the next open one', () => {
    expect(open('wednesday at 3')).toMatchObject({
      problem: 'closed',
      day: '2026-03-04',
      next: '2026-03-09',
      wish: { time: '15:00' },
    });
    expect(open('any weekend')).toMatchObject({ problem: 'closed', next: '2026-03-03' });
  });

  test('a time outside the hours is refused with the hours', () => {
    expect(open('next monday at 7pm')).toEqual({
      ok: false,
      problem: 'outside-hours',
      day: '2026-03-09',
      spans: [{ opens: '09:00', closes: '17:00' }],
      wish: { typed: 'next monday at 7pm', zone: 'America/New_York', date: '2026-03-09' },
    });
    expect(open('next monday evening')).toMatchObject({ problem: 'outside-hours' });
    expect(open('tomorrow after work')).toMatchObject({ ok: true });
  });

  test('on a holiday the next open day is offered, also where the hours are unknown', () => {
    const closedOn = ['2026-03-09', '2026-03-10', '2026-03-03', '2026-03-16'];
    const holidays = (text: string, known: boolean): WhenReading =>
      readWhen(text, {
        now: DateTime.fromISO('2026-03-02T10:00', { zone: 'America/New_York' }),
        clinic: { timeZone: 'America/New_York', closedOn, ...(known && { hours }) },
      });
    expect(holidays('next monday at 3', true)).toMatchObject({ problem: 'closed', next: '2026-03-17' });
    expect(holidays('next week', true)).toMatchObject({ problem: 'closed', next: '2026-03-17' });
    expect(holidays('any tuesday', true)).toMatchObject({ ok: true });
    expect(holidays('march 9', false)).toMatchObject({
      problem: 'closed',
      day: '2026-03-09',
      next: '2026-03-11',
    });
    expect(holidays('monday or wednesday', false)).toMatchObject({ ok: true, wish: { date: '2026-03-04' } });
  });

  test('what else stood in the message leaves no commas behind in what staff read', () => {
    expect(read(', ,  , , book me for friday at 4pm ,')).toMatchObject({
      wish: { typed: 'book me for friday at 4pm', time: '16:00' },
    });
  });

  test('an hour without am or pm is the one in the hours', () => {
    expect(open('tomorrow at 7')).toMatchObject({ ok: true, wish: { time: '19:00' } });
    expect(open('next monday at 9')).toMatchObject({ ok: true, wish: { time: '09:00' } });
  });
});
