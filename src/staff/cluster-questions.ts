import type { Decision } from '../answers/decision';
import { readWords } from '../answers/normalise';
import { readYesNo } from '../conversation/read-yes-no';
import type { RecordedQuestion } from './ports';

/** Questions that mean the same, as far as it can be told. */
export interface QuestionCluster {
  /** The entry that they may well mean; undefined where none is near enough to be proposed. */
  entry: string | undefined;
  /** Distinct texts, the most typical first. */
  texts: string[];
  /** How often one of them was asked. */
  asked: number;
  newest: RecordedQuestion;
}

/** Two questions with at least this share of their words in common belong together, whatever entry is nearest. */
const ALIKE = 0.4;
/** Two with the same nearest entry need less. */
const ALIKE_ON_ONE_ENTRY = 0.25;
/** Below it the nearest entry is near by chance, and staff in a hurry would teach it. */
const LEAST_PROPOSED = 0.1;
/** Words that say nothing about what is asked. */
const EMPTY_WORDS = new Set(
  'a an and any are be can could do does for get have how i if in is it me my of on or so some tell that the there this to want was what when where which who why will with would you your'.split(
    ' ',
  ),
);

/**
 * Groups open questions by likeness: shared words, and the entry that today's knowledge puts nearest. Questions that
 * today's knowledge understands are left out, a bare yes or no, which answered the bot, and those with the words of one that
 * is `settled`. Biggest groups first.
 */
export function clusterQuestions(
  questions: readonly RecordedQuestion[],
  decideNow: (text: string) => Decision,
  settled: readonly string[] = [],
): QuestionCluster[] {
  const clusters: Cluster[] = [];
  const done = new Set(settled.map(wordsInOrder));
  for (const same of byText(questions)) {
    if (done.has(wordsInOrder(same.newest.text))) continue;
    const decision = decideNow(same.newest.text);
    if (!isOpen(decision) || readYesNo(same.newest.text) !== undefined) continue;
    const entry = decision.entry ?? decision.candidates[0]?.entry ?? null;
    const isNear = proposedEntry(decision) !== undefined;
    const item = { ...same, entry, isNear, words: wordsOf(same.newest.text) };
    const home = clusters.find((cluster) => belongs(item, cluster));
    if (home === undefined) clusters.push({ items: [item], words: item.words, entry });
    else home.items.push(item);
  }
  return clusters
    .map(toQuestionCluster)
    .sort((one, other) => other.asked - one.asked || (one.newest.at < other.newest.at ? 1 : -1));
}

/** What an open question may well mean, for a person to look at; undefined where nothing is near enough. */
export function proposedEntry({ candidates: [nearest] }: Decision): string | undefined {
  return nearest && nearest.confidence >= LEAST_PROPOSED ? nearest.entry : undefined;
}

interface Item {
  newest: RecordedQuestion;
  asked: number;
  entry: string | null;
  /** Near enough to be proposed. */
  isNear: boolean;
  words: Set<string>;
}

interface Cluster {
  items: Item[];
  /** Of its first question, so that a group does not wander. */
  words: Set<string>;
  entry: string | null;
}

function isOpen({ decision }: Decision): boolean {
  return decision === 'none' || decision === 'clarify';
}

/** The same words in the same order count as one text, whatever their case and marks. */
function byText(questions: readonly RecordedQuestion[]): { newest: RecordedQuestion; asked: number }[] {
  const same = new Map<string, { newest: RecordedQuestion; asked: number }>();
  for (const question of questions) {
    const key = wordsInOrder(question.text);
    if (key === '') continue;
    const known = same.get(key);
    if (known === undefined) same.set(key, { newest: question, asked: 1 });
    else known.asked++;
  }
  return [...same.values()];
}

function wordsInOrder(text: string): string {
  return readWords(text)
    .map(({ typed }) => typed)
    .join(' ');
}

function wordsOf(text: string): Set<string> {
  const all = readWords(text).map(({ word }) => word);
  const telling = all.filter((word) => !EMPTY_WORDS.has(word));
  return new Set(telling.length > 0 ? telling : all);
}

function belongs(item: Item, cluster: Cluster): boolean {
  const least = item.entry !== null && item.entry === cluster.entry ? ALIKE_ON_ONE_ENTRY : ALIKE;
  return likeness(item.words, cluster.words) >= least;
}

/** Shared words by all words (Jaccard), 0 to 1. */
function likeness(one: Set<string>, other: Set<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / (one.size + other.size - shared || 1);
}

function toQuestionCluster({ items, entry }: Cluster): QuestionCluster {
  const oftenFirst = items.toSorted((one, other) => other.asked - one.asked);
  const newest = items.reduce((latest, item) => (item.newest.at > latest.newest.at ? item : latest)).newest;
  return {
    entry: entry !== null && items.some((item) => item.isNear) ? entry : undefined,
    texts: oftenFirst.map((item) => item.newest.text),
    asked: items.reduce((sum, item) => sum + item.asked, 0),
    newest,
  };
}
