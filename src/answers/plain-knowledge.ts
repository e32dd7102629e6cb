import type { Costs, Entry, MatchedKnowledge } from './knowledge';

/**
 * Where nobody has said what a mistake costs, all cost the same, and an offer, which is half an answer, costs half. On
 * HINT3's SOFMattress, whose messages are 42 % out of scope, this answers 64 % of the others rightly and refuses 82 % of
 * what is out of scope; with a wrong answer at twice the price of a missed one it was 51 and 96 %.
 */
export const EQUAL_COSTS: Costs = {
  wrongAnswer: 2,
  answeredOutOfScope: 2,
  offer: 1,
  uselessOffer: 2,
  missedAnswer: 2,
};

/** An entry as far as the matching must know it; the topic is the id and the kind a question unless it says otherwise. */
export type PlainEntry = Pick<Entry, 'id' | 'phrasings'> & Partial<Entry>;

/**
 * A knowledge from entries with ids and phrasings, for programs that want the matching without the bot.
 * `more` adds what makes it better: `concepts` (words that mean the same), `background` (sentences that no entry may
 * answer), `costs` of the kinds of mistakes.
 */
export function plainKnowledge(
  entries: readonly PlainEntry[],
  more: Partial<Omit<MatchedKnowledge, 'entries'>> = {},
): MatchedKnowledge {
  return {
    concepts: [],
    background: [],
    fillers: [],
    safety: [],
    costs: EQUAL_COSTS,
    ...more,
    entries: entries.map(plainEntry),
  };
}

/** A whole entry: what was not said is empty, the topic is the id, and the approval full. */
export function plainEntry(entry: PlainEntry): Entry {
  return {
    topic: entry.id,
    title: '',
    label: '',
    question: '',
    approval: 'full',
    answer: '',
    related: '',
    facts: [],
    followUps: [],
    danger: [],
    missing: [],
    kind: 'question',
    ...entry,
  };
}
