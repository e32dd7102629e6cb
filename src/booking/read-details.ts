import { COMMON_WORDS } from '../answers/common-words';
import type { Clinic } from '../answers/knowledge';
import type { PhoneNumber } from './booking-request';
import { NUMBER_WORDS } from './number-words';
import { readEmail } from './read-email';
import type { EmailReading } from './read-email';
import { SPELLED, introducedName, readName } from './read-name';
import { plainWhen } from './plain-when';
import { readPhone } from './read-phone';
import { readWhen } from './read-when';
import type { WhenContext, WhenReading } from './read-when';

export interface DetailsContext extends WhenContext {
  clinic: Pick<Clinic, 'timeZone' | 'hours' | 'closedOn' | 'country'>;
  /** The field that was asked for: its value may stand alone, without "my name is" or "on". */
  asked?: 'name' | 'when' | 'contact' | undefined;
}

/** Everything usable in one message; what is not in it is absent. */
export interface Details {
  name?: string;
  phone?: PhoneNumber;
  email?: Extract<EmailReading, { ok: true }>;
  /** Also where a day was named that cannot be: the visitor hears why. */
  when?: WhenReading;
  /** Beside a number where one was asked for: "after 6 pm", "text only", "or her number 410 ...". */
  remark?: string;
  /** "my husband Tom": who it is for, when not the one who writes. */
  forWhom?: string;
}

/** Longer messages are read up to here; the channels cut at the same length. */
const LONGEST = 1000;

/** "I'm Ann Lee, 410 555 0134, next friday morning please": all three. Never throws; linear in the text. */
export function readDetails(message: string, context: DetailsContext): Details {
  const { rest: text, ...personal } = personalParts(message, context.clinic.country);
  const details: Details = personal;
  const rest = context.asked === 'name' && !details.name ? nameAmong(text, details, context) : text;
  const when =
    context.asked === 'when'
      ? wholeWish(rest, context)
      : (wishWithin(rest, context) ??
        onlyWish(rest, context) ??
        (context.asked === 'name' && !details.name ? partOfDay(rest, context) : undefined));
  if (when) details.when = when;
  if (context.asked === 'contact' && details.phone && !when) {
    const remark = remarkBeside(details.phone.typed, message, details.email?.email);
    if (remark) details.remark = remark;
  }
  return details;
}

/** What is said about the number, behind it or before it. */
function remarkBeside(number: string, message: string, email: string | undefined): string | undefined {
  const text = message.slice(0, LONGEST);
  const at = text.indexOf(number);
  if (at < 0) return undefined;
  return [text.slice(at + number.length), text.slice(0, at)]
    .map((side) =>
      (email === undefined ? side : side.replace(email, '')).replace(
        /^[\s,;:.)–-]+(?:(?:but|and|so)\s)?|[\s,;:(–-]+$/g,
        '',
      ),
    )
    .find((side) => REMARK.test(side) && !FILLER.test(side))
    ?.slice(0, LONGEST_REMARK);
}

const LONGEST_REMARK = 200;
const REMARK =
  /\b(?:after|before|between|only|until|till|mornings?|afternoons?|evenings?|nights?|weekdays?|weekends?|lunch|don['’]?t|not|never|texts?|sms|whats ?app|signal|voicemail|ask for|work|home|her|his|their|leave)\b|\d{3}/i;

/**
 * Who writes and how to reach them, and the message without these. What is left is what the visitor wants, to be
 * matched with the clinic's answers without a name or a number getting in the way.
 */
export function personalParts(
  message: string,
  country: string,
): Pick<Details, 'name' | 'phone' | 'email' | 'forWhom'> & { rest: string } {
  const parts: ReturnType<typeof personalParts> = { rest: message.slice(0, LONGEST).replace(SPELLED, ' ') };
  const blank = (at: [number, number]): void => {
    parts.rest = `${parts.rest.slice(0, at[0])} , ${parts.rest.slice(at[1])}`;
  };
  const email = readEmail(parts.rest);
  if (email.ok) {
    parts.email = email;
    blank(email.at);
  }
  const phone = readPhone(parts.rest, country);
  if (phone.ok) {
    parts.phone = phone.phone;
    blank(phone.at);
  }
  const other = otherPerson(parts.rest);
  if (other) parts.forWhom = other;
  const hasContact = phone.ok || email.ok;
  const introduced =
    introducedName(parts.rest, hasContact) ?? (hasContact ? nameOnItsOwn(parts.rest) : undefined);
  if (introduced) {
    parts.name = introduced.name;
    blank(introduced.at);
  }
  return parts;
}

/** "I'd like to book, Tom Reed, tom@reed.com": between commas, two to four words with capitals. */
function nameOnItsOwn(text: string): ReturnType<typeof introducedName> {
  for (const found of text.matchAll(BETWEEN_COMMAS)) {
    const name = found[1] ?? '';
    const isName = name
      .split(' ')
      .every((word) => !FILLER.test(word) && !COMMON_WORDS.has(word.toLowerCase()));
    if (isName) return { name, at: [found.index, found.index + found[0].length] };
  }
  return undefined;
}

const BETWEEN_COMMAS =
  /(?<=(?:^|[,;\n])\s{0,3})(\p{Lu}[\p{L}\p{M}'’]{1,30}(?: \p{Lu}[\p{L}\p{M}'’-]{0,30}){1,3})(?=\s{0,3}(?:[,;\n]|$))/gu;

/** "Ann Lee, 410 555 0134": nothing but a name, beside a way to reach its bearer or alone. */
export function isOnlyAName(message: string, country: string): { besideContact: boolean } | undefined {
  const { rest, phone, email } = personalParts(message, country);
  const left = rest.replace(/[\s,;:.-]+/g, ' ').trim();
  const words = left.split(' ');
  const isName =
    ONLY_A_NAME.test(left) &&
    !words.some((word) => FILLER.test(word)) &&
    (words.length > 1 || !COMMON_WORDS.has(left.toLowerCase()));
  return isName ? { besideContact: (phone ?? email) !== undefined } : undefined;
}

const ONLY_A_NAME = /^\p{Lu}[\p{L}\p{M}'’]{1,30}(?: \p{Lu}[\p{L}\p{M}'’]{0,30}){0,3}$/u;

/** The visitor's own age in years, where they say it: "I'm 16". */
export function statedAge(text: string): number | undefined {
  const said = AGE.exec(text);
  const age = said?.[1] ?? said?.[2];
  if (age === undefined) return undefined;
  return /\d/.test(age) ? Number(age) : NUMBER_WORDS.indexOf(age.toLowerCase());
}

const AGE = new RegExp(
  `\\bi(?:['’]| a)?m (?:only |just |almost |still |about to turn |turning )?(\\d{1,2}|${NUMBER_WORDS.slice(10).join('|')})(?![\\d:./'’"%]|-\\d| ?(?:%|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|miles?|mi\\b|km|feet|ft|foot|inch|lbs?|kg|percent|am\\b|pm\\b|sessions?|treatments?|in\\b))|^(?:hi|hello|hey)?[\\s,]*(\\d{1,2}) ?(?:yo|y\\/o|yrs? old|years? old)\\b`,
  'i',
);

/** In reply to the name prompt: the part of the message that is neither date nor filler. Returns the other parts. */
function nameAmong(text: string, details: Details, context: DetailsContext): string {
  // A day of birth beside the name is none of the bot's business.
  const said = text.replace(/\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\b/g, ',');
  const all = said
    .split(/[,;\n]|\s[-–]\s/)
    .map((part) => part.trim())
    .filter((part) => !FILLER.test(part));
  const parts = all.filter((part) => !FOR_ANOTHER.test(part));
  const names = parts.filter((part) => !isDay(part, context) && readName(part).ok);
  // "Lee, Ann" and "Sammy Davis, Jr." are one name; beside a number or a date the first part is.
  const alone = names.length === all.length && !details.phone && !details.email;
  const reading = readName(alone ? said : withSuffix(names));
  if (!reading.ok) return text;
  details.name = reading.name;
  return parts.filter((part) => !names.includes(part)).join(', ');
}

/** "Paul Green, it's for my mother": who it is for is read elsewhere. */
const FOR_ANOTHER = /\bfor my \p{L}/iu;

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
  const tidy = besidesContact(text)
    .replace(/(?:\s*,\s*)+/g, ', ')
    .replace(/^[\s,]+|[\s,]+$/g, '');
  if (!tidy) return undefined;
  const readings = clauses(tidy).map((clause) => readWhen(clause, context));
  return (
    readings.find((reading) => reading.ok) ?? readings.find((each) => !each.ok && each.problem !== 'unclear')
  );
}

/** "maybe Wednesday", "saturday 10ish", "how about monday then": a day or a time, and nothing besides. */
export function isOnlyWhen(text: string, context: WhenContext): boolean {
  const plain = plainWhen(text.slice(0, LONGEST_CLAUSE));
  const words = plain.match(/[\p{L}']+/gu) ?? [];
  const isTold = /\d/.test(text) || words.some((word) => OF_DAYS.test(word));
  return (
    isTold &&
    words.length <= MOST_WHEN_WORDS &&
    words.every((word) => OF_DAYS.test(word) || BESIDE_DAYS.test(word)) &&
    !ABOUT_ONESELF.test(plain) &&
    (readWhen(text, context).ok || BARE_TIME.test(text))
  );
}

const MOST_WHEN_WORDS = 12;
const OF_DAYS =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]{0,6})|today|tomorrow|tonight|mornings?|afternoons?|evenings?|noon|midday|weekends?|weekdays?|weeks?|months?|spring|summer|autumn|winter)$/;
/** What people put around a day without saying anything else. */
const BESIDE_DAYS =
  /^(?:on|at|in|the|this|next|coming|following|any|every|or|and|but|around|about|roughly|approx|approximately|circa|ish|after|before|between|from|until|till|to|by|of|early|earlier|late|later|mid|middle|beginning|start|end|first|second|third|last|half|quarter|past|thing|sharp|st|nd|rd|th|am|pm|o'?clock|hrs?|maybe|perhaps|possibly|probably|preferably|if|possible|please|pls|plz|say|make|it|that|one|instead|then|works?|suits?|would|be|is|are|better|good|great|fine|best|easier|ok|okay|for|me|us|how|what|let's|lets|do|can|could|we|rather|actually|sorry|oops|no|nah|hmm|um|uh|oh|hey|wait|so|just|day|time|anytime|sometime|also|too|thanks?|thx|you|i|think|guess|prefer|want|need|i'd|i'll|like|come|though|tho|minutes?|mins?|hours?|whichever|whatever|both|either|lunch|lunchtime|work|school)$/;
/** "I work until 5", "I may be late on friday": said of the visitor's own day, and no wish. */
const ABOUT_ONESELF =
  /\b(?:i|we) (?:(?:may|might|could|will|would|can|do) )?(?:work|be late|come late|need to be|start|end)\b|\bi'll be late\b|\b(?:be|come|just|little|bit) late\b(?! (?:morning|afternoon|evening))|\b(?:call|text|ring|phone) me\b/;
const BARE_TIME =
  /^\s*(?:(?:at|around|about|maybe|make it|say|or|after|before|in the)\s+)*(?:\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|ish)|\d{1,2}:\d\d|make it \d{1,2}|noon|mornings?|afternoons?|evenings?)(?:\s+(?:please|instead|works|is better|is good))*\W*$/i;

/** "the name is Anna not Ann, number ends 0124, and tuesday instead": the "not" is none of the day's. */
function besidesContact(text: string): string {
  if (!TALKS_OF_CONTACT.test(text)) return text;
  const parts = text.split(/[,;]|[.!?]\s|\band\b/i);
  const others = parts.filter((part) => !TALKS_OF_CONTACT.test(part));
  return others.length > 0 && others.length < parts.length ? others.join(', ') : text;
}

const TALKS_OF_CONTACT = /\b(?:name|number|phone|e-?mail|spell(?:ed|t)?|digits?)\b/i;

/** "sometime in the spring", said of nothing else */
function onlyWish(text: string, context: WhenContext): WhenReading | undefined {
  return isOnlyWhen(text, context) && OF_A_DAY.test(plainWhen(text.slice(0, LONGEST_CLAUSE)))
    ? readWhen(text, context)
    : undefined;
}

const OF_A_DAY =
  /\b(?:spring|summer|autumn|winter|(?:after|before|by|until|from|first|last|second|third) .{0,20}(?:day|week|month|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/;

/** "evenings" in reply to the name prompt answers another one; "good evening" answers none. */
function partOfDay(text: string, context: WhenContext): WhenReading | undefined {
  if (text.trim().split(/\s+/).length > 4 || /\bgood\b|^\W*(?:morning|afternoon|evening)\W*$/i.test(text))
    return undefined;
  const reading = readWhen(text, context);
  return reading.ok && reading.wish.part !== undefined ? reading : undefined;
}

/** A day in a message about something else: what tells of the past, or gives an hour without a day, is left alone. */
function wishWithin(text: string, context: WhenContext): WhenReading | undefined {
  const told = clauses(besidesContact(text)).filter(
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
  if (text.length <= LONGEST_CLAUSE) return [text];
  const sentences = text.split(/[.!?;\n]+(?=\s|$)/);
  const pieces = sentences.flatMap((sentence) =>
    sentence.length <= LONGEST_CLAUSE ? [sentence] : sentence.split(/,| and | but | so | because /),
  );
  return pieces
    .flatMap(windows)
    .map((piece) => piece.trim())
    .filter(Boolean)
    .slice(0, 10);
}

/** What the day reader reads at once. */
const LONGEST_CLAUSE = 100;

/** A piece that is still too long, in overlapping windows up to its 250th character, so that "next week in the morning" is whole in one of them. */
function windows(piece: string): string[] {
  if (piece.length <= LONGEST_CLAUSE) return [piece];
  const count = Math.min(Math.ceil((piece.length - LONGEST_CLAUSE) / 50) + 1, 4);
  const starts = Array.from({ length: count }, (_, index) => index * 50);
  // Cut at a space: half a word could be read as something else.
  return starts.map((start) => {
    const from = start === 0 ? 0 : piece.indexOf(' ', start) + 1 || start;
    return piece
      .slice(from, from + LONGEST_CLAUSE)
      .replace(from + LONGEST_CLAUSE < piece.length ? / \S*$/ : /$^/, '');
  });
}

const RELATIONS =
  'husband|wife|partner|boyfriend|girlfriend|brother|sister|son|daughter|dad|father|mom|mum|mother|friend|fianc[eé]e?|uncle|aunt|cousin|nephew|niece|grand(?:father|mother|son|daughter)|boss|roommate';

/** "I'm Jill Ford, he's Peter"; by itself "he's Irish" names nobody. */
const BESIDE_ONESELF =
  /\b(?:[Ii](?:['’]?m| am)|[Mm]y name is) \p{Lu}[^,.;]{1,60}[,.;]? (?:and )?s?he(?:['’]?s| is) (\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30}){0,2})\W*$/u;

const OTHER_PERSON = new RegExp(
  `\\b(?:for|book(?:ing)?|bring(?:ing)?|schedule|sign(?:ing)? up|see|treat) (my (?:${RELATIONS}))\\b((?: \\p{Lu}[\\p{L}'’-]{1,30}){0,3})`,
  'u',
);

function otherPerson(text: string): string | undefined {
  const match = OTHER_PERSON.exec(text);
  const named =
    /\b(?:his|her|their) name(?:['’]s| is) (\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30}){0,3})/u.exec(
      text,
    )?.[1] ?? BESIDE_ONESELF.exec(text)?.[1];
  if (!match) return named;
  return `${match[1]}${match[2] || (named ? ` ${named}` : '')}`;
}
