import type { Weekday } from '../answers/knowledge';

/** What a visitor asked the clinic to do, as staff receive it. Times are ISO 8601 UTC unless named local. */
export interface BookingRequest {
  /** Readable over the phone, `SA-7K4Q2`; unique. */
  reference: string;
  /** `question`: a question without an approved answer, passed on with a way to reach the visitor. */
  kind: 'consultation' | 'question';
  name: string;
  phone?: PhoneNumber;
  email?: string;
  /** How to reach the visitor in their own words, instead of a number and an address or beside: "@ann", "after 6 pm". */
  contact?: string;
  /** Who it is for when that is not the one who writes, in their words: "my husband Tom". */
  forWhom?: string;
  wish?: Wish;
  note?: string;
  /** The visitor's own words, for kind `question` and for what led to the booking. */
  question?: string;
  consent: Consent;
}

export interface PhoneNumber {
  /** `+14105550134` */
  e164: string;
  extension?: string;
  /** Exactly what the visitor wrote. */
  typed: string;
}

/** A preferred day and time: a wish, never a promised slot. */
export interface Wish {
  typed: string;
  /** Local date `2026-12-24`; absent for "any weekend", "as soon as possible". */
  date?: string;
  /** Days that are not one date. Never together with `date`; neither where only a time was said. */
  days?: Days;
  /** Local time `18:00`. */
  time?: string;
  /** What `time` bounds; at that time where absent. */
  bound?: 'after' | 'before' | 'around';
  /** Local end of a range that begins at `time`. */
  until?: string;
  part?: 'morning' | 'midday' | 'afternoon' | 'evening';
  /** Of `part`, or of the one day where that is absent: "late friday afternoon", "early on friday". */
  portion?: Portion;
  /** IANA zone in which date and time are meant. */
  zone: string;
  /** Spoken back: "Thursday, December 24 at 6 pm". */
  words: string;
}

/** Where in a longer time: "early next week", "at the end of March". */
export type Portion = 'early' | 'middle' | 'late';

/** Dates are local ISO dates; `week` is its Monday, `month` is `2026-04`. */
export type Days =
  | { kind: 'any' | 'soon' | 'weekend' | 'weekdays' }
  | { kind: 'week'; monday: string; portion?: Portion }
  | { kind: 'month'; month: string; portion?: Portion }
  | { kind: 'dates'; dates: string[] }
  | { kind: 'every'; weekdays: Weekday[] };

export interface Consent {
  /** The sentence that was agreed to, whole. */
  text: string;
  version: string;
  at: string;
}
