import { isHealthWord, isRecentTreatment, namesMinor } from './health-words';
import type { Matcher } from './matcher';
import type { ReadWord } from './read-message';
import type { Rehearsal } from './rehearse';

/** A health entry that overrules the yes of others. */
export interface DangerRule {
  entry: number;
  /** The entries whose answer must not be given where this one is meant. */
  overrules: ReadonlySet<number>;
  /** Does the message name a condition, a medicine, an age, a state that this entry is about? */
  speaksOf(words: readonly ReadWord[]): boolean;
  /** ... one that no harmless entry ever mentions? */
  surelySpeaksOf(words: readonly ReadWord[]): boolean;
  /**
   * ... by its name: an illness, a medicine, a treatment just had, an age under 18? Then the entry is what is meant.
   * Not by a name that the entry `first` has too: "infection" is a risk as well.
   */
  names(words: readonly ReadWord[], first?: number): boolean;
}

/** A word tells of the danger where its share of the entry's sentences is this many times that of an overruled entry. */
const TELLING = 2;
/** ... and where no more than this share of all entries uses it. */
const COMMON = 0.2;
/** A yes to somebody it may harm is this much worse than sending somebody to the clinic without need. */
const HARM = 10;

/**
 * What tells of a danger is read off the knowledge: the words and concepts the entry has and those it overrules
 * lack. Names of illnesses and medicines tell of it too, though the knowledge may never have heard of them.
 */
export function createDangerRules(matcher: Matcher): DangerRule[] {
  const numberOf = new Map(matcher.entries.map((entry, number) => [entry.id, number]));
  const dangerous = new Set(
    matcher.entries.flatMap((entry, number) => (entry.danger.length > 0 ? [number] : [])),
  );
  const usage = usageOf(matcher);
  const harmless = harmlessStems(matcher, dangerous);
  const aboutHealth = entryNaming(
    matcher,
    dangerous,
    (words) => words.filter(({ word }) => isHealthWord(word)).length,
  );
  const aboutAge = entryNaming(matcher, dangerous, (words) => (namesMinor(words) ? 1 : 0));
  return [...dangerous].map((entry) => {
    const overrules = new Set(matcher.entries[entry]!.danger.flatMap((id) => numberOf.get(id) ?? []));
    const { telling, exclusive } = tellingTerms(matcher, usage, entry, overrules, dangerous);
    const isNamed = (word: ReadWord) =>
      entry === aboutHealth && isHealthWord(word.word) && !harmless.has(word.stem);
    const names = (words: readonly ReadWord[], first = entry) =>
      words.some((word) => isNamed(word) && (first === entry || !usage.get(word.stem)?.has(first))) ||
      (entry === aboutHealth && isRecentTreatment(words.map(({ word }) => word))) ||
      (entry === aboutAge && namesMinor(words));
    const surelySpeaksOf = (words: readonly ReadWord[]) =>
      names(words) || has(matcher, words, exclusive) || standsForDanger(matcher, words, harmless, telling);
    return {
      entry,
      overrules,
      speaksOf: (words) => has(matcher, words, telling) || surelySpeaksOf(words),
      surelySpeaksOf,
      names,
    };
  });
}

/** Stem, pair of stems or `concept:name` to the share of each entry's sentences that have it. */
type Usage = ReadonlyMap<string, ReadonlyMap<number, number>>;

function usageOf(matcher: Matcher): Usage {
  const usage = new Map<string, Map<number, number>>();
  matcher.examples.forEach(({ entry, words }) => {
    if (entry >= matcher.entries.length) return;
    const share = 1 / (matcher.firstExample[entry + 1]! - matcher.firstExample[entry]!);
    for (const term of termsOf(words, matcher)) {
      const shares = usage.get(term) ?? new Map<number, number>();
      usage.set(term, shares.set(entry, (shares.get(entry) ?? 0) + share));
    }
  });
  return usage;
}

function termsOf(words: readonly ReadWord[], matcher: Matcher): Set<string> {
  const concepts = [...matcher.lexicon.conceptsOf(words).keys()].map((name) => `concept:${name}`);
  const pairs = words.slice(1).map((word, at) => `${words[at]!.stem} ${word.stem}`);
  return new Set([...words.map((word) => word.stem), ...pairs, ...concepts]);
}

function has(matcher: Matcher, words: readonly ReadWord[], terms: ReadonlySet<string>): boolean {
  return [...termsOf(words, matcher)].some((term) => terms.has(term));
}

/** `exclusive` is those of the `telling` that no harmless entry has. */
function tellingTerms(
  matcher: Matcher,
  usage: Usage,
  entry: number,
  overrules: ReadonlySet<number>,
  dangerous: ReadonlySet<number>,
): { telling: ReadonlySet<string>; exclusive: ReadonlySet<string> } {
  const telling = new Set<string>();
  const exclusive = new Set<string>();
  for (const [term, shares] of usage) {
    const own = shares.get(entry) ?? 0;
    const theirs = Math.max(0, ...[...overrules].map((other) => shares.get(other) ?? 0));
    if (own === 0 || own < TELLING * theirs || shares.size > Math.max(1, COMMON * matcher.entries.length))
      continue;
    telling.add(term);
    if (!isPair(term) && [...shares.keys()].every((other) => dangerous.has(other))) exclusive.add(term);
  }
  return { telling, exclusive };
}

/**
 * Is there a word that no harmless entry uses, and that stands for a telling concept? Other words of the same concept
 * may be harmless: "acne scars" is no reason to ask a doctor, "lupus" is.
 */
function standsForDanger(
  matcher: Matcher,
  words: readonly ReadWord[],
  harmless: ReadonlySet<string>,
  telling: ReadonlySet<string>,
): boolean {
  const means = (word: ReadWord) =>
    [...matcher.lexicon.conceptsOf([word]).keys()].some((name) => telling.has(`concept:${name}`));
  return words.some((word) => !harmless.has(word.stem) && means(word));
}

function harmlessStems({ examples, entries }: Matcher, dangerous: ReadonlySet<number>): Set<string> {
  const harmless = examples.filter(({ entry }) => entry < entries.length && !dangerous.has(entry));
  return new Set(harmless.flatMap(({ words }) => words.map((word) => word.stem)));
}

/** The danger entry whose phrasings name most of something; undefined where none names any. */
function entryNaming(
  { examples, firstExample }: Matcher,
  dangerous: ReadonlySet<number>,
  namesIn: (words: readonly ReadWord[]) => number,
): number | undefined {
  const found = [...dangerous].map((entry) => {
    const own = examples.slice(firstExample[entry], firstExample[entry + 1]);
    return { entry, names: own.reduce((sum, { words }) => sum + namesIn(words), 0) };
  });
  return found.filter(({ names }) => names > 0).toSorted((a, b) => b.names - a.names)[0]?.entry;
}

/** Pairs such as "on chemo" tell of a danger, but any two words may chance to stand together in one entry only. */
function isPair(term: string): boolean {
  return term.includes(' ') && !term.startsWith('concept:');
}

/** Floors that are tried, in steps of 0.05. */
const FLOORS = Array.from({ length: 16 }, (_, at) => 0.2 + at / 20);

/**
 * Least score of a danger entry, as a share of the best score, at which it overrules: the mean of all that are tried,
 * each counting the more the less the rehearsed phrasings would have been hurt by it. The least alone is chance, and
 * would jump with each edit; a harm more makes a floor count a third.
 */
export function chooseDangerFloor(
  rules: readonly DangerRule[],
  matcher: Matcher,
  rehearsals: readonly Rehearsal[],
): number {
  const meetings = rules.flatMap((rule) => meetingsOf(rule, matcher, rehearsals));
  const costs = FLOORS.map((floor) =>
    meetings.reduce((sum, { share, harm, detour }) => sum + (share >= floor ? detour : harm), 0),
  );
  const least = Math.min(...costs);
  const counts = costs.map((cost) => Math.exp((least - cost) / HARM));
  const all = counts.reduce((sum, count) => sum + count, 0);
  return FLOORS.reduce((sum, floor, at) => sum + floor * counts[at]!, 0) / all;
}

/** A rehearsed phrasing that an overruled entry would have answered. */
interface Meeting {
  /** Of the best score, the danger entry's; 0 where the message does not speak of the danger. */
  share: number;
  /** What it costs when the danger entry does not overrule, and when it does. */
  harm: number;
  detour: number;
}

function meetingsOf(rule: DangerRule, matcher: Matcher, rehearsals: readonly Rehearsal[]): Meeting[] {
  return rehearsals.flatMap(({ kind, example, first }) => {
    const { entry, words } = matcher.examples[example]!;
    const top = first[0];
    if (kind !== 'phrasing' || top === undefined || !rule.overrules.has(top.entry)) return [];
    const danger = first.find((candidate) => candidate.entry === rule.entry);
    const share = danger !== undefined && rule.speaksOf(words) ? danger.score / top.score : 0;
    return [{ share, harm: entry === rule.entry ? HARM : 0, detour: rule.overrules.has(entry) ? 1 : 0 }];
  });
}
