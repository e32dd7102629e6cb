import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, type BigIntStats } from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from './knowledge-problem';
import { LARGEST_FILE_BYTES, readYamlFile, type YamlFile } from './yaml-file';

/** The files of the folder that hold something else than entries; `needed` ones must be there. */
export const NAMED_FILES = {
  'clinic.yaml': { needed: true },
  'wording.yaml': { needed: true },
  'safety.yaml': { needed: true },
  'facts.yaml': { needed: false },
  'lexicon.yaml': { needed: false },
  'background.yaml': { needed: false },
  'fillers.yaml': { needed: false },
  'costs.yaml': { needed: false },
} as const;

export type NamedFile = keyof typeof NAMED_FILES;

/** What could be read of a knowledge folder, or of the one file that stands for it. */
export interface KnowledgeFiles {
  /** One file of entries, for measuring: ids are free, answers may be left out. */
  single: boolean;
  /** SHA-256 over names and contents, the first 12 hex digits. */
  version: string;
  named: ReadonlyMap<NamedFile, YamlFile>;
  entryFiles: YamlFile[];
}

/** Question sets made from public ones are a few megabytes long; nobody writes those by hand. */
const LARGEST_SINGLE_FILE_BYTES = 16 * LARGEST_FILE_BYTES;

/** Reads every *.yaml (and *.yml) of a folder, not of folders in it; what cannot be read is added to `problems`. */
export function readKnowledgeFiles(path: string, problems: Problem[]): KnowledgeFiles {
  const single = isFile(path);
  const names = single ? [basename(path)] : yamlNames(path, problems);
  const hash = createHash('sha256');
  const named = new Map<NamedFile, YamlFile>();
  const entryFiles: YamlFile[] = [];
  for (const name of names) {
    const file = single ? path : join(path, name);
    const bytes = readBytes(file, problems);
    if (bytes === undefined) continue;
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
    const read = readYamlFile(file, bytes, single ? LARGEST_SINGLE_FILE_BYTES : LARGEST_FILE_BYTES);
    if (!read.ok) problems.push(...read.problems);
    else if (!single && isNamed(name)) named.set(name, read.yaml);
    else entryFiles.push(read.yaml);
  }
  if (!single && names.length > 0) reportMissing(path, names, problems);
  return { single, version: hash.digest('hex').slice(0, 12), named, entryFiles };
}

/** Text that is another one once a file of the folder was added, removed or written; for noticing changes cheaply. */
export function folderState(path: string): string {
  const names = isFile(path) ? [''] : yamlNames(path, []);
  const states = names.map((name) => {
    const stat = statOf(join(path, name));
    return stat === undefined ? name : `${name} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
  });
  return states.join('\n');
}

function isNamed(name: string): name is NamedFile {
  return Object.hasOwn(NAMED_FILES, name);
}

/** Does `path` name one file of entries rather than a whole folder? */
export function isFile(path: string): boolean {
  return statOf(path)?.isFile() ?? false;
}

/** Undefined where there is nothing, or nothing that may be looked at: opening it says why. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    codeOf(error);
    return undefined;
  }
}

function yamlNames(folder: string, problems: Problem[]): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^[^.~#].*\.ya?ml$/u.test(name));
    if (names.length === 0)
      problems.push(refusal(folder, 'no *.yaml file is in it: give the knowledge folder.'));
    return names.toSorted();
  } catch (error) {
    problems.push(
      refusal(folder, `cannot be opened (${codeOf(error)}): check that it exists and may be read.`),
    );
    return [];
  }
}

function readBytes(file: string, problems: Problem[]): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    problems.push(
      refusal(file, `cannot be opened (${codeOf(error)}): check that it is a file and may be read.`),
    );
    return undefined;
  }
}

function reportMissing(folder: string, names: string[], problems: Problem[]): void {
  for (const [name, { needed }] of Object.entries(NAMED_FILES)) {
    if (names.includes(name)) continue;
    const problem = refusal(
      join(folder, name),
      'is missing: put it back, or begin with the one that was shipped.',
    );
    problems.push(needed ? problem : { ...problem, severity: 'warning' });
  }
  if (names.every(isNamed)) {
    problems.push(refusal(join(folder, 'smp.yaml'), 'is missing: no file with "entries:" is in the folder.'));
  }
}

/** An error of a whole file or folder. */
export function refusal(file: string, message: string): Problem {
  return { file, line: 1, column: 1, severity: 'error', message };
}

/** `ENOENT`, `EACCES` ...; anything else than a refusal of the file system is thrown on. */
function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  throw error;
}
