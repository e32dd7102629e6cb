import type { PlacedEntry } from './check-entries';
import { usedVariables } from './fill-variables';
import type { Problem } from './knowledge-problem';
import { editDistance } from './nearest-name';
import type { YamlPath } from './yaml-file';

/** With fewer, questions put in other words are missed: first-guess accuracy rises up to 20 and more phrasings. */
const FEWEST_PHRASINGS = 12;
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

/** Warnings on entries that load and could be better. */
export function checkQuality(
  entries: PlacedEntry[],
  facts: ReadonlyMap<string, string>,
  single: boolean,
  problems: Problem[],
): void {
  const phrasings = new Map<string, { entry: string; place: string }>();
  for (const entry of entries) {
    const warn: Warn = (place, message) =>
      problems.push(entry.yaml.problem('warning', [...entry.path, ...place], message));
    checkPhrasings(entry, phrasings, warn);
    checkTexts(entry, warn);
    if (!single) checkFacts(entry, facts, warn);
  }
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
  const own: { normal: string; sorted: string; typed: string }[] = [];
  for (const [index, typed] of phrasings.entries()) {
    const normal = normalised(typed);
    const other = elsewhere.get(normal);
    const similar = own.find((earlier) => areAlike(earlier, normal));
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
      elsewhere.set(normal, { entry: id, place: `${file}:${line}` });
    }
    own.push({ normal, sorted: sortedWords(normal), typed });
  }
}

/** Lower case, letters and digits of any script, single spaces. */
function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function sortedWords(text: string): string {
  return text.split(' ').toSorted().join(' ');
}

function areAlike(earlier: { normal: string; sorted: string }, normal: string): boolean {
  if (earlier.normal === normal || earlier.sorted === sortedWords(normal)) return true;
  if (Math.min(earlier.normal.length, normal.length) < SHORTEST_NEAR_DUPLICATE) return false;
  return editDistance(earlier.normal, normal, SAME_BUT_FOR_LETTERS) <= SAME_BUT_FOR_LETTERS;
}

function checkTexts({ shape }: PlacedEntry, warn: Warn): void {
  const { label = '', answer = '', related = '', approval } = shape;
  if (label.length > LONGEST_LABEL) {
    warn(
      ['label'],
      `"${label}" has ${label.length} characters: quick replies are cut after ${LONGEST_LABEL}.`,
    );
  }
  if (approval === 'none' && answer !== '') {
    warn(['answer'], 'is never said, since approval is none: approve it, or delete it.');
  }
  for (const [key, text] of Object.entries({ answer, related })) {
    const tooLong = lengthWarning(text);
    if (tooLong !== undefined) warn([key], tooLong);
    if (/\bhttp:\/\//iu.test(text)) warn([key], 'has a link that starts with http://: use https://.');
  }
}

function lengthWarning(text: string): string | undefined {
  if (text.length > LONGEST_MESSAGE) {
    return `has ${text.length} characters: Messenger takes at most ${LONGEST_MESSAGE} in one message. Shorten it.`;
  }
  if (text.length > LONGEST_WITH_BUTTONS) {
    return `has ${text.length} characters: Messenger shows buttons below at most ${LONGEST_WITH_BUTTONS}. Shorten it.`;
  }
  return undefined;
}

/** Only what is in the file is looked at: figures that come from clinic.yaml are the clinic's own. */
function checkFacts({ shape }: PlacedEntry, facts: ReadonlyMap<string, string>, warn: Warn): void {
  const { answer = '', related = '', needs = [], approval, kind } = shape;
  const cited = (shape.facts ?? []).map((id) => facts.get(id) ?? '');
  const restsOnDetails = needs.length > 0 || usedVariables(answer).length > 0;
  if (kind === 'question' && approval !== 'none' && cited.length === 0 && !restsOnDetails && answer !== '') {
    warn(['answer'], 'cites no fact: name those it rests on under "facts:".');
  }
  const approved = new Set(cited.flatMap(numbersIn));
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

/** Figures and small number words, as figures without thousands separators. */
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
  ];
}
