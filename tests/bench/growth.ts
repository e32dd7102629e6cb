import { createAnswerFinder } from '../../src/answers/find-answer';
import { seededRandom } from '../../src/cli/harder-questions';
import { knowledgeOf } from '../support/knowledge';

/** Entries of three phrasings each, as a clinic's knowledge might grow. */
const SIZES = [100, 1_000, 3_000, 10_000];
const ASKED = 300;

/**
 * Measures speed by size. The sentences are made up of others (as they are, with their words reversed, with the
 * beginning of another), so that nothing is said about accuracy.
 */
export function measureGrowth(sentences: readonly string[], print: (line: string) => void): void {
  print('');
  print('Growth (made-up entries of three phrasings)');
  print(row(['entries', 'phrasings', 'build ms', 'again ms', 'median ms', 'p99 ms', 'memory MB']));
  for (const entries of SIZES) print(measureSize(entries, sentences));
  print(
    'build: index and calibration; again: with the calibration kept. memory: of the process, after asking.',
  );
}

function measureSize(entries: number, sentences: readonly string[]): string {
  const knowledge = madeUpKnowledge(entries, sentences);
  const [finder, build] = timed(() => createAnswerFinder(knowledge));
  const [, again] = timed(() => createAnswerFinder(knowledge, finder.calibration));
  const step = Math.max(1, Math.floor(sentences.length / ASKED));
  const times = sentences
    .filter((_, at) => at % step === 0)
    .map((text) => timed(() => finder.decide(`please ${text}`))[1])
    .toSorted((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(2);
  const memory = process.memoryUsage().rss / 1e6;
  return row([
    String(entries),
    String(entries * 3),
    build.toFixed(0),
    again.toFixed(0),
    at(0.5),
    at(0.99),
    memory.toFixed(0),
  ]);
}

function madeUpKnowledge(entries: number, sentences: readonly string[]) {
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

function timed<Result>(work: () => Result): [Result, number] {
  const started = performance.now();
  const result = work();
  return [result, performance.now() - started];
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(11)).join('');
}
