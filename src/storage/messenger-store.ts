import { sql } from 'kysely';
import type { MessengerStore } from '../channels/ports';
import { addToInbox } from './inbox-store';
import type { Database } from './open-database';
import { morePressing, placeOf } from './review-reason';

/** What Messenger's rules need to be remembered: windows, people who cannot be reached, calls of unknown outcome. */
export function createMessengerStore(database: Database): MessengerStore {
  const { kysely } = database;
  return {
    async accept({ entries, opened, arrived, notes }, now) {
      const at = now.toISOString();
      await database.write(async (transaction) => {
        await addToInbox(transaction, entries, now);
        for (const { psid, conversationId, at: openedAt } of opened) {
          const row = { conversation_id: conversationId, opened_at: openedAt.toISOString(), stopped: null };
          await transaction
            .insertInto('messenger_threads')
            .values({ psid, ...row })
            .onConflict((conflict) =>
              conflict
                .column('psid')
                .doUpdateSet(row)
                .where('messenger_threads.opened_at', '<', row.opened_at),
            )
            .execute();
        }
        for (const { key, mid } of arrived) {
          await transaction
            .insertInto('messenger_sends')
            .values({ key, mid, tried_at: at })
            .onConflict((conflict) => conflict.column('key').doUpdateSet({ mid }))
            .execute();
        }
        for (const { name, text } of notes) {
          await transaction
            .insertInto('messenger_notes')
            .values({ name, text, at })
            .onConflict((conflict) => conflict.column('name').doUpdateSet({ text, at }))
            .execute();
        }
      });
    },

    async thread(psid) {
      const row = await kysely
        .selectFrom('messenger_threads')
        .selectAll()
        .where('psid', '=', psid)
        .executeTakeFirst();
      return (
        row && {
          conversationId: row.conversation_id,
          openedAt: new Date(row.opened_at),
          stopped: row.stopped ?? undefined,
        }
      );
    },

    async stopThread(psid, reason) {
      await database.write(async (transaction) => {
        await transaction
          .updateTable('messenger_threads')
          .set({ stopped: reason })
          .where('psid', '=', psid)
          .execute();
      });
    },

    async markForStaff(conversationId, reason, now) {
      await database.write(async (transaction) => {
        await transaction
          .updateTable('conversations')
          .set({
            review: morePressing(reason, placeOf(reason)),
            reviewed_at: null,
            reviewed_by: null,
            updated_at: now.toISOString(),
          })
          .where('id', '=', conversationId)
          .execute();
      });
    },

    async beginSend(key, now) {
      return database.write(async (transaction) => {
        const added = await transaction
          .insertInto('messenger_sends')
          .values({ key, tried_at: now.toISOString(), mid: null })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .returning('key')
          .executeTakeFirst();
        if (added) return { state: 'first' as const };
        const row = await transaction
          .selectFrom('messenger_sends')
          .select(['tried_at', 'mid'])
          .where('key', '=', key)
          .executeTakeFirstOrThrow();
        return row.mid === null
          ? { state: 'tried' as const, at: new Date(row.tried_at) }
          : { state: 'arrived' as const };
      });
    },

    async sendRefused(key) {
      await database.write(async (transaction) => {
        await transaction
          .deleteFrom('messenger_sends')
          .where('key', '=', key)
          .where('mid', 'is', null)
          .execute();
      });
    },

    async sendAgain(key, now) {
      await database.write(async (transaction) => {
        await transaction
          .updateTable('messenger_sends')
          .set({ tried_at: now.toISOString() })
          .where('key', '=', key)
          .execute();
      });
    },

    async sendOf(mid) {
      const row = await kysely
        .selectFrom('messenger_sends')
        .select('key')
        .where('mid', '=', mid)
        .executeTakeFirst();
      return row?.key;
    },

    async note(name, text, now) {
      const row = { text, at: now.toISOString() };
      await database.write(async (transaction) => {
        await transaction
          .insertInto('messenger_notes')
          .values({ name, ...row })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
          .execute();
      });
    },

    async clearNote(name) {
      const isThere = kysely.selectFrom('messenger_notes').select('name').where('name', '=', name);
      if ((await isThere.executeTakeFirst()) === undefined) return;
      await database.write(async (transaction) => {
        await transaction.deleteFrom('messenger_notes').where('name', '=', name).execute();
      });
    },

    async notes() {
      const rows = await kysely.selectFrom('messenger_notes').selectAll().orderBy('at').execute();
      return rows.map(({ name, text, at }) => ({ name, text, at: new Date(at) }));
    },

    async keepDeletion({ code, appScopedId, at }) {
      await database.write(async (transaction) => {
        await transaction
          .insertInto('deletion_requests')
          .values({ code, app_scoped_id: appScopedId, at: at.toISOString(), settled_at: null })
          .execute();
      });
    },

    async deletion(code) {
      const row = await kysely
        .selectFrom('deletion_requests')
        .selectAll()
        .where('code', '=', code)
        .executeTakeFirst();
      return (
        row && {
          code,
          appScopedId: row.app_scoped_id,
          at: new Date(row.at),
          ...(row.settled_at !== null && { settledAt: new Date(row.settled_at) }),
        }
      );
    },

    async forget(before) {
      await database.write(async (transaction) => {
        await sql`delete from messenger_sends where tried_at < ${before.toISOString()}`.execute(transaction);
      });
    },
  };
}
