import { calibrate } from './calibrate';
import type { Calibration } from './calibration';
import { inScopeAt, rightAt } from './confidence';
import { createDangerRules, type DangerRule } from './danger';
import type { Candidate, Decision, Why } from './decision';
import { detectOtherLanguage, type OtherLanguage } from './detect-language';
import { createSafetyDetector } from './detect-safety';
import { explain, unknownWords } from './explain';
import type { Entry, MatchedKnowledge } from './knowledge';
import { sayAt, type Limits } from './limits';
import { createMatcher } from './matcher';
import type { Judged, LabelledQuestion } from './measure-answers';
import {
  inOrderAsked,
  leaveRestToOthers,
  mergeReadings,
  otherQuestions,
  shiftOdds,
  type Guess,
  type Merged,
  type Reading,
} from './merge-readings';
import { hasLetters, readParts, readWords, withoutTone, type Token } from './normalise';
import { corrections, readAs, type ReadWord } from './read-message';
import { bestEntries, rehearse, signalsOf, type Rehearsal } from './rehearse';

/** Finds what a visitor's message means. Built once per knowledge; deciding changes nothing. */
export interface AnswerFinder {
  /**
   * Never throws, whatever the text; the first 1,000 characters are read.
   * `lastEntry` is the id of the entry answered just before: a short message that means nothing sure by itself
   * ("and for women?") is then read as going on from it.
   */
  decide(text: string, context?: Context): Decision;
  /** Learnt when the finder was built, or handed to it. */
  readonly calibration: Calibration;
  /** From which confidence on it answers and offers, see `limits.ts`. */
  readonly limits: Limits;
  /** Least share of the best score at which a health entry overrules, see `danger.ts`. */
  readonly dangerFloor: number;
  /**
   * Every phrasing asked with itself hidden, and what would have been said: what the limits were chosen on. Asked
   * anew at each call (0.4 s at 2,500 phrasings), since nothing but reports needs it.
   */
  rehearsed(): { question: LabelledQuestion; decision: Judged }[];
}

export interface Context {
  lastEntry?: string;
}

export interface FinderOptions {
  /** A second ranker; without one the order of the first stands. */
  rerank?: Rerank;
}

/**
 * Puts the ids of the candidates (ten at most, best first) in a better order. What it leaves out follows behind, what
 * is no candidate is ignored. Confidences stay with the places, so that the limits keep their meaning; the health
 * rules are applied to its order. It must be quick: every message waits for it.
 */
export type Rerank = (text: string, candidates: readonly Candidate[]) => readonly string[];

/** Candidates a decision reports, and those a visitor is offered. */
const REPORTED = 5;
/** Candidates a second ranker may put in another order. */
const RERANKED = 10;
const OFFERED = 3;
/** A message of more words stands by itself. */
const LONGEST_FOLLOW_UP = 7;
/** Log odds that a question is in scope, and understood, when it refers to what was answered just now. */
const REFERRING_BONUS = 1;
/** "And ibuprofen?": a name and next to nothing else is the question. */
const LONGEST_BARE_NAME = 2;
/** Share of a follow-up's words that may be unknown; above it, it is not understood in any light. */
const MOST_UNKNOWN = 0.5;
/** Words of the whole message, and parts of it, that are compared; more is chatter, and costs time. */
const MOST_WORDS = 80;
const MOST_PARTS = 12;

/**
 * Indexes and calibrates. `kept` is the `calibration` of an earlier finder of the same knowledge and engine: with it
 * only the index is built.
 */
export function createAnswerFinder(
  knowledge: MatchedKnowledge,
  kept?: Calibration,
  options: FinderOptions = {},
): AnswerFinder {
  const { rerank } = options;
  const most = rerank === undefined ? REPORTED : RERANKED;
  const matcher = createMatcher(knowledge);
  const dangerRules = createDangerRules(matcher);
  const calibration = kept ?? calibrate(matcher, dangerRules, knowledge.costs);
  const { confidence, limits, dangerFloor } = calibration;
  const detectSafety = createSafetyDetector(knowledge.safety);
  const numberOf = new Map(knowledge.entries.map((entry, number) => [entry.id, number]));

  /** Readings of this message so far. */
  let matched = 0;

  function decide(text: string, context: Context = {}): Decision {
    matched = 0;
    const tokens = readParts(text);
    const said = tokens.map((part) => readAs(part, matcher.corrector));
    const safety = detectSafety(said);
    const parts = tokens.map((part, at) => {
      const asked = withoutTone(part);
      return asked === part ? said[at]! : readAs(asked, matcher.corrector);
    });
    const words = parts.flat();
    if (!hasLetters(text) || words.length === 0) return silence(text, words, 'There is no word in it.');
    const readings = readingsOf(parts);
    const heard = listen(readings, words, context);
    if (safety !== undefined) return fixedText(text, words, heard, safety);
    const language = languageOf(text, tokens.flat());
    if (language !== undefined) return { ...silence(text, words, NOT_ENGLISH), language };
    return heard.guesses.length === 0
      ? silence(text, words, NOTHING_LIKE_IT)
      : conclude(text, words, readings, heard);
  }

  /** A greeting or a word of the trade that the knowledge has ("ciao", "micropigmentation") is understood as it is. */
  function languageOf(text: string, tokens: readonly Token[]): OtherLanguage | undefined {
    const isKnown = tokens.every(({ word }) => matcher.corrector.knows(word));
    return isKnown ? undefined : detectOtherLanguage(text, tokens);
  }

  function readingsOf(parts: ReadWord[][]): Reading[] {
    const whole = readingOf(parts.flat().slice(0, MOST_WORDS), 'whole');
    if (parts.length === 1) return [whole];
    const apart = parts.filter((part) => part.length >= 2).slice(0, MOST_PARTS);
    return [whole, ...apart.map((words, part) => readingOf(words, part))];
  }

  function readingOf(words: ReadWord[], part: Reading['part']): Reading {
    const match = matcher.match(words, matched++);
    const signals = signalsOf(
      match.ranking.scores,
      knowledge.entries.length,
      match.familiarity,
      words.length,
    );
    const best = bestEntries(match.ranking.scores, knowledge.entries.length, most);
    return {
      part,
      match,
      best: best.filter(({ score }) => score > 0),
      right: rightAt(confidence, signals),
      inScope: inScopeAt(confidence, signals),
    };
  }

  /** By itself; where that is not sure, also as going on from what was answered last. */
  function listen(readings: Reading[], words: ReadWord[], context: Context): Merged {
    const alone = mergeReadings(readings, isSmallTalk);
    const last = knowledge.entries[numberOf.get(context.lastEntry ?? '') ?? -1];
    const isSure = sayAt(limits, alone.guesses[0]?.confidence ?? 0, alone.inScope) === 'answer';
    if (last === undefined || isSure || words.length > LONGEST_FOLLOW_UP) return alone;
    const refers = refersBack(words) && readings[0]!.match.familiarity.unknown === 0;
    if (!refers && isOffTopic(readings[0]!)) return alone;
    const lastQuestion = readAs(readWords(last.question || last.title), matcher.corrector);
    const goingOn = without(last.id, readingOf([...lastQuestion, ...words], 'going-on'));
    const expected = new Set(last.followUps.flatMap((id) => numberOf.get(id) ?? []));
    const all = [...readings, goingOn];
    return mergeReadings(refers ? all.map(inTheLightOfTheLast) : all, isSmallTalk, expected);
  }

  /** "How long does it take?" might be about anything, but hardly is in the middle of a conversation about this. */
  function inTheLightOfTheLast(reading: Reading): Reading {
    const [right, inScope] = [reading.right, reading.inScope].map((odds) => shiftOdds(odds, REFERRING_BONUS));
    return { ...reading, right: right!, inScope: inScope! };
  }

  /** Words nobody knows, or a request of another kind ("tell me a joke"), do not go on from anything. */
  function isOffTopic({ match, best }: Reading): boolean {
    const background = match.ranking.scores[knowledge.entries.length] ?? 0;
    return match.familiarity.unknown > MOST_UNKNOWN || background > (best[0]?.score ?? 0);
  }

  /** What was answered just now is hardly asked again; the others are as sure as they come near it. */
  function without(id: string, reading: Reading): Reading {
    const others = reading.best.filter(({ entry }) => knowledge.entries[entry]!.id !== id);
    const share = (others[0]?.score ?? 0) / (reading.best[0]?.score || 1);
    return { ...reading, best: others, right: reading.right * share };
  }

  function conclude(text: string, words: ReadWord[], readings: Reading[], heard: Merged): Decision {
    const asking = wordsThatAsk(readings, words);
    const ordered = careFirst(readings, inOrderOf(rerank, text, heard.guesses));
    const said = sayAt(limits, ordered[0]!.confidence, heard.inScope);
    const cares = said === 'clarify' && entryOf(ordered[0]!).kind === 'care';
    const { guesses, sure } = heedDanger(ordered, words, asking, said === 'answer' || cares);
    const surest = guesses[0]!;
    const isSure = sure && said !== 'none';
    const others = isSure ? furtherQuestions(readings, surest.entry, words, asking) : [];
    const [second, ...unanswered] = others;
    const [first, next] = second === undefined ? [surest] : inOrderAsked(surest, second, readings);
    const decision = isSure ? kindOf(entryOf(first)) : said === 'answer' ? 'clarify' : said;
    const speaks = decision !== 'clarify' && decision !== 'none';
    return {
      text,
      decision,
      entry: speaks ? entryOf(first).id : null,
      topic: speaks ? entryOf(first).topic : null,
      confidence: rounded(first.confidence),
      candidates: guesses.slice(0, REPORTED).map(candidateOf),
      ...(next !== undefined && { second: candidateOf(next) }),
      ...(unanswered.length > 0 && { unanswered: unanswered.map(candidateOf) }),
      ...(decision === 'none' && readings.every(({ match }) => match.asksNothing) && { asksNothing: true }),
      why: {
        corrections: corrections(words),
        ...explain(matcher, first.reading.match, first.entry),
        unknownWords: unknownWords(matcher, words),
        sentence: sentence(decision, guesses, heard.inScope),
      },
    };
  }

  /**
   * Those with an approved answer first: of three questions asked at once, two are answered. "I'm 71, is that too old?"
   * is one question, though its parts are nearest to two entries of a topic.
   */
  function furtherQuestions(
    readings: readonly Reading[],
    first: number,
    words: readonly ReadWord[],
    asking: readonly ReadWord[],
  ): Guess[] {
    const others = otherQuestions(readings, first, limits.answer, isSmallTalk);
    const { topic, kind } = knowledge.entries[first]!;
    // Who is not well is first of all not asked to book.
    const isOffered = ({ entry }: Guess) => kind !== 'care' || knowledge.entries[entry]!.kind !== 'booking';
    const isApproved = ({ entry }: Guess) => knowledge.entries[entry]!.approval !== 'none';
    return others
      .filter((guess) => isOffered(guess) && overruling(guess.entry, words, asking).length === 0)
      .filter((guess) => isApproved(guess) || knowledge.entries[guess.entry]!.topic !== topic)
      .sort((a, b) => Number(isApproved(b)) - Number(isApproved(a)));
  }

  /** "My head is bleeding, can I still come tomorrow": who surely needs a word of care hears it before anything else. */
  function careFirst(readings: readonly Reading[], guesses: Guess[]): Guess[] {
    const needs = readings.find(
      ({ part, best: [first], right }) =>
        typeof part === 'number' &&
        first !== undefined &&
        knowledge.entries[first.entry]!.kind === 'care' &&
        right >= limits.answer,
    );
    const entry = needs?.best[0]?.entry;
    return needs === undefined || entry === undefined || guesses[0]?.entry === entry
      ? guesses
      : leaveRestToOthers([
          { entry, confidence: needs.right, reading: needs },
          ...guesses.filter((guess) => guess.entry !== entry),
        ]);
  }

  function inOrderOf(second: Rerank | undefined, text: string, guesses: Guess[]): Guess[] {
    if (second === undefined) return guesses;
    const first = guesses.slice(0, RERANKED);
    const byId = new Map(first.map((guess) => [entryOf(guess).id, guess]));
    const wanted = second(text, first.map(candidateOf)).flatMap((id) => byId.get(id) ?? []);
    const order = [...new Set([...wanted, ...guesses])];
    return order.map((guess, place) => ({ ...guess, confidence: guesses[place]!.confidence }));
  }

  /**
   * Puts the health entry first where it overrules the best. Where an illness or a minor is named, it is what is meant,
   * and speaks however far behind it is; where other words tell of it for sure, nothing is answered and it is offered
   * first.
   */
  function heedDanger(
    guesses: Guess[],
    words: ReadWord[],
    asking: readonly ReadWord[],
    sure: boolean,
  ): { guesses: Guess[]; sure: boolean } {
    const first = guesses[0]!;
    const named = dangerRules.find(
      (rule) => rule.names(words, first.entry) && isMeantWhenNamed(rule, guesses, sure, words),
    );
    if (named !== undefined) return { guesses: inFrontOf(guesses, named.entry), sure: true };
    const rules = overruling(first.entry, words, asking);
    const shareOfFirst = ({ entry, reading: { match } }: Guess) => {
      const { scores } = match.ranking;
      return (scores[entry] ?? 0) / Math.max(scores[entry] ?? 0, scores[first.entry] ?? 0);
    };
    const meant = guesses
      .slice(0, OFFERED)
      .find(
        (guess) => rules.some((rule) => rule.entry === guess.entry) && shareOfFirst(guess) >= dangerFloor,
      );
    if (meant !== undefined) return { guesses: inFrontOf(guesses, meant.entry), sure };
    const told = rules.find((rule) => rule.surelySpeaksOf(words));
    return told === undefined ? { guesses, sure } : { guesses: inFrontOf(guesses, told.entry), sure: false };
  }

  /**
   * In front of the yes it overrules, of another health entry, and of a question that is not sure; not of "what does it
   * cost", nor of a wish to book, where the dialog asks on. Where nobody is spoken of it is as sure as all health
   * entries and what it overrules are together: "is it dangerous with a pacemaker" is, "success rate of ivf" is not.
   */
  function isMeantWhenNamed(
    rule: DangerRule,
    guesses: readonly Guess[],
    sure: boolean,
    words: readonly ReadWord[],
  ): boolean {
    const first = guesses[0]!.entry;
    const { kind, danger } = knowledge.entries[first]!;
    if (first === rule.entry || rule.overrules.has(first)) {
      const ofHealth = guesses.filter(
        ({ entry }) => knowledge.entries[entry]!.danger.length > 0 || rule.overrules.has(entry),
      );
      const together = ofHealth.reduce((sum, { confidence: own }) => sum + own, 0);
      return sure || together >= limits.answer || words.some(({ word }) => SOMEBODY.test(word));
    }
    const isNear =
      guesses.slice(0, OFFERED).some(({ entry }) => entry === rule.entry) ||
      words.length <= LONGEST_BARE_NAME;
    return isNear && (danger.length > 0 || (!sure && kind === 'question'));
  }

  /** The entry takes the first one's confidence; the first takes its place, or the next after it. */
  function inFrontOf(guesses: readonly Guess[], entry: number): Guess[] {
    const [first, ...others] = guesses;
    if (first === undefined || first.entry === entry) return [...guesses];
    const own = others.find((guess) => guess.entry === entry);
    const meant = { ...(own ?? first), entry, confidence: first.confidence };
    const rest = others.filter((guess) => guess !== own);
    if (own === undefined) return leaveRestToOthers([meant, first, ...rest]);
    return [meant, { ...first, confidence: own.confidence }, ...rest];
  }

  /** Names of illnesses tell wherever they stand; words such as "right now" only where something is asked. */
  function overruling(entry: number, words: readonly ReadWord[], asking: readonly ReadWord[]): DangerRule[] {
    return dangerRules.filter(
      (rule) => rule.overrules.has(entry) && (rule.speaksOf(asking) || rule.surelySpeaksOf(words)),
    );
  }

  /** "I am on the bus right now" beside a question says nothing about the visitor's health. */
  function wordsThatAsk(readings: readonly Reading[], words: readonly ReadWord[]): readonly ReadWord[] {
    const parts = readings.filter(({ part, match }) => typeof part === 'number' && !match.asksNothing);
    return parts.length === 0 ? words : parts.flatMap(({ match }) => match.words);
  }

  function isSmallTalk(entry: number): boolean {
    return asksForNothing(knowledge.entries[entry]!);
  }

  function entryOf(guess: Guess): Entry {
    return knowledge.entries[guess.entry]!;
  }

  function candidateOf(guess: Guess): Candidate {
    const { id, topic } = entryOf(guess);
    return { entry: id, topic, confidence: rounded(guess.confidence) };
  }

  function fixedText(
    text: string,
    words: ReadWord[],
    heard: Merged,
    safety: 'crisis' | 'emergency',
  ): Decision {
    const candidates = heard.guesses.slice(0, REPORTED).map(candidateOf);
    return {
      ...silence(text, words, SAFETY_SENTENCE),
      decision: 'safety',
      safety,
      confidence: 1,
      candidates,
    };
  }

  function silence(text: string, words: ReadWord[], why: string): Decision {
    const reasons: Why = {
      corrections: corrections(words),
      phrasing: null,
      terms: [],
      unknownWords: unknownWords(matcher, words),
      sentence: why,
    };
    return { text, decision: 'none', entry: null, topic: null, confidence: 0, candidates: [], why: reasons };
  }

  function sentence(decision: Decision['decision'], guesses: Guess[], inScope: number): string {
    const named = guesses.slice(0, 2).map((guess) => `"${entryOf(guess).id}" (${percent(guess.confidence)})`);
    const runnerUp = named[1] === undefined ? 'nothing else is near' : `next is ${named[1]}`;
    const reason = {
      clarify: `offered because the first is under ${percent(limits.answer)}`,
      none: `not answered because only ${percent(inScope)} says that any entry fits, under ${percent(limits.offer)}`,
      answer: `sure from ${percent(limits.answer)} on`,
      handoff: 'recognised, but no answer is approved',
      booking: 'a wish to book',
      safety: '',
    }[decision];
    return `Nearest is ${named[0]}, ${runnerUp}; ${reason}.`;
  }

  function rehearsed(): { question: LabelledQuestion; decision: Judged }[] {
    const asked = rehearse(matcher, knowledge.costs.understood).filter(({ kind }) => kind !== 'left-out');
    return asked.map((rehearsal) => ({ question: questionOf(rehearsal), decision: judge(rehearsal) }));
  }

  function questionOf({ example }: Rehearsal): LabelledQuestion {
    const { text, entry } = matcher.examples[example]!;
    return { text, topic: knowledge.entries[entry]?.topic ?? null, also: [] };
  }

  function judge({ first, signals }: Rehearsal): Judged {
    const right = rightAt(confidence, signals);
    const candidates = first.map(({ entry }) => ({ entry, topic: knowledge.entries[entry]!.topic }));
    const said = sayAt(limits, right, inScopeAt(confidence, signals));
    const best = knowledge.entries[first[0]?.entry ?? -1];
    const speaks = said === 'answer' && best !== undefined;
    return {
      decision: speaks ? kindOf(best) : said,
      topic: speaks ? best.topic : null,
      confidence: right,
      candidates,
    };
  }

  return { decide, calibration, limits, dangerFloor, rehearsed };
}

/** Does it point at something said before, or go on from it ("is that permanent?", "and for women?")? */
function refersBack(words: readonly ReadWord[]): boolean {
  const text = words.map(({ word }) => word).join(' ');
  return /\b(it|that|this|they|them|these|those|one|ones|each)\b|^(and|so|but|then|what about|how about)\b/.test(
    text,
  );
}

const SOMEBODY = /^(?:i|me|my|he|she|him|his|her|we|us|our)$/;

const SAFETY_SENTENCE = 'It says what safety.yaml has as danger, which goes before everything else.';
const NOT_ENGLISH = 'It is not in English, the one language of the answers.';
const NOTHING_LIKE_IT = 'No sentence of the knowledge shares anything with it.';

function asksForNothing({ kind }: Entry): boolean {
  return kind === 'small-talk' || kind === 'care';
}

function kindOf(entry: Entry): 'answer' | 'handoff' | 'booking' {
  if (entry.kind === 'booking') return 'booking';
  return !asksForNothing(entry) && entry.approval === 'none' ? 'handoff' : 'answer';
}

function rounded(confidence: number): number {
  return Math.round(confidence * 1000) / 1000;
}

function percent(share: number): string {
  // Of the figure that is kept, so that whoever shows that one shows the same.
  return `${Math.round(rounded(share) * 100)} %`;
}
