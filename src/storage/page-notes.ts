import type { PageNotes } from '../staff/ports';
import { writeAudit } from './audit-chain';
import type { Database } from './open-database';

/** What the notes of deletion requests are called: this and the request's code. */
export const DELETION_NOTE = 'deletion-';

/** What the Messenger channel has noted of the page, for the console. */
export function createPageNotes(database: Database): PageNotes {
  return {
    async list() {
      return database.kysely
        .selectFrom('messenger_notes')
        .select(['name', 'text', 'at'])
        .orderBy('at')
        .limit(20)
        .execute();
    },

    async settle(name, by) {
      return database.write(async (transaction) => {
        const settled = await transaction
          .deleteFrom('messenger_notes')
          .where('name', '=', name)
          .returning('name')
          .execute();
        if (settled.length === 0) return 'unknown';
        if (name.startsWith(DELETION_NOTE))
          await transaction
            .updateTable('deletion_requests')
            .set({ settled_at: by.at })
            .where('code', '=', name.slice(DELETION_NOTE.length))
            .execute();
        await writeAudit(transaction, { ...by, action: 'settle', subject: `page:${name}` });
        return 'settled';
      });
    },
  };
}
