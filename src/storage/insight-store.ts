import { setImmediate as nextInstant } from 'node:timers/promises';
import { DateTime } from 'luxon';
import type { Figures, Funnel, Insight, InsightDay } from '../staff/ports';
import type { Database } from './open-database';

const TOPICS = 30;
/** A day that is over hardly changes: it is counted again after this, for erasures and late bookings. */
const KEPT_FOR_MS = 10 * 60_000;

/** What one of the clinic's days had. */
interface Day extends InsightDay {
  channels: Record<string, number>;
  topics: { entry: string; outcome: string; amount: number }[];
  funnel: Funnel;
  confidence: number[];
}

/**
 * The console's figures, counted day by day: a day takes about 10 ms at 1,000 conversations a day, and the turns of
 * visitors go on in between. Days that are over are remembered for ten minutes.
 */
export function createInsightStore({ kysely }: Database): Figures {
  const kept = new Map<string, { day: Day; until: number }>();

  async function dayOf(from: DateTime): Promise<Day> {
    const day = from.toISODate() ?? '';
    const key = `${from.zoneName} ${day}`;
    const known = kept.get(key);
    if (known && known.until > performance.now()) return known.day;
    const counted = await countDay(kysely, day, isoUtc(from), isoUtc(from.plus({ days: 1 })));
    kept.set(key, { day: counted, until: performance.now() + KEPT_FOR_MS });
    await nextInstant();
    return counted;
  }

  return {
    async insight(from, to, zone) {
      const end = DateTime.fromISO(to, { zone });
      const days: Day[] = [];
      for (let at = DateTime.fromISO(from, { zone }); at < end; at = at.plus({ days: 1 })) {
        // The last day is still going on.
        if (at.plus({ days: 1 }) >= end) kept.delete(`${at.zoneName} ${at.toISODate()}`);
        days.push(await dayOf(at));
      }
      return sumOf(days);
    },
  };
}

async function countDay(kysely: Database['kysely'], day: string, from: string, to: string): Promise<Day> {
  const begun = await kysely
    .selectFrom('conversations')
    .select(['channel', (row) => row.fn.countAll().as('amount')])
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .where('visitor_messages', '>', 0)
    .groupBy('channel')
    .execute();
  const decidedThen = kysely
    .selectFrom('activities')
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('decided', 'is not', null);
  const messages = await decidedThen
    .select(['decided', 'entry', 'confidence', (row) => row.fn.countAll().as('amount')])
    .groupBy(['decided', 'entry', 'confidence'])
    .execute();
  const conversations = await decidedThen
    .select(['conversation_id', 'decided'])
    .groupBy(['conversation_id', 'decided'])
    .execute();
  const requests = await kysely
    .selectFrom('booking_requests')
    .select(['status', (row) => row.fn.countAll().as('amount')])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .groupBy('status')
    .execute();

  const channels = Object.fromEntries(begun.map((row) => [row.channel, Number(row.amount)]));
  const decided: Record<string, number> = {};
  const topics = new Map<string, { entry: string; outcome: string; amount: number }>();
  const confidence = Array.from({ length: 10 }, () => 0);
  for (const row of messages) {
    const amount = Number(row.amount);
    const outcome = row.decided ?? '';
    decided[outcome] = (decided[outcome] ?? 0) + amount;
    const tenth = Math.min(9, Math.floor((row.confidence ?? 0) * 10));
    confidence[tenth] = (confidence[tenth] ?? 0) + amount;
    if (row.entry !== null) addTopic(topics, { entry: row.entry, outcome, amount });
  }
  const having = (outcome: string) =>
    new Set(conversations.filter((row) => row.decided === outcome).map((row) => row.conversation_id)).size;
  const requested = requests.reduce((sum, row) => sum + Number(row.amount), 0);
  const booked = requests
    .filter(({ status }) => status === 'booked' || status === 'done')
    .reduce((sum, row) => sum + Number(row.amount), 0);
  return {
    day,
    conversations: Object.values(channels).reduce((sum, amount) => sum + amount, 0),
    requests: requested,
    decided,
    channels,
    topics: [...topics.values()],
    confidence,
    funnel: {
      written: new Set(conversations.map((row) => row.conversation_id)).size,
      answered: having('answer'),
      wantedBooking: having('booking'),
      requested,
      booked,
    },
  };
}

function addTopic(
  topics: Map<string, { entry: string; outcome: string; amount: number }>,
  topic: { entry: string; outcome: string; amount: number },
): void {
  const key = `${topic.outcome} ${topic.entry}`;
  const known = topics.get(key);
  if (known) known.amount += topic.amount;
  else topics.set(key, { ...topic });
}

function sumOf(days: Day[]): Insight {
  const topics = new Map<string, { entry: string; outcome: string; amount: number }>();
  const channels: Record<string, number> = {};
  const funnel: Funnel = { written: 0, answered: 0, wantedBooking: 0, requested: 0, booked: 0 };
  const confidence = Array.from({ length: 10 }, () => 0);
  for (const day of days) {
    for (const topic of day.topics) addTopic(topics, topic);
    for (const [channel, amount] of Object.entries(day.channels))
      channels[channel] = (channels[channel] ?? 0) + amount;
    for (const step of ['written', 'answered', 'wantedBooking', 'requested', 'booked'] as const)
      funnel[step] += day.funnel[step];
    day.confidence.forEach((amount, tenth) => (confidence[tenth] = (confidence[tenth] ?? 0) + amount));
  }
  return {
    days: days.map(({ day, conversations, requests, decided }) => ({
      day,
      conversations,
      requests,
      decided,
    })),
    topics: [...topics.values()].sort((one, other) => other.amount - one.amount).slice(0, TOPICS),
    channels,
    funnel,
    confidence,
  };
}

function isoUtc(time: DateTime): string {
  return time.toUTC().toISO() ?? '';
}
