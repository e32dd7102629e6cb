import { DateTime } from 'luxon';
import { overdueSince } from './booking/contact-deadline';
import type { Clinic } from './answers/knowledge';
import type { Letter } from './notify/mail-sender';
import type { Activity, Review, Waiting } from './staff/ports';
import { needsOf, needTitle } from './staff/queue';
import { count } from './staff/words';
import { addToOutbox } from './storage/outbox-store';
import type { Database } from './storage/open-database';

/** The outbox's kind of message for it. */
export const DIGEST_MAIL = 'digest-mail';

/** Of the clinic's clock: before the first of the team sits down. */
const FIRST_HOUR = 7;

/** What goes through the outbox: figures and a link, and nothing about anybody. */
export type Digest = Pick<Letter, 'subject' | 'text'>;

/**
 * Puts the day's digest for staff into the outbox, once a day however many instances run: what waits, and what came in
 * yesterday. Days on which there is neither have none.
 */
export async function keepDigest(parts: {
  database: Database;
  review: Review;
  clinic: Clinic;
  now: Date;
  /** Of the staff console. */
  link: string;
}): Promise<'kept' | 'too early' | 'nothing to tell'> {
  const { database, review, clinic, now } = parts;
  const local = DateTime.fromJSDate(now, { zone: clinic.timeZone });
  if (local.hour < FIRST_HOUR) return 'too early';
  const today = local.startOf('day');
  const promise = { hours: clinic.contactWithinHours, openingHours: clinic.hours };
  const waiting = await review.waiting(iso(overdueSince(local, promise)));
  const yesterday = await review.activitySince(iso(today.minus({ days: 1 })), iso(today));
  const digest = digestOf(waiting, yesterday, clinic.name, parts.link);
  if (digest === undefined) return 'nothing to tell';
  const message = {
    kind: DIGEST_MAIL,
    payload: digest,
    idempotencyKey: `${DIGEST_MAIL}:${today.toISODate()}`,
  };
  await database.write((transaction) => addToOutbox(transaction, [message], now.toISOString()));
  return 'kept';
}

function digestOf(waiting: Waiting, yesterday: Activity, clinic: string, link: string): Digest | undefined {
  const needs = needsOf(waiting);
  const total = needs.reduce((sum, { amount }) => sum + amount, 0);
  if (total + yesterday.conversations + yesterday.requests === 0) return undefined;
  const { decided } = yesterday;
  const amount = (outcome: string) => decided[outcome] ?? 0;
  return {
    subject: total === 0 ? 'Nothing waits' : `${count(total, 'thing')} ${total === 1 ? 'waits' : 'wait'}`,
    text: [
      `Enquiries at ${clinic}`,
      '',
      ...(total === 0
        ? ['Nothing waits for you.']
        : [
            'What waits, most pressing first:',
            ...needs.map((item) => `  ${needTitle(item.need)}: ${item.amount}`),
          ]),
      '',
      `Yesterday: ${count(yesterday.conversations, 'conversation')}, ${count(yesterday.requests, 'request')}.`,
      `Questions: ${amount('answer')} answered, ${amount('clarify')} offered a choice, ` +
        `${amount('handoff')} without an approved answer, ${amount('none')} not understood.`,
      '',
      link,
      '',
    ].join('\n'),
  };
}

function iso(time: DateTime): string {
  return time.toUTC().toISO() ?? '';
}
