import { createWordCorrector, type WordCorrector } from './correct-words';
import { createFeatureSpace, featuresOf, type Features, type FeatureSpace, type Vector } from './features';
import { namesToSpell } from './health-words';
import type { Entry, MatchedKnowledge } from './knowledge';
import { createLexicon, type Lexicon } from './lexicon';
import { createLikeness, type Likeness } from './likeness';
import { readWords } from './normalise';
import { createRanker, type Ranker, type Ranking } from './rank';
import { readAs, type ReadWord } from './read-message';

/** Everything a message is compared with, indexed once per knowledge. */
export interface Matcher {
  readonly entries: readonly Entry[];
  readonly examples: readonly Example[];
  readonly corrector: WordCorrector;
  readonly lexicon: Lexicon;
  readonly space: FeatureSpace;
  readonly likeness: Likeness;
  readonly rank: Ranker;
  /** Examples of entry e are `firstExample[e]` up to, not with, `firstExample[e + 1]`; the background comes last. */
  readonly firstExample: Int32Array;
  /** Background sentences that say what a phrasing says: they take no part. */
  readonly setAside: readonly number[];
  /** The result is good until the same `reading` (0, 1, ...) of another message is matched: it takes the same memory. */
  match(words: readonly ReadWord[], reading: number): Match;
}

/** One sentence that stands for its entry; the background's entry is one past the last. */
export interface Example {
  text: string;
  entry: number;
  words: ReadWord[];
  vector: Vector;
}

/** What came of comparing one reading of a message. */
export interface Match {
  words: readonly ReadWord[];
  features: Features;
  vector: Vector;
  row: Float64Array;
  ranking: Ranking;
  familiarity: Familiarity;
  /** It is nearer to a filler ("a friend told me about you") than to anything that is asked. */
  asksNothing: boolean;
}

/** A background sentence this like a phrasing is a question of the knowledge, whoever put it there. */
const SAME_AS_PHRASING = 0.65;

export function createMatcher(knowledge: MatchedKnowledge): Matcher {
  const sentences = [...entrySentences(knowledge.entries), ...backgroundSentences(knowledge)];
  const lexicon = createLexicon(knowledge.concepts);
  const corrector = createWordCorrector(vocabularyOf(knowledge, sentences, lexicon));
  const entryOf = Int32Array.from(sentences, (sentence) => sentence.entry);
  const words = sentences.map((sentence) => readAs(readWords(sentence.text), corrector));
  const space = createFeatureSpace(featuresOfEach(words, lexicon), entryOf, knowledge.entries.length + 1);
  const { vectors } = space;
  const likeness = createLikeness(vectors, space.size);
  const firstExample = firstOfEach(entryOf, knowledge.entries.length + 1);
  const rank = createRanker(likeness, firstExample);
  const firstFiller = sentences.length - knowledge.fillers.length;
  const setAside = backgroundToSetAside(likeness, vectors, firstExample[knowledge.entries.length]!);

  // A fifth of a match's time went into making and clearing away its 30 kB.
  const rows: Float64Array[] = [];

  function match(read: readonly ReadWord[], reading: number): Match {
    const features = featuresOf(read, lexicon);
    const vector = space.vectorOf(features);
    const row = (rows[reading] ??= new Float64Array(sentences.length));
    likeness.toAll(vector, row);
    for (const example of setAside) row[example] = 0;
    return {
      words: read,
      features,
      vector,
      row,
      ranking: rank(row),
      familiarity: familiarityOf(read, space, lexicon),
      asksNothing: areAllBelow(largestOf(row, firstFiller, row.length), row, firstFiller),
    };
  }

  return {
    entries: knowledge.entries,
    examples: sentences.map((sentence, at) => ({ ...sentence, words: words[at]!, vector: vectors[at]! })),
    corrector,
    lexicon,
    space,
    likeness,
    rank,
    firstExample,
    setAside,
    match,
  };
}

function* featuresOfEach(sentences: readonly ReadWord[][], lexicon: Lexicon): Iterable<Features> {
  for (const words of sentences) yield featuresOf(words, lexicon);
}

interface Sentence {
  text: string;
  entry: number;
}

/** Title and question are phrasings too: the title alone was worth three points. */
function entrySentences(entries: readonly Entry[]): Sentence[] {
  return entries.flatMap(({ title, question, phrasings }, entry) => {
    const texts = new Set(
      [question, ...phrasings, title].map((text) => text.trim()).filter((text) => text !== ''),
    );
    return [...texts].map((text) => ({ text, entry }));
  });
}

/** The fillers are background too, and stand last in it. */
function backgroundSentences({ background, fillers, entries }: MatchedKnowledge): Sentence[] {
  return [...background, ...fillers].map((text) => ({ text, entry: entries.length }));
}

/** Words of the safety lists, and names of illnesses, belong to it: they must be understood through a misspelling. */
function vocabularyOf(
  knowledge: MatchedKnowledge,
  sentences: readonly Sentence[],
  lexicon: Lexicon,
): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const { text } of sentences) for (const { word } of readWords(text)) count(word);
  for (const { phrases, together, except, notAfter, past } of knowledge.safety) {
    const texts = [...phrases, ...new Set(together.flat(2)), ...except, ...notAfter, ...past];
    for (const text of texts) readWords(text).forEach(({ word }) => count(word));
  }
  lexicon.words().forEach(count);
  if (knowledge.entries.some(({ danger }) => danger.length > 0)) namesToSpell().forEach(count);
  return counts;
}

function firstOfEach(entryOf: Int32Array, entries: number): Int32Array {
  const first = new Int32Array(entries + 1).fill(entryOf.length);
  for (let example = entryOf.length - 1; example >= 0; example--) first[entryOf[example]!] = example;
  for (let entry = entries - 1; entry >= 0; entry--)
    first[entry] = Math.min(first[entry]!, first[entry + 1]!);
  return first;
}

/** Of the numbers up to, not with, `to`. */
function areAllBelow(bound: number, numbers: Float64Array, to: number): boolean {
  for (let at = 0; at < to; at++) if (numbers[at]! >= bound) return false;
  return true;
}

/** From `from` up to, not with, `to`. */
function largestOf(numbers: Float64Array, from: number, to: number): number {
  let largest = 0;
  for (let at = from; at < to; at++) if (numbers[at]! > largest) largest = numbers[at]!;
  return largest;
}

function backgroundToSetAside(
  likeness: Likeness,
  vectors: readonly Vector[],
  firstBackground: number,
): number[] {
  const row = new Float64Array(vectors.length);
  const aside: number[] = [];
  for (let example = firstBackground; example < vectors.length; example++) {
    likeness.toAll(vectors[example]!, row);
    if (largestOf(row, 0, firstBackground) > SAME_AS_PHRASING) aside.push(example);
  }
  return aside;
}

/** Shares of what the message's words say, rare words saying more; 0 to 1. */
export interface Familiarity {
  /** Words that neither the phrasings nor the lexicon have ever seen. */
  unknown: number;
  /** Words of the lexicon: the trade's own. */
  trade: number;
}

/**
 * `hidden(stem)` is how many of the examples that have the stem are to be left out of the count: the calibration
 * asks what the shares would be if an example, or a whole entry, were not there.
 */
export function familiarityOf(
  words: readonly ReadWord[],
  space: FeatureSpace,
  lexicon: Lexicon,
  hidden: (stem: string) => number = () => 0,
): Familiarity {
  const examples = space.examplesWith;
  let [all, unknown, trade] = [0, 0, 0];
  for (const stem of new Set(words.map((word) => word.stem))) {
    const having = Math.max(0, (examples.get(stem) ?? 0) - hidden(stem));
    const weight = (1 + Math.log((1 + examples.size) / (1 + having))) ** 0.7;
    all += weight;
    if (lexicon.hasStem(stem)) trade += weight;
    else if (having === 0) unknown += weight;
  }
  return all === 0 ? { unknown: 1, trade: 0 } : { unknown: unknown / all, trade: trade / all };
}
