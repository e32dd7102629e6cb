import type { Clinic } from '../answers/knowledge';
import type { PhoneNumber } from './booking-request';
import { readEmail } from './read-email';
import type { EmailReading } from './read-email';
import { introducedName, readName } from './read-name';
import { readPhone } from './read-phone';
import { readWhen } from './read-when';
import type { WhenContext, WhenReading } from './read-when';

export interface DetailsContext extends WhenContext {
  clinic: Pick<Clinic, 'timeZone' | 'hours' | 'country'>;
  /** The field that was asked for: its value may stand alone, without "my name is" or "on". */
  asked?: 'name' | 'when' | undefined;
}

/** Everything usable in one message; what is not in it is absent. */
export interface Details {
  name?: string;
  phone?: PhoneNumber;
  email?: Extract<EmailReading, { ok: true }>;
  /** Also where a day was named that cannot be: the visitor hears why. */
  when?: WhenReading;
  /** "my husband Tom": who it is for, when not the one who writes. */
  forWhom?: string;
}

/** Longer messages are read up to here; the channels cut at the same length. */
const LONGEST = 1000;

/** "I'm Ann Lee, 410 555 0134, next friday morning please": all three. Never throws; linear in the text. */
export function readDetails(message: string, context: DetailsContext): Details {
  const details: Details = {};
  let text = message.slice(0, LONGEST);
  const blank = (at: [number, number]): void => {
    text = `${text.slice(0, at[0])} , ${text.slice(at[1])}`;
  };
  const email = readEmail(text);
  if (email.ok) {
    details.email = email;
    blank(email.at);
  }
  const phone = readPhone(text, context.clinic.country);
  if (phone.ok) {
    details.phone = phone.phone;
    blank(phone.at);
  }
  const other = otherPerson(text);
  if (other) details.forWhom = other;
  const introduced = introducedName(text);
  if (introduced) {
    details.name = introduced.name;
    blank(introduced.at);
  }
  const rest = context.asked === 'name' && !introduced ? nameAmong(text, details, context) : text;
  const when = context.asked === 'when' ? wholeWish(rest, context) : wishWithin(rest, context);
  if (when) details.when = when;
  return details;
}

/** The visitor's own age in years, where they say it: "I'm 16". */
export function statedAge(text: string): number | undefined {
  const age = /\bi(?:['’]| a)?m (\d{1,2})(?= ?(?:years?|yrs?|yo\b|y\/o|$|[,.!]|and\b|but\b))/i.exec(
    text,
  )?.[1];
  return age === undefined ? undefined : Number(age);
}

/** In reply to the name prompt: the part of the message that is neither date nor filler. Returns the other parts. */
function nameAmong(text: string, details: Details, context: DetailsContext): string {
  const parts = text
    .split(/[,;\n]|\s[-–]\s/)
    .map((part) => part.trim())
    .filter((part) => !FILLER.test(part));
  const names = parts.filter((part) => !isDay(part, context) && readName(part).ok);
  // "Lee, Ann" and "Sammy Davis, Jr." are one name; beside a number or a date the first part is.
  const alone = names.length === parts.length && !details.phone && !details.email;
  const reading = readName(alone ? text : withSuffix(names));
  if (!reading.ok) return text;
  details.name = reading.name;
  return parts.filter((part) => !names.includes(part)).join(', ');
}

const FILLER =
  /^(?:(?:and|or|my|the|phone|number|cell|mobile|tel|is|e-?mail|at|on|to|it|it['’]s|its|call|text|me|reach|you|can|here|please|thanks|address|contact|no|yes|sure|ok|with|under|for)[\s:.!]*)*$/i;

function withSuffix(names: string[]): string {
  const [first = '', second = ''] = names;
  return /^(?:jr|sr|i{2,3}|iv|md|phd|esq)\.?$/i.test(second) ? `${first}, ${second}` : first;
}

function isDay(text: string, context: DetailsContext): boolean {
  const reading = readWhen(text, context);
  // April and June are names.
  return (
    !(reading.ok && reading.wish.days?.kind === 'month') && !(!reading.ok && reading.problem === 'unclear')
  );
}

function wholeWish(text: string, context: WhenContext): WhenReading | undefined {
  const tidy = text.replace(/(?:\s*,\s*)+/g, ', ').replace(/^[\s,]+|[\s,]+$/g, '');
  if (!tidy) return undefined;
  const readings = clauses(tidy).map((clause) => readWhen(clause, context));
  return (
    readings.find((reading) => reading.ok) ?? readings.find((each) => !each.ok && each.problem !== 'unclear')
  );
}

/** A day in a message about something else: what tells of the past, or gives an hour without a day, is left alone. */
function wishWithin(text: string, context: WhenContext): WhenReading | undefined {
  const told = clauses(text).filter(
    (clause) => !/\b(?:ago|since|last|used to|was|were|had|been|started|yesterday)\b/i.test(clause),
  );
  return told.map((clause) => readWhen(clause, context)).find((reading) => isDefinite(reading));
}

function isDefinite(reading: WhenReading): boolean {
  if (!reading.ok) return ['which', 'closed', 'outside-hours'].includes(reading.problem);
  const { date, days, time, part } = reading.wish;
  if (date !== undefined) return true;
  // "any time" is said of many things; with a time of day it is a wish.
  if (!days) return false;
  return days.kind !== 'any' || time !== undefined || part !== undefined;
}

/** Pieces that the day reader takes whole; at most ten, so that a long message costs no more than a short one. */
function clauses(text: string): string[] {
  if (text.length <= 100) return [text];
  const sentences = text.split(/[.!?;\n]+(?=\s|$)/);
  const pieces = sentences.flatMap((sentence) =>
    sentence.length <= 100 ? [sentence] : sentence.split(/,| and | but /),
  );
  return pieces
    .map((piece) => piece.trim())
    .filter(Boolean)
    .slice(0, 10);
}

const RELATIONS =
  'husband|wife|partner|boyfriend|girlfriend|brother|sister|son|daughter|dad|father|mom|mum|mother|friend|fianc[eé]e?|uncle|aunt|cousin|nephew|niece|grand(?:father|mother|son|daughter)|boss|roommate';

function otherPerson(text: string): string | undefined {
  const match = new RegExp(`\\bfor (my (?:${RELATIONS}))\\b((?: \\p{Lu}[\\p{L}'’-]{1,30}){0,3})`, 'u').exec(
    text,
  );
  const named =
    /\b(?:his|her|their) name(?:['’]s| is) (\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30}){0,3})/u.exec(
      text,
    )?.[1];
  if (!match) return named;
  return `${match[1]}${match[2] || (named ? ` ${named}` : '')}`;
}
