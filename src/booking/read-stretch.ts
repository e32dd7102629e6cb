import type { DateTime } from 'luxon';
import type { Days, Portion } from './booking-request';

/**
 * A week or a month that was said, with where in it ("early next week", "the end of March"). `vague` is a time that no
 * stretch of the calendar stands for ("by the end of the month", "in spring"): it is told as it was typed.
 */
export type StretchFound = { days: Days } | { vague: true } | { problem: 'past' };

export const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';

/** "next week", "late in the month", "early december" in plain words (see plainWhen); undefined where none is said. */
export function readStretch(words: string, now: DateTime): StretchFound | undefined {
  if (SOME_TIME.test(words) || NTH_WEEK.test(words) || WITHIN.test(words)) return { vague: true };
  const week = weekNamed(words, now);
  if (week) return weekOf(week, words, now);
  const month = monthNamed(words, now);
  return month && monthOf(month, words, now);
}

/** A time that no calendar has. */
const SOME_TIME =
  /\b(?:(?:in|this|next|early|late|mid|during|after|before|by|until|sometime|over)(?: in)?(?: the)? (?:spring|summer|fall|autumn|winter)|(?:spring|summer|winter|easter|school|fall) (?:break|holidays?|vacation)|(?:next|new) year|later (?:this|in the) year)\b|^(?:spring|summer|autumn|winter)$/;
/** "within the next two weeks": any day until then. */
const WITHIN = /\bwithin\b|\b(?:over|in|during) the next (?:few|couple|two|three|four|2|3|4)\b/;
/** "the second week of december": which days that are, people see differently. */
const NTH_WEEK = /\b(?:second|third|fourth|2nd|3rd|4th) (?:week|weekend|half) (?:of|in)\b/;

function weekNamed(words: string, now: DateTime): DateTime | undefined {
  if (/\bweek after next\b/.test(words)) return now.plus({ weeks: 2 });
  if (/\bnext week\b/.test(words)) return now.plus({ weeks: 1 });
  return THIS_WEEK.test(words) ? now : undefined;
}

const SOMEWHERE_IN =
  '\\b(?:early|late|later|end|start|beginning|middle|mid|part|half)(?:,? (?:in|of))?(?: the)?';
const THIS_WEEK = new RegExp(`\\bthis week\\b|${SOMEWHERE_IN} week\\b`);
const THIS_MONTH = new RegExp(`\\bthis month\\b|${SOMEWHERE_IN} month\\b|\\bweek of the month\\b`);
/** `may` and `march` are verbs too: a month alone must be introduced. */
const MONTH_ALONE = new RegExp(
  `\\b(?:in|of|early|mid|late|during|next|this|around|sometime|before|after|by|until) ?-?(?:in )?${MONTH}\\b|^${MONTH}$`,
);

/** The first day of the month that is named; of a name, the next one that comes. */
export function monthNamed(words: string, now: DateTime): DateTime | undefined {
  if (THIS_MONTH.test(words)) return now.startOf('month');
  if (/\bnext month\b/.test(words)) return now.startOf('month').plus({ months: 1 });
  const named = MONTH_ALONE.exec(words);
  if (!named) return undefined;
  const month = monthNumber(named[1] ?? named[2]);
  return now
    .startOf('month')
    .set({ month })
    .plus({ years: month < now.month ? 1 : 0 });
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export function monthNumber(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3)) + 1;
}

/** The week of `day`. Without `words` all of it is meant. */
export function weekOf(day: DateTime, words: string, now: DateTime): StretchFound {
  return within('week', day.startOf('week'), words, now);
}

export function monthOf(day: DateTime, words: string, now: DateTime): StretchFound {
  return within('month', day.startOf('month'), words, now);
}

/** The day with which a portion is over, from 1; the late one ends with the whole. */
const OVER_WITH = { week: { early: 3, middle: 5 }, month: { early: 10, middle: 20 } };

function within(kind: 'week' | 'month', first: DateTime, words: string, now: DateTime): StretchFound {
  const portion = portionOf(words);
  if (portion === 'vague') return { vague: true };
  const last =
    portion === 'early' || portion === 'middle'
      ? first.plus({ days: OVER_WITH[kind][portion] - 1 })
      : first.endOf(kind);
  if (last >= now.startOf('day')) return { days: stretch(kind, first, portion) };
  // "the beginning of the week" on a Friday is the next one's.
  const isNext = words.includes(`the ${kind}`);
  return isNext ? { days: stretch(kind, first.plus({ [kind]: 1 }), portion) } : { problem: 'past' };
}

function stretch(kind: 'week' | 'month', first: DateTime, portion: Portion | undefined): Days {
  const where = portion && { portion };
  return kind === 'week'
    ? { kind, monday: first.toFormat('yyyy-MM-dd'), ...where }
    : { kind, month: first.toFormat('yyyy-MM'), ...where };
}

/** "asap next week" is early in it. */
export const SOON =
  /\b(?:asap|as soon as|soonest|soon|earliest|first (?:available|free|opening|one)|right away|immediately|urgent(?:ly)?|next (?:available|opening|free))\b/;
const PARTS_OF = '(?:part|half|week|(?:few |couple of )?days)(?: of| in|,)?';
const PORTIONS: readonly (readonly [Portion, RegExp])[] = [
  ['early', new RegExp(`\\bearly\\b|\\b(?:beginning|start)\\b|\\bfirst ${PARTS_OF}|${SOON.source}`)],
  ['middle', /\b(?:mid|middle)\b/],
  ['late', new RegExp(`\\b(?:late|later|end)\\b|\\b(?:last|latter|second) ${PARTS_OF}`)],
];
/** Said of the time of day, and not of the week. */
const OF_THE_DAY =
  /\b(?:early|late|later|mid)[ -](?:in the |on )?(?:mornings?|afternoons?|evenings?|day)\b|\bend of (?:the )?(?:work ?)?day\b/g;
/** "by the end of next week" is any time before. */
const BOUNDED = new RegExp(
  `(?<!\\bweek )\\b(?:by|before|until|till|after|past)(?: the)? (?:early|mid|late|end|start|beginning|middle|next|this|week|month|${MONTH})\\b`,
);

/** Where in the week or the month; undefined for anywhere. */
function portionOf(words: string): Portion | 'vague' | undefined {
  if (BOUNDED.test(words)) return 'vague';
  const said = words.replace(OF_THE_DAY, ' ');
  const [portion, ...others] = PORTIONS.flatMap(([each, pattern]) => (pattern.test(said) ? [each] : []));
  return others.length > 0 ? 'vague' : portion;
}

export interface YearNamed {
  year: number;
  /** The number of the month directly before it. */
  month?: number;
  /** The words without the year, so that the clock does not take it for a time. */
  rest: string;
}

/** "sunday 3am 1999", "march 2027"; not "friday 1930", which is half past seven, nor what is told of the past. */
export function yearNamed(words: string): YearNamed | undefined {
  const match = TOLD.test(words) ? null : YEAR.exec(words);
  const year = match?.[2] ?? match?.[3];
  if (!match || year === undefined) return undefined;
  const rest = [words.slice(0, match.index), match[1], words.slice(match.index + match[0].length)];
  return {
    year: Number(year),
    ...(match[1] !== undefined && { month: monthNumber(match[1]) }),
    rest: rest.join(' ').replace(/ +/g, ' ').trim(),
  };
}

const TOLD = /\b(?:ago|since|last|used to|was|were|had|been|born|started|got|did|lost|began)\b/;
/** "2000 grafts", "20:15" and "1930 hrs" are none. */
const NOT_A_YEAR = '(?![\\d:/]|-\\d| ?(?:hrs?|hours?|am|pm|grafts?|hairs?|dollars)\\b)';
const YEAR = new RegExp(
  `(?:\\b${MONTH}\\b\\.?,?(?: of)? |\\b(?:in|of) (?:the year )?)((?:19|20)\\d\\d)${NOT_A_YEAR}|` +
    `(?<![\\d$:./-])(?<!\\b(?:at|around|about|after|before|by|until|till|since|from) )\\b((?:19|20)(?!00|15|30|45)\\d\\d)${NOT_A_YEAR}`,
);
