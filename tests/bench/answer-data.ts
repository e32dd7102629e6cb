import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '../../src/answers/knowledge';
import type { LabelledQuestion } from '../../src/answers/measure-answers';
import { readQuestions } from '../../src/cli/labelled-questions';
import { openKnowledge } from '../../src/cli/open-knowledge';
import { seededRandom } from '../../src/cli/harder-questions';
import { knowledgeOf } from '../support/knowledge';

/** A knowledge, messages to ask it, and what others predicted for the same messages. */
export interface Task {
  name: string;
  knowledge: Knowledge;
  questions: LabelledQuestion[];
  predictions: { name: string; of: Map<string, { topic: string | null; confidence: number }> }[];
}

/** No offers: a message is answered or refused, so that every system is judged on the same thing. */
const ANSWER_OR_REFUSE = {
  wrongAnswer: 1,
  answeredOutOfScope: 1,
  offer: 9,
  uselessOffer: 9,
  missedAnswer: 1,
};

/** Tasks that are one measurement: CLINC150's draws of phrasings are reported as their mean. */
export interface LabelledSet {
  name: string;
  tasks: Task[];
}

/** The sets whose files are there; `missing` gets the file of each that is not. */
export function readSets(
  { data, knowledge, seeds }: { data: string; knowledge: string; seeds: number },
  missing: (file: string, set: string) => void,
): LabelledSet[] {
  const readers: [name: string, file: string, read: (file: string) => Task[]][] = [
    ['clinic', 'smp-questions-dev.jsonl', (file) => [smpTask(file, knowledge)]],
    ['clinc150', CLINC150, (file) => Array.from({ length: seeds }, (_, at) => clincTask(file, at + 1))],
    ['hint3', 'hint3-sofmattress', (file) => [hint3Task(file)]],
  ];
  return readers.flatMap(([name, file, read]) => {
    const path = join(data, file);
    if (existsSync(path)) return [{ name, tasks: read(path) }];
    missing(path, name);
    return [];
  });
}

const CLINC150 = 'clinc150.json';

/** Sentences to make large knowledges of; `missing` gets the file where it is not there. */
export function clincSentences(data: string, missing: (file: string) => void): string[] {
  const file = join(data, CLINC150);
  if (!existsSync(file)) {
    missing(file);
    return [];
  }
  const lines: Record<string, ClincLine[]> = JSON.parse(readFileSync(file, 'utf8'));
  return (lines['train'] ?? []).map(([text]) => text);
}

function smpTask(file: string, folder: string): Task {
  const knowledge = { ...openKnowledge(folder), costs: ANSWER_OR_REFUSE };
  return {
    name: "the clinic's labelled questions",
    knowledge,
    questions: readQuestions(file),
    predictions: [],
  };
}

type ClincLine = readonly [text: string, intent: string];

function clincTask(file: string, seed: number): Task {
  const data: Record<string, ClincLine[]> = JSON.parse(readFileSync(file, 'utf8'));
  const test = (data['test'] ?? []).map(([text, topic]) => ({ text, topic, also: [] }));
  const outside = (data['oos_test'] ?? []).map(([text]) => ({ text, topic: null, also: [] }));
  return {
    name: `CLINC150, 10 phrasings an intent (seed ${seed})`,
    knowledge: knowledgeOfLines(tenOfEach(data['train'] ?? [], seed)),
    questions: [...test, ...outside],
    predictions: [],
  };
}

function tenOfEach(lines: readonly ClincLine[], seed: number): ClincLine[] {
  const random = seededRandom(seed);
  const shuffled = lines.map((line) => ({ line, at: random() })).toSorted((a, b) => a.at - b.at);
  const taken = new Map<string, number>();
  return shuffled.flatMap(({ line }) => {
    const count = taken.get(line[1]) ?? 0;
    taken.set(line[1], count + 1);
    return count < 10 ? [line] : [];
  });
}

/** Real visitors' messages to a mattress shop's FAQ bot, with what five platforms made of them (hellohaptik/HINT3). */
function hint3Task(folder: string): Task {
  const lines = readCsv(join(folder, 'sofmattress_v1_train.csv')).map(
    ([text = '', topic = '']): ClincLine => [text, topic],
  );
  const topicOf = (label: string) => (label === 'NO_NODES_DETECTED' ? null : label);
  const test = readCsv(join(folder, 'sofmattress_v1_test.csv'));
  const platforms = ['Dialogflow', 'LUIS', 'Rasa', 'Haptik', 'BERT'];
  return {
    name: 'HINT3 SOFMattress, real messages',
    knowledge: knowledgeOfLines(lines),
    questions: test.map(([text = '', label = '']) => ({ text, topic: topicOf(label), also: [] })),
    predictions: platforms.map((name) => {
      const rows = readCsv(join(folder, `pred_${name.toLowerCase()}_sofmattress.csv`));
      const of = new Map(
        rows.map(([text = '', , node = '', score]) => [
          text,
          { topic: topicOf(node), confidence: Number(score) },
        ]),
      );
      return { name, of };
    }),
  };
}

function knowledgeOfLines(lines: readonly ClincLine[]): Knowledge {
  const phrasings = new Map<string, string[]>();
  for (const [text, topic] of lines) phrasings.set(topic, [...(phrasings.get(topic) ?? []), text]);
  return knowledgeOf(
    [...phrasings].map(([id, texts]) => ({ id, phrasings: texts })),
    { costs: ANSWER_OR_REFUSE },
  );
}

/** Rows of a CSV file without its heading; quoted fields may hold commas, quotes and line ends. */
function readCsv(file: string): string[][] {
  const fields = readFileSync(file, 'utf8').matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g);
  const rows: string[][] = [[]];
  for (const [whole, field = '', end] of fields) {
    if (whole === '') break;
    rows.at(-1)!.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end !== ',') rows.push([]);
  }
  return rows.slice(1).filter((row) => row.length > 1);
}
