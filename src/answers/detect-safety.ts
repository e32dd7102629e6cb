import type { SafetyText } from './knowledge';
import { NUMBER, readWords } from './normalise';
import type { ReadWord } from './read-message';
import { stem } from './stem';

/** Words that may stand between two words of a phrase: "kill" (all of) "myself". */
const MOST_BETWEEN = 2;

interface Danger {
  kind: SafetyText['kind'];
  phrases: string[][];
  except: string[][];
}

/** First and last word of a phrase in the message. */
type Span = readonly [from: number, to: number];

/** Finds phrases that mean a crisis or an emergency, before anything else is thought about a message. */
export function createSafetyDetector(safety: readonly SafetyText[]) {
  const dangers: Danger[] = safety.map(({ kind, phrases, except }) => ({
    kind,
    phrases: phrases.map(stems).filter(isPhrase),
    except: except.map(stems).filter(isPhrase),
  }));

  /** A crisis is named before an emergency; undefined where there is neither. */
  return function detect(words: readonly ReadWord[]): SafetyText['kind'] | undefined {
    const message = words.map(({ typed, word, stem: stemmed }) =>
      word === NUMBER ? typed : whoeverItIs(stemmed),
    );
    const found = new Set(dangers.filter((danger) => speaksOf(danger, message)).map((danger) => danger.kind));
    if (found.has('crisis')) return 'crisis';
    return found.has('emergency') ? 'emergency' : undefined;
  };
}

/** A phrase found inside a harmless one ("dying to get this done") does not count; another one still does. */
function speaksOf({ phrases, except }: Danger, message: readonly string[]): boolean {
  const harmless = except.flatMap((phrase) => spansOf(phrase, message));
  const isHarmless = ([from, to]: Span) => harmless.some(([start, end]) => from <= end && to >= start);
  return phrases.some((phrase) => spansOf(phrase, message).some((span) => !isHarmless(span)));
}

function spansOf(phrase: readonly string[], message: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < message.length; from++) {
    const to = message[from] === phrase[0] ? endOf(phrase, message, from) : undefined;
    if (to !== undefined) spans.push([from, to]);
  }
  return spans;
}

function endOf(phrase: readonly string[], message: readonly string[], from: number): number | undefined {
  let at = from;
  for (const part of phrase.slice(1)) {
    const next = message.indexOf(part, at + 1);
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

function stems(phrase: string): string[] {
  // 911 is not any number: "call me at 410 555 0134" is no emergency.
  return readWords(phrase).map(({ typed, word }) => (word === NUMBER ? typed : whoeverItIs(stem(word))));
}

function isPhrase(phrase: readonly string[]): boolean {
  return phrase.length > 0;
}
