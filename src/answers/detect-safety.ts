import type { SafetyText } from './knowledge';
import { NUMBER, readWords } from './normalise';
import type { ReadWord } from './read-message';
import { stem } from './stem';

/** Words that may stand between two words of a phrase: "kill" (all of) "myself". */
const MOST_BETWEEN = 2;
/** Words that a combination may spread over, in whatever order: "green stuff keeps coming out of my scalp". */
const WIDEST_COMBINATION = 12;

type Phrase = readonly string[];

interface Danger {
  kind: SafetyText['kind'];
  phrases: Phrase[];
  /** One phrase of each group makes the danger. */
  combinations: Phrase[][][];
  except: Phrase[];
  notAfter: Phrase[];
  past: Phrase[];
}

/** First and last word of a phrase in the message. */
type Span = readonly [from: number, to: number];

/** The message's stems in one row, where each of them stands, and the number of the sentence that it stands in. */
interface Message {
  stems: readonly string[];
  placesOf: ReadonlyMap<string, readonly number[]>;
  sentenceOf: readonly number[];
}

/** Finds what means a crisis or an emergency, before anything else is thought about a message. */
export function createSafetyDetector(safety: readonly SafetyText[]) {
  const dangers: Danger[] = safety.map(({ kind, phrases, together, except, notAfter, past }) => ({
    kind,
    phrases: stemsOfAll(phrases),
    combinations: together.map((groups) => groups.map(stemsOfAll)),
    except: stemsOfAll(except),
    notAfter: stemsOfAll(notAfter),
    past: stemsOfAll(past),
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
  const placesOf = new Map<string, number[]>();
  stems.forEach((found, place) => placesOf.set(found, [...(placesOf.get(found) ?? []), place]));
  return { stems, placesOf, sentenceOf: parts.flatMap((words, part) => words.map(() => part)) };
}

/** A phrase found inside a harmless one ("dying to get this done") does not count; another one still does. */
function speaksOf(danger: Danger, message: Message): boolean {
  const spansOfAll = (phrases: readonly Phrase[]) => phrases.flatMap((phrase) => spansOf(phrase, message));
  const harmless = spansOfAll(danger.except);
  const counts = ([from, to]: Span) => !harmless.some(([start, end]) => from <= end && to >= start);
  if (spansOfAll(danger.phrases).some(counts)) return true;
  const asks = spansOfAll(danger.notAfter);
  const tellsOfOldTimes = spansOfAll(danger.past);
  const isNow = ([, to]: Span) => {
    const isInSentence = ([from]: Span) => message.sentenceOf[from] === message.sentenceOf[to];
    // "Will my scalp be swollen?" asks what may be; "my scalp is swollen, will it pass?" tells what is.
    return !asks.some((span) => isInSentence(span) && span[0] < to) && !tellsOfOldTimes.some(isInSentence);
  };
  return danger.combinations.some((groups) => {
    const spans: Span[][] = [];
    for (const group of groups) {
      const found = spansOfAll(group).filter(counts);
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

function spansOf(phrase: Phrase, { stems, placesOf }: Message): Span[] {
  const spans: Span[] = [];
  for (const from of placesOf.get(phrase[0] ?? '') ?? []) {
    const to = endOf(phrase, stems, from);
    if (to !== undefined) spans.push([from, to]);
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

function stemsOfAll(phrases: readonly string[]): Phrase[] {
  return phrases.map(stems).filter((phrase) => phrase.length > 0);
}

function stems(phrase: string): string[] {
  // 911 is not any number: "call me at 410 555 0134" is no emergency.
  return readWords(phrase).map(({ typed, word }) => (word === NUMBER ? typed : whoeverItIs(stem(word))));
}
