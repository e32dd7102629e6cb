import type { PlacedEntry } from './check-entries';
import { usedVariables } from './fill-variables';
import type { Problem } from './knowledge-problem';
import { editDistance } from '../answers/edit-distance';
import type { YamlPath } from './yaml-file';

/** With fewer, questions put in other words are missed: first-guess accuracy rises up to 20 and more phrasings. */
export const FEWEST_PHRASINGS = 12;
/** Quick replies of Messenger and of the widget. */
const LONGEST_LABEL = 20;
/** Text above buttons in Messenger. */
const LONGEST_WITH_BUTTONS = 640;
/** One Messenger message. */
const LONGEST_MESSAGE = 2000;
/** Two phrasings that differ by this many letters teach the same; spelling is corrected anyway. */
const SAME_BUT_FOR_LETTERS = 2;
/** In shorter ones two letters can be another question: "is it sore", "is it sure". */
const SHORTEST_NEAR_DUPLICATE = 16;

/** Warnings on entries that load and could be better. `helplines`: fixed texts whose numbers an answer may name as well. */
export function checkQuality(
  entries: PlacedEntry[],
  {
    facts,
    helplines,
    single,
  }: { facts: ReadonlyMap<string, string>; helplines: readonly string[]; single: boolean },
): Problem[] {
  const problems: Problem[] = [];
  const fixed = helplines.flatMap(numbersIn);
  const phrasings = new Map<string, { entry: string; place: string }>();
  for (const entry of entries) {
    const warn: Warn = (place, message) =>
      problems.push(entry.yaml.problem('warning', [...entry.path, ...place], message));
    checkPhrasings(entry, phrasings, warn);
    checkTexts(entry, warn);
    if (!single) checkFacts(entry, facts, fixed, warn);
  }
  return problems;
}

type Warn = (place: YamlPath, message: string) => void;

function checkPhrasings(
  { shape, yaml, path }: PlacedEntry,
  elsewhere: Map<string, { entry: string; place: string }>,
  warn: Warn,
): void {
  const { id, phrasings } = shape;
  if (phrasings.length < FEWEST_PHRASINGS) {
    warn(
      ['phrasings'],
      `entry "${id}" has ${phrasings.length} phrasings: write at least ${FEWEST_PHRASINGS}, as visitors really ask.`,
    );
  }
  const own: Phrasing[] = [];
  for (const [index, typed] of phrasings.entries()) {
    const phrasing = phrasingOf(typed);
    const other = elsewhere.get(phrasing.normal);
    const similar = own.find((earlier) => areAlike(earlier, phrasing));
    if (similar !== undefined) {
      warn(
        ['phrasings', index],
        `"${typed}" is nearly "${similar.typed}" of the same entry: delete one, or ask it in other words.`,
      );
    } else if (other !== undefined) {
      warn(
        ['phrasings', index],
        `"${typed}" is also a phrasing of "${other.entry}" (${other.place}): delete it in one of them.`,
      );
    } else {
      const { file, line } = yaml.problem('warning', [...path, 'phrasings', index], '');
      elsewhere.set(phrasing.normal, { entry: id, place: `${file}:${line}` });
    }
    own.push(phrasing);
  }
}

interface Phrasing {
  typed: string;
  /** Lower case, letters and digits of any script, single spaces. */
  normal: string;
  /** The same words in alphabetical order. */
  sorted: string;
}

function phrasingOf(typed: string): Phrasing {
  const normal = typed
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return { typed, normal, sorted: normal.split(' ').toSorted().join(' ') };
}

function areAlike(a: Phrasing, b: Phrasing): boolean {
  if (a.sorted === b.sorted) return true;
  if (Math.min(a.normal.length, b.normal.length) < SHORTEST_NEAR_DUPLICATE) return false;
  return editDistance(a.normal, b.normal, SAME_BUT_FOR_LETTERS) <= SAME_BUT_FOR_LETTERS;
}

function checkTexts({ shape }: PlacedEntry, warn: Warn): void {
  const { label = '', answer = '', related = '', approval } = shape;
  for (const message of buttonWarnings(label)) warn(['label'], message);
  if (approval === 'none' && answer !== '') {
    warn(['answer'], 'is never said, since approval is none: approve it, or delete it.');
  }
  for (const [key, text] of Object.entries({ answer, related })) {
    for (const message of textWarnings(text)) warn([key], message);
  }
}

/** What may be better about a text that visitors read. */
export function textWarnings(text: string): string[] {
  const warnings: string[] = [];
  if (text.length > LONGEST_MESSAGE) {
    warnings.push(
      `has ${text.length} characters: Messenger takes at most ${LONGEST_MESSAGE} in one message. Shorten it.`,
    );
  } else if (text.length > LONGEST_WITH_BUTTONS) {
    warnings.push(
      `has ${text.length} characters: Messenger shows buttons below at most ${LONGEST_WITH_BUTTONS}. Shorten it.`,
    );
  }
  if (/\bhttp:\/\//iu.test(text)) warnings.push('has a link that starts with http://: use https://.');
  return warnings;
}

/** What may be better about the text on a button. */
export function buttonWarnings(text: string): string[] {
  return text.length > LONGEST_LABEL ? [labelTooLong(text)] : [];
}

function labelTooLong(label: string): string {
  return `"${label}" has ${label.length} characters: quick replies are cut after ${LONGEST_LABEL}.`;
}

/** Only what is in the file is looked at: figures that come from clinic.yaml are the clinic's own. */
function checkFacts(
  { shape }: PlacedEntry,
  facts: ReadonlyMap<string, string>,
  fixed: readonly string[],
  warn: Warn,
): void {
  const { answer = '', related = '', needs = [], approval, kind } = shape;
  const cited = (shape.facts ?? []).map((id) => facts.get(id) ?? '');
  const restsOnDetails = needs.length > 0 || usedVariables(answer).length > 0;
  if (kind === 'question' && approval !== 'none' && cited.length === 0 && !restsOnDetails && answer !== '') {
    warn(['answer'], 'cites no fact: name those it rests on under "facts:".');
  }
  // A kind word to somebody in distress may end with a help line.
  const approved = new Set([...cited.flatMap(numbersIn), ...(kind === 'care' ? fixed : [])]);
  for (const [key, text] of Object.entries({ answer, related })) {
    for (const number of new Set(numbersIn(text))) {
      if (!approved.has(number))
        warn([key], `says ${number}, which none of its facts has: cite the fact, or leave the number out.`);
    }
  }
}

/** "one" is left out: it is a pronoun more often than a number. */
const NUMBER_WORDS = [
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
/** As good as a number, and as easily made up: "a couple of years". */
const LOOSE_NUMBERS = new Set(
  'couple dozen dozens several half twice decade decades hundred hundreds thousand thousands million millions'.split(
    ' ',
  ),
);

/** Figures and small number words, as figures without thousands separators, and loose numbers as they are. */
function numbersIn(text: string): string[] {
  const plain = text.replaceAll(/\{\{[^{}]*\}\}|https?:\/\/\S+/gu, ' ').toLowerCase();
  const figures = plain.match(/\d+(?:[.,]\d+)*/gu) ?? [];
  const words = plain.match(/\p{L}+/gu) ?? [];
  return [
    ...figures.map((figure) => figure.replaceAll(',', '')),
    ...words
      .map((word) => NUMBER_WORDS.indexOf(word) + 2)
      .filter((number) => number > 1)
      .map(String),
    ...words.filter((word) => LOOSE_NUMBERS.has(word)),
  ];
}
