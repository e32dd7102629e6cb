import { casual } from 'chrono-node/en';
import { DateTime } from 'luxon';
import type { Clinic, OpeningHours, Weekday } from '../answers/knowledge';
import type { Days, Wish } from './booking-request';
import { HOLIDAY, dateOfHoliday, holidayNamed } from './holidays';
import { plainWhen } from './plain-when';
import { readClock } from './read-clock';
import type { Clock } from './read-clock';
import { MONTH, SOON, type StretchFound, monthNamed, monthNumber, monthOf } from './read-stretch';
import { type YearNamed, readStretch, weekOf, yearNamed } from './read-stretch';

export interface WhenContext {
  /** In the clinic's zone. */
  now: DateTime;
  clinic: Pick<Clinic, 'timeZone' | 'hours' | 'closedOn'>;
}

type Span = NonNullable<OpeningHours[Weekday]>[number];

/** A wish before it is put into words. */
export type WishRead = Omit<Wish, 'words'>;

/**
 * `wish` beside a problem is what was understood apart from it, to be completed by the next reply.
 * `closed` and `outside-hours` are known only where the clinic's hours are filled in.
 */
export type WhenReading =
  | { ok: true; wish: WishRead }
  | { ok: false; problem: 'unclear' }
  | { ok: false; problem: 'past' | 'too-far' | 'no-such-day' | 'no-such-time'; wish?: WishRead }
  /** `next`: local date of the next open day. */
  | { ok: false; problem: 'closed'; day?: string; next: string; wish: WishRead }
  /** `wish` has the day: the next reply may name the time alone. */
  | { ok: false; problem: 'outside-hours'; day: string; spans: Span[]; wish: WishRead }
  /** 12/11, or "Friday, March 3" when the 3rd is a Tuesday: which of these dates? */
  | { ok: false; problem: 'which'; dates: string[]; wish: WishRead };

/** More than a clinic's day needs, and a bound on the cost of every expression here and in chrono. */
const LONGEST = 100;
/** A wish further ahead is more likely a slip in the year. */
const FURTHEST = { years: 1 };

/**
 * The preferred day and time in a reply, in the clinic's zone: "next tuesday after work", "the 3rd in the morning",
 * "any weekend", "asap", "12/24 6pm", "mañana". Only the first 100 characters count. Never throws.
 */
export function readWhen(text: string, context: WhenContext): WhenReading {
  // What was read from before ("I'm Ann, 410-555-0134, friday") has left its commas behind.
  const typed = text.replace(/^[\s,;]+|[\s,;]+$/g, '');
  const words = plainWhen(typed.slice(0, LONGEST));
  const day = readDay(words, context.now);
  const clock = readClock(day.rest, {
    hours: hoursOn(day, context.clinic.hours),
    sawDay: day.found !== undefined,
    sawStretch: isStretch(day.found),
  });
  if (day.found === undefined && clock === undefined) return { ok: false, problem: 'unclear' };
  if (clock === 'no-such-time') return { ok: false, problem: 'no-such-time' };
  const base = { typed, zone: context.clinic.timeZone };
  if (clock === 'torn' || hasTwoTimes(words)) return { ok: true, wish: base };
  // "evenings after 6 or Saturdays": two wishes, of which one has no time.
  if (OTHERWISE_A_DAY.test(words)) return { ok: true, wish: base };
  // "after thanksgiving", "sometime before christmas": no day in particular.
  if (isBesideHoliday(words)) return { ok: true, wish: base };
  // "any day but Friday", "I work nine to five": told to the clinic as it was typed.
  if (isNegated(words)) return { ok: true, wish: base };
  // Of which night, only a person can ask: no clinic is open then.
  if (/\bmidnight\b/.test(words)) return { ok: true, wish: base };
  const zone = zoneNamed(words);
  if (zone !== undefined && zone !== context.clinic.timeZone && clock?.time !== undefined)
    return elsewhere(day.found, clock, zone, base, context);
  return judge(day.found, clock ?? {}, base, context);
}

/** "Tuesday at 10 or Thursday at 4": two days, each with a time of its own, are told as they were typed. */
function hasTwoTimes(words: string): boolean {
  const clocks = words.split(/\bor\b/).map((part) => {
    const clock = DAY_NAMED.test(part) ? readClock(part, { hours: undefined, sawDay: true }) : undefined;
    return clock && JSON.stringify(clock);
  });
  return clocks.length > 1 && !clocks.includes(undefined) && new Set(clocks).size > 1;
}

const DAY_NAMED = /\b(?:today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b/;

const OTHERWISE_A_DAY =
  /\b(?:evenings?|mornings?|afternoons?|after (?:work|\d\S*)|before (?:work|\d\S*))(?: (?:am|pm|\d\S*|after|before|or so)){0,3},? or (?:(?:any|on|all day) )*(?:weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b(?! (?:at|after|before|from|between|in|\d))/;

/** A time of another zone ("3pm pacific time") with its day, in the clinic's; without one it is told as it was typed. */
function elsewhere(
  found: DayFound | undefined,
  clock: Clock,
  zone: string,
  base: WishRead,
  context: WhenContext,
): WhenReading {
  if (!found || !('date' in found) || clock.time === undefined) return { ok: true, wish: base };
  const here = (time: string): DateTime =>
    at(found.date.setZone(zone, { keepLocalTime: true }), time).setZone(context.clinic.timeZone);
  const start = here(clock.time);
  const until = clock.until === undefined ? {} : { until: here(clock.until).toFormat('HH:mm') };
  return judgeDate(
    start.startOf('day'),
    { ...clock, time: start.toFormat('HH:mm'), ...until },
    base,
    context,
  );
}

/** IANA zone of what people call it; undefined where none is named. */
function zoneNamed(words: string): string | undefined {
  return ZONES.find(([name]) => name.test(words))?.[1];
}

const ZONES: [RegExp, string][] = [
  [/\b(?:pacific|p[sd]t|(?:california|la|seattle|vegas) time)\b/, 'America/Los_Angeles'],
  [/\b(?:mountain (?:time|standard|daylight)|m[sd]t|denver time)\b/, 'America/Denver'],
  [/\b(?:central (?:time|standard|daylight)|c[sd]t|(?:chicago|texas) time)\b/, 'America/Chicago'],
  [/\b(?:eastern|e[sd]t|(?:new york|nyc|east coast) time)\b/, 'America/New_York'],
  [/\b(?:gmt|utc)\b/, 'Etc/UTC'],
  [/\b(?:bst|(?:uk|london|british) time)\b/, 'Europe/London'],
];

/** A day without its time, or a time without its day, completed from the earlier wish. */
export function mergeWishes(earlier: WishRead | undefined, newer: WishRead): WishRead {
  if (!earlier) return newer;
  const { date, days, time, bound, until, part, portion } = earlier;
  const saidDay = newer.date !== undefined || newer.days !== undefined;
  const saidClock = (newer.time ?? newer.part ?? newer.portion) !== undefined;
  if (!saidDay && !saidClock) return newer;
  const clock = saidClock ? {} : defined({ time, bound, until, part, portion });
  const both = saidDay ? eitherDay(earlier, newer) : undefined;
  const day = both ?? (saidDay ? {} : defined({ date, days }));
  const { date: _, ...others } = newer;
  return {
    ...(both ? others : newer),
    ...day,
    ...clock,
    typed: `${earlier.typed}; ${newer.typed}`.slice(-300),
  };
}

/** "or thursday": one more day beside the one that was said. */
function eitherDay(earlier: WishRead, newer: WishRead): Pick<WishRead, 'days'> | undefined {
  if (!/^(?:or|and|also)\b(?!.*\binstead\b)/i.test(newer.typed.trim())) return undefined;
  const dates = [datesOf(earlier), datesOf(newer)];
  if (dates.some((each) => each.length === 0)) return undefined;
  return { days: { kind: 'dates', dates: [...new Set(dates.flat())].sort().slice(0, MOST_DATES) } };
}

const MOST_DATES = 14;

function datesOf({ date, days }: WishRead): string[] {
  return date !== undefined ? [date] : days?.kind === 'dates' ? days.dates : [];
}

/** Is the clinic open at all on that day? While its hours are unknown, on every day but its holidays. */
export function isOpenOn(
  date: DateTime,
  { hours, closedOn = [] }: Pick<Clinic, 'hours' | 'closedOn'>,
): boolean {
  return opensOn(weekdayOf(date), hours) && !closedOn.includes(isoDate(date));
}

function opensOn(weekday: Weekday, hours: OpeningHours | undefined): boolean {
  return !hours || (hours[weekday] ?? []).length > 0;
}

type DayFound =
  | { date: DateTime }
  | { days: Days }
  | { which: DateTime[] }
  | { problem: 'past' | 'too-far' | 'no-such-day' }
  | { instant: DateTime }
  | StretchFound;

interface DayReading {
  found?: DayFound | undefined;
  /** The text without the numbers of the date, for the clock. */
  rest: string;
}

function readDay(words: string, now: DateTime): DayReading {
  const calendar = calendarDate(words, now);
  if (calendar) return calendar;
  const named = yearNamed(words);
  const rest = named?.rest ?? words;
  const found =
    namedDay(rest, now) ?? weekdaysNamed(rest, now) ?? stretch(rest, now) ?? relativeDay(rest, now);
  return { found: named ? inYear(named, found, now) : found, rest };
}

/** A day of a year gone by is past. Of one to come a month can be told, and another day only by a person. */
function inYear(
  { year, month, rest }: YearNamed,
  found: DayFound | undefined,
  now: DateTime,
): DayFound | undefined {
  if (year < now.year) return { problem: 'past' };
  const start = month === undefined ? undefined : now.startOf('month').set({ year, month });
  if (year > now.plus(FURTHEST).year || (start && start > now.plus(FURTHEST))) return { problem: 'too-far' };
  if (start) return monthOf(start, rest, now);
  return year === now.year ? found : { vague: true };
}

function isStretch(found: DayFound | undefined): boolean {
  return (
    found !== undefined && 'days' in found && (found.days.kind === 'week' || found.days.kind === 'month')
  );
}

function judge(found: DayFound | undefined, clock: Clock, base: WishRead, context: WhenContext): WhenReading {
  if (!found) return { ok: true, wish: { ...base, ...clock } };
  if ('vague' in found) return { ok: true, wish: base };
  if ('problem' in found) return { ok: false, problem: found.problem, wish: { ...base, ...clock } };
  if ('instant' in found) {
    const at = { date: isoDate(found.instant), time: found.instant.toFormat('HH:mm') };
    return judgeDate(found.instant.startOf('day'), { ...at }, base, context);
  }
  if ('which' in found) {
    const dates = found.which.filter((date) => isNotPast(date, clock, context.now));
    if (dates.length > 1)
      return { ok: false, problem: 'which', dates: dates.map(isoDate), wish: { ...base, ...clock } };
    return dates[0] ? judgeDate(dates[0], clock, base, context) : { ok: false, problem: 'past' };
  }
  if ('date' in found) return judgeDate(found.date, clock, base, context);
  return judgeDays(found.days, clock, base, context);
}

function judgeDate(date: DateTime, clock: Clock, base: WishRead, context: WhenContext): WhenReading {
  const { now, clinic } = context;
  const partial = { ...base, ...clock };
  if (!isNotPast(date, clock, now)) return { ok: false, problem: 'past', wish: partial };
  if (date > now.plus(FURTHEST)) return { ok: false, problem: 'too-far', wish: partial };
  if (!isOpenOn(date, clinic)) {
    const next = nextOpenDay(date, clinic);
    if (next) return { ok: false, problem: 'closed', day: isoDate(date), next: isoDate(next), wish: partial };
  }
  const outside = outsideHours(date, clock, clinic.hours);
  if (outside) {
    const day = isoDate(date);
    return { ok: false, problem: 'outside-hours', day, spans: outside, wish: { ...base, date: day } };
  }
  // The night the clocks go forward has no 2:30.
  if (clock.time !== undefined && at(date, clock.time).toFormat('HH:mm') !== clock.time) {
    return { ok: false, problem: 'no-such-time', wish: base };
  }
  return { ok: true, wish: { ...base, date: isoDate(date), ...clock } };
}

function judgeDays(days: Days, clock: Clock, base: WishRead, context: WhenContext): WhenReading {
  const { clinic } = context;
  const wish = { ...base, ...clock };
  if (days.kind === 'dates') {
    const dates = days.dates.map((date) => DateTime.fromISO(date, { zone: context.now.zone }));
    const open = dates.filter((date) => isOpenOn(date, clinic) && isNotPast(date, clock, context.now));
    if (open.length === 0) return judgeDate(dates.at(-1) ?? context.now, clock, base, context);
    if (open.length === 1 && open[0]) return judgeDate(open[0], clock, base, context);
    return { ok: true, wish: { ...wish, days: { kind: 'dates', dates: open.map(isoDate) } } };
  }
  if (days.kind === 'week') {
    const monday = DateTime.fromISO(days.monday, { zone: context.now.zone });
    const week = Array.from({ length: 7 }, (_, index) => monday.plus({ days: index }));
    const next = nextOpenDay(monday.plus({ days: 6 }), clinic);
    if (next && !week.some((date) => isOpenOn(date, clinic)))
      return { ok: false, problem: 'closed', next: isoDate(next), wish };
  }
  const weekdays: Weekday[] | undefined =
    days.kind === 'weekend' ? [6, 7] : days.kind === 'every' ? days.weekdays : undefined;
  if (weekdays) {
    const next = nextOpenDay(context.now, clinic);
    if (next && !weekdays.some((weekday) => opensOn(weekday, clinic.hours))) {
      return { ok: false, problem: 'closed', next: isoDate(next), wish };
    }
  }
  return { ok: true, wish: { ...wish, days } };
}

// Dates of the calendar: "march 3", "the 3rd", "3/14", "2026-03-14".

const YEAR = "(?:,? ?(?:of )?((?:19|20)\\d\\d|['’]\\d\\d)(?!:|\\d))?";
const MONTH_DAY = new RegExp(
  `\\b${MONTH}\\.? (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:/]| ?(?:am|pm)\\b)${YEAR}`,
);
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)? ?(?:of |de )?${MONTH}\\b\\.?${YEAR}`);
const ISO = /\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b/;
const SLASHED =
  /(?<![\d/.-])(\d{1,2})(?:\/(\d{1,2})(?:\/((?:19|20)?\d\d))?|[.-](\d{1,2})[.-]((?:19|20)?\d\d))(?![\d/]|[.-]\d)/;
const ORDINAL =
  /\b(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)\b(?! (?:session|visit|time|appointment|person|street|ave|week|weekend|half|part|(?:mon|tues|wednes|thurs|fri|satur|sun)day))/;

function calendarDate(words: string, now: DateTime): DayReading | undefined {
  const reading =
    matched(HOLIDAY, words, now, (m) => holiday(m, words, now)) ??
    matched(ISO, words, now, (m) => dateOf(now, m[1], m[2], m[3])) ??
    matched(MONTH_DAY, words, now, (m) => dateOf(now, m[3], monthNumber(m[1]), m[2])) ??
    matched(DAY_MONTH, words, now, (m) => dateOf(now, m[3], monthNumber(m[2]), m[1])) ??
    (/\b24\/7\b/.test(words) ? undefined : matched(SLASHED, words, now, (m) => slashed(m, words, now))) ??
    matched(ORDINAL, words, now, (m) => dayOfMonth(Number(m[1]), words, now));
  if (reading?.found && 'date' in reading.found)
    return { ...reading, found: agreeWithWeekday(reading.found.date, words, now) };
  return reading;
}

/** "the day after thanksgiving", "labor day weekend", "the week of christmas" */
function holiday(match: RegExpExecArray, words: string, now: DateTime): DayFound | undefined {
  const { name, unit, side, weekend: isWeekend } = holidayNamed(match);
  const date = dateOfHoliday(name, now);
  if (!date) return undefined;
  const days = side === 'after' ? 1 : side === 'before' ? -1 : 0;
  if (isWeekend || unit === 'weekend')
    return weekendFrom(days === 0 ? nearestSaturday(date) : weekdayBeside(date, 6, days));
  const isItsWeek = /^ week\b/.test(words.slice(match.index + match[0].length));
  if (unit === 'week' || isItsWeek) return weekOf(date.plus({ weeks: days }), words, now);
  if (unit === 'day') return { date: date.plus({ days }) };
  if (unit === undefined) return { date };
  return { date: weekdayBeside(date, WEEKDAYS.indexOf(unit) + 1, days || 1) };
}

/** Of that name, the last day before the date or the first one after it. */
function weekdayBeside(date: DateTime, weekday: number, direction: 1 | -1): DateTime {
  const between = (direction * (weekday - date.weekday) + 13) % 7;
  return date.plus({ days: direction * (between + 1) });
}

function nearestSaturday(date: DateTime): DateTime {
  return date.plus({ days: ((16 - date.weekday) % 7) - 3 });
}

function isBesideHoliday(words: string): boolean {
  const match = HOLIDAY.exec(words);
  const named = match && holidayNamed(match);
  return named?.unit === undefined && (named?.side === 'before' || named?.side === 'after');
}

function matched(
  pattern: RegExp,
  words: string,
  now: DateTime,
  read: (match: RegExpExecArray) => DayFound | undefined,
): DayReading | undefined {
  const match = pattern.exec(words);
  const found = match && read(match);
  if (!match || !found) return undefined;
  const [before, behind] = [words.slice(0, match.index), words.slice(match.index + match[0].length)];
  const rest = `${before} ${behind}`;
  if (
    pattern !== HOLIDAY &&
    'date' in found &&
    (BOUND.test(before) || MORE_DAYS.test(behind) || pattern.test(behind))
  )
    return { found: { vague: true }, rest };
  const isWeek = /\bweek (?:of|beginning)\b/.test(words) && 'date' in found;
  return { found: isWeek ? weekOf(found.date, words, now) : found, rest };
}

/** "after the 15th", "from march 10 on", the start of "10-15 march" */
const BOUND =
  /\b(?:after|before|by|from|until|till|past|starting|between)(?: on)?(?: the)?(?: (?:mon|tues|wednes|thurs|fri|satur|sun)day)?,?(?: the)? $|\b\d{1,2}(?:st|nd|rd|th)? ?(?:-|–|to|or|and|through|thru) ?(?:the )?$/;
/** "march 10 or 11", "the 10th to the 14th"; not "march 10 - 2pm" */
const MORE_DAYS =
  /^ ?(?:-|–|to|or|and|through|thru|\/) ?(?:the )?\d{1,2}(?:st|nd|rd|th)?(?! ?(?:[ap]m|o'?clock|h\b)|[:.]?\d)/;

/** Without a year: the next time that date comes, today included. */
function dateOf(
  now: DateTime,
  year: string | undefined,
  month: string | number | undefined,
  day: string | undefined,
): DayFound {
  const at = (inYear: number): DateTime =>
    now
      .set({ year: inYear, month: 1, day: 1 })
      .startOf('day')
      .set({ month: Number(month), day: Number(day) });
  const exists = (inYear: number): boolean => {
    const daysInMonth = DateTime.utc(inYear, Number(month)).daysInMonth ?? 0;
    return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= daysInMonth;
  };
  if (year !== undefined) {
    const full =
      (Number(year.replace(/\D/g, '')) % 100) +
      (/^\d{4}$/.test(year) ? Math.floor(Number(year) / 100) * 100 : 2000);
    return exists(full) ? { date: at(full) } : { problem: 'no-such-day' };
  }
  const thisYear = exists(now.year) && at(now.year) >= now.startOf('day');
  const which = thisYear ? now.year : now.year + 1;
  return exists(which) ? { date: at(which) } : { problem: 'no-such-day' };
}

function slashed(match: RegExpExecArray, words: string, now: DateTime): DayFound {
  const [first, second, year] = [match[1], match[2] ?? match[4], match[3] ?? match[5]];
  const monthFirst = dateOf(now, year, first, second);
  const dayFirst = dateOf(now, year, second, first);
  if (!('date' in monthFirst)) return dayFirst;
  if (!('date' in dayFirst) || first === second) return monthFirst;
  const weekdays = weekdayNumbers(words);
  const both = [monthFirst.date, dayFirst.date];
  const agreeing = both.filter((date) => weekdays.includes(weekdayOf(date)));
  return agreeing.length === 1 && agreeing[0] ? { date: agreeing[0] } : { which: both };
}

/** "the 3rd": the next one, in the month that is named beside it ("the 31st of next month") or the next that has it. */
function dayOfMonth(day: number, words: string, now: DateTime): DayFound {
  if (day < 1 || day > 31) return { problem: 'no-such-day' };
  const today = now.startOf('day');
  const nextMonth = /\bnext month\b/.test(words);
  if (nextMonth || /\bthis month\b/.test(words)) {
    const month = today.startOf('month').plus({ months: nextMonth ? 1 : 0 });
    return day <= (month.daysInMonth ?? 0) ? { date: month.set({ day }) } : { problem: 'no-such-day' };
  }
  const months = [0, 1, 2].map((ahead) => today.startOf('month').plus({ months: ahead }));
  const fitting = months.find((month) => day <= (month.daysInMonth ?? 0) && month.set({ day }) >= today);
  return fitting ? { date: fitting.set({ day }) } : { problem: 'no-such-day' };
}

/** "Friday March 3" when the 3rd is a Tuesday: one of the two is a slip, and only the visitor knows which. */
function agreeWithWeekday(date: DateTime, words: string, now: DateTime): DayFound {
  const [weekday, ...others] = weekdayNumbers(words);
  if (weekday === undefined || others.length > 0 || date.weekday === weekday) return { date };
  const near = [-3, -2, -1, 1, 2, 3]
    .map((days) => date.plus({ days }))
    .find((each) => each.weekday === weekday);
  return { which: [date, ...(near && near >= now.startOf('day') ? [near] : [])] };
}

// Days by name: "today", "friday", "monday or tuesday", "next week".

function namedDay(words: string, now: DateTime): DayFound | undefined {
  const today = now.startOf('day');
  if (
    /\b(?:yesterday|last (?:night|week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?! (?:of|in)\b))\b/.test(
      words,
    )
  ) {
    return { problem: 'past' };
  }
  if (/\btomorrow or (?:the )?(?:day|one) after\b/.test(words))
    return several([today.plus({ days: 1 }), today.plus({ days: 2 })]);
  if (/\bday after tomorrow\b/.test(words)) return { date: today.plus({ days: 2 }) };
  const weekFrom = /\b(?:a|one|1) week from (today|tomorrow)\b/.exec(words);
  if (weekFrom) return { date: today.plus({ days: weekFrom[1] === 'today' ? 7 : 8 }) };
  if (/\btomorrow\b/.test(words) && /\btoday\b/.test(words)) return several([today, today.plus({ days: 1 })]);
  if (/\btomorrow\b/.test(words)) return { date: today.plus({ days: 1 }) };
  if (/\b(?:today|tonight|this (?:morning|afternoon|evening)|later on)\b/.test(words)) return { date: today };
  return undefined;
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const WEEKDAY =
  /\b(?:(any|every|each|a|next|this|coming|upcoming|following) )?(?:(?:any|the) )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)(s)?\b( (?:week|after next)\b)?/g;

function weekdaysNamed(words: string, now: DateTime): DayFound | undefined {
  const named = [...words.matchAll(WEEKDAY)];
  if (named.length === 0) return undefined;
  const month = monthNamed(words, now);
  if (month) return weekdayOfMonth(words, month);
  if (/\bmonday ?(?:-|–|to|through|thru) ?friday\b/.test(words)) return { days: { kind: 'weekdays' } };
  if (OTHER_WEEKDAYS.test(words)) return { vague: true };
  const numbers = weekdayNumbers(words);
  const next = / next or (?=\w)/.test(words) || /\bnext week\b/.test(words);
  const inTwo = /\bweek after next\b/.test(words);
  const isEvery = named.some(
    (match) => match[3] !== undefined || /^(?:any|every|each|a)$/.test(match[1] ?? ''),
  );
  // "next week, tuesdays are good" is that week's.
  if (isEvery && !next && !inTwo) return { days: { kind: 'every', weekdays: numbers } };
  let word = '';
  const dates = named.map((match) => {
    // In "next monday or tuesday" the next is meant for both.
    word = match[1] ?? word;
    const weekday = WEEKDAYS.indexOf(match[2] ?? '') + 1;
    const week = inTwo ? 2 : next || word === 'next' ? 1 : 0;
    if (week > 0) return now.startOf('week').plus({ weeks: week, days: weekday - 1 });
    const later = match[4] !== undefined || /\bweek from /.test(words) ? 7 : 0;
    if (word === 'this' && weekday === now.weekday) return now.startOf('day');
    return comingWeekday(now, weekday).plus({ days: later });
  });
  return several(dates);
}

/** "after tuesday", "monday to wednesday": days that are not named */
const OTHER_WEEKDAYS = new RegExp(
  `(?<!\\bweek )\\b(?:after|before|by|from|until|till|past|between|starting)(?: on)?(?: next| this)? (?:${WEEKDAYS.join('|')})\\b|(?:${WEEKDAYS.join('|')}) ?(?:-|–|to|through|thru) ?(?:${WEEKDAYS.join('|')})\\b`,
);

/** "the second monday in april"; which of them "a monday in april" is, only a person can settle. */
function weekdayOfMonth(words: string, month: DateTime): DayFound {
  const [, place, name] = NTH_WEEKDAY.exec(words) ?? [];
  if (place === undefined || name === undefined) return { vague: true };
  const weekday = WEEKDAYS.indexOf(name) + 1;
  const first = month.plus({ days: (weekday - month.weekday + 7) % 7 });
  const all = [0, 1, 2, 3, 4]
    .map((weeks) => first.plus({ weeks }))
    .filter((day) => day.hasSame(month, 'month'));
  const date = place === 'last' ? all.at(-1) : all[PLACES.findIndex((names) => names.includes(place))];
  return date ? { date } : { problem: 'no-such-day' };
}

const PLACES = [
  ['first', '1st'],
  ['second', '2nd'],
  ['third', '3rd'],
  ['fourth', '4th'],
];
const NTH_WEEKDAY = new RegExp(`\\b(${PLACES.flat().join('|')}|last) (${WEEKDAYS.join('|')})\\b`);

/** The next day of that name after today: who means today says so. */
function comingWeekday(now: DateTime, weekday: number): DateTime {
  return now.startOf('day').plus({ days: (weekday - now.weekday + 7) % 7 || 7 });
}

function weekdayNumbers(words: string): Weekday[] {
  const all = [...words.matchAll(WEEKDAY)].map((match) => (WEEKDAYS.indexOf(match[2] ?? '') + 1) as Weekday);
  return [...new Set(all)];
}

function several(dates: DateTime[]): DayFound {
  const distinct = [...new Set(dates.map(isoDate))].sort();
  if (distinct.length === 1 && dates[0]) return { date: dates[0] };
  return { days: { kind: 'dates', dates: distinct } };
}

const ANY =
  /\b(?:any ?time|whenever|any day|anyday|flexible|don'?t mind|no preference|doesn'?t matter|does not matter|up to you|24\/7|whatever(?: works)?|you (?:choose|decide|pick)|all week|every day|either(?: is fine)?)\b/;

function stretch(words: string, now: DateTime): DayFound | undefined {
  const weeks = readStretch(words, now);
  if (/\b(?:weekends?|weekdays?)\b/.test(words) && monthNamed(words, now)) return { vague: true };
  if (weeks) return weeks;
  if (SOON.test(words)) return { days: { kind: 'soon' } };
  if (/\bweekend after next\b/.test(words)) return weekend(now, 2);
  if (/\b(?:this|the|coming) weekend\b/.test(words)) return weekend(now, now.weekday === 7 ? -1 : 0);
  if (/\bnext weekend\b/.test(words)) return weekend(now, 1);
  if (/\bweekends?\b/.test(words) && !/\bnot\b/.test(words)) return { days: { kind: 'weekend' } };
  if (/\b(?:weekdays?|working days?|business days?|during the week|work ?days?)\b/.test(words))
    return { days: { kind: 'weekdays' } };
  return ANY.test(words) ? { days: { kind: 'any' } } : undefined;
}

/** What chrono reads better than a rule here would: "in five days", "3 weeks from now", "in an hour". */
function relativeDay(words: string, now: DateTime): DayFound | undefined {
  if (!/\b(?:in|from now|later|within|after)\b/.test(words) || /\b(?:ago|since)\b/.test(words))
    return undefined;
  const [result] = casual.parse(
    words,
    { instant: now.toJSDate(), timezone: now.offset },
    { forwardDate: true },
  );
  if (!result?.start.tags().has('result/relativeDate')) return undefined;
  // "the week after Easter" counts from a day that is not known here.
  if (
    !/\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|couple|few|half|fortnight)\b/.test(
      result.text,
    )
  )
    return undefined;
  const { start } = result;
  if (/\b(?:hours?|hrs?|minutes?|mins?)\b/.test(result.text))
    return { instant: DateTime.fromJSDate(start.date(), { zone: now.zone }) };
  const date = now.startOf('day').set({
    year: start.get('year') ?? now.year,
    month: start.get('month') ?? now.month,
    day: start.get('day') ?? now.day,
  });
  if (/\bmonths?\b/.test(result.text)) return monthOf(date, '', now);
  return /\bweeks?\b|fortnight/.test(result.text) ? weekOf(date, '', now) : { date };
}

function weekend(now: DateTime, weeks: number): DayFound {
  const saturday = now.startOf('week').plus({ weeks: Math.max(weeks, 0), days: 5 });
  return weekendFrom(saturday);
}

function weekendFrom(saturday: DateTime): DayFound {
  return several([saturday, saturday.plus({ days: 1 })]);
}

// The clinic's hours and the clock.

function hoursOn(
  day: DayReading,
  hours: OpeningHours | undefined,
): { opens: string; closes: string }[] | undefined {
  return hours && day.found && 'date' in day.found ? hours[weekdayOf(day.found.date)] : undefined;
}

/** From, to: what a part of the day means, as local times. */
const PARTS: Record<NonNullable<Wish['part']>, [string, string]> = {
  morning: ['06:00', '12:00'],
  midday: ['11:00', '14:00'],
  afternoon: ['12:00', '17:30'],
  evening: ['17:00', '22:00'],
};

function isNotPast(date: DateTime, clock: Clock, now: DateTime): boolean {
  if (date.startOf('day') > now) return true;
  if (!date.hasSame(now, 'day')) return false;
  if (clock.time === undefined) return !clock.part || at(date, PARTS[clock.part][1]) > now;
  // "after 9" is still possible at 10; "at 9" and "before 9" are not.
  return clock.bound === 'after' || at(date, clock.until ?? clock.time) > now;
}

function outsideHours(date: DateTime, clock: Clock, hours: OpeningHours | undefined): Span[] | undefined {
  const spans = hours?.[weekdayOf(date)] ?? [];
  return spans.length === 0 || spans.some((span) => overlaps(clock, span)) ? undefined : spans;
}

function overlaps(clock: Clock, span: Span): boolean {
  const { time, bound, until, part } = clock;
  if (time === undefined) return !part || (PARTS[part][0] < span.closes && PARTS[part][1] > span.opens);
  if (bound === 'after') return time < span.closes;
  if (bound === 'before') return time > span.opens;
  return until === undefined
    ? time >= span.opens && time < span.closes
    : time < span.closes && until > span.opens;
}

/** Undefined where no day within three months is one. */
function nextOpenDay(from: DateTime, clinic: WhenContext['clinic']): DateTime | undefined {
  for (let days = 1; days <= 92; days++) {
    const date = from.startOf('day').plus({ days });
    if (isOpenOn(date, clinic)) return date;
  }
  return undefined;
}

function isNegated(words: string): boolean {
  return /\b(?:not|except|but not|can'?t|cannot|won'?t|never|other than|any day but|unless|i work|i'm working|busy|out of town)\b/.test(
    words,
  );
}

function at(date: DateTime, time: string): DateTime {
  return date.set({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) });
}

function isoDate(date: DateTime): string {
  return date.toFormat('yyyy-MM-dd');
}

function weekdayOf(date: DateTime): Weekday {
  return date.weekday as Weekday;
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
