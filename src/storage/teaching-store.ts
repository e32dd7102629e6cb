import type { Selectable } from 'kysely';
import type { TaughtPhrase, Teachings } from '../staff/ports';
import { writeAudit } from './audit-chain';
import type { Database } from './open-database';
import { REDACTED } from './redaction';
import type { TeachingsTable } from './schema';

/** Not understood. What was understood and has no approved answer needs an answer, not another phrasing. */
const OPEN = ['none', 'clarify'];

/** What staff have taught, and the recorded questions it is measured on. */
export function createTeachingStore(database: Database): Teachings {
  const { kysely } = database;
  return {
    async list(limit) {
      const rows = await kysely
        .selectFrom('teachings')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toPhrase);
    },

    async live() {
      const rows = await kysely
        .selectFrom('teachings')
        .selectAll()
        .where('removed_at', 'is', null)
        .where('merged_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(toPhrase);
    },

    async add({ text, entry }, by) {
      return database.write(async (transaction) => {
        const { id } = await transaction
          .insertInto('teachings')
          .values({ at: by.at, author: by.actor, entry, text })
          .returning('id')
          .executeTakeFirstOrThrow();
        await writeAudit(transaction, {
          ...by,
          action: entry === null ? 'teach-out-of-scope' : 'teach',
          subject: `teaching:${id}`,
        });
        return id;
      });
    },

    async takeBack(id, by) {
      return database.write(async (transaction) => {
        const taken = await transaction
          .updateTable('teachings')
          .set({ removed_at: by.at, removed_by: by.actor })
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .executeTakeFirst();
        if (taken.numUpdatedRows === 0n) return 'unknown';
        await writeAudit(transaction, { ...by, action: 'teach-back', subject: `teaching:${id}` });
        return 'taken-back';
      });
    },

    async markMerged(ids, by) {
      if (ids.length === 0) return;
      await database.write(async (transaction) => {
        await transaction.updateTable('teachings').set({ merged_at: by.at }).where('id', 'in', ids).execute();
        for (const id of ids)
          await writeAudit(transaction, { ...by, action: 'teach-merge', subject: `teaching:${id}` });
      });
    },

    async openQuestions(since, limit) {
      const rows = await kysely
        .selectFrom('activities')
        .select(['text', 'conversation_id', 'at'])
        .where('decided', 'in', OPEN)
        .where('at', '>=', since)
        .orderBy('at', 'desc')
        .limit(limit)
        .execute();
      return rows.flatMap(({ text, conversation_id: conversationId, at }) =>
        isReadable(text) ? [{ text, conversationId, at }] : [],
      );
    },

    async recordedTexts(limit) {
      const rows = await kysely
        .selectFrom('activities')
        .select(['text'])
        .where('decided', 'is not', null)
        .orderBy('at', 'desc')
        .limit(limit)
        .execute();
      return [...new Set(rows.map(({ text }) => text).filter(isReadable))];
    },
  };
}

function isReadable(text: string | null): text is string {
  return text !== null && text !== '' && text !== REDACTED;
}

function toPhrase(row: Selectable<TeachingsTable>): TaughtPhrase {
  return {
    id: row.id,
    at: row.at,
    author: row.author,
    entry: row.entry,
    text: row.text,
    removedAt: row.removed_at,
    removedBy: row.removed_by,
    mergedAt: row.merged_at,
  };
}
