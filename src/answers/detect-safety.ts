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
  const dangers: Danger[] = safety.map(({ kind, phrases, together, except, notAfter }) => ({
    kind,
    phrases: stemsOfAll(phrases),
    combinations: together.map((groups) => groups.map(stemsOfAll)),
    except: stemsOfAll(except),
    notAfter: stemsOfAll(notAfter),
  }));

  /** A crisis is named before an emergency; undefined where there is neither. `parts` are the message's sentences. */
  return function detect(parts: readonly (readonly ReadWord[])[]): SafetyText['kind'] | undefined {
    const message = {
      stems: parts.flatMap((words) =>
        words.map(({ typed, word, stem: stemmed }) => (word === NUMBER ? typed : whoeverItIs(stemmed))),
      ),
      sentenceOf: parts.flatMap((words, part) => words.map(() => part)),
    };
    const found = new Set(dangers.filter((danger) => speaksOf(danger, message)).map(({ kind }) => kind));
    if (found.has('crisis')) return 'crisis';
    return found.has('emergency') ? 'emergency' : undefined;
  };
}

/** A phrase found inside a harmless one ("dying to get this done") does not count; another one still does. */
function speaksOf(danger: Danger, message: Message): boolean {
  const harmless = danger.except.flatMap((phrase) => spansOf(phrase, message.stems));
  const counts = ([from, to]: Span) => !harmless.some(([start, end]) => from <= end && to >= start);
  if (danger.phrases.some((phrase) => spansOf(phrase, message.stems).some(counts))) return true;
  const doubts = danger.notAfter.flatMap((phrase) => spansOf(phrase, message.stems));
  return danger.combinations.some((groups) =>
    combinationsOf(groups, message.stems, counts).some((span) => !isInDoubt(span, doubts, message)),
  );
}

/** "Will my scalp be swollen?" asks what may be; "my scalp is swollen, will it pass?" tells what is. */
function isInDoubt([, to]: Span, doubts: readonly Span[], { sentenceOf }: Message): boolean {
  return doubts.some(([from]) => from < to && sentenceOf[from] === sentenceOf[to]);
}

/** Where one phrase of each group stands within `WIDEST_COMBINATION` words, each at a place of its own. */
function combinationsOf(
  groups: readonly (readonly Phrase[])[],
  message: readonly string[],
  counts: (span: Span) => boolean,
): Span[] {
  let found: Span[][] = [[]];
  for (const group of groups) {
    const spans = group.flatMap((phrase) => spansOf(phrase, message)).filter(counts);
    found = found.flatMap((taken) =>
      spans.filter((span) => fits(span, taken)).map((span) => [...taken, span]),
    );
    if (found.length === 0) return [];
  }
  return found.map((taken) => around(taken));
}

function fits(span: Span, taken: readonly Span[]): boolean {
  if (taken.some(([from, to]) => span[0] <= to && span[1] >= from)) return false;
  const [from, to] = around([...taken, span]);
  return to - from < WIDEST_COMBINATION;
}

function around(spans: readonly Span[]): Span {
  return [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

function spansOf(phrase: Phrase, message: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < message.length; from++) {
    const to = message[from] === phrase[0] ? endOf(phrase, message, from) : undefined;
    if (to !== undefined) spans.push([from, to]);
  }
  return spans;
}

function endOf(phrase: Phrase, message: readonly string[], from: number): number | undefined {
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

function stemsOfAll(phrases: readonly string[]): Phrase[] {
  return phrases.map(stems).filter((phrase) => phrase.length > 0);
}

function stems(phrase: string): string[] {
  // 911 is not any number: "call me at 410 555 0134" is no emergency.
  return readWords(phrase).map(({ typed, word }) => (word === NUMBER ? typed : whoeverItIs(stem(word))));
}
