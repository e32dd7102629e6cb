import type { Entry } from '../answers/knowledge';
import { plainWords } from './plain-words';

/**
 * Which of the offered entries the message picks: by its label, title or question (a tapped button sends the
 * question), or by its place ("2", "the first one"). `none`: none of these. Undefined: it says something else.
 */
export function readChoice(text: string, offered: Entry[]): Entry | 'none' | undefined {
  const said = plainWords(text);
  const named = offered.find((entry) =>
    [entry.question, entry.label, entry.title].some((name) => plainWords(name) === said),
  );
  if (named) return named;
  if (NONE.has(said)) return 'none';
  const place = PLACES.findIndex((words) =>
    words.includes(said.replace(/^the | one$/g, '').replace(/^(number|option) /, '')),
  );
  return place === -1 ? undefined : offered[place];
}

const PLACES = [
  ['1', 'one', 'first', '1st'],
  ['2', 'two', 'second', '2nd'],
  ['3', 'three', 'third', '3rd', 'last'],
];

const NONE = new Set([
  'none of these',
  'none',
  'neither',
  'none of those',
  'none of them',
  'no',
  'nope',
  'something else',
  'not these',
  'other',
]);
