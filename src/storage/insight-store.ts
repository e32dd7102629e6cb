import { setImmediate as nextInstant } from 'node:timers/promises';
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

/**
 * The console's figures, counted day by day: a day takes about 10 ms at 1,000 conversations a day, and the turns of
 * visitors go on in between. Days that are over are remembered for ten minutes.
 */
export function createInsightStore(database: Database): Figures {
  const { kysely } = database;
  const kept = new Map<string, { channels: Channels; until: number }>();

  async function dayOf(from: DateTime): Promise<Channels> {
    const key = `${from.zoneName} ${from.toISODate()}`;
    const known = kept.get(key);
    if (known && known.until > performance.now()) return known.channels;
    const channels = await countDay(kysely, isoUtc(from), isoUtc(from.plus({ days: 1 })));
    kept.set(key, { channels, until: performance.now() + KEPT_FOR_MS });
    await nextInstant();
    return channels;
  }

  return {
    async insight(from, to, zone, channel) {
      await indexPending(database, INDEXED_BEFORE);
      const end = DateTime.fromISO(to, { zone });
      const days: { day: string; channels: Channels }[] = [];
      for (let at = DateTime.fromISO(from, { zone }); at < end; at = at.plus({ days: 1 })) {
        // The last day is still going on.
        if (at.plus({ days: 1 }) >= end) kept.delete(`${at.zoneName} ${at.toISODate()}`);
        days.push({ day: at.toISODate() ?? '', channels: await dayOf(at) });
      }
      return sumOf(days, channel);
    },
  };
}

async function countDay(kysely: Database['kysely'], from: string, to: string): Promise<Channels> {
  const channels: Channels = new Map();
  const of = (channel: string): Day => {
    const day = channels.get(channel) ?? emptyDay();
    channels.set(channel, day);
    return day;
  };
  await countConversations(kysely, from, to, of);
  await countMessages(kysely, from, to, of);
  await countThumbs(kysely, from, to, of);
  await countRequests(kysely, from, to, of);
  return channels;
}

type OfChannel = (channel: string) => Day;

async function countConversations(kysely: Database['kysely'], from: string, to: string, of: OfChannel) {
  const begun = await kysely
    .selectFrom('conversations')
    .select(['channel', (row) => row.fn.countAll().as('amount')])
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .where('visitor_messages', '>', 0)
    .groupBy('channel')
    .execute();
  for (const row of begun) of(row.channel).conversations += Number(row.amount);
  const facets = new Map<string, (day: Day) => void>([
    [facet('outcome', 'answer'), (day) => void day.answered++],
    ...BOOKING_STEPS.map((step): [string, (day: Day) => void] => [
      facet('reached', step),
      (day) => void day.reached[step]++,
    ]),
  ]);
  const reached = await kysely
    .selectFrom('conversations')
    // Not an inner join: SQLite would begin with the terms, of which all conversations have some; 126 ms a day, not 7.
    .crossJoin('search_terms')
    .whereRef('search_terms.conversation_id', '=', 'conversations.id')
    .select(['conversations.channel', 'search_terms.term'])
    .where('conversations.started_at', '>=', from)
    .where('conversations.started_at', '<', to)
    .where('search_terms.term', 'in', [...facets.keys()])
    .execute();
  for (const { channel, term } of reached) facets.get(term)?.(of(channel));
}

async function countMessages(kysely: Database['kysely'], from: string, to: string, of: OfChannel) {
  const messages = await kysely
    .selectFrom('activities')
    .innerJoin('conversations', 'conversations.id', 'activities.conversation_id')
    .select(['channel', 'decided', 'entry', 'confidence'])
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('decided', 'is not', null)
    .execute();
  for (const { channel, decided, entry, confidence } of messages) {
    const day = of(channel);
    const outcome = decided ?? '';
    day.decided[outcome] = (day.decided[outcome] ?? 0) + 1;
    const tenth = day.confidence[tenthOf(confidence ?? 0)];
    if (tenth) tenth.messages++;
    if (entry !== null) addTopic(day.topics, { entry, outcome, amount: 1 });
  }
}

/** A thumb counts on the day it was given, at the confidence of the message that was answered. */
async function countThumbs(kysely: Database['kysely'], from: string, to: string, of: OfChannel) {
  const events = await kysely
    .selectFrom('activities')
    .select('activity')
    .where('type', '=', 'event')
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at')
    .orderBy('sequence')
    .execute();
  // A later thumb on the same answer counts.
  const thumbs = new Map(
    events.flatMap(({ activity }) => {
      const feedback = feedbackIn(activity);
      return feedback ? [[feedback.activityId, feedback.value] as const] : [];
    }),
  );
  if (thumbs.size === 0) return;
  const answers = await kysely
    .selectFrom('activities as answer')
    .innerJoin('activities as asked', (join) =>
      join
        .onRef('asked.conversation_id', '=', 'answer.conversation_id')
        .onRef('asked.sequence', '=', 'answer.reply_to'),
    )
    .innerJoin('conversations', 'conversations.id', 'answer.conversation_id')
    .select(['answer.id', 'conversations.channel', 'asked.confidence'])
    .where('answer.id', 'in', [...thumbs.keys()].slice(0, MOST_THUMBS))
    .where('asked.confidence', 'is not', null)
    .execute();
  for (const { id, channel, confidence } of answers) {
    const tenth = of(channel).confidence[tenthOf(confidence ?? 0)];
    const thumb = thumbs.get(id);
    if (tenth && thumb) tenth[thumb]++;
  }
}

/** Of one day; more ids than both engines take in one statement nobody gives. */
const MOST_THUMBS = 10_000;

async function countRequests(kysely: Database['kysely'], from: string, to: string, of: OfChannel) {
  const requests = await kysely
    .selectFrom('booking_requests')
    .leftJoin('conversations', 'conversations.id', 'booking_requests.conversation_id')
    .select(['channel', 'status', 'created_at', 'contacted_at'])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .execute();
  for (const { channel, status, created_at: created, contacted_at: contacted } of requests) {
    // Its transcript may be deleted already, and with it where it came from.
    const day = of(channel ?? '');
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
