import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createAnswerFinder, type AnswerFinder } from '../answers/find-answer';
import type { Limits } from '../answers/limits';
import type { Knowledge } from '../answers/knowledge';
import {
  figuresOf,
  measureAnswers,
  type AnswerFigures,
  type LabelledQuestion,
} from '../answers/measure-answers';
import { limitsTried, reliabilityOf, type LimitTried, type ReliabilityBin } from './evaluation-figures';
import { evaluationPage } from './evaluation-page';
import { inChatter, seededRandom, withTypos } from './harder-questions';
import { readQuestions } from './labelled-questions';
import { openKnowledge } from './open-knowledge';
import { readArgs, runCommand } from './run-command';

const USAGE = `npm run knowledge:evaluate -- [--questions FILE.jsonl] [--knowledge FOLDER_OR_FILE] [--json] [--html PAGE.html]
Each line of FILE is {"text": "...", "topic": "price", "also": []}; topic null where no entry may answer.
Without questions every phrasing is asked with itself hidden.`;

/** How well a knowledge answers. */
export interface Evaluation {
  /** `phrasings`: every phrasing of the knowledge, asked with itself hidden. */
  source: 'questions' | 'phrasings';
  limits: Limits;
  dangerFloor: number;
  asTyped: AnswerFigures;
  /** The same questions, one word in four mistyped; only with questions. */
  withTypos?: AnswerFigures;
  /** The same questions between two sentences that ask nothing; only with questions. */
  inChatter?: AnswerFigures;
  /** Confidence against what came true, as typed. */
  reliability: ReliabilityBin[];
  /** The same messages at other limits of answering. */
  tried: LimitTried[];
}

/** The mistakes and the chatter are the same in every run. */
const SEED = 7;

/** Measures the answers on labelled questions; where there are none, on the knowledge's own phrasings. */
export function evaluateAnswers(
  finder: AnswerFinder,
  questions: readonly LabelledQuestion[] | undefined,
): Evaluation {
  const { limits, dangerFloor } = finder;
  const outcomes =
    questions?.map((question) => ({ question, decision: finder.decide(question.text) })) ??
    finder.rehearsed();
  const asTyped = {
    limits,
    dangerFloor,
    asTyped: figuresOf(outcomes),
    reliability: reliabilityOf(outcomes),
    tried: limitsTried(outcomes),
  };
  if (questions === undefined) return { source: 'phrasings', ...asTyped };
  const changed = (change: typeof withTypos) => {
    const random = seededRandom(SEED);
    return measureAnswers(
      finder,
      questions.map((question) => ({ ...question, text: change(question.text, random) })),
    );
  };
  return {
    source: 'questions',
    ...asTyped,
    withTypos: changed(withTypos),
    inChatter: changed(inChatter),
  };
}

/** The evaluation for a person to read. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { limits, asTyped } = evaluation;
  return [
    evaluation.source === 'questions' ? 'Labelled questions' : 'Phrasings, each asked with itself hidden',
    ...table(evaluation),
    '',
    `Limits: answers from ${percent(limits.answer)} on, offers from ${percent(limits.offer)} on; health entries overrule from ${percent(evaluation.dangerFloor)} of the best score on.`,
    `At these a rehearsed message costs ${limits.cost.toFixed(3)} on average (knowledge/costs.yaml has the prices).`,
    '',
    'Worst confusions (asked -> put first)',
    ...asTyped.confusions
      .slice(0, 15)
      .map(({ topic, instead, count }) => `  ${count} x ${topic} -> ${instead}`),
    '',
    'By topic: questions, first, among three, wrongly answered',
    ...asTyped.topics.map(
      ({ topic, count, first, amongThree, wrongAnswers }) =>
        `  ${topic.padEnd(26)}${String(count).padStart(4)}${percent(first).padStart(8)}${percent(amongThree).padStart(8)}${percent(wrongAnswers).padStart(8)}`,
    ),
    '',
    `Wrong answers: ${asTyped.wrong.length}`,
    ...asTyped.wrong.map(
      ({ text, topic, instead, said, confidence }) =>
        `  ${JSON.stringify(text)}: ${said} ${instead} (${percent(confidence)}), meant ${topic ?? 'nothing here'}`,
    ),
  ].join('\n');
}

function table({ asTyped, withTypos: typos, inChatter: chatter }: Evaluation): string[] {
  const columns = [
    ['as typed', asTyped],
    ['with typos', typos],
    ['in chatter', chatter],
  ] as const;
  const shown = columns.flatMap(([name, figures]) => (figures === undefined ? [] : [{ name, figures }]));
  const row = (title: string, value: (figures: AnswerFigures) => string) =>
    `  ${title.padEnd(44)}${shown.map(({ figures }) => value(figures).padStart(12)).join('')}`;
  return [
    `  ${''.padEnd(44)}${shown.map(({ name }) => name.padStart(12)).join('')}`,
    row('in scope: messages', ({ inScope }) => String(inScope.count)),
    row('  right entry first', ({ inScope }) => percent(inScope.first)),
    row('  right entry among three', ({ inScope }) => percent(inScope.amongThree)),
    row('  first, other acceptable topics counted', ({ inScope }) => percent(inScope.firstWithAlso)),
    row('  among three, other acceptable counted', ({ inScope }) => percent(inScope.amongThreeWithAlso)),
    row('  answered rightly', ({ inScope }) => percent(inScope.rightAnswers)),
    row('  answered wrongly', ({ inScope }) => percent(inScope.wrongAnswers)),
    row('  answered rightly, or offered the right one', ({ inScope }) => percent(inScope.answeredOrOffered)),
    row('out of scope: messages', ({ outOfScope }) => String(outOfScope.count)),
    row('  answered', ({ outOfScope }) => percent(outOfScope.answered)),
    row('  offered a choice', ({ outOfScope }) => percent(outOfScope.offered)),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

async function main(): Promise<void> {
  const values = readOptions();
  const questions = values.questions === undefined ? undefined : readQuestions(values.questions);
  const knowledge = openKnowledge(values.knowledge);
  const evaluation = evaluateAnswers(createAnswerFinder(knowledge), questions);
  if (values.html !== undefined) {
    writeFileSync(values.html, evaluationPage(evaluation, pageFacts(knowledge, values.questions)));
  }
  process.stdout.write(
    `${values.json ? JSON.stringify(evaluation, null, 2) : describeEvaluation(evaluation)}\n`,
  );
}

function pageFacts({ clinic, version, costs, entries }: Knowledge, questions: string | undefined) {
  const titles = new Map(entries.map(({ id, title }) => [id, title]));
  return {
    clinic: clinic.name,
    knowledgeVersion: version,
    source: questions === undefined ? 'its own phrasings, each with itself hidden' : basename(questions),
    costs,
    titleOf: (topic: string) => titles.get(topic) ?? topic,
  };
}

function readOptions() {
  return readArgs(USAGE, {
    options: {
      questions: { type: 'string' },
      knowledge: { type: 'string', default: process.env['KNOWLEDGE_DIR'] || 'knowledge' },
      json: { type: 'boolean', default: false },
      html: { type: 'string' },
    },
  }).values;
}

if (require.main === module) void runCommand(USAGE, main);
