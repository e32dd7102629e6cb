import type { Problem } from './knowledge-problem';
import type { Plain, YamlFile, YamlPath } from './yaml-file';

/** A web address that stands somewhere in the knowledge. */
export interface Link {
  address: string;
  /** A warning at its place. */
  problem: (message: string) => Problem;
}

const WEB_ADDRESS = /https?:\/\/[^\s"'<>()]+[^\s"'<>().,;:!?]/giu;

/** Every web address of the files, in their order; one that stands twice is there twice. */
export function findLinks(files: readonly YamlFile[]): Link[] {
  return files.flatMap((yaml) =>
    textsOf(yaml.content, []).flatMap(({ text, path }) =>
      [...text.matchAll(WEB_ADDRESS)].map(([address]) => ({
        address,
        problem: (message: string) => yaml.problem('warning', path, message),
      })),
    ),
  );
}

function textsOf(value: Plain, path: YamlPath): { text: string; path: YamlPath }[] {
  if (value === null) return [];
  if (typeof value === 'string') return [{ text: value, path }];
  const children: [string | number, Plain][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return children.flatMap(([step, child]) => textsOf(child, [...path, step]));
}
