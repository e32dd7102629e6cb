import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { openKnowledge } from '../../src/cli/open-knowledge';

const ROOT = path.resolve(__dirname, '..', '..');

/** The knowledge that ships, and what finds the answers in it. */
export function shippedAnswers() {
  const knowledge = openKnowledge(path.join(ROOT, 'knowledge'));
  return { knowledge, finder: createAnswerFinder(knowledge) };
}

/** A file of questions that were written without a look at the knowledge. */
export function questionFile(name: string): string {
  return path.join(ROOT, 'tests', 'answers', 'questions', name);
}

/** The JSON of each line. */
export function linesOf<Line>(name: string): Line[] {
  const lines = readFileSync(questionFile(name), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
