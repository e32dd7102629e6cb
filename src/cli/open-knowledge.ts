import type { Knowledge } from '../answers/knowledge';
import { KnowledgeFileError } from '../curation/knowledge-problem';
import { readKnowledge } from '../curation/read-knowledge';

/** The knowledge for a command; warnings are the business of `knowledge:check`. @throws CommandError naming every error */
export function openKnowledge(path: string): Knowledge {
  try {
    return readKnowledge(path).knowledge;
  } catch (error) {
    if (error instanceof KnowledgeFileError) throw new CommandError(error.message);
    throw error;
  }
}

/** The command cannot do what was asked; the message says why and what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Runs a command: its expected errors go to standard error in one piece, with exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
