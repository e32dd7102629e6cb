import type { PhoneNumber } from './booking-request';
import { isWholeNumber, readPhone } from './read-phone';

/**
 * "the number ends 0124", "the area code is 443", "it's 0124, not 0143": some digits of the number that was given,
 * said anew. `unclear` where they make no number with the others; undefined where nothing is said of any digits.
 */
export type PhoneChange = { phone: PhoneNumber } | 'unclear' | undefined;

export function changePhone(text: string, given: PhoneNumber | undefined, country: string): PhoneChange {
  const said = text.slice(0, LONGEST);
  const tail = digitsBehind(ENDS, said);
  const area = digitsBehind(AREA, said);
  const [right, wrong] = swapped(said);
  if ((tail ?? area ?? right) === undefined || readPhone(said, country).ok) return undefined;
  if (!given) return tail === undefined && area === undefined ? undefined : 'unclear';
  const { e164 } = given;
  const number =
    tail !== undefined
      ? `${e164.slice(0, -tail.length)}${tail}`
      : area !== undefined
        ? withAreaCode(e164, area)
        : withOther(e164, right ?? '', wrong ?? '');
  // "it's 5, not 4" may be said of the time as well.
  if (number === undefined) return right === undefined ? 'unclear' : undefined;
  return isWholeNumber(number) ? { phone: { ...given, e164: number, typed: said.trim() } } : 'unclear';
}

const LONGEST = 120;
const DIGITS = '(\\d(?:[ .-]?\\d){0,6})(?![\\d:/%]|[.,]\\d| ?(?:am|pm|days?|weeks?|hours?|months?)\\b)';
const ENDS = new RegExp(
  `\\b(?:(?:number|phone|cell|mobile|it|that|which|should|must|does) (?:actually |really |should )?(?:ends?|finish(?:es)?)|ending|last (?:two |three |four |[2-7] )?(?:digits?|numbers?))(?: (?:is|are|was|should be|must be|actually|with|in|on|the|digits))*[: ]+${DIGITS}`,
  'i',
);
const AREA = new RegExp(
  `\\barea code(?: (?:is|was|should be|must be|actually|really))*[: ]+(\\d{3})(?!\\d)`,
  'i',
);
const NOT = [
  new RegExp(`(?<![\\d:])${DIGITS},? ?(?:and )?not ${DIGITS}`, 'i'),
  new RegExp(`\\b(?:not|instead of) ${DIGITS}[,;]? ?(?:but|it's|its|it is)? ?${DIGITS}`, 'i'),
];

function digitsBehind(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.[1]?.replace(/\D/g, '');
}

/** The digits that are right, and those that are not. */
function swapped(text: string): [string, string] | [] {
  const [behind, before] = NOT.map((pattern) =>
    pattern
      .exec(text)
      ?.slice(1)
      .map((run) => run.replace(/\D/g, '')),
  );
  const [right, wrong] = behind ?? before?.toReversed() ?? [];
  return right !== undefined && wrong !== undefined && right.length === wrong.length && right.length > 1
    ? [right, wrong]
    : [];
}

/** Only numbers of North America have one of a known length. */
function withAreaCode(e164: string, area: string): string | undefined {
  return /^\+1\d{10}$/.test(e164) ? `+1${area}${e164.slice(5)}` : undefined;
}

/** Undefined where the wrong digits are not there, or more than once. */
function withOther(e164: string, right: string, wrong: string): string | undefined {
  if (e164.endsWith(right)) return e164;
  const [before, behind, ...more] = e164.split(wrong);
  return behind === undefined || more.length > 0 ? undefined : `${before}${right}${behind}`;
}
