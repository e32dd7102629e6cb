import { sql } from 'kysely';
import type { CompiledQuery, Kysely, RawBuilder } from 'kysely';
import type { OutboxMessage } from '../bot/ports';
import type { OutboxStore, TakenMessage } from '../notify/ports';
import { isDue } from './due';
import type { Database } from './open-database';
import { releaseLeases } from './release-leases';
import type { Schema } from './schema';

/** Before any time: a clock that is set back, or another instance's, must not hold a new message up. */
const AT_ONCE = new Date(0).toISOString();

/** Inside the transaction of what the messages tell of; a key that is there already is not taken in again. */
export async function addToOutbox(
  transaction: Kysely<Schema>,
  messages: readonly OutboxMessage[],
  at: string,
): Promise<void> {
  for (const query of outboxQueries(transaction, messages, at)) await transaction.executeQuery(query);
}

/** One query, or none where there are no messages. */
export function outboxQueries(
  kysely: Kysely<Schema>,
  messages: readonly OutboxMessage[],
  at: string,
): CompiledQuery[] {
  if (messages.length === 0) return [];
  const rows = messages.map((message) => ({
    kind: message.kind,
    payload: JSON.stringify(message.payload),
    state: 'waiting',
    attempts: 0,
    // Due whatever is made of the clock later.
    next_attempt_at: AT_ONCE,
    created_at: at,
    order_key: message.orderKey ?? null,
    idempotency_key: message.idempotencyKey,
  }));
  const adding = kysely.insertInto('outbox').values(rows);
  return [adding.onConflict((conflict) => conflict.column('idempotency_key').doNothing()).compile()];
}

/** The outbox's table; several instances of the service may work on one Postgres. */
export function createOutboxStore(database: Database): OutboxStore {
  return {
    async take(kind, now, leaseMs) {
      const { kysely, engine } = database;
      // A look without a transaction first: nearly always nothing is due.
      if ((await nextDue(kysely, kind, now, engine).executeTakeFirst()) === undefined) return undefined;
      return database.write((transaction) => takeNext(transaction, kind, now, leaseMs, engine));
    },

    async renew(taken, now, leaseMs) {
      const row = await database.write((transaction) =>
        transaction
          .updateTable('outbox')
          .set({ leased_until: leaseTime(now, leaseMs, database.engine) })
          .where('id', '=', taken.id)
          .where('state', '=', 'waiting')
          .where('leased_until', '=', taken.takenUntil.toISOString())
          .returning('leased_until')
          .executeTakeFirst(),
      );
      return row?.leased_until ? { ...taken, takenUntil: new Date(row.leased_until) } : undefined;
    },

    async settle(taken, outcome, now) {
      await database.write(async (transaction) => {
        const mine = transaction
          .updateTable('outbox')
          .where('id', '=', taken.id)
          .where('state', '=', 'waiting');
        if (outcome.state === 'sent') {
          // Also where the time was over and another process has taken it: it has arrived. What was delivered
          // is not kept a second time.
          await mine
            .set({ state: 'sent', payload: '{}', leased_until: null, settled_at: now.toISOString() })
            .execute();
          return;
        }
        const missed = mine
          .where('leased_until', '=', taken.takenUntil.toISOString())
          .set({ attempts: taken.attempts + 1, leased_until: null, last_error: outcome.reason });
        if (outcome.state === 'waiting') {
          await missed.set({ next_attempt_at: outcome.at.toISOString() }).execute();
        } else {
          await missed.set({ state: 'dead', settled_at: now.toISOString() }).execute();
        }
      });
    },

    async giveUpKey(kind, orderKey, reason, now) {
      await database.write((transaction) =>
        transaction
          .updateTable('outbox')
          .set({ state: 'dead', leased_until: null, last_error: reason, settled_at: now.toISOString() })
          .where('kind', '=', kind)
          .where('order_key', '=', orderKey)
          .where('state', '=', 'waiting')
          .execute(),
      );
    },

    releaseLost: () => releaseLeases(database, 'outbox'),

    async figures() {
      const rows = await database.kysely
        .selectFrom('outbox')
        .select(({ fn }) => ['state', fn.countAll<number>().as('count'), fn.min('created_at').as('oldest')])
        .where('state', 'in', ['waiting', 'dead'])
        .groupBy('state')
        .execute();
      const waiting = rows.find(({ state }) => state === 'waiting');
      return {
        waiting: waiting?.count ?? 0,
        dead: rows.find(({ state }) => state === 'dead')?.count ?? 0,
        oldestWaiting: waiting && new Date(waiting.oldest),
      };
    },
  };
}

/** ISO text, `ms` from now: by the clock that all instances share. */
function leaseTime(now: Date, ms: number, engine: Database['engine']): RawBuilder<string> {
  return engine === 'sqlite'
    ? sql<string>`${new Date(now.getTime() + ms).toISOString()}`
    : sql<string>`to_char((clock_timestamp() + ${ms} * interval '1 millisecond') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function nextDue(kysely: Kysely<Schema>, kind: string, now: Date, engine: Database['engine']) {
  return kysely
    .selectFrom('outbox')
    .select('id')
    .where('kind', '=', kind)
    .where('state', '=', 'waiting')
    .where(isDue(now))
    .where((where) =>
      where.or([where('leased_until', 'is', null), where('leased_until', '<=', leaseTime(now, 0, engine))]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.order_key', '=', 'outbox.order_key')
            .whereRef('earlier.kind', '=', 'outbox.kind')
            .whereRef('earlier.id', '<', 'outbox.id')
            .where('earlier.state', '=', 'waiting'),
        ),
      ),
    )
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(1);
}

async function takeNext(
  transaction: Kysely<Schema>,
  kind: string,
  now: Date,
  leaseMs: number,
  engine: Database['engine'],
): Promise<TakenMessage | undefined> {
  const due = nextDue(transaction, kind, now, engine);
  const next = engine === 'postgres' ? due.modifyEnd(sql`for update of outbox skip locked`) : due;
  const row = await transaction
    .updateTable('outbox')
    .set({ leased_until: leaseTime(now, leaseMs, engine) })
    .where('id', 'in', next)
    .returning(['id', 'payload', 'idempotency_key', 'order_key', 'attempts', 'created_at', 'leased_until'])
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      kind,
      payload: JSON.parse(row.payload),
      idempotencyKey: row.idempotency_key,
      orderKey: row.order_key ?? undefined,
      attempts: row.attempts,
      createdAt: new Date(row.created_at),
      takenUntil: new Date(row.leased_until ?? now),
    }
  );
}
