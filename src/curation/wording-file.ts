import { buttonWarnings, textWarnings } from './check-quality';
import type { Problem } from './knowledge-problem';
import type { RequiredWording } from './required-wording';
import { didYouMean } from './shape-problems';
import type { Plain, YamlFile, YamlPath } from './yaml-file';

/** One sentence of wording.yaml, variables and places still open. */
export interface Sentence {
  /** `booking.askName` */
  key: string;
  text: string;
  yaml: YamlFile;
  path: YamlPath;
}

/** `{name}`, but not the `{{clinic.name}}` of the clinic's details. */
const PLACE = /(?<!\{)\{([^{}]*)\}(?!\})/gu;

/** The sentences of the file; reports those that are missing, unknown, empty, or use a place that will not be filled. */
export function wordingOf(
  yaml: YamlFile | undefined,
  required: RequiredWording,
  problems: Problem[],
): Sentence[] {
  if (yaml === undefined) return [];
  const sentences: Sentence[] = [];
  const seen = new Set<string>();
  for (const { key, path, value } of leavesOf(yaml.content, [])) {
    seen.add(key);
    const places = required[key];
    if (places === undefined) {
      problems.push(yaml.problem('error', path, unknownSentence(key, required), 'key'));
    } else if (typeof value !== 'string' || value.trim() === '') {
      problems.push(
        yaml.problem(
          'error',
          path,
          `"${key}" must be a sentence, and is ${Array.isArray(value) ? 'a list' : 'empty'}.`,
        ),
      );
    } else {
      const text = value.trim();
      sentences.push({ key, text, yaml, path });
      reportPlaces(yaml, path, text, places, problems);
      const warnings = isButton(key) ? buttonWarnings(text) : textWarnings(text);
      for (const message of warnings) problems.push(yaml.problem('warning', path, message));
    }
  }
  for (const [key, places] of Object.entries(required)) {
    if (seen.has(key)) continue;
    const hint = places.length === 0 ? '' : ` It may use ${places.map((place) => `{${place}}`).join(', ')}.`;
    problems.push(
      yaml.problem('error', key.split('.'), `the sentence "${key}" is missing: write it.${hint}`),
    );
  }
  return sentences;
}

function reportPlaces(
  yaml: YamlFile,
  path: YamlPath,
  text: string,
  places: readonly string[],
  problems: Problem[],
): void {
  const known = places.map((place) => `{${place}}`);
  const others = known.length === 0 ? 'there are none in this sentence' : `known here: ${known.join(', ')}`;
  for (const [place] of text.matchAll(PLACE)) {
    if (known.includes(place)) continue;
    const hint = didYouMean(place, known) ?? `: ${others}.`;
    problems.push(yaml.problem('error', path, `unknown place "${place}"${hint}`));
  }
}

/** `booking.button.send`, `booking.changeButton.name` */
function isButton(key: string): boolean {
  return /(^|\.)\w*button\./iu.test(key);
}

function unknownSentence(key: string, required: RequiredWording): string {
  return `nothing says "${key}"${didYouMean(key, Object.keys(required)) ?? ': delete it.'}`;
}

function leavesOf(
  value: Plain,
  path: YamlPath,
): { key: string; path: YamlPath; value: Exclude<Plain, object> | Plain[] }[] {
  if (value === null || typeof value === 'string' || Array.isArray(value)) {
    return path.length === 0 ? [] : [{ key: path.join('.'), path, value }];
  }
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...path, key]));
}
