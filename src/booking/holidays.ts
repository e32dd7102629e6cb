import { DateTime } from 'luxon';

/** `unit` and `side` tell what is meant beside it: "the day after", "the week of", "before". */
export interface HolidayNamed {
  name: string;
  unit?: string | undefined;
  side?: string | undefined;
  /** "Labor Day weekend" */
  weekend: boolean;
}

type DateIn = (year: number) => DateTime;

const on =
  (month: number, day: number): DateIn =>
  (year) =>
    DateTime.utc(year, month, day);

/** The `count`th of these weekdays in the month, 1 for Monday; `-1` for the last. */
const nth =
  (count: number, weekday: number, month: number): DateIn =>
  (year) => {
    if (count < 0) {
      const last = DateTime.utc(year, month).endOf('month').startOf('day');
      return last.minus({ days: (last.weekday - weekday + 7) % 7 });
    }
    const first = DateTime.utc(year, month, 1);
    return first.plus({ days: ((weekday - first.weekday + 7) % 7) + (count - 1) * 7 });
  };

/** Easter Sunday in the Gregorian calendar: Meeus, Astronomical Algorithms, chapter 8. */
const easter =
  (days = 0): DateIn =>
  (year) => {
    const a = year % 19;
    const b = Math.floor(year / 100);
    const c = year % 100;
    const g = Math.floor((8 * b + 13) / 25);
    const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
    const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
    const m = Math.floor((a + 11 * h + 19 * l) / 433);
    const month = Math.floor((h + l - 7 * m + 90) / 25);
    return DateTime.utc(year, month, (h + l - 7 * m + 33 * month + 19) % 32).plus({ days });
  };

const thanksgiving = nth(4, 4, 11);

/** Days that people name instead of their date, in the United States; longer names before those they hold. */
const HOLIDAYS: [string, DateIn][] = [
  ['(?:christmas|xmas) eve', on(12, 24)],
  ['(?:christmas|xmas)(?: day)?', on(12, 25)],
  ["new years?'?s? eve", on(12, 31)],
  ["new year'?s?(?: day)?", on(1, 1)],
  ['(?:martin luther king|mlk)(?: jr\\.?)?(?: day)?', nth(3, 1, 1)],
  ["valentine'?s?(?: day)?", on(2, 14)],
  ["president'?s'? day", nth(3, 1, 2)],
  ["(?:st\\.?|saint) patrick'?s?(?: day)?", on(3, 17)],
  ['good friday', easter(-2)],
  ['easter monday', easter(1)],
  ['easter(?: sunday)?', easter()],
  ["mother'?s'? day", nth(2, 7, 5)],
  ['memorial day', nth(-1, 1, 5)],
  ['juneteenth', on(6, 19)],
  ["father'?s'? day", nth(3, 7, 6)],
  ['independence day', on(7, 4)],
  ['labou?r day', nth(1, 1, 9)],
  ["(?:columbus|indigenous people'?s'?) day", nth(2, 1, 10)],
  ["hallowe?'?en", on(10, 31)],
  ["veteran'?s'? day", on(11, 11)],
  ['thanksgiving(?: day)?', thanksgiving],
  ['black friday', (year) => thanksgiving(year).plus({ days: 1 })],
  ['cyber monday', (year) => thanksgiving(year).plus({ days: 4 })],
];

const NAMES = HOLIDAYS.map(([name]) => name).join('|');
export const HOLIDAY = new RegExp(
  `\\b(?:(?:(day|week|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday) )?(before|after|of) )?(?:the )?(${NAMES})( weekend)?\\b`,
);

/** What {@link HOLIDAY} has found. */
export function holidayNamed(match: RegExpExecArray): HolidayNamed {
  return { unit: match[1], side: match[2], name: match[3] ?? '', weekend: match[4] !== undefined };
}

/** The next time that day comes, today included, at midnight in the zone of `now`. */
export function dateOfHoliday(name: string, now: DateTime): DateTime | undefined {
  const dateIn = HOLIDAYS.find(([pattern]) => new RegExp(`^(?:${pattern})$`).test(name))?.[1];
  if (!dateIn) return undefined;
  const [thisYear, nextYear] = [now.year, now.year + 1].map((year) =>
    dateIn(year).setZone(now.zone, { keepLocalTime: true }),
  );
  return thisYear && thisYear >= now.startOf('day') ? thisYear : nextYear;
}
