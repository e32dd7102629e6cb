import { readFileSync } from 'node:fs';
import type { LabelledQuestion } from '../answers/measure-answers';
import { CommandError } from './run-command';

/** One labelled question a line. @throws CommandError naming the first line that is no labelled question. */
export function readQuestions(file: string): LabelledQuestion[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [questionIn(line, `${file}:${at + 1}`)]));
}

function questionIn(line: string, place: string): LabelledQuestion {
  const parsed = parseJson(line, place);
  if (typeof parsed !== 'object' || parsed === null || !('text' in parsed) || !('topic' in parsed))
    throw noQuestion(place);
  const { text, topic } = parsed;
  const also = 'also' in parsed ? parsed.also : [];
  if (typeof text !== 'string' || (topic !== null && typeof topic !== 'string') || !isTexts(also))
    throw noQuestion(place);
  return { text, topic, also };
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw noQuestion(place);
  }
}

function noQuestion(place: string): CommandError {
  return new CommandError(
    `${place}: not a labelled question. Each line must be {"text": "...", "topic": "price" or null}.`,
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
