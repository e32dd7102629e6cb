import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ConfigError } from '../config';
import { KnowledgeFileError } from '../curation/knowledge-problem';
import { BackupFileError } from '../storage/backup-file';
import { DatabaseError } from '../storage/database-error';

/** The command cannot do what was asked; the message says why and what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Of whoever typed it: there is no such command or option. */
export class UsageError extends CommandError {
  override name = 'UsageError';

  constructor(problem: string, usage: string) {
    super(problem === '' ? usage : `${problem}\n\n${usage}`);
  }
}

const FAILED = 1;
/** As shells and most programs have it. */
const MISUSED = 2;

/**
 * Runs a command of the command line. `--help` prints its usage. What is expected to go wrong goes to standard error in
 * one piece, with exit code 2 where it was typed wrongly and else 1; anything else with its stack.
 */
export async function runCommand(usage: string, command: () => Promise<void>): Promise<void> {
  if (asksForHelp(process.argv.slice(2))) return void process.stdout.write(`${usage}\n`);
  process.stdout.on('error', goOnWithoutReader);
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`);
    process.exitCode = error instanceof UsageError ? MISUSED : FAILED;
  }
}

/** Whoever reads the output may have enough of it (`| head`): what a command does beside printing is done all the same. */
function goOnWithoutReader(error: Error & { code?: string }): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Words after a bare `--` are what they say. */
function asksForHelp(args: string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

const FOR_THE_OPERATOR = [CommandError, ConfigError, KnowledgeFileError, DatabaseError, BackupFileError];

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (FOR_THE_OPERATOR.some((expected) => error instanceof expected)) return error.message;
  return placeProblem(error) ?? error.stack ?? error.message;
}

/** What the system says of a file or folder that the operator named. */
function placeProblem(error: Error & { code?: string; path?: string }): string | undefined {
  const problem = PLACE_PROBLEMS[error.code ?? ''];
  return problem && error.path !== undefined ? `${error.path}: ${problem} (${error.code}).` : undefined;
}

const PLACE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of this path is no folder',
  EISDIR: 'this is a folder, and a file is wanted',
  EACCES: 'this account may not open it',
  EPERM: 'this account may not do that there',
  EROFS: 'it is on a file system that can only be read',
  ENOSPC: 'the disk is full',
};

/** The options and words of a command. @throws UsageError for an option that it does not have */
export function readArgs<Config extends ParseArgsConfig>(usage: string, config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node explains at length how to pass words that begin with "-".
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('. To specify');
    throw new UsageError(`${problem.replace(/\.$/, '')}.`, usage);
  }
}

/** Which command was wanted where the one that was typed, if any, is none. */
export function noSuchCommand(typed: string | undefined, usage: string): UsageError {
  return new UsageError(typed === undefined ? '' : `There is no command "${typed}".`, usage);
}
