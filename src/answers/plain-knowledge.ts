import type { Entry, MatchedKnowledge } from './knowledge';

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
    costs: { wrongAnswer: 3, answeredOutOfScope: 4, offer: 1, uselessOffer: 2, missedAnswer: 2 },
    ...more,
    entries: entries.map((entry) => ({
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
    })),
  };
}
