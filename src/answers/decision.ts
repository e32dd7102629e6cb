import type { OtherLanguage } from './detect-language';

/** What a message was taken for. The names are those of `npm run ask -- --jsonl`. */
export interface Decision {
  text: string;
  decision: 'answer' | 'clarify' | 'handoff' | 'booking' | 'safety' | 'none';
  /** The entry that speaks; null where none does (clarify, safety, none). */
  entry: string | null;
  topic: string | null;
  /** 0 to 1, calibrated: of answers given at 0.8, eight in ten are right. */
  confidence: number;
  /** The best five, best first, whatever was decided. */
  candidates: Candidate[];
  /** A second question answered in the same message. */
  second?: Candidate;
  /** What it asks besides those two. */
  unanswered?: Candidate[];
  /** With `none` only: the message is in another language than English. */
  language?: OtherLanguage;
  /** With `none` only: it tells something ("just browsing", "I saw your ad") and asks nothing. */
  asksNothing?: true;
  /** With `safety` only. */
  safety?: 'crisis' | 'emergency';
  why: Why;
}

export interface Candidate {
  entry: string;
  topic: string;
  confidence: number;
}

/** The decision's reasons, for the staff who read it later. */
export interface Why {
  /** Typed word, word it was read as. */
  corrections: [string, string][];
  /** The nearest phrasing of the entry in question. */
  phrasing: string | null;
  /** What counted most, with its share of the score. */
  terms: [string, number][];
  /** Words that neither the knowledge nor the lexicon has. */
  unknownWords: string[];
  /** One sentence in plain English. */
  sentence: string;
}
