import type { OtherLanguage } from './detect-language';

/**
 * What the clinic knows, as the answers and the conversation use it: already read, checked and with every
 * variable resolved. `src/curation` makes it from the knowledge folder; nothing here knows of files.
 */
export interface Knowledge {
  /** SHA-256 of the folder's content, the first 12 hex digits: kept with every decision. */
  version: string;
  clinic: Clinic;
  entries: Entry[];
  /** Fact id (`F6`) to its approved sentence. */
  facts: ReadonlyMap<string, string>;
  concepts: Concept[];
  /** Sentences that mean none of the entries: what visitors also say, and questions of neighbouring trades. */
  background: string[];
  /** Sentences that ask nothing: where somebody comes from, why they write. A greeting beside one is greeted back. */
  fillers: string[];
  safety: SafetyText[];
  costs: Costs;
  wording: Wording;
}

/** The part of it that the matching needs. */
export type MatchedKnowledge = Pick<
  Knowledge,
  'entries' | 'concepts' | 'background' | 'fillers' | 'safety' | 'costs'
>;

/** Does the clinic stand behind an answer to this? `none`: the question is recognised, no answer is approved. */
export type Approval = 'full' | 'partial' | 'none';

export interface Entry {
  /** Never renamed: transcripts and labelled questions point at it. */
  id: string;
  /** One of the fifty topics; the id itself unless the file says otherwise. */
  topic: string;
  title: string;
  /** Up to 20 characters, for quick replies. */
  label: string;
  question: string;
  phrasings: string[];
  /**
   * What holds today: an entry whose `needs` are not all filled in is `none` here whatever the file says.
   */
  approval: Approval;
  /** With variables filled in. Empty only where approval is `none`. */
  answer: string;
  /** For approval `none` and `partial`: the one related approved sentence that may be said with the refusal. */
  related: string;
  facts: string[];
  followUps: string[];
  /** On health entries only: the entries whose yes this one overrules. */
  danger: string[];
  /** The clinic's details that this answer waits for and that are still empty. */
  missing: string[];
  /**
   * `booking`: to be answered by the booking dialog. `person`: wants a human. `small-talk`: never beats a question.
   * `care`: a kind word to somebody in distress, or the way to a doctor; it never beats a question either, and is said
   * where it is only nearly sure, since neither has words that a list could hold, and a kind word too many does no harm.
   */
  kind: 'question' | 'booking' | 'person' | 'small-talk' | 'care';
}

/** Words that mean one thing to this trade: `cost`, `price`, `how much`. Phrases are several words. */
export interface Concept {
  name: string;
  /** Single words and phrases, lower case, as people type them. */
  words: string[];
}

/** A message that means danger gets this text and nothing that sells. */
export interface SafetyText {
  kind: 'crisis' | 'emergency';
  /** Lower case; each word must follow the other, up to two words between. */
  phrases: string[];
  /**
   * Groups of phrases of which one each, near each other and in any order, mean the danger as well: [scalp, head] with
   * [pus, oozing].
   */
  together: string[][][];
  /** Phrases that look alike and are harmless ("dying to get this done"). */
  except: string[];
  /** Before what comes `together` in the same sentence, they make it a question of what may be ("will it swell"). */
  notAfter: string[];
  /** Anywhere in the same sentence, they make what comes `together` a thing of old times ("years ago"). */
  past: string[];
  text: string;
}

/** What a decision costs the clinic when it is wrong; only the ratios matter. Right answers cost 0. And how often one is right. */
export interface Costs {
  wrongAnswer: number;
  /** A wrong answer to a message that no entry may answer. */
  answeredOutOfScope: number;
  /** Three offers that hold the right one. */
  offer: number;
  /** Three offers that do not hold it. */
  uselessOffer: number;
  /** "I have no answer" to something that an entry answers. */
  missedAnswer: number;
  /**
   * Of visitors' messages that an entry answers, the share whose entry comes first, as labelled questions have shown it.
   * Phrasings written to be unlike each other are harder to find, each hidden, than what visitors write; without this
   * the bot would be less sure than it is right.
   */
  understood?: number;
}

export interface Clinic {
  name: string;
  /** As told to visitors: `Maryland, USA`. */
  location: string;
  /** IANA, `America/New_York`. */
  timeZone: string;
  /** ISO 3166 alpha-2: the country of phone numbers typed without +. */
  country: string;
  /** Opening hours by ISO weekday 1 (Monday) to 7; undefined while the clinic has not filled them in. */
  hours?: OpeningHours;
  /** Local dates `2026-12-25` on which it is closed although the hours say otherwise: holidays. */
  closedOn?: readonly string[];
  /** What the clinic has filled in, by name: price, phone, email, address, website, bookingUrl ... */
  details: ReadonlyMap<string, string>;
  /** Names of the details the file mentions and leaves empty. */
  unknown: string[];
  /** `elsewhere`: the same text in other languages, where the clinic has it. */
  consent: { version: string; text: string; elsewhere?: Partial<Record<OtherLanguage, string>> };
  /** https address of the clinic's privacy notice; the service's own page where it is empty. */
  privacyUrl: string;
  /** Days after which what is named is deleted. */
  retention: { unfinishedChats: number; transcripts: number; requests: number };
  /** In how many hours a new request is to be answered; days on which the clinic is closed do not count. */
  contactWithinHours: number;
  /** Whether e-mails to staff may say who wrote and how to reach them; otherwise they only link to the console. */
  notify?: { personalData: boolean };
}

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** Local times `HH:mm`; a day that is absent is closed. */
export type OpeningHours = Partial<Record<Weekday, { opens: string; closes: string }[]>>;

/** Every other sentence the bot says, by dotted key (`booking.askName`), with `{name}` places still open. */
export type Wording = ReadonlyMap<string, string>;
