import { parseArgs } from 'node:util';
import type { Entry, Knowledge } from '../answers/knowledge';
import { knowledgeJsonSchema } from '../curation/entry-schema';
import { KnowledgeFileError, problemLine, type Problem } from '../curation/knowledge-problem';
import { readKnowledge } from '../curation/read-knowledge';
import { REQUIRED_WORDING, type RequiredWording } from '../curation/required-wording';

const USAGE = 'npm run knowledge:check -- [--strict] [--knowledge FOLDER_OR_FILE] | --schema';

/** What `npm run knowledge:check` was asked, and what it found. */
export interface CheckResult {
  /** For standard output: one line for each problem, what waits for a detail, and a summary. */
  report: string;
  /** 1 where there is an error, or with `strict` a warning. */
  exitCode: 0 | 1;
}

/** Checks the knowledge at `path`, a folder or a file; never throws because of what is in it. */
export function checkKnowledge(
  path: string,
  strict: boolean,
  wording: RequiredWording = REQUIRED_WORDING,
): CheckResult {
  const { knowledge, problems } = problemsAt(path, wording);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const report = [
    ...problems.map(problemLine),
    ...(knowledge === undefined ? [] : openTopics(knowledge)),
    summary(path, errors, warnings, knowledge),
  ];
  return { report: report.join('\n'), exitCode: errors > 0 || (strict && warnings > 0) ? 1 : 0 };
}

function problemsAt(path: string, wording: RequiredWording): { knowledge?: Knowledge; problems: Problem[] } {
  try {
    const { knowledge, warnings } = readKnowledge(path, wording);
    return { knowledge, problems: warnings };
  } catch (error) {
    if (error instanceof KnowledgeFileError) return { problems: error.problems };
    throw error;
  }
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

function main(): void {
  const options = readOptions();
  if (options === undefined) {
    process.exitCode = 2;
    return;
  }
  if (options.schema) {
    process.stdout.write(`${JSON.stringify(knowledgeJsonSchema(), null, 2)}\n`);
    return;
  }
  const { report, exitCode } = checkKnowledge(options.knowledge, options.strict);
  process.stdout.write(`${report}\n`);
  process.exitCode = exitCode;
}

interface Options {
  knowledge: string;
  strict: boolean;
  /** Only print the JSON Schema of files with entries, which knowledge/schema.json holds. */
  schema: boolean;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        knowledge: { type: 'string', default: process.env['KNOWLEDGE_DIR'] || 'knowledge' },
        strict: { type: 'boolean', default: false },
        schema: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return undefined;
  }
}

if (require.main === module) main();
