import { LangEn, Nlp, containerBootstrap } from '@nlpjs/basic';
import Fuse from 'fuse.js';
import MiniSearch from 'minisearch';
import { createAnswerFinder } from '../../src/answers/find-answer';
import type { Knowledge } from '../../src/answers/knowledge';

/** Topics for one message, best first, each once, and how sure the first is (comparable within one system only). */
export interface Guess {
  topics: string[];
  confidence: number;
  /** Would it be answered at the limit the system chose for itself, before it saw a test message? */
  answered?: boolean;
}

export type Ask = (text: string) => Guess | Promise<Guess>;

export interface System {
  name: string;
  /** Messages at most: some need tens of milliseconds for each. */
  most: number;
  build(knowledge: Knowledge): Ask | Promise<Ask>;
}

const SLOW = 120;
const SLOWEST = 60;

export const SYSTEMS: readonly System[] = [
  { name: 'this bot', most: Infinity, build: buildThisBot },
  { name: 'NLP.js', most: Infinity, build: buildNlpJs },
  { name: 'MiniSearch, an entry a document', most: Infinity, build: buildMiniSearch },
  {
    name: 'Fuse.js, token search 0.3',
    most: SLOW,
    build: (knowledge) =>
      buildFuse(knowledge, { useTokenSearch: true, threshold: 0.3, ignoreLocation: true }),
  },
  { name: 'Fuse.js, default', most: SLOWEST, build: (knowledge) => buildFuse(knowledge, {}) },
];

function buildThisBot(knowledge: Knowledge): (text: string) => Guess {
  const finder = createAnswerFinder(knowledge);
  return (text) => {
    const { candidates, confidence, decision } = finder.decide(text);
    const answered = decision === 'answer' || decision === 'handoff' || decision === 'booking';
    return { topics: distinct(candidates.map(({ topic }) => topic)), confidence, answered };
  };
}

/** Its neural classifier with the feature for unknown words, without which it is sure of almost everything. */
async function buildNlpJs(knowledge: Knowledge): Promise<Ask> {
  const container = await containerBootstrap();
  container.use(LangEn);
  const nlp = new Nlp({
    container,
    autoSave: false,
    autoLoad: false,
    nlu: { log: false, useNoneFeature: true },
  });
  nlp.addLanguage('en');
  for (const entry of knowledge.entries)
    for (const text of sentences(entry)) nlp.addDocument('en', text, entry.topic);
  await nlp.train();
  return async (text) => {
    const { classifications } = await nlp.process('en', text);
    const topics = classifications.map(({ intent }) => intent).filter((intent) => intent !== 'None');
    const [first] = classifications;
    return {
      topics: distinct(topics),
      confidence: first === undefined || first.intent === 'None' ? 0 : first.score,
    };
  };
}

function buildMiniSearch(knowledge: Knowledge): (text: string) => Guess {
  const search = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
  search.addAll(knowledge.entries.map((entry, id) => ({ id, text: sentences(entry).join('\n') })));
  return (text) => {
    const found = search.search(text, { fuzzy: 0.2, prefix: true });
    return {
      topics: distinct(found.map(({ id }) => knowledge.entries[Number(id)]!.topic)),
      confidence: found[0]?.score ?? 0,
    };
  };
}

/** One document a phrasing: an entry's score would be the product over its phrasings. */
function buildFuse(knowledge: Knowledge, options: Record<string, unknown>): (text: string) => Guess {
  const phrasings = knowledge.entries.flatMap((entry) =>
    sentences(entry).map((text) => ({ text, topic: entry.topic })),
  );
  const fuse = new Fuse(phrasings, { keys: ['text'], includeScore: true, ...options });
  return (text) => {
    const found = fuse.search(text, { limit: 60 });
    return { topics: distinct(found.map(({ item }) => item.topic)), confidence: 1 - (found[0]?.score ?? 1) };
  };
}

function sentences({ title, question, phrasings }: Knowledge['entries'][number]): string[] {
  return distinct([question, ...phrasings, title].filter((text) => text !== ''));
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
