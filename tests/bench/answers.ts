import { readTasks, type Task } from './answer-data';
import { describeReliability, drawReliability, reliabilityOf, type Reliability } from './reliability';
import { SYSTEMS, type Guess, type System } from './peers';

export interface AnswersBenchOptions {
  /** Folder with the labelled data; it is not part of the project. */
  data: string;
  knowledge: string;
  /** Draws of ten phrasings an intent from CLINC150. */
  seeds: number;
  print: (line: string) => void;
  /** Gets a drawing of how far the confidence can be trusted, as SVG. */
  plot?: (svg: string) => void;
}

interface Asked {
  topic: string | null;
  guess: Guess;
}

/** Measures this bot beside others on every data set that is there, and prints one table. */
export async function runAnswersBench({
  data,
  knowledge,
  seeds,
  print,
  plot,
}: AnswersBenchOptions): Promise<void> {
  const tasks = readTasks(data, knowledge, seeds, (file) =>
    print(`${file} is not there: that set is not measured.`),
  );
  const reliabilities: { name: string; bins: Reliability[] }[] = [];
  for (const task of tasks) {
    const inScope = task.questions.filter(({ topic }) => topic !== null).length;
    print('');
    print(
      `${task.name}: ${inScope} messages in scope, ${task.questions.length - inScope} out of it, ${task.knowledge.entries.length} entries`,
    );
    print(
      row([
        '',
        'messages',
        'first',
        'in 3',
        'AUROC',
        'own limit: right / refused',
        'at 80 % refused',
        'median ms',
        'p99 ms',
        'build ms',
      ]),
    );
    for (const system of SYSTEMS) {
      const { line, asked } = await measure(system, task);
      print(line);
      if (system === SYSTEMS[0])
        reliabilities.push({ name: task.name, bins: reliabilityOf(asked.map(judged)) });
    }
    for (const { name, of } of task.predictions) print(replay(name, of, task));
  }
  print('');
  print(
    'first, in 3: of the messages in scope. refused: of those out of scope. Own limit: chosen without the test messages.',
  );
  print(
    'At 80 % refused: right answers of those in scope, at the limit that refuses 80 % of the rest, picked on the test for all alike.',
  );
  print('Slow systems are asked an evenly spaced part of the messages; the column says how many.');
  print('');
  print(
    'How far the confidence of this bot can be trusted: of messages at this confidence, how many are right',
  );
  for (const { name, bins } of reliabilities) for (const line of describeReliability(name, bins)) print(line);
  plot?.(drawReliability(reliabilities));
}

function judged({ topic, guess }: Asked): { confidence: number; isRight: boolean } {
  return { confidence: guess.confidence, isRight: topic !== null && guess.topics[0] === topic };
}

async function measure(system: System, task: Task): Promise<{ line: string; asked: Asked[] }> {
  const started = performance.now();
  const ask = await system.build(task.knowledge);
  const build = performance.now() - started;
  const step = Math.max(1, Math.ceil(task.questions.length / system.most));
  const asked: Asked[] = [];
  const times: number[] = [];
  for (let at = 0; at < task.questions.length; at += step) {
    const { text, topic } = task.questions[at]!;
    const before = performance.now();
    const guess = await ask(text);
    times.push(performance.now() - before);
    asked.push({ topic, guess });
  }
  times.sort((a, b) => a - b);
  const timing = [quantile(times, 0.5).toFixed(2), quantile(times, 0.99).toFixed(2), build.toFixed(0)];
  return { line: row([system.name, ...figures(asked), ...timing]), asked };
}

/** What a platform answered when it was asked; it gave one topic only, and no time. */
function replay(name: string, of: Task['predictions'][number]['of'], task: Task): string {
  const asked = task.questions.flatMap(({ text, topic }): Asked[] => {
    const said = of.get(text);
    if (said === undefined) return [];
    return [
      {
        topic,
        guess: {
          topics: said.topic === null ? [] : [said.topic],
          confidence: said.topic === null ? 0 : said.confidence,
        },
      },
    ];
  });
  const [count = '', first = '', , ...rest] = figures(asked);
  return row([`${name} (stored predictions)`, count, first, '-', ...rest, '-', '-', '-']);
}

function figures(asked: readonly Asked[]): string[] {
  const inScope = asked.filter(({ topic }) => topic !== null);
  const outside = asked.filter(({ topic }) => topic === null);
  const places = inScope.map(({ topic, guess }) => guess.topics.indexOf(topic ?? ''));
  const among = (most: number) =>
    places.filter((place) => place >= 0 && place < most).length / inScope.length;
  return [
    String(asked.length),
    percent(among(1)),
    percent(among(3)),
    areaUnderCurve(inScope, outside),
    ownLimit(inScope, outside),
    atRefusal(inScope, outside, 0.8),
  ];
}

function ownLimit(inScope: readonly Asked[], outside: readonly Asked[]): string {
  if (inScope[0]?.guess.answered === undefined) return '-';
  const right = inScope.filter((one) => one.guess.answered === true && isRight(one)).length / inScope.length;
  const refused = outside.filter(({ guess }) => guess.answered === false).length / outside.length;
  return `${percent(right)} / ${percent(refused)}`;
}

function atRefusal(inScope: readonly Asked[], outside: readonly Asked[], share: number): string {
  const confidences = outside.map(({ guess }) => guess.confidence).toSorted((a, b) => a - b);
  const limit = confidences[Math.ceil(share * confidences.length) - 1] ?? 0;
  return percent(
    inScope.filter((one) => one.guess.confidence > limit && isRight(one)).length / inScope.length,
  );
}

function isRight({ topic, guess }: Asked): boolean {
  return guess.topics[0] === topic;
}

/** How often a message in scope is surer than one out of it; 0.5 is chance. */
function areaUnderCurve(inScope: readonly Asked[], outside: readonly Asked[]): string {
  let above = 0;
  for (const a of inScope) {
    for (const b of outside)
      above +=
        a.guess.confidence > b.guess.confidence ? 1 : a.guess.confidence === b.guess.confidence ? 0.5 : 0;
  }
  return (above / (inScope.length * outside.length)).toFixed(3);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

const WIDTHS = [34, 9, 8, 8, 7, 27, 16, 10, 9, 9];

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[at]!))).join('');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
