import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { describeEvaluation, evaluateAnswers } from '../../src/cli/evaluate';
import { readQuestions } from '../../src/cli/labelled-questions';
import { inChatter, seededRandom, withTypos } from '../../src/cli/harder-questions';
import { smallClinic } from '../support/small-clinic';

const finder = createAnswerFinder(smallClinic());
const question = (text: string, topic: string | null, also: string[] = []) => ({ text, topic, also });

test('right first, among three, answered wrongly and out of scope are counted apart', () => {
  const { asTyped } = evaluateAnswers(finder, [
    question('how much does it cost', 'price'),
    question('how much does it cost?', 'pain'),
    question('how much does it cost!', 'pain', ['price']),
    question('how does it hurt', null),
    question('who won the game', null),
  ]);
  expect(asTyped.inScope).toMatchObject({
    count: 3,
    first: 1 / 3,
    firstWithAlso: 2 / 3,
    wrongAnswers: 1 / 3,
  });
  expect(asTyped.outOfScope.count).toBe(2);
  expect(asTyped.wrong[0]).toMatchObject({ text: 'how much does it cost?', topic: 'pain', instead: 'price' });
  expect(asTyped.confusions).toContainEqual({ topic: 'pain', instead: 'price', count: 1 });
});

test('without questions every phrasing is asked with itself hidden', () => {
  const evaluation = evaluateAnswers(finder, undefined);
  expect(evaluation.source).toBe('phrasings');
  expect(evaluation.asTyped.inScope.count).toBeGreaterThan(40);
  expect(evaluation.asTyped.inScope.first).toBeLessThan(1);
  expect(describeEvaluation(evaluation)).toContain('Limits: answers from');
});

test('mistakes and chatter are the same in every run', () => {
  const typed = (seed: number) =>
    withTypos('how long will every single session probably take', seededRandom(seed));
  expect(typed(7)).toBe(typed(7));
  expect(new Set([1, 2, 3, 4, 5, 6].map(typed)).size).toBeGreaterThan(3);
  expect(inChatter('does it hurt', seededRandom(7))).toMatch(/^.+[.] does it hurt[.] .+[.]$/);
});

test.each([
  ['{"text": "x"}', ':2'],
  ['not json', ':2'],
  ['{"text": 1, "topic": null}', ':2'],
])('a line that is no labelled question is named: %s', (line, place) => {
  const file = join(mkdtempSync(join(tmpdir(), 'questions-')), 'questions.jsonl');
  writeFileSync(file, `{"text": "a", "topic": null}\n${line}\n`);
  expect(() => readQuestions(file)).toThrow(`${file}${place}`);
});

test('a file that is not there is named', () => {
  expect(() => readQuestions('/nowhere/questions.jsonl')).toThrow('/nowhere/questions.jsonl cannot be read');
});
