import { inChatter, seededRandom, withTypos } from '../../src/cli/harder-questions';
import type { LabelledSet, Task } from './answer-data';
import { SYSTEMS, type Guess, type System } from './peers';
import { reliabilityOf, type Reliability } from './reliability';

interface Asked {
  topic: string | null;
  guess: Guess;
}

/** The same messages as they are, and harder to understand in two ways. */
const KINDS: readonly { name: string; of: (text: string, random: () => number) => string }[] = [
  { name: 'clean', of: (text) => text },
  { name: 'typos', of: withTypos },
  { name: 'chatter', of: inChatter },
];

/** Measures this bot beside others on every set, prints one table, and returns how far its confidence can be trusted. */
export async function measureSets(
  sets: readonly LabelledSet[],
  print: (line: string) => void,
  progress: (line: string) => void,
): Promise<{ name: string; bins: Reliability[] }[]> {
  if (sets.length === 0) return [];
  const reliabilities: { name: string; bins: Reliability[] }[] = [];
  print(row(HEADING));
  for (const set of sets) {
    const runs: Run[] = [];
    for (const task of set.tasks) {
      for (const system of SYSTEMS) {
        progress(`${task.name}: ${system.name}`);
        runs.push(...(await run(system, task)));
      }
    }
    for (const kind of KINDS) {
      for (const { name } of SYSTEMS) {
        const own = runs.filter((one) => one.kind === kind.name && one.system === name);
        print(
          row([set.name, kind.name, name, ...meanFigures(own.map(({ asked }) => asked)), ...timing(own)]),
        );
      }
      if (kind.name === 'clean') for (const task of set.tasks) replay(set.name, task).forEach(print);
    }
    const own = runs.filter(({ kind, system }) => kind === 'clean' && system === SYSTEMS[0]!.name);
    reliabilities.push({
      name: set.name,
      bins: reliabilityOf(own.flatMap(({ asked }) => asked).map(judged)),
    });
  }
  for (const line of LEGEND) print(line);
  return reliabilities;
}

/** One system, built on one task and asked its messages in one form. */
interface Run {
  system: string;
  kind: string;
  asked: Asked[];
  /** Milliseconds: of each message, ascending, and of building. */
  times: number[];
  build: number;
}

async function run(system: System, task: Task): Promise<Run[]> {
  const started = performance.now();
  const ask = await system.build(task.knowledge);
  const build = performance.now() - started;
  const step = Math.max(1, Math.ceil(task.questions.length / system.most));
  const runs: Run[] = [];
  for (const { name, of } of KINDS) {
    const random = seededRandom(1);
    const messages = task.questions.map(({ text, topic }) => ({ text: of(text, random), topic }));
    const asked: Asked[] = [];
    const times: number[] = [];
    for (let at = 0; at < messages.length; at += step) {
      const { text, topic } = messages[at]!;
      const before = performance.now();
      const guess = await ask(text);
      times.push(performance.now() - before);
      asked.push({ topic, guess });
    }
    times.sort((a, b) => a - b);
    runs.push({ system: system.name, kind: name, asked, times, build });
  }
  return runs;
}

/** What the platforms answered when they were asked; they gave one topic only, and no time. */
function replay(set: string, task: Task): string[] {
  return task.predictions.map(({ name, of }) => {
    const asked = task.questions.flatMap(({ text, topic }): Asked[] => {
      const said = of.get(text);
      if (said === undefined) return [];
      const topics = said.topic === null ? [] : [said.topic];
      return [{ topic, guess: { topics, confidence: said.topic === null ? 0 : said.confidence } }];
    });
    const [count = '', first = '', , ...rest] = meanFigures([asked]);
    return row([set, 'clean', `${name} (stored)`, count, first, '-', ...rest, '-', '-', '-']);
  });
}

function judged({ topic, guess }: Asked): { confidence: number; isRight: boolean } {
  return { confidence: guess.confidence, isRight: topic !== null && guess.topics[0] === topic };
}

/** Each figure is the mean over the draws. */
function meanFigures(draws: readonly (readonly Asked[])[]): string[] {
  const figures = draws.map((asked) => figuresOf(asked));
  const mean = (of: (one: (typeof figures)[number]) => number) =>
    figures.reduce((sum, one) => sum + of(one), 0) / figures.length;
  const hasLimit = draws[0]?.[0]?.guess.answered !== undefined;
  return [
    String(draws.reduce((sum, asked) => sum + asked.length, 0)),
    percent(mean(({ first }) => first)),
    percent(mean(({ amongThree }) => amongThree)),
    mean(({ area }) => area).toFixed(3),
    hasLimit ? `${percent(mean(({ right }) => right))} / ${percent(mean(({ refused }) => refused))}` : '-',
    percent(mean(({ atRefusal }) => atRefusal)),
  ];
}

function figuresOf(asked: readonly Asked[]) {
  const inScope = asked.filter(({ topic }) => topic !== null);
  const outside = asked.filter(({ topic }) => topic === null);
  const places = inScope.map(({ topic, guess }) => guess.topics.indexOf(topic ?? ''));
  const among = (most: number) => share(places, (place) => place >= 0 && place < most);
  return {
    first: among(1),
    amongThree: among(3),
    area: areaUnderCurve(inScope, outside),
    right: share(inScope, (one) => one.guess.answered === true && isRight(one)),
    refused: share(outside, ({ guess }) => guess.answered === false),
    atRefusal: rightWhenRefusing(0.8, inScope, outside),
  };
}

/** Right answers of those in scope, at the limit that refuses this share of the rest. */
function rightWhenRefusing(refused: number, inScope: readonly Asked[], outside: readonly Asked[]): number {
  const confidences = outside.map(({ guess }) => guess.confidence).toSorted((a, b) => a - b);
  const limit = confidences[Math.ceil(refused * confidences.length) - 1] ?? 0;
  return share(inScope, (one) => one.guess.confidence > limit && isRight(one));
}

function isRight({ topic, guess }: Asked): boolean {
  return guess.topics[0] === topic;
}

/** How often a message in scope is surer than one out of it; 0.5 is chance. */
function areaUnderCurve(inScope: readonly Asked[], outside: readonly Asked[]): number {
  let above = 0;
  for (const a of inScope) {
    for (const b of outside)
      above +=
        a.guess.confidence > b.guess.confidence ? 1 : a.guess.confidence === b.guess.confidence ? 0.5 : 0;
  }
  return above / (inScope.length * outside.length);
}

function timing(runs: readonly Run[]): string[] {
  const times = runs.flatMap((one) => one.times).toSorted((a, b) => a - b);
  const build = runs.reduce((sum, one) => sum + one.build, 0) / runs.length;
  return [quantile(times, 0.5).toFixed(2), quantile(times, 0.99).toFixed(2), build.toFixed(0)];
}

/** `share` from 0 to 1; 0 where there is nothing. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function share<One>(all: readonly One[], is: (one: One) => boolean): number {
  return all.filter(is).length / all.length;
}

const HEADING = [
  'set',
  'messages',
  'system',
  'asked',
  'first',
  'in 3',
  'AUROC',
  'own limit: right / refused',
  'at 80 % refused',
  'median ms',
  'p99 ms',
  'build ms',
];
const WIDTHS = [10, 10, 32, 7, 8, 8, 7, 28, 17, 11, 9, 9];

const LEGEND = [
  '',
  'first, in 3: of the messages in scope. refused: of those out of scope. Own limit: chosen without the test messages.',
  'At 80 % refused: right answers of those in scope, at the limit that refuses 80 % of the rest, picked on the test for all alike.',
  'clinc150: mean of the draws of ten phrasings an intent. Slow systems are asked an evenly spaced part of the messages; see "asked".',
];

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at < 3 ? cell.padEnd(WIDTHS[at]!) : cell.padStart(WIDTHS[at]!))).join('');
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
