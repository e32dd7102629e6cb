import { DateTime } from 'luxon';
import type { Figures, Funnel, InsightDay } from '../staff/ports';
import type { Database } from './open-database';

/** Steps of the router that ask for contact details, or go on with them. */
const BOOKING_STEPS = ['book', 'continue-dialog'];
const TOPICS = 15;

/** The console's figures: counted when asked for, from indexes on time, by the hour so that any zone's days fit. */
export function createInsightStore({ kysely }: Database): Figures {
  return {
    async insight(from, to, zone) {
      // Text order is time order, and the first 13 characters of ISO 8601 are the hour.
      const begun = await kysely
        .selectFrom('conversations')
        .select([
          'channel',
          (row) => row.fn<string>('substr', ['started_at', row.lit(1), row.lit(13)]).as('hour'),
        ])
        .select((row) => row.fn.countAll().as('amount'))
        .where('updated_at', '>=', from)
        .where('started_at', '>=', from)
        .where('started_at', '<', to)
        .where('visitor_messages', '>', 0)
        .groupBy(['channel', 'hour'])
        .execute();
      const requested = await kysely
        .selectFrom('booking_requests')
        .select((row) => row.fn<string>('substr', ['created_at', row.lit(1), row.lit(13)]).as('hour'))
        .select((row) => row.fn.countAll().as('amount'))
        .where('created_at', '>=', from)
        .where('created_at', '<', to)
        .groupBy('hour')
        .execute();
      const decided = await kysely
        .selectFrom('activities')
        .select(['decided', (row) => row.fn<string>('substr', ['at', row.lit(1), row.lit(13)]).as('hour')])
        .select((row) => row.fn.countAll().as('amount'))
        .where('at', '>=', from)
        .where('at', '<', to)
        .where('decided', 'is not', null)
        .groupBy(['decided', 'hour'])
        .execute();
      const topics = await kysely
        .selectFrom('activities')
        .select(['entry', 'decided', (row) => row.fn.countAll().as('amount')])
        .where('at', '>=', from)
        .where('at', '<', to)
        .where('decided', 'is not', null)
        .where('entry', 'is not', null)
        .groupBy(['entry', 'decided'])
        .orderBy('amount', 'desc')
        .limit(TOPICS)
        .execute();

      const days = emptyDays(from, to, zone);
      const dayOf = (hour: string) =>
        days.get(DateTime.fromISO(`${hour}:00:00Z`, { zone }).toISODate() ?? '');
      const channels: Record<string, number> = {};
      for (const { channel, hour, amount } of begun) {
        const day = dayOf(hour);
        if (day) day.conversations += Number(amount);
        channels[channel] = (channels[channel] ?? 0) + Number(amount);
      }
      for (const { hour, amount } of requested) {
        const day = dayOf(hour);
        if (day) day.requests += Number(amount);
      }
      for (const { decided: outcome, hour, amount } of decided) {
        const day = dayOf(hour);
        if (day && outcome !== null) day.decided[outcome] = (day.decided[outcome] ?? 0) + Number(amount);
      }
      return {
        days: [...days.values()],
        topics: topics.map((row) => ({
          entry: row.entry ?? '',
          outcome: row.decided ?? '',
          amount: Number(row.amount),
        })),
        channels,
        funnel: await funnelOf(kysely, from, to),
        confidence: await confidenceOf(kysely, from, to),
      };
    },
  };
}

function emptyDays(from: string, to: string, zone: string): Map<string, InsightDay> {
  const days = new Map<string, InsightDay>();
  const end = DateTime.fromISO(to, { zone });
  for (let at = DateTime.fromISO(from, { zone }); at < end; at = at.plus({ days: 1 })) {
    const day = at.toISODate() ?? '';
    days.set(day, { day, conversations: 0, requests: 0, decided: {} });
  }
  return days;
}

async function funnelOf(kysely: Database['kysely'], from: string, to: string): Promise<Funnel> {
  const begun = kysely
    .selectFrom('conversations')
    .where('updated_at', '>=', from)
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .where('visitor_messages', '>', 0);
  const withMessages = kysely
    .selectFrom('activities')
    .innerJoin('conversations', 'conversations.id', 'activities.conversation_id')
    .where('activities.at', '>=', from)
    .where('conversations.started_at', '>=', from)
    .where('conversations.started_at', '<', to)
    .select((row) => row.fn.count('activities.conversation_id').distinct().as('amount'));
  const withRequests = kysely
    .selectFrom('booking_requests')
    .innerJoin('conversations', 'conversations.id', 'booking_requests.conversation_id')
    .where('conversations.started_at', '>=', from)
    .where('conversations.started_at', '<', to)
    .select((row) => row.fn.count('booking_requests.conversation_id').distinct().as('amount'));
  const amount = async (query: {
    executeTakeFirstOrThrow(): Promise<{ amount: string | number | bigint }>;
  }) => Number((await query.executeTakeFirstOrThrow()).amount);
  return {
    written: await amount(begun.select((row) => row.fn.countAll().as('amount'))),
    answered: await amount(withMessages.where('decided', '=', 'answer')),
    bookingBegun: await amount(
      withMessages.where((row) =>
        row.or(BOOKING_STEPS.map((step) => row('decision', 'like', `%"step":"${step}"%`))),
      ),
    ),
    requested: await amount(withRequests),
    booked: await amount(withRequests.where('status', 'in', ['booked', 'done'])),
  };
}

async function confidenceOf(kysely: Database['kysely'], from: string, to: string): Promise<number[]> {
  const tenths = Array.from({ length: 10 }, (_, index) => index);
  // Ten sums in one walk; the last tenth has 1.0 in it, too.
  const row = await kysely
    .selectFrom('activities')
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('decided', 'is not', null)
    .select((row) =>
      tenths.map((tenth) =>
        row.fn
          .sum<number | null>(
            row
              .case()
              .when(
                row.and([
                  row('confidence', '>=', tenth / 10),
                  row('confidence', '<', tenth === 9 ? 2 : (tenth + 1) / 10),
                ]),
              )
              .then(1)
              .else(0)
              .end(),
          )
          .as(`tenth${tenth}`),
      ),
    )
    .executeTakeFirst();
  const sums: Record<string, number | null> = { ...row };
  return tenths.map((tenth) => Number(sums[`tenth${tenth}`] ?? 0));
}
