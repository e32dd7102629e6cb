import { remembering } from './remembering';
import { AMERICAN_SPELLING, APOSTROPHE_ENDINGS, SHORT_FORMS, TAKES_IS } from './spellings';

/** One word of a message. */
export interface Token {
  /** As the visitor typed it, lower case. */
  typed: string;
  /** In the one spelling that phrasings and messages share; digits alone are `NUMBER`. */
  word: string;
}

/** Stands for any number written in digits. */
export const NUMBER = '0';

/** Characters of a message that are read; what follows is ignored. */
export const MOST_CHARACTERS = 1000;
/** Words of one part of a message that are read together. */
export const MOST_TOKENS = 40;
/** Characters of one word that are read. */
const MOST_LETTERS = 32;

/**
 * The message as words, part by part: a part ends at . ! ? ; a new line, a comma with a space, or an "and" before
 * another question.
 * A part of more than MOST_TOKENS words is read in pieces of that length. Parts without a word are left out.
 * Never throws, whatever the string holds.
 */
export function readParts(text: string): Token[][] {
  return readable(text)
    .split(PART_END)
    .map(readTokens)
    .flatMap(inPieces)
    .filter((tokens) => tokens.length > 0);
}

/** A comma needs its space ("1,000"), and "and" a word that begins a question of its own ("... and how much is it"). */
const PART_END =
  /[.!?;\n]+|,\s|\s(?:and|also|plus|but)\s+(?=(?:also |then )?(?:how|hows|what|whats|when|where|who|why|which|is|are|does|do|did|can|could|will|would|should|any)\b)/;

/** The text as words, in one piece. */
export function readWords(text: string): Token[] {
  return readTokens(readable(text));
}

/**
 * "ok cool so what is it", "yes I'd like to book", "how much tho": what only sets the tone of a part is no word of its question. A part of
 * nothing else stays as it is.
 */
export function withoutTone(part: readonly Token[]): readonly Token[] {
  const from = part.findIndex(({ typed }) => !LEADS_IN.has(typed));
  const to = part.findLastIndex(({ typed }) => !TRAILS_OFF.has(typed));
  const said = from < 0 || to < from ? part : part.slice(from, to + 1);
  const question = said.slice(said.findIndex(({ typed }) => !GREETS.has(typed)));
  const asked = asksPolitely(question) ? question.slice(0, endOfQuestion(question)) : said;
  return asked.length === part.length ? part : asked;
}

/** "hello how much is it": a question that somebody was too quick to set apart from the greeting. */
function asksPolitely(said: readonly Token[]): boolean {
  return said.length >= LEAST_QUESTION && ASKS.has(said[0]!.word);
}

/** "how much is it thank you" */
function endOfQuestion(said: readonly Token[]): number {
  const at = said.findIndex(({ word }, place) => place >= LEAST_QUESTION && THANKS.has(word));
  return at < 0 || at < said.length - MOST_THANKS ? said.length : at;
}

const LEAST_QUESTION = 3;
/** "thank you so much" */
const MOST_THANKS = 4;
const THANKS = new Set('thanks thank cheers'.split(' '));
const GREETS = new Set('hello hi hey hiya howdy good morning afternoon evening day'.split(' '));
const ASKS = new Set(
  'how what when where who why which is are does do did can could will would should any'.split(' '),
);
const LEADS_IN = new Set(
  'yes yeah yep yup sure ok okay okey k kk cool alright aight yo bro bruh dude mate ngl tbh'.split(' '),
);
const TRAILS_OFF = new Set('tho though bro bruh dude mate fr tbh ngl btw'.split(' '));

/** Is there a letter in it at all? Postcodes, telephone numbers and emoji mean nothing by themselves. */
export function hasLetters(text: string): boolean {
  return /\p{L}/u.test(text);
}

function readable(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS)
    .replace(WEB_ADDRESS, ' ')
    .normalize('NFKC')
    .slice(0, 2 * MOST_CHARACTERS) // one character can become eighteen
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc\u0060\u00b4]/g, "'")
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');
}

/** A link says nothing of what is asked about it. */
const WEB_ADDRESS = /\b(?:https?:\/\/|www\.)\S+/gi;

function readTokens(text: string): Token[] {
  const typed = text.match(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu) ?? [];
  const words = typed.filter((word) => !INTERJECTION.test(word) && !SWEARING.test(word));
  return (words.length > 0 ? words : typed).flatMap(readToken);
}

/** "hmm how long does it last": breath before the question. "er" is not here, it is a hospital's department. */
const INTERJECTION =
  /^(?:h+m+|mhm+|huh|u+h+|u+m+|erm+|a+h+|o+h+|eh|aw+|l+o+l+|lmao|(?:ha){2,}h?|(?:he){2,})$/;

/** "how much ffs", "what the hell is it": temper is no part of the question either. */
const SWEARING =
  /^(?:f+u+c+k+(?:ing?|in|en)?|effing|freak(?:ing?|in)|frick(?:ing?|in)|flipping|(?:god)?damn(?:ed)?|heck|hell|ffs|jfc)$/;

function readToken(whole: string): Token[] {
  const typed = whole.slice(0, MOST_LETTERS);
  return spellOut(typed)
    .split(' ')
    .map((word) => ({ typed, word: spellOneWay(word) }));
}

function spellOut(typed: string): string {
  const shortForm = SHORT_FORMS.get(typed);
  if (shortForm !== undefined) return shortForm;
  const apostrophe = typed.indexOf("'");
  if (apostrophe < 0) return typed;
  if (typed.endsWith("n't")) return `${typed.slice(0, -3)} not`;
  const stem = typed.slice(0, apostrophe);
  const ending = typed.slice(apostrophe + 1);
  if (ending === 's') return TAKES_IS.has(stem) ? `${stem} is` : stem;
  const meaning = APOSTROPHE_ENDINGS.get(ending);
  return meaning === undefined ? typed.replaceAll("'", '') : `${stem} ${meaning}`;
}

/** The clinic's knowledge has 4,300 different words, and says each eight times. */
const spellOneWay = remembering(20_000, (word) => {
  if (/^\p{N}+$/u.test(word)) return NUMBER;
  const squeezed = word.replace(/(.)\1{2,}/gu, '$1$1');
  return AMERICAN_SPELLING.reduce(
    (spelling, [british, american]) => spelling.replace(british, american),
    squeezed,
  );
});

function inPieces(tokens: Token[]): Token[][] {
  const pieces: Token[][] = [];
  for (let at = 0; at < tokens.length; at += MOST_TOKENS) pieces.push(tokens.slice(at, at + MOST_TOKENS));
  return pieces;
}
