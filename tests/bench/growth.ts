import { createAnswerFinder } from '../../src/answers/find-answer';
import type { Knowledge } from '../../src/answers/knowledge';
import { createMatcher } from '../../src/answers/matcher';
import { MOST_CHARACTERS, readWords } from '../../src/answers/normalise';
import { readAs } from '../../src/answers/read-message';
import { seededRandom } from '../../src/cli/harder-questions';
import { knowledgeOf } from '../support/knowledge';
import { quantile } from './answers';
import { SYSTEMS } from './peers';

/** Entries of three phrasings each, as a clinic's knowledge might grow. */
const SIZES = [100, 500, 3_000, 10_000];
const ASKED = 300;
/** Messages of as many characters as are read. */
const ASKED_LONG = 40;
/** Messages that the others are asked, as long as they take; a minute at 10,000 entries. */
const ASKED_OTHERS = 15;
/** NLP.js trains a model per entry: 3,000 phrasings of 1,000 entries took it minutes. */
const LARGEST_FOR_NLPJS = 500;

/**
 * Measures speed by size. The sentences are made up of others (as they are, with their words reversed, with the
 * beginning of another), so that nothing is said about accuracy.
 */
export async function measureGrowth(
  sentences: readonly string[],
  print: (line: string) => void,
  progress: (line: string) => void,
): Promise<void> {
  print('');
  print('Growth: made-up entries of three phrasings; milliseconds');
  print(row(HEADING));
  for (const entries of SIZES) {
    progress(`growth: ${entries} entries`);
    const knowledge = madeUpKnowledge(entries, sentences);
    print(measureSize(knowledge, sentences));
    for (const system of SYSTEMS.slice(1)) {
      if (system.name === 'NLP.js' && entries > LARGEST_FOR_NLPJS) continue;
      progress(`growth: ${entries} entries, ${system.name}`);
      const [ask, build] = await timed(() => system.build(knowledge));
      const times: number[] = [];
      for (const text of evenly(sentences, ASKED_OTHERS))
        times.push((await timed(() => ask(`please ${text}`)))[1]);
      print(
        row([
          ...sizeOf(knowledge),
          system.name,
          build.toFixed(0),
          '-',
          ...medianAndLast(times),
          '-',
          '-',
          '-',
        ]),
      );
    }
  }
  for (const line of LEGEND) print(line);
}

function measureSize(knowledge: Knowledge, sentences: readonly string[]): string {
  const [finder, build] = timedNow(() => createAnswerFinder(knowledge));
  const [, again] = timedNow(() => createAnswerFinder(knowledge, finder.calibration));
  const asked = evenly(sentences, ASKED).map((text) => `please ${text}`);
  const times = asked.map((text) => timedNow(() => finder.decide(text))[1]);
  const long = longMessages(sentences).map((text) => timedNow(() => finder.decide(text))[1]);
  return row([
    ...sizeOf(knowledge),
    SYSTEMS[0]!.name,
    build.toFixed(0),
    again.toFixed(0),
    ...medianAndLast(times),
    ...medianAndLast(long, 1),
    String(additionsFor(asked, knowledge)),
  ]);
}

/** What a message costs on any machine: the median number of products that are added up to compare it with all. */
function additionsFor(asked: readonly string[], knowledge: Knowledge): number {
  const matcher = createMatcher(knowledge);
  const examplesWith = new Int32Array(matcher.space.size);
  for (const { vector } of matcher.examples) for (const id of vector.ids) examplesWith[id]!++;
  const additions = asked.map((text) =>
    matcher
      .match(readAs(readWords(text), matcher.corrector), 0)
      .vector.ids.reduce((sum, id) => sum + examplesWith[id]!, 0),
  );
  return quantile(
    additions.toSorted((a, b) => a - b),
    0.5,
  );
}

function longMessages(sentences: readonly string[]): string[] {
  const random = seededRandom(2);
  return Array.from({ length: ASKED_LONG }, () => {
    let text = '';
    while (text.length < MOST_CHARACTERS) text += `${sentences[Math.floor(random() * sentences.length)]!}. `;
    return text.slice(0, MOST_CHARACTERS);
  });
}

function madeUpKnowledge(entries: number, sentences: readonly string[]): Knowledge {
  const random = seededRandom(1);
  const words = () => sentences[Math.floor(random() * sentences.length)]!.split(' ');
  return knowledgeOf(
    Array.from({ length: entries }, (_, at) => {
      const own = words();
      const phrasings = [own, own.toReversed(), [...words().slice(0, 3), ...own]];
      return { id: `entry-${at}`, phrasings: phrasings.map((phrasing) => phrasing.join(' ')) };
    }),
  );
}

function evenly<One>(all: readonly One[], most: number): One[] {
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, at) => at % step === 0).slice(0, most);
}

function sizeOf({ entries }: Knowledge): string[] {
  return [String(entries.length), String(entries.length * 3)];
}

function medianAndLast(times: number[], share = 0.99): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [quantile(sorted, 0.5).toFixed(2), quantile(sorted, share).toFixed(2)];
}

function timedNow<Result>(work: () => Result): [Result, number] {
  const started = performance.now();
  const result = work();
  return [result, performance.now() - started];
}

async function timed<Result>(work: () => Result | Promise<Result>): Promise<[Result, number]> {
  const started = performance.now();
  const result = await work();
  return [result, performance.now() - started];
}

const HEADING = [
  'entries',
  'phrasings',
  'system',
  'build',
  'again',
  'median',
  'p99',
  'long: median',
  'worst',
  'additions',
];
const WIDTHS = [9, 11, 32, 9, 9, 10, 10, 14, 9, 11];

const LEGEND = [
  `build: index and calibration; again: with the calibration kept. long: messages of ${MOST_CHARACTERS} characters.`,
  'additions: products added up to compare a message with every phrasing, median; the same on every machine.',
  `The others are asked ${ASKED_OTHERS} messages, their p99 is the slowest; NLP.js up to ${LARGEST_FOR_NLPJS} entries, more of them train for minutes.`,
];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, at) => (at === 2 ? `  ${cell}`.padEnd(WIDTHS[at]!) : cell.padStart(WIDTHS[at]!)))
    .join('');
}
