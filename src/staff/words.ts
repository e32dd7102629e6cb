import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { DateTime } from 'luxon';
import type { Decision } from '../answers/decision';
import type { BookingStep } from '../booking/booking-steps';
import { REVIEW_REASONS, type ReviewReason } from '../bot/ports';

/** Why a conversation waits for staff; a newer version may know more reasons. */
const REASONS: Readonly<Record<ReviewReason, { title: string; explained: string }>> = {
  safety: {
    title: 'Safety',
    explained: 'A message sounded like danger to someone, and got the safety text.',
  },
  'failed-turn': { title: 'Something broke', explained: 'The service failed in the middle of an answer.' },
  'visitor-waits': {
    title: 'Waits for your answer',
    explained: 'The visitor wrote to a person of the team, who has not answered since.',
  },
  'person-wanted': { title: 'Wants a person', explained: 'The visitor asked to talk to someone.' },
  'window-closed': {
    title: 'Cannot be answered in Messenger',
    explained:
      'The visitor last wrote more than 24 hours ago, so Facebook takes no message from the bot. For seven days a person can still answer in the page’s inbox; after that only by phone or e-mail.',
  },
  'delete-data': {
    title: 'Deleted their data',
    explained:
      'The visitor deleted what is kept here. Remove what you have of them elsewhere (e-mail, calendar).',
  },
  'person-joined': {
    title: 'A person answered',
    explained: 'Somebody of the team wrote in the page’s inbox; the bot keeps silent in this conversation.',
  },
  unanswered: { title: 'Not answered', explained: 'No approved answer was found for a question.' },
  'not-helpful': {
    title: 'Did not help',
    explained: 'The visitor marked an answer as not helpful, or said so.',
  },
  unsure: { title: 'Unsure', explained: 'The bot was not sure and offered a choice.' },
};

/** Most pressing first; reasons that this version does not know come last. */
export function reasonsByNeed(reasons: string[]): string[] {
  const place = (reason: string) => {
    const known = ALL_REASONS.indexOf(reason);
    return known < 0 ? ALL_REASONS.length : known;
  };
  return [...reasons].sort((one, other) => place(one) - place(other));
}

export const ALL_REASONS: readonly string[] = REVIEW_REASONS;

export function reasonTitle(reason: string): string {
  return wordsFor(reason)?.title ?? reason;
}

export function reasonExplained(reason: string): string {
  return wordsFor(reason)?.explained ?? 'Marked for review.';
}

function wordsFor(reason: string): { title: string; explained: string } | undefined {
  const known = REVIEW_REASONS.find((each) => each === reason);
  return known && REASONS[known];
}

const OUTCOMES: Readonly<Record<Decision['decision'], string>> = {
  answer: 'Answered',
  clarify: 'Offered a choice',
  handoff: 'Understood, no approved answer',
  booking: 'Booking',
  safety: 'Safety text',
  none: 'Not understood',
};

export const ALL_OUTCOMES = Object.keys(OUTCOMES);

export function outcomeTitle(outcome: string): string {
  return Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome as Decision['decision']] : outcome;
}

const STATUSES: Readonly<Record<string, string>> = {
  new: 'New',
  contacted: 'Contacted',
  booked: 'Booked',
  done: 'Done',
  lost: 'Lost',
  withdrawn: 'Withdrawn by visitor',
};

export const ALL_STATUSES = Object.keys(STATUSES);

export function statusTitle(status: string): string {
  return STATUSES[status] ?? status;
}

const CHANNELS: Readonly<Record<string, string>> = {
  directline: 'Website',
  webpage: 'Website, without scripts',
  messenger: 'Messenger',
  facebook: 'Messenger',
  msteams: 'Teams',
  webchat: 'Web Chat',
};

export function channelTitle(channel: string): string {
  return CHANNELS[channel] ?? channel;
}

const STEPS: Readonly<Record<BookingStep, string>> = {
  begun: 'Wanted to book',
  agreed: 'Agreed to the notice',
  name: 'Gave a name',
  contact: 'Gave a way to reach them',
  when: 'Said when, or that it does not matter',
  sent: 'Sent the request',
};

/** How far a booking came. */
export function stepTitle(step: BookingStep): string {
  return STEPS[step];
}

/** `40–50 %`, of a tenth of confidence. */
export function tenthTitle(tenth: number): string {
  return `${tenth * 10}–${tenth * 10 + 10} %`;
}

/** `consultation` and `question` of a BookingRequest. */
export function kindTitle(kind: string): string {
  if (kind === 'question') return 'Question passed on';
  return kind === 'consultation' ? 'Consultation' : kind;
}

/** "Firefox on Windows", of a User-Agent header; the header itself where it is unlike any known one. */
export function browserTitle(userAgent: string): string {
  const named = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(userAgent))?.[1];
  // Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
  const browser = named([
    [/Edg/, 'Edge'],
    [/OPR/, 'Opera'],
    [/Firefox|FxiOS/, 'Firefox'],
    [/Chrome|CriOS/, 'Chrome'],
    [/Safari/, 'Safari'],
  ]);
  const system = named([
    [/iPhone|iPad/, 'iPhone or iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Macintosh/, 'Mac'],
    [/Linux/, 'Linux'],
  ]);
  if (browser === undefined) return userAgent === '' ? 'Unknown browser' : userAgent;
  return system === undefined ? browser : `${browser} on ${system}`;
}

/** `+1 410 555 0134`: easier to dial by hand than `+14105550134`. */
export function spacedPhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "1 conversation", "3 conversations"; numbers with thousands marked. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? one : many}`;
}

/** `today, 10:00 AM`, `Tue, Mar 3, 10:00 AM`, `Mar 3, 2025, 10:00 AM`, in the clinic's zone. */
export function localTime(at: string, now: Date, zone: string): string {
  const time = DateTime.fromISO(at, { zone }).setLocale('en-US');
  const today = DateTime.fromJSDate(now, { zone });
  if (time.hasSame(today, 'day')) return `today, ${time.toFormat('h:mm a')}`;
  if (time.hasSame(today.minus({ days: 1 }), 'day')) return `yesterday, ${time.toFormat('h:mm a')}`;
  if (time.hasSame(today.plus({ days: 1 }), 'day')) return `tomorrow, ${time.toFormat('h:mm a')}`;
  return time.toFormat(time.hasSame(today, 'year') ? 'ccc, LLL d, h:mm a' : 'LLL d, yyyy, h:mm a');
}

/** The moment the clinic's day began, `days` days ago, as ISO 8601 UTC. */
export function startOfDay(now: Date, zone: string, days: number): string {
  return (
    DateTime.fromJSDate(now, { zone }).minus({ days }).startOf('day').toUTC().toISO() ?? now.toISOString()
  );
}

/** Of minutes: "12 minutes", "5 hours", "2 days". */
export function duration(minutes: number): string {
  if (minutes < 90) return count(Math.round(minutes), 'minute');
  return minutes < 48 * 60
    ? count(Math.round(minutes / 60), 'hour')
    : count(Math.round(minutes / 1440), 'day');
}

/** `2026-03-02`: the clinic's day of a moment (ISO 8601 UTC). */
export function dayOf(at: string, zone: string): string {
  return DateTime.fromISO(at, { zone }).toISODate() ?? '';
}
