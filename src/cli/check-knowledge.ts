import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Knowledge } from '../answers/knowledge';
import { checkPhrasings } from '../curation/check-phrasings';
import { editorSchemas, schemaFileName, type SchemaFile } from '../curation/editor-schemas';
import { findLinks } from '../curation/find-links';
import { KnowledgeFileError, problemLine, sortProblems, type Problem } from '../curation/knowledge-problem';
import { readKnowledge, type ReadKnowledge } from '../curation/read-knowledge';
import { REQUIRED_WORDING, type RequiredWording } from '../curation/required-wording';
import { checkLinks, type Fetch } from './check-links';
import { readArgs, runCommand } from './run-command';

const USAGE = `npm run knowledge:check -- [--strict] [--links] [--knowledge FOLDER_OR_FILE]
  --strict          warnings fail the check, too
  --links           asks every web address whether it is there
npm run knowledge:check -- --write-schemas   only writes the JSON Schemas for editors into the folder's schema/`;

/** What `npm run knowledge:check` was asked, and what it found. */
export interface CheckResult {
  /** For standard output: one line for each problem, what waits for a detail, and a summary. */
  report: string;
  /** 1 where there is an error, or with `strict` a warning. */
  exitCode: 0 | 1;
}

export interface CheckOptions {
  /** Warnings fail the check, too. */
  strict: boolean;
  wording?: RequiredWording;
  /** Asks every web address whether it is there; without it no address is asked. */
  fetch?: Fetch;
}

/** Checks the knowledge at `path`, a folder or a file; never throws because of what is in it. */
export async function checkKnowledge(
  path: string,
  { strict, wording = REQUIRED_WORDING, fetch }: CheckOptions,
): Promise<CheckResult> {
  const read = tryToRead(path, wording);
  const problems = Array.isArray(read) ? read : await everyWarning(read, fetch);
  const knowledge = Array.isArray(read) ? undefined : read.knowledge;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const report = [
    ...problems.map(problemLine),
    ...(knowledge === undefined ? [] : openTopics(knowledge)),
    summary(path, errors, warnings, knowledge),
  ];
  return { report: report.join('\n'), exitCode: errors > 0 || (strict && warnings > 0) ? 1 : 0 };
}

function tryToRead(path: string, wording: RequiredWording): ReadKnowledge | Problem[] {
  try {
    return readKnowledge(path, wording);
  } catch (error) {
    if (error instanceof KnowledgeFileError) return error.problems;
    throw error;
  }
}

async function everyWarning(read: ReadKnowledge, fetch: Fetch | undefined): Promise<Problem[]> {
  const dead = fetch === undefined ? [] : await checkLinks(findLinks(read.files), fetch);
  return sortProblems([...read.warnings, ...checkPhrasings(read), ...dead]);
}

/** What visitors ask and the bot may not answer, with the detail of clinic.yaml that would change it. */
function openTopics({ entries }: Knowledge): string[] {
  const open = entries.filter(({ approval, kind }) => approval === 'none' && kind === 'question');
  if (open.length === 0) return [];
  return [
    'Recognised, and without an approved answer:',
    ...open.map((entry) => `  ${entry.id}: ${wayToAnswer(entry)}`),
  ];
}

function wayToAnswer({ missing }: Entry): string {
  if (missing.length === 0) return 'needs an answer that the clinic approves';
  return `answered once ${missing.map((name) => `clinic.${name}`).join(' and ')} is filled in in clinic.yaml`;
}

function summary(path: string, errors: number, warnings: number, knowledge: Knowledge | undefined): string {
  const found = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  if (knowledge === undefined) return `${path}: ${found}.`;
  const answered = knowledge.entries.filter(({ approval }) => approval !== 'none').length;
  return `${path}: ${found}; ${counted(knowledge.entries.length, 'entry', 'entries')}, ${answered} of them answered; version ${knowledge.version}.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options['write-schemas']) return writeSchemas(join(options.knowledge, 'schema'));
  const { report, exitCode } = await checkKnowledge(options.knowledge, {
    strict: options.strict,
    ...(options.links && { fetch }),
  });
  process.stdout.write(`${report}\n`);
  process.exitCode = exitCode;
}

function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, schema] of Object.entries(editorSchemas(REQUIRED_WORDING)))
    writeFileSync(join(folder, schemaFileName(file as SchemaFile)), `${JSON.stringify(schema, null, 2)}\n`);
}

function readOptions() {
  return readArgs(USAGE, {
    options: {
      knowledge: { type: 'string', default: process.env['KNOWLEDGE_DIR'] || 'knowledge' },
      strict: { type: 'boolean', default: false },
      links: { type: 'boolean', default: false },
      'write-schemas': { type: 'boolean', default: false },
    },
  }).values;
}

if (require.main === module) void runCommand(USAGE, main);
