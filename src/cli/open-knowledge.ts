import type { Knowledge } from '../answers/knowledge';
import { KnowledgeFileError } from '../curation/knowledge-problem';
import { readKnowledge } from '../curation/read-knowledge';
import { CommandError } from './run-command';

/** The knowledge for a command; warnings are the business of `knowledge:check`. @throws CommandError naming every error */
export function openKnowledge(path: string): Knowledge {
  try {
    return readKnowledge(path).knowledge;
  } catch (error) {
    if (error instanceof KnowledgeFileError) throw new CommandError(error.message);
    throw error;
  }
}
