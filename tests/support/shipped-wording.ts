import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** Where the shipped knowledge is: tests run from the project's folder, bundled or not. */
const FILE = path.resolve('knowledge', 'wording.yaml');

/** The shipped sentences, without the check of the whole knowledge folder. */
export const shippedWording: ReadonlyMap<string, string> = new Map(
  sentences(parse(readFileSync(FILE, 'utf8')), ''),
);

function sentences(value: unknown, key: string): [string, string][] {
  if (typeof value === 'string') return [[key, value.trim()]];
  return Object.entries(value as object).flatMap(([name, each]) =>
    sentences(each, key ? `${key}.${name}` : name),
  );
}
