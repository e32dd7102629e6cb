import { setImmediate as nextInstant } from 'node:timers/promises';
import { sql } from 'kysely';
import { DateTime } from 'luxon';
import { BOOKING_STEPS } from '../booking/booking-steps';
import type { BookingStep } from '../booking/booking-steps';
import type { Answering, Figures, Insight, Sureness } from '../staff/ports';
import { feedbackIn } from './feedback-rows';
import type { Database } from './open-database';
import { facet, indexPending, tenthOf } from './search-index';

const TOPICS = 30;
/** A day that is over hardly changes: it is counted again after this, for erasures and late bookings. */
const KEPT_FOR_MS = 10 * 60_000;
/** Conversations brought into the index first, of which the bookings' steps are counted. */
const INDEXED_BEFORE = 200;

/** What one of the clinic's days had on one channel. */
interface Day {
  conversations: number;
  decided: Record<string, number>;
  topics: Map<string, { entry: string; outcome: string; amount: number }>;
  confidence: Sureness[];
  answered: number;
  reached: Record<BookingStep, number>;
  requested: number;
  booked: number;
  waiting: number;
  /** Minutes that each answered request waited. */
  waits: number[];
}

/** By channel. */
type Channels = Map<string, Day>;

/** Days in one go: SQLite's work holds up the turns of visitors, so they go on after each day; Postgres' does not. */
const DAYS_AT_ONCE = { sqlite: 1, postgres: 100 };

/**
 * The console's figures, counted day by day: a day takes about 10 ms at 1,000 conversations a day. Days that are over
 * are remembered for ten minutes.
 */
export function createInsightStore(database: Database): Figures {
  const { kysely, engine } = database;
  const kept = new Map<string, { channels: Channels; until: number }>();
  const keyOf = (day: DateTime) => `${day.zoneName} ${day.toISODate()}`;
  const known = (day: DateTime) => {
    const found = kept.get(keyOf(day));
    return found && found.until > performance.now() ? found.channels : undefined;
  };

  return {
    async insight(from, to, zone, channel) {
      await indexPending(database, INDEXED_BEFORE);
      const end = DateTime.fromISO(to, { zone });
      const days: DateTime[] = [];
      for (let at = DateTime.fromISO(from, { zone }); at < end; at = at.plus({ days: 1 })) days.push(at);
      // The last day is still going on.
      const missing = days.filter((day, index) => index === days.length - 1 || known(day) === undefined);
      for (let start = 0; start < missing.length; start += DAYS_AT_ONCE[engine]) {
        const some = missing.slice(start, start + DAYS_AT_ONCE[engine]);
        const counted = await countDays(kysely, some.map(spanOf));
        const until = performance.now() + KEPT_FOR_MS;
        some.forEach((day, index) => kept.set(keyOf(day), { channels: counted[index] ?? new Map(), until }));
        await nextInstant();
      }
      const shown = days.map((day) => ({
        day: day.toISODate() ?? '',
        channels: kept.get(keyOf(day))?.channels ?? new Map(),
      }));
      for (const [key, { until }] of kept) if (until <= performance.now()) kept.delete(key);
      return sumOf(shown, channel);
    },
  };
}

/** ISO 8601 UTC: `from` belongs to it, `to` is the next one's. */
interface Span {
  from: string;
  to: string;
}

function spanOf(day: DateTime): Span {
  return { from: isoUtc(day), to: isoUtc(day.plus({ days: 1 })) };
}

/** One for each of the days, which are in order. */
async function countDays(kysely: Database['kysely'], days: Span[]): Promise<Channels[]> {
  const counted: Channels[] = days.map(() => new Map());
  const of: OfDay = (number, channel) => {
    const channels = counted[number] ?? new Map<string, Day>();
    const day = channels.get(channel) ?? emptyDay();
    channels.set(channel, day);
    return day;
  };
  await countConversations(kysely, days, of);
  await countMessages(kysely, days, of);
  await countThumbs(kysely, days, of);
  await countRequests(kysely, days, of);
  return counted;
}

/** What the day of this number had on a channel. */
type OfDay = (number: number, channel: string) => Day;

/** As a table beside which rows are counted; both engines name its columns so. */
function tableOf(days: Span[]) {
  const rows = days.map(({ from, to }, number) => sql`(${String(number)}, ${from}, ${to})`);
  return sql<{ column1: string; column2: string; column3: string }>`(values ${sql.join(rows)})`.as('days');
}

/** Days have no gaps between them: the last one that has begun. */
function dayOf(days: Span[], at: string): number {
  return days.findLastIndex(({ from }) => from <= at);
}

function wholeOf(days: Span[]): Span {
  return { from: days[0]?.from ?? '', to: days.at(-1)?.to ?? '' };
}

async function countConversations(kysely: Database['kysely'], days: Span[], of: OfDay) {
  const begun = await kysely
    .selectFrom(tableOf(days))
    // Not an inner join: the days come first, and each is one stretch of the index.
    .crossJoin('conversations')
    .select(['column1', 'channel', (row) => row.fn.countAll().as('amount')])
    .whereRef('started_at', '>=', 'column2')
    .whereRef('started_at', '<', 'column3')
    .where('visitor_messages', '>', 0)
    .groupBy(['column1', 'channel'])
    .execute();
  for (const row of begun) of(Number(row.column1), row.channel).conversations += Number(row.amount);
  const facets = new Map<string, (day: Day, amount: number) => void>([
    [facet('outcome', 'answer'), (day, amount) => void (day.answered += amount)],
    ...BOOKING_STEPS.map((step): [string, (day: Day, amount: number) => void] => [
      facet('reached', step),
      (day, amount) => void (day.reached[step] += amount),
    ]),
  ]);
  const reached = await kysely
    .selectFrom(tableOf(days))
    .crossJoin('conversations')
    // SQLite would begin with the terms, of which all conversations have some; 126 ms a day, not 7.
    .crossJoin('search_terms')
    .whereRef('search_terms.conversation_id', '=', 'conversations.id')
    .select(['column1', 'channel', 'term', (row) => row.fn.countAll().as('amount')])
    .whereRef('started_at', '>=', 'column2')
    .whereRef('started_at', '<', 'column3')
    .where('term', 'in', [...facets.keys()])
    .groupBy(['column1', 'channel', 'term'])
    .execute();
  for (const row of reached) facets.get(row.term)?.(of(Number(row.column1), row.channel), Number(row.amount));
}

async function countMessages(kysely: Database['kysely'], days: Span[], of: OfDay) {
  const messages = await kysely
    .selectFrom(tableOf(days))
    .crossJoin('activities')
    .innerJoin('conversations', 'conversations.id', 'activities.conversation_id')
    .select(['column1', 'channel', 'decided', 'entry', 'confidence'])
    .select((row) => row.fn.countAll().as('amount'))
    .whereRef('at', '>=', 'column2')
    .whereRef('at', '<', 'column3')
    .where('decided', 'is not', null)
    .groupBy(['column1', 'channel', 'decided', 'entry', 'confidence'])
    .execute();
  for (const { column1, channel, decided, entry, confidence, amount: counted } of messages) {
    const day = of(Number(column1), channel);
    const outcome = decided ?? '';
    const amount = Number(counted);
    day.decided[outcome] = (day.decided[outcome] ?? 0) + amount;
    const tenth = day.confidence[tenthOf(confidence ?? 0)];
    if (tenth) tenth.messages += amount;
    if (entry !== null) addTopic(day.topics, { entry, outcome, amount });
  }
}

/** A thumb counts on the day it was given, at the confidence of the message that was answered. */
async function countThumbs(kysely: Database['kysely'], days: Span[], of: OfDay) {
  const { from, to } = wholeOf(days);
  const events = await kysely
    .selectFrom('activities')
    .select(['activity', 'at'])
    .where('type', '=', 'event')
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at')
    .orderBy('sequence')
    .execute();
  // A later thumb of the same day on the same answer counts.
  const thumbs = new Map<number, Map<string, 'up' | 'down'>>();
  for (const { activity, at } of events) {
    const feedback = feedbackIn(activity);
    if (!feedback) continue;
    const ofDay = thumbs.get(dayOf(days, at)) ?? new Map<string, 'up' | 'down'>();
    thumbs.set(dayOf(days, at), ofDay.set(feedback.activityId, feedback.value));
  }
  const answers = await answersOf(kysely, [
    ...new Set([...thumbs.values()].flatMap((ofDay) => [...ofDay.keys()])),
  ]);
  for (const [number, ofDay] of thumbs)
    for (const [id, thumb] of ofDay) {
      const answer = answers.get(id);
      if (answer === undefined) continue;
      const tenth = of(number, answer.channel).confidence[tenthOf(answer.confidence)];
      if (tenth) tenth[thumb]++;
    }
}

/** Ids in one statement. */
const IDS_AT_ONCE = 1_000;

/** Where answers were given, and how sure the message was that each answered; by the answer's id. */
async function answersOf(
  kysely: Database['kysely'],
  ids: string[],
): Promise<Map<string, { channel: string; confidence: number }>> {
  const found = new Map<string, { channel: string; confidence: number }>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const answers = await kysely
      .selectFrom('activities as answer')
      .innerJoin('activities as asked', (join) =>
        join
          .onRef('asked.conversation_id', '=', 'answer.conversation_id')
          .onRef('asked.sequence', '=', 'answer.reply_to'),
      )
      .innerJoin('conversations', 'conversations.id', 'answer.conversation_id')
      .select(['answer.id', 'conversations.channel', 'asked.confidence'])
      .where('answer.id', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .where('asked.confidence', 'is not', null)
      .execute();
    for (const { id, channel, confidence } of answers)
      found.set(id, { channel, confidence: confidence ?? 0 });
  }
  return found;
}

async function countRequests(kysely: Database['kysely'], days: Span[], of: OfDay) {
  const { from, to } = wholeOf(days);
  const requests = await kysely
    .selectFrom('booking_requests')
    .leftJoin('conversations', 'conversations.id', 'booking_requests.conversation_id')
    .select(['channel', 'status', 'created_at', 'contacted_at'])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .execute();
  for (const { channel, status, created_at: created, contacted_at: contacted } of requests) {
    // Its transcript may be deleted already, and with it where it came from.
    const day = of(dayOf(days, created), channel ?? '');
    day.requested++;
    if (status === 'booked' || status === 'done') day.booked++;
    if (status === 'new') day.waiting++;
    if (contacted !== null) day.waits.push((Date.parse(contacted) - Date.parse(created)) / 60_000);
  }
}

function emptyDay(): Day {
  return {
    conversations: 0,
    decided: {},
    topics: new Map(),
    confidence: Array.from({ length: 10 }, () => ({ messages: 0, up: 0, down: 0 })),
    answered: 0,
    reached: { begun: 0, agreed: 0, name: 0, contact: 0, when: 0, sent: 0 },
    requested: 0,
    booked: 0,
    waiting: 0,
    waits: [],
  };
}

function addTopic(topics: Day['topics'], topic: { entry: string; outcome: string; amount: number }): void {
  const key = `${topic.outcome} ${topic.entry}`;
  const known = topics.get(key);
  if (known) known.amount += topic.amount;
  else topics.set(key, { ...topic });
}

function sumOf(days: { day: string; channels: Channels }[], channel: string | undefined): Insight {
  const all = emptyDay();
  const byChannel: Record<string, number> = {};
  const shown: Insight['days'] = [];
  for (const { day, channels } of days) {
    const own = emptyDay();
    for (const [name, figures] of channels) {
      if (figures.conversations > 0) byChannel[name] = (byChannel[name] ?? 0) + figures.conversations;
      if (channel === undefined || name === channel) addDay(own, figures);
    }
    shown.push({
      day,
      conversations: own.conversations,
      requests: own.requested,
      decided: own.decided,
    });
    addDay(all, own);
  }
  return {
    days: shown,
    topics: [...all.topics.values()].sort((one, other) => other.amount - one.amount).slice(0, TOPICS),
    channels: byChannel,
    funnel: {
      written: all.conversations,
      answered: all.answered,
      reached: all.reached,
      requested: all.requested,
      booked: all.booked,
    },
    confidence: all.confidence,
    answering: answeringOf(all),
  };
}

function addDay(sum: Day, day: Day): void {
  sum.conversations += day.conversations;
  sum.answered += day.answered;
  sum.requested += day.requested;
  sum.booked += day.booked;
  sum.waiting += day.waiting;
  sum.waits.push(...day.waits);
  for (const [outcome, amount] of Object.entries(day.decided))
    sum.decided[outcome] = (sum.decided[outcome] ?? 0) + amount;
  for (const topic of day.topics.values()) addTopic(sum.topics, topic);
  for (const step of BOOKING_STEPS) sum.reached[step] += day.reached[step];
  day.confidence.forEach(({ messages, up, down }, tenth) => {
    const kept = sum.confidence[tenth];
    if (!kept) return;
    kept.messages += messages;
    kept.up += up;
    kept.down += down;
  });
}

function answeringOf({ waits, waiting }: Day): Answering {
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { answered: sorted.length, waiting, median: at(0.5), ninth: at(0.9) };
}

function isoUtc(time: DateTime): string {
  return time.toUTC().toISO() ?? '';
}
