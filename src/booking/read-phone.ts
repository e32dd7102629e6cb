import {
  isSupportedCountry,
  parsePhoneNumberWithError,
  ParseError,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import type { CountryCode, PhoneNumber as ParsedNumber } from 'libphonenumber-js/max';
import type { PhoneNumber } from './booking-request';
import { NUMBER_WORDS, TENS_WORDS } from './number-words';

/** `at` is where the number stands in the text, so that the rest can be read without it. */
export type PhoneReading =
  | { ok: true; phone: PhoneNumber; at: [start: number, end: number] }
  | { ok: false; problem: PhoneProblem; typed: string };

/** `not-valid`: the right length, but no number begins like that. `no-number`: nothing in it looks like one. */
export type PhoneProblem = 'no-number' | 'too-short' | 'too-long' | 'not-valid';

/**
 * The first phone number of a text, as people write them: brackets, dots, odd spacing, `ext 12`, digits of other
 * scripts, number words. Without + it is read as one of `country` (ISO 3166 alpha-2), and failing that as a
 * country code without its +. Never throws; linear in the text.
 */
export function readPhone(text: string, country: string): PhoneReading {
  const candidates = numbersIn(text);
  for (const candidate of candidates) {
    const found = validWithin(candidate, country);
    if (found) return withExtension(found, text);
  }
  const best = candidates.find((candidate) => candidate.digits.replace(/\D/g, '').length >= 5);
  if (!best) return { ok: false, problem: 'no-number', typed: '' };
  return { ok: false, problem: problemOf(best.digits, country), typed: slice(text, best) };
}

/** As it is said back: in the national form at home, else with its country code; the extension behind it. */
export function speakPhone(phone: PhoneNumber, country: string): string {
  const parsed = parse(phone.e164, undefined);
  if (!parsed) return phone.typed;
  const number = parsed.country === country ? parsed.formatNational() : parsed.formatInternational();
  return phone.extension ? `${number} ext. ${phone.extension}` : number;
}

/** Whether `+14105550134` is a number that can be called. */
export function isWholeNumber(e164: string): boolean {
  return parse(e164, undefined)?.isValid() === true;
}

interface Candidate {
  /** What libphonenumber is given: ASCII digits and punctuation. */
  digits: string;
  at: [number, number];
}

/** Bounded, so that a long run of digits costs no more than its length. */
const RUN = /(?:\+|\()?[ \t]?\(?\d[\d \t\u00a0().\u2010-\u2015/·-]{3,30}\d/g;
/** Dates are no phone numbers; they are blanked before the search. */
const DATES =
  /(?<![\d./-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d|\d{1,2}-\d{1,2}-20\d\d)(?![\d./-]*\d)/g;

function numbersIn(text: string): Candidate[] {
  const plain = asciiDigits(text).replace(DATES, (date) => 'x'.repeat(date.length));
  const runs = [...plain.matchAll(RUN)].map((match) => {
    const lead = match[0].length - match[0].trimStart().length;
    const start = match.index + lead;
    return { digits: match[0].trim(), at: [start, match.index + match[0].length] as [number, number] };
  });
  return [...runs.slice(0, 4), ...spokenNumbers(plain)];
}

/** Every sign keeps its place, so that positions stay those of the text. */
function asciiDigits(text: string): string {
  // Full-width, Arabic and Persian zeros all have a code point that ends in hex 0.
  return text
    .replace(/[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) % 16))
    .replace(/\uff0b/g, '+');
}

const DIGIT_WORDS: ReadonlyMap<string, string> = new Map([
  ...NUMBER_WORDS.map((word, value): [string, string] => [word, String(value)]),
  ...TENS_WORDS.map((word, value): [string, string] => [word, `${value}0`]),
  ['oh', '0'],
  ['o', '0'],
  ['nought', '0'],
  ['hundred', '00'],
  ['thousand', '000'],
  ['plus', '+'],
]);
/** Said between the digits of one number. */
const BETWEEN_DIGITS = new Set(['and', 'then', 'dash', 'hyphen', 'space', 'dot', 'um', 'uh']);

/**
 * "four one zero, double five five ...", "four ten, fifty five ...": runs of at least seven digits said as words
 * (digits may be among them).
 */
function spokenNumbers(text: string): Candidate[] {
  const found: Candidate[] = [];
  let run: Candidate | undefined;
  let times = 1;
  let tens = false;
  for (const match of text.matchAll(/[A-Za-z]+|\d+|[^\sA-Za-z\d,.–-]+/g)) {
    const word = match[0].toLowerCase();
    const repeat = word === 'double' ? 2 : word === 'triple' ? 3 : 0;
    const digits = DIGIT_WORDS.get(word) ?? (/^\d+$/.test(word) ? word : undefined);
    if (digits === undefined && !repeat) {
      if (!BETWEEN_DIGITS.has(word)) run = undefined;
      times = 1;
      tens = false;
      continue;
    }
    if (!run) found.push((run = { digits: '', at: [match.index, match.index] }));
    if (digits !== undefined) {
      // "fifty five" is 55, "fifty oh five" is 5005.
      const completes = tens && /^[1-9]$/.test(digits);
      run.digits = (completes ? run.digits.slice(0, -1) : run.digits) + digits.repeat(times);
      run.at[1] = match.index + match[0].length;
      tens = /^[2-9]0$/.test(digits) && /[a-z]/.test(word);
    }
    times = repeat || 1;
  }
  return found.filter(({ digits }) => digits.length >= 7 && digits.length <= 20).slice(0, 4);
}

/** The longest valid number in a run: "410 555 0134 5" (5 pm) holds one. */
function validWithin(
  candidate: Candidate,
  country: string,
): { candidate: Candidate; parsed: ParsedNumber } | undefined {
  for (const part of partsOf(candidate)) {
    const parsed = validNumber(part.digits, country);
    if (parsed) return { candidate: part, parsed };
  }
  return undefined;
}

/** The run itself, then without groups at its end and start, longest first. */
function partsOf(candidate: Candidate): Candidate[] {
  const groups = [...candidate.digits.matchAll(/[^ \t\u00a0]+/g)];
  if (groups.length < 2 || candidate.digits.length !== candidate.at[1] - candidate.at[0]) return [candidate];
  const parts: Candidate[] = [];
  for (let from = 0; from < groups.length; from++) {
    for (let to = groups.length - 1; to >= from; to--) {
      const start = groups[from]!.index;
      const end = groups[to]!.index + groups[to]![0].length;
      const offset = candidate.at[0];
      parts.push({ digits: candidate.digits.slice(start, end), at: [offset + start, offset + end] });
    }
  }
  const long = parts.filter((part) => part.digits.replace(/\D/g, '').length >= 7);
  return long.sort((a, b) => b.digits.length - a.digits.length).slice(0, 10);
}

function validNumber(digits: string, country: string): ParsedNumber | undefined {
  const dialled = digits.replace(/^00(?=[1-9])/, '+');
  const home = parse(dialled, country);
  if (home?.isValid()) return home;
  // "44 20 7946 0018": a country code whose + was left out. Eleven digits, so that no home number with a slip in it is
  // taken for one from abroad.
  const bare = dialled.replace(/\D/g, '');
  const abroad = bare.length >= 11 && !dialled.includes('+') ? parse(`+${bare}`, undefined) : undefined;
  return abroad?.isValid() ? abroad : undefined;
}

function parse(digits: string, country: string | undefined): ParsedNumber | undefined {
  try {
    return parsePhoneNumberWithError(digits, supported(country));
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function supported(country: string | undefined): CountryCode | undefined {
  return country !== undefined && isSupportedCountry(country) ? country : undefined;
}

function problemOf(digits: string, country: string): PhoneProblem {
  const problem = validatePhoneNumberLength(digits, supported(country));
  if (problem === 'TOO_SHORT') return 'too-short';
  if (problem === 'TOO_LONG') return 'too-long';
  return 'not-valid';
}

const EXTENSION = /^[ \t,;]{0,3}(?:extension|extn|ext|x|#)[ \t.:]{0,3}(\d{1,7})(?!\d)/i;

function withExtension(found: { candidate: Candidate; parsed: ParsedNumber }, text: string): PhoneReading {
  const [start, end] = found.candidate.at;
  const extension = EXTENSION.exec(text.slice(end, end + 40));
  const at: [number, number] = [start, end + (extension?.[0].length ?? 0)];
  const phone: PhoneNumber = { e164: found.parsed.number, typed: text.slice(...at) };
  return { ok: true, phone: extension?.[1] ? { ...phone, extension: extension[1] } : phone, at };
}

function slice(text: string, candidate: Candidate): string {
  return text.slice(...candidate.at);
}
