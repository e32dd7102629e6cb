import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { OutboxMessage } from '../bot/ports';
import type { OutboxStore, TakenMessage } from '../notify/ports';
import type { Database } from './open-database';
import { releaseLeases } from './release-leases';
import type { Schema } from './schema';

/** Inside the transaction of what the messages tell of; a key that is there already is not taken in again. */
export async function addToOutbox(
  transaction: Kysely<Schema>,
  messages: OutboxMessage[],
  at: string,
): Promise<void> {
  if (messages.length === 0) return;
  await transaction
    .insertInto('outbox')
    .values(
      messages.map((message) => ({
        kind: message.kind,
        payload: JSON.stringify(message.payload),
        state: 'waiting',
        attempts: 0,
        next_attempt_at: at,
        created_at: at,
        order_key: message.orderKey ?? null,
        idempotency_key: message.idempotencyKey,
      })),
    )
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .execute();
}

/** The outbox's table; several instances of the service may work on one Postgres. */
export function createOutboxStore(database: Database): OutboxStore {
  return {
    async take(kind, now, until) {
      // A look without a transaction first: nearly always nothing is due.
      if ((await nextDue(database.kysely, kind, now).executeTakeFirst()) === undefined) return undefined;
      return database.write((transaction) =>
        takeNext(transaction, kind, now, until, database.engine === 'postgres'),
      );
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

function nextDue(kysely: Kysely<Schema>, kind: string, now: Date) {
  const at = now.toISOString();
  return kysely
    .selectFrom('outbox')
    .select('id')
    .where('kind', '=', kind)
    .where('state', '=', 'waiting')
    .where('next_attempt_at', '<=', at)
    .where((where) => where.or([where('leased_until', 'is', null), where('leased_until', '<=', at)]))
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
  until: Date,
  skipLocked: boolean,
): Promise<TakenMessage | undefined> {
  const due = nextDue(transaction, kind, now);
  const next = skipLocked ? due.modifyEnd(sql`for update of outbox skip locked`) : due;
  const row = await transaction
    .updateTable('outbox')
    .set({ leased_until: until.toISOString() })
    .where('id', 'in', next)
    .returning(['id', 'payload', 'idempotency_key', 'order_key', 'attempts', 'created_at'])
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
      takenUntil: until,
    }
  );
}
