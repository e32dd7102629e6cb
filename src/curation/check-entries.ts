import type { EntryShape } from './entry-schema';
import { halfVariables, unknownVariables, usedVariables } from './fill-variables';
import type { Problem } from './knowledge-problem';
import { didYouMean } from './shape-problems';
import type { YamlFile, YamlPath } from './yaml-file';

/** An entry of the right shape, and where it stands. */
export interface PlacedEntry {
  shape: EntryShape;
  yaml: YamlFile;
  path: YamlPath;
}

/** What entries may refer to; undefined where nobody can say (the file that has them is missing or wrong). */
export interface Known {
  single: boolean;
  ids: ReadonlySet<string>;
  facts: ReadonlyMap<string, string> | undefined;
  variables: ReadonlyMap<string, string> | undefined;
  problems: Problem[];
}

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/u;

/** The errors that the shapes cannot see: ids twice, answers that are missing, and whatever points at nothing. */
export function checkEntries(entries: PlacedEntry[], known: Known): void {
  const firstPlaces = new Map<string, Problem>();
  for (const { shape, yaml, path } of entries) {
    const refuse = (place: YamlPath, message: string): void => {
      known.problems.push(yaml.problem('error', [...path, ...place], message));
    };
    const first = firstPlaces.get(shape.id);
    if (first !== undefined) {
      refuse(
        ['id'],
        `the id "${shape.id}" is already that of ${first.file}:${first.line}. Give this entry another.`,
      );
    } else {
      firstPlaces.set(shape.id, yaml.problem('error', [...path, 'id'], ''));
    }
    if (!known.single && !KEBAB_CASE.test(shape.id)) {
      refuse(
        ['id'],
        `the id "${shape.id}" must be lower-case words joined by hyphens, such as session-length.`,
      );
    }
    checkAnswer(shape, known, refuse);
    checkReferences(shape, known, refuse);
  }
}

type Refuse = (place: YamlPath, message: string) => void;

/** A single file's entries may leave out both the approval and the answer. */
function checkAnswer({ id, approval, answer = '' }: EntryShape, { single }: Known, refuse: Refuse): void {
  if (approval === 'none' || answer !== '' || (single && approval === undefined)) return;
  refuse(['answer'], `entry "${id}" has no answer: write it under "answer:", or put "approval: none".`);
}

function checkReferences(shape: EntryShape, known: Known, refuse: Refuse): void {
  for (const key of ['followUps', 'danger'] as const) {
    for (const [index, id] of (shape[key] ?? []).entries()) {
      if (known.ids.has(id)) continue;
      refuse(
        [key, index],
        `no entry has the id "${id}"${didYouMean(id, known.ids) ?? ': correct it, or delete it.'}`,
      );
    }
  }
  for (const [index, fact] of (shape.facts ?? []).entries()) {
    if (known.facts === undefined || known.facts.has(fact)) continue;
    refuse(['facts', index], `facts.yaml has no fact "${fact}": add it there, or correct the number.`);
  }
  if (known.variables === undefined) return;
  for (const [index, need] of (shape.needs ?? []).entries()) {
    for (const message of unknownVariables([need], known.variables)) refuse(['needs', index], message);
  }
  for (const key of ['answer', 'related'] as const) {
    const text = shape[key] ?? '';
    const messages = [...halfVariables(text), ...unknownVariables(usedVariables(text), known.variables)];
    for (const message of messages) refuse([key], message);
  }
}
