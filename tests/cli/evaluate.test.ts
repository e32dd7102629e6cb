import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { describeEvaluation, evaluateAnswers } from '../../src/cli/evaluate';
import { evaluationPage } from '../../src/cli/evaluation-page';
import { readQuestions } from '../../src/cli/labelled-questions';
import { inChatter, seededRandom, withTypos } from '../../src/cli/harder-questions';
import { startBrowser } from '../support/browser';
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

test('confidence is held against what came true, in tenths', () => {
  const { reliability } = evaluateAnswers(finder, [
    question('how much does it cost', 'price'),
    question('how much does it cost?', 'pain'),
    question('how much does it cost!', 'pain', ['price']),
    question('who won the game', null),
  ]);
  const surest = reliability.at(-1);
  expect(surest).toMatchObject({ count: 3, right: 2 / 3 });
  expect(surest?.said).toBeGreaterThan(0.7);
  expect(reliability.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(4);
});

test('a higher limit never answers more', () => {
  const { tried } = evaluateAnswers(finder, undefined);
  expect(tried).toHaveLength(19);
  for (const key of ['right', 'wrong', 'outOfScope'] as const) {
    const shares = tried.map((each) => each[key]);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  }
});

describe('the page', () => {
  const asked = [
    question('how much does it cost', 'price'),
    question('how much does it <b>cost</b>? "now"', 'pain'),
    question('who won the game', null),
  ];
  const page = evaluationPage(evaluateAnswers(finder, asked), {
    clinic: 'Heads & Hair',
    knowledgeVersion: '0123456789ab',
    source: 'questions.jsonl',
    costs: smallClinic().costs,
    titleOf: (topic) => `Title of ${topic}`,
  });

  test('stands alone: no script, and nothing that is loaded from elsewhere', () => {
    expect(page).not.toMatch(/<script|<link|<img|url\(|@import|https?:/);
  });

  test('shows what visitors wrote as text, never as markup', () => {
    expect(page).toContain('how much does it &lt;b&gt;cost&lt;/b&gt;? &quot;now&quot;');
    expect(page).toContain('Heads &amp; Hair');
    expect(page).not.toContain('<b>');
  });

  test('tells the limits, the wrong answers and the confusions by title', () => {
    const { limits } = finder;
    expect(page).toContain(`<strong>${Math.round(limits.answer * 100)} %</strong> confidence on`);
    expect(page).toContain('got <strong>Title of price</strong>');
    expect(page).toContain('<td>Title of pain</td><td>Title of price</td>');
  });

  test('is a page that a browser reads without complaint, on a phone without scrolling sideways', async () => {
    const browser = await startBrowser();
    try {
      const phone = await browser.newPage({ viewport: { width: 360, height: 740 }, javaScriptEnabled: true });
      await phone.setContent(page);
      expect(await phone.title()).toBe('How well the answers are found – Heads & Hair');
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      expect(await phone.locator('svg.plot').count()).toBe(2);
    } finally {
      await browser.close();
    }
  });
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
