import type { z } from 'zod';
import type { Problem } from './knowledge-problem';
import { nearestName } from './nearest-name';
import type { Plain, YamlFile, YamlPath } from './yaml-file';

/**
 * One value of a file in the shape that it should have; undefined where it does not, with every problem of it
 * added to `problems` at its own place.
 */
export function readShape<Shape extends z.ZodType>(
  shape: Shape,
  yaml: YamlFile,
  path: YamlPath,
  problems: Problem[],
): z.output<Shape> | undefined {
  const result = shape.safeParse(valueAt(yaml.content, path));
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const place = [...path, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        problems.push(
          yaml.problem('error', [...place, key], unknownKey(key, keysOf(shape, issue.path)), 'key'),
        );
      }
    } else if (issue.code === 'invalid_key') {
      const key = String(place.at(-1));
      problems.push(
        yaml.problem(
          'error',
          place,
          `the key "${key}" ${issue.issues[0]?.message ?? 'cannot be one'}.`,
          'key',
        ),
      );
    } else {
      problems.push(
        yaml.problem('error', place, `${named(place)} ${complaint(issue, valueAt(yaml.content, place))}`),
      );
    }
  }
  return undefined;
}

/** The value that stands at `path`; undefined where nothing does. */
export function valueAt(content: Plain, path: YamlPath): Plain | undefined {
  let value: Plain | undefined = content;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Array.isArray(value) ? value[Number(step)] : Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/**
 * Does the file have `section`? Reports everything else that stands at its top level, and a section that is missing
 * and not simply misspelt.
 */
export function reportUnknownKeys(yaml: YamlFile, section: string, problems: Problem[]): boolean {
  const { content } = yaml;
  const keys =
    content !== null && typeof content === 'object' && !Array.isArray(content) ? Object.keys(content) : [];
  const unknown = keys.filter((key) => key !== section);
  for (const key of unknown) problems.push(yaml.problem('error', [key], unknownKey(key, [section]), 'key'));
  const found = keys.includes(section);
  if (!found && unknown.length === 0) {
    problems.push(yaml.problem('error', [], `"${section}:" is missing: the file must begin with this line.`));
  }
  return found;
}

/** `unknown key "phrasing": did you mean "phrasings"?` */
export function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key "${key}"${didYouMean(key, known) ?? `. Known here: ${known.join(', ')}.`}`;
}

/** `: did you mean "phrasings"?` where one of `known` is near; undefined otherwise. */
export function didYouMean(typed: string, known: Iterable<string>): string | undefined {
  const near = nearestName(typed, known);
  return near === undefined ? undefined : `: did you mean "${near}"?`;
}

function named(path: YamlPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last === 'string') return `"${last}"`;
  const list = path.at(-2);
  return typeof list === 'string' ? `item ${last + 1} of "${list}"` : `item ${last + 1}`;
}

function complaint(issue: z.core.$ZodIssue, value: Plain | undefined): string {
  if (value === undefined) return 'is missing: add it.';
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const typed = typeof value === 'string' ? value : undefined;
    return `must be ${allowed.join(', ')}${typed === undefined ? '.' : (didYouMean(typed, allowed) ?? `, not "${typed}".`)}`;
  }
  if (issue.code === 'invalid_type') {
    if (value === null) return 'is empty: write it, or delete the line.';
    if (issue.expected === 'array' && typeof value === 'string') return notAList(value);
    return MEANT[issue.expected] ?? `must be ${issue.expected}.`;
  }
  return `${issue.message}.`;
}

function notAList(value: string): string {
  return /\s/u.test(value)
    ? 'must be a list: every line of it starts with a dash and a space, "- ".'
    : `must be a list: put it in brackets, [${value}].`;
}

const MEANT: Record<string, string> = {
  string: 'must be text. If it contains ": ", put quotes around it.',
  array: 'must be a list: one line for each, starting with "- ".',
  object: 'must have lines of the form "key: text" below it, two spaces further in.',
  record: 'must have lines of the form "key: text" below it, two spaces further in.',
};

/** The keys that the shape knows at `path`, seen through optional, nullable and the like. */
function keysOf(shape: z.ZodType, path: readonly PropertyKey[]): string[] {
  let inner: unknown = shape;
  for (const step of path) {
    const bare = unwrapped(inner);
    inner = bare.shape?.[String(step)] ?? bare.element;
  }
  return Object.keys(unwrapped(inner).shape ?? {});
}

type Inner = { shape?: Record<string, unknown>; element?: unknown };

function unwrapped(shape: unknown): Inner {
  let inner: unknown = shape;
  while (isObject(inner)) {
    const definition = inner['def'];
    if (!isObject(definition)) break;
    const next = definition['innerType'] ?? definition['in'];
    if (next === undefined) break;
    inner = next;
  }
  if (!isObject(inner)) return {};
  const { shape: keys, element } = inner;
  return { ...(isObject(keys) && { shape: keys }), ...(element !== undefined && { element }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
