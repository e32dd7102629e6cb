import type { Wish } from './booking-request';
import { HOUR_WORDS } from './number-words';

/** Local times `HH:mm`; all absent where no time was said. */
export type Clock = Pick<Wish, 'time' | 'bound' | 'until' | 'part' | 'portion'>;

interface ClockContext {
  /** The opening hours of the day in question, where they are known. */
  hours: { opens: string; closes: string }[] | undefined;
  /** A day was read as well: "tuesday 10-12" is then a time. */
  sawDay: boolean;
  /** It is a week or a month: "early next week" is then said of that, and not of the day. */
  sawStretch?: boolean;
}

/**
 * The time in plain words (see plainWhen) without the numbers of a date: "at 5", "after 6pm", "between 2 and 4",
 * "after work", "noon"; `torn` where what is said of it does not go together. An hour without am or pm is the one in the day's opening hours, else one between 8 and 7 pm.
 */
export function readClock(words: string, context: ClockContext): Clock | 'no-such-time' | 'torn' | undefined {
  const text = withDigits(words);
  const part = partOfDay(text);
  const clock = timeIn(text, part, context);
  return typeof clock === 'object' && isTorn(clock, part) ? 'torn' : clock;
}

/** "Before noon, I take my nap at one": two times of which one is no wish. */
function isTorn({ time }: Clock, part: Wish['part']): boolean {
  return part === 'morning' && time !== undefined && (time < '05:00' || time >= '13:00');
}

function timeIn(text: string, part: Wish['part'], context: ClockContext): Clock | 'no-such-time' | undefined {
  return range(text, part, context) ?? point(text, part, context) ?? portioned(text, part, context);
}

/** "late friday afternoon", "early on friday", "mid-morning" */
function portioned(text: string, part: Wish['part'], context: ClockContext): Clock | undefined {
  const ofPart = PORTION_OF_PART.exec(text);
  const ofDay =
    context.sawDay && !context.sawStretch && part === undefined ? PORTION_OF_DAY.exec(text)?.[1] : undefined;
  const said = ofPart?.[1] ?? ofPart?.[2] ?? ofDay;
  const portion = said === undefined ? undefined : said === 'mid' ? 'middle' : (said as 'early' | 'late');
  if (part === undefined && portion === undefined) return undefined;
  return { ...(part && { part }), ...(portion && { portion }) };
}

const DAY_OF_WEEK = '(?:(?:today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?) )?';
const PORTION_OF_PART = new RegExp(
  `\\b(early|mid|late)[ -](?:in the |on )?${DAY_OF_WEEK}(?:in the )?(?:mornings?|afternoons?|evenings?)\\b|\\b(?:mornings?|afternoons?|evenings?),? (?:but |rather |preferably )?(early|late)\\b`,
);
const PORTION_OF_DAY = /(?<!\b(?:too|be|am|running|come|bit|little) )\b(early|late)\b(?! (?:lunch|start))/;

const WORD = HOUR_WORDS.join('|');
const BEFORE = new RegExp(
  `\\b(at|after|before|around|about|by|until|till|and|to|between|from|past) (${WORD})\\b(?! (?:day|week|month|of|hour|minute|year))`,
  'g',
);
const BEHIND = new RegExp(`\\b(${WORD})(?= ?(?:am|pm|o'?clock|thirty|fifteen)\\b)`, 'g');

/** "at five thirty" -> "at 5:30" */
function withDigits(words: string): string {
  const digit = (word: string): string => String(HOUR_WORDS.indexOf(word) + 1);
  return words
    .replace(BEFORE, (_, before: string, hour: string) => `${before} ${digit(hour)}`)
    .replace(BEHIND, (hour) => digit(hour))
    .replace(/(\d) ?thirty\b/g, '$1:30')
    .replace(/(\d) ?fifteen\b/g, '$1:15')
    .replace(MILITARY, '$1:$2');
}

/** "friday 1930", "at 1400 hrs" */
const MILITARY =
  /(?<![\d$:./-])\b([01]\d|2[0-3])(00|15|30|45)(?= ?h(?:rs?|ours?)?\b|[ ,.]*$| (?:on|or|please|today|tomorrow)\b)/g;

/** "sat am", "thursday or friday pm"; not "I am", nor the half of a time. */
const BARE_HALF = /(?:days?|tomorrow|weekends?),? (?:in the )?(am|pm)\b/;

function partOfDay(text: string): Wish['part'] {
  const half = BARE_HALF.exec(text)?.[1];
  if (half !== undefined) return half === 'am' ? 'morning' : 'afternoon';
  if (/\bafter ?noons?\b|\bend of (?:the )?(?:work ?)?day\b|\beod\b|\bafter lunch\b/.test(text))
    return 'afternoon';
  if (
    /\bmornings?\b|\bfirst thing\b|\bearly in the day\b|\bbefore work\b|\bbefore (?:noon|lunch)\b/.test(text)
  )
    return 'morning';
  if (
    /\b(?:evenings?|tonight|nights?|after (?:work|school|hours)|after i (?:finish|get off) work)\b/.test(text)
  )
    return 'evening';
  if (/\b(?:midday|mid-day|lunch(?: ?time| ?break)?)\b/.test(text)) return 'midday';
  return undefined;
}

const TIME = "(\\d{1,2})(?:[:.h](\\d{2}))? ?(am|pm|o'?clock|ish|hrs?\\b|h\\b)?";
const RANGE = new RegExp(`(?<![\\d:.])(between |from )?${TIME} ?(-|–|to|and|until|till) ?${TIME}(?![\\d:.])`);

function range(text: string, part: Wish['part'], context: ClockContext): Clock | 'no-such-time' | undefined {
  const match = RANGE.exec(text);
  if (!match) return undefined;
  const [, lead, hour, minutes, half, joint, untilHour, untilMinutes, untilHalf] = match;
  const certain = lead ?? minutes ?? half ?? untilMinutes ?? untilHalf;
  if (!certain && !(context.sawDay && joint !== 'and')) return undefined;
  const until = timeOf(untilHour, untilMinutes, untilHalf, part, context);
  // In "2-4 pm" the pm is said for both, unless that puts the start behind the end (11-1 pm).
  const same = timeOf(hour, minutes, half ?? untilHalf, part, context);
  const time = same && until && same < until ? same : timeOf(hour, minutes, half, part, context);
  if (!time || !until) return 'no-such-time';
  return time < until ? { time, until } : { time };
}

const POINT = new RegExp(
  `(?:\\b(at|after|past|from|before|by|until|till|around|about|approx|circa)|(@|~))?(?:^| |(?<=[@~,(]))(?<![\\d:.$])${TIME}(?![\\d:.%/]| ?(?:years?|yrs?|months?|days?|weeks?|minutes?|mins?|hours?|sessions?|people|dollars|k\\b|percent|st\\b|nd\\b|rd\\b|th\\b))`,
  'g',
);

function point(text: string, part: Wish['part'], context: ClockContext): Clock | 'no-such-time' | undefined {
  const said = [...text.matchAll(POINT)].find(
    (match) => (match[1] ?? match[2] ?? match[4] ?? match[5]) !== undefined,
  );
  if (!said) return noon(text) ?? bareHour(text, part, context);
  const [, word, sign, hour, minutes, half] = said;
  const time = timeOf(hour, minutes, half, part, context);
  if (!time) return 'no-such-time';
  if (/^(?:after|past|from)$/.test(word ?? '') || /\b(?:or later|onwards?|\+)/.test(text))
    return { time, bound: 'after' };
  if (/^(?:before|by|until|till)$/.test(word ?? '')) return { time, bound: 'before' };
  const about =
    /^(?:around|about|approx|circa)$/.test(word ?? '') ||
    sign === '~' ||
    half === 'ish' ||
    /\b(?:around|about) \d/.test(text);
  return about ? { time, bound: 'around' } : { time };
}

/** "tomorrow 3": a lone number at the end counts as an hour once there is a day. */
function bareHour(text: string, part: Wish['part'], context: ClockContext): Clock | undefined {
  const hour = context.sawDay ? /(?:^| )(\d{1,2})$/.exec(text)?.[1] : undefined;
  const time = hour && Number(hour) > 0 && timeOf(hour, undefined, undefined, part, context);
  return time ? { time } : undefined;
}

function noon(text: string): Clock | undefined {
  const match = /\b(after |before |around |about )?(?:12 )?noon(ish)?\b/.exec(text);
  if (!match || match[1] === 'before ') return undefined;
  if (match[1] === 'after ') return { time: '12:00', bound: 'after' };
  return (match[1] ?? match[2]) ? { time: '12:00', bound: 'around' } : { time: '12:00' };
}

function timeOf(
  typedHour: string | undefined,
  typedMinutes: string | undefined,
  half: string | undefined,
  part: Wish['part'],
  context: ClockContext,
): string | undefined {
  const hour = Number(typedHour);
  const minutes = Number(typedMinutes ?? 0);
  if (minutes > 59 || hour > 24 || (hour === 24 && minutes > 0)) return undefined;
  const marked = half === 'am' || half === 'pm';
  if (marked && (hour < 1 || hour > 12))
    return half === 'pm' && hour < 24 && hour > 12 ? clockText(hour, minutes) : undefined;
  if (half === 'am') return clockText(hour % 12, minutes);
  if (half === 'pm') return clockText((hour % 12) + 12, minutes);
  if (hour === 0 || hour > 12 || typedHour?.startsWith('0')) return clockText(hour % 24, minutes);
  return clockText(likelyHour(hour, part, context.hours), minutes);
}

/** Of the two hours that one number can mean: the one in the part of the day, in the opening hours, or in daytime. */
function likelyHour(hour: number, part: Wish['part'], hours: ClockContext['hours']): number {
  const [early, late] = [hour % 12, (hour % 12) + 12];
  if (part === 'morning') return early;
  if (part === 'afternoon' || part === 'evening') return late;
  const open = [early, late].filter((each) =>
    hours?.some((span) => clockText(each, 0) >= span.opens && clockText(each, 0) < span.closes),
  );
  if (open.length === 1 && open[0] !== undefined) return open[0];
  return early >= 8 ? early : late;
}

function clockText(hour: number, minutes: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
