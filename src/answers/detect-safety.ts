import type { SafetyText } from './knowledge';
import { NUMBER, readWords } from './normalise';
import type { ReadWord } from './read-message';
import { stem } from './stem';

/** Words that may stand between two words of a phrase: "kill" (all of) "myself". */
const MOST_BETWEEN = 2;
/** Words that a combination may spread over, in whatever order: "green stuff keeps coming out of my scalp". */
const WIDEST_COMBINATION = 12;

type Phrase = readonly string[];

/** By their first word, so that a message meets only the few phrases that begin with one of its own. */
type Phrases = ReadonlyMap<string, readonly Phrase[]>;

interface Danger {
  kind: SafetyText['kind'];
  phrases: Phrases;
  /** One phrase of each group makes the danger. */
  combinations: Phrases[][];
  except: Phrases;
  notAfter: Phrases;
  past: Phrases;
}

/** First and last word of a phrase in the message. */
type Span = readonly [from: number, to: number];

/** The message's stems in one row, and the number of the sentence that each stands in. */
interface Message {
  stems: readonly string[];
  sentenceOf: readonly number[];
}

/** Finds what means a crisis or an emergency, before anything else is thought about a message. */
export function createSafetyDetector(safety: readonly SafetyText[]) {
  const dangers: Danger[] = safety.map(({ kind, phrases, together, except, notAfter, past }) => ({
    kind,
    phrases: byFirstStem(phrases),
    combinations: together.map((groups) => groups.map(byFirstStem)),
    except: byFirstStem(except),
    notAfter: byFirstStem(notAfter),
    past: byFirstStem(past),
  }));

  /** A crisis is named before an emergency; undefined where there is neither. `parts` are the message's sentences. */
  return function detect(parts: readonly (readonly ReadWord[])[]): SafetyText['kind'] | undefined {
    const message = messageOf(parts);
    const found = new Set(dangers.filter((danger) => speaksOf(danger, message)).map(({ kind }) => kind));
    if (found.has('crisis')) return 'crisis';
    return found.has('emergency') ? 'emergency' : undefined;
  };
}

function messageOf(parts: readonly (readonly ReadWord[])[]): Message {
  const stems = parts.flatMap((words) =>
    words.map(({ typed, word, stem: stemmed }) => (word === NUMBER ? typed : whoeverItIs(stemmed))),
  );
  return { stems, sentenceOf: parts.flatMap((words, part) => words.map(() => part)) };
}

/** A phrase found inside a harmless one ("dying to get this done") does not count; another one still does. */
function speaksOf(danger: Danger, message: Message): boolean {
  const harmless = spansOf(danger.except, message);
  const counts = ([from, to]: Span) => !harmless.some(([start, end]) => from <= end && to >= start);
  if (spansOf(danger.phrases, message).some(counts)) return true;
  const asks = spansOf(danger.notAfter, message);
  const tellsOfOldTimes = spansOf(danger.past, message);
  const isNow = ([, to]: Span) => {
    const isInSentence = ([from]: Span) => message.sentenceOf[from] === message.sentenceOf[to];
    // "Will my scalp be swollen?" asks what may be; "my scalp is swollen, will it pass?" tells what is.
    return !asks.some((span) => isInSentence(span) && span[0] < to) && !tellsOfOldTimes.some(isInSentence);
  };
  return danger.combinations.some((groups) => {
    const spans: Span[][] = [];
    for (const group of groups) {
      const found = spansOf(group, message).filter(counts);
      if (found.length === 0) return false;
      spans.push(found);
    }
    return isTogether(spans, isNow);
  });
}

/** Does one span of each group stand within `WIDEST_COMBINATION` words of the others, so that together they count? */
function isTogether(
  [spans, ...others]: readonly (readonly Span[])[],
  counts: (around: Span) => boolean,
  taken: readonly Span[] = [],
): boolean {
  if (spans === undefined) return counts(around(taken));
  return spans.some((span) => fits(span, taken) && isTogether(others, counts, [...taken, span]));
}

function fits(span: Span, taken: readonly Span[]): boolean {
  return taken.every(
    ([from, to]) =>
      (span[0] > to || span[1] < from) &&
      Math.max(span[1], to) - Math.min(span[0], from) < WIDEST_COMBINATION,
  );
}

function around(spans: readonly Span[]): Span {
  return [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

function spansOf(phrases: Phrases, { stems }: Message): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < stems.length; from++) {
    for (const phrase of phrases.get(stems[from]!) ?? []) {
      const to = endOf(phrase, stems, from);
      if (to !== undefined) spans.push([from, to]);
    }
  }
  return spans;
}

function endOf(phrase: Phrase, stems: readonly string[], from: number): number | undefined {
  let at = from;
  for (const part of phrase.slice(1)) {
    const next = stems.indexOf(part, at + 1);
    if (next < 0 || next - at - 1 > MOST_BETWEEN) return undefined;
    at = next;
  }
  return at;
}

/** A son who wants to die is as much a crisis as oneself: phrases in the first person mean everybody. */
function whoeverItIs(found: string): string {
  if (/^(he|she|they|we)$/.test(found)) return 'i';
  if (/^(his|her|their|our)$/.test(found)) return 'my';
  return /^(himself|herself|themselv|themself|ourselv)$/.test(found) ? 'myself' : found;
}

function byFirstStem(phrases: readonly string[]): Phrases {
  const found = new Map<string, Phrase[]>();
  for (const phrase of phrases.map(stems)) {
    const [first] = phrase;
    if (first !== undefined) found.set(first, [...(found.get(first) ?? []), phrase]);
  }
  return found;
}

function stems(phrase: string): string[] {
  // 911 is not any number: "call me at 410 555 0134" is no emergency.
  return readWords(phrase).map(({ typed, word }) => (word === NUMBER ? typed : whoeverItIs(stem(word))));
}
