import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { InboxEntry, InboxStore, TakenEntry } from '../channels/ports';
import { isDue } from './due';
import type { Database } from './open-database';
import { releaseLeases } from './release-leases';
import type { Schema } from './schema';

/** The inbox's table; several instances of the service may work on one Postgres. */
export function createInboxStore(database: Database): InboxStore {
  const update = (
    id: number,
    values: Partial<Record<'state' | 'payload' | 'next_attempt_at' | 'last_error', string>>,
  ) =>
    database.write(async (transaction) => {
      await transaction
        .updateTable('inbox')
        .set({ ...values, leased_until: null, attempts: sql`attempts + 1` })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .execute();
    });

  return {
    add: (entries, now) => database.write((transaction) => addToInbox(transaction, entries, now)),

    async take(now, until) {
      // A look without a transaction first: nearly always nothing is due.
      if ((await nextDue(database.kysely, now).executeTakeFirst()) === undefined) return undefined;
      return database.write((transaction) =>
        takeNext(transaction, now, until, database.engine === 'postgres'),
      );
    },

    done: (id) => update(id, { state: 'done', payload: '' }),
    retry: (id, at, reason) => update(id, { next_attempt_at: at.toISOString(), last_error: reason }),
    fail: (id, reason) => update(id, { state: 'failed', last_error: reason }),

    releaseLost: () => releaseLeases(database, 'inbox'),

    async forget(before) {
      await database.write(async (transaction) => {
        await transaction
          .deleteFrom('inbox')
          .where('state', '=', 'done')
          .where('received_at', '<', before.toISOString())
          .execute();
      });
    },

    async waiting() {
      const row = await database.kysely
        .selectFrom('inbox')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('received_at').as('oldest')])
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return { count: Number(row?.count ?? 0), oldest: row?.oldest ? new Date(row.oldest) : undefined };
    },
  };
}

/** Inside the transaction of what comes with them; an entry whose key is there already is dropped. */
export async function addToInbox(
  transaction: Kysely<Schema>,
  entries: InboxEntry[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  const at = now.toISOString();
  await transaction
    .insertInto('inbox')
    .values(
      entries.map((entry) => ({
        kind: entry.kind,
        key: entry.key,
        conversation_id: entry.conversationId,
        payload: JSON.stringify(entry.payload),
        happened_at: entry.happenedAt.toISOString(),
        received_at: at,
        state: 'waiting',
        attempts: 0,
        // Due whatever is made of the clock later.
        next_attempt_at: new Date(0).toISOString(),
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** Of a conversation only the oldest that waits, and none while another of it is being worked on. */
function nextDue(kysely: Kysely<Schema>, now: Date) {
  const at = now.toISOString();
  return kysely
    .selectFrom('inbox')
    .select('id')
    .where('state', '=', 'waiting')
    .where(isDue(now))
    .where((where) => where.or([where('leased_until', 'is', null), where('leased_until', '<=', at)]))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('inbox as other')
            .select('other.id')
            .whereRef('other.conversation_id', '=', 'inbox.conversation_id')
            .where('other.state', '=', 'waiting')
            .whereRef('other.id', '!=', 'inbox.id')
            .where((other) =>
              other.or([
                other('other.leased_until', '>', at),
                other('other.happened_at', '<', other.ref('inbox.happened_at')),
                other.and([
                  other('other.happened_at', '=', other.ref('inbox.happened_at')),
                  other('other.id', '<', other.ref('inbox.id')),
                ]),
              ]),
            ),
        ),
      ),
    )
    .orderBy('happened_at')
    .orderBy('id')
    .limit(1);
}

async function takeNext(
  transaction: Kysely<Schema>,
  now: Date,
  until: Date,
  skipLocked: boolean,
): Promise<TakenEntry | undefined> {
  const due = nextDue(transaction, now);
  const next = skipLocked ? due.modifyEnd(sql`for update of inbox skip locked`) : due;
  const row = await transaction
    .updateTable('inbox')
    .set({ leased_until: until.toISOString() })
    .where('id', 'in', next)
    .returning(['id', 'kind', 'key', 'conversation_id', 'happened_at', 'payload', 'attempts'])
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      kind: row.kind,
      key: row.key,
      conversationId: row.conversation_id,
      happenedAt: new Date(row.happened_at),
      payload: JSON.parse(row.payload),
      attempts: row.attempts,
    }
  );
}
