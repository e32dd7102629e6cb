import { setImmediate as nextInstant } from 'node:timers/promises';
import type { Kysely, Selectable } from 'kysely';
import type { EntryDraft, TaughtPhrase, Teachings } from '../staff/ports';
import { writeAudit } from './audit-chain';
import type { Database } from './open-database';
import { REDACTED } from './redaction';
import type { EntryDraftsTable, Schema, TeachingsTable } from './schema';

/** Not understood. What was understood and has no approved answer needs an answer, not another phrasing. */
const OPEN = ['none', 'clarify'];

/** Newest messages in which different texts are looked for, and how many in one go: turns go on in between. */
const MOST_LOOKED_AT = 100_000;
const LOOKED_AT_ONCE = 2_000;

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
      const texts = new Set<string>();
      let before: string | undefined;
      for (let looked = 0; looked < MOST_LOOKED_AT && texts.size < limit; looked += LOOKED_AT_ONCE) {
        let page = kysely
          .selectFrom('activities')
          .select(['text', 'at'])
          .where('decided', 'is not', null)
          .orderBy('at', 'desc')
          .limit(LOOKED_AT_ONCE);
        if (before !== undefined) page = page.where('at', '<=', before);
        const rows = await page.execute();
        for (const { text } of rows) if (texts.size < limit && isReadable(text)) texts.add(text);
        const last = rows.at(-1)?.at;
        if (rows.length < LOOKED_AT_ONCE || last === before) break;
        before = last;
        await nextInstant();
      }
      return [...texts];
    },

    async drafts(limit) {
      const rows = await kysely
        .selectFrom('entry_drafts')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toDraft);
    },

    async openDrafts() {
      const rows = await kysely
        .selectFrom('entry_drafts')
        .selectAll()
        .where('merged_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(toDraft);
    },

    async addDraft({ entry, title, phrasings, answer }, by) {
      return database.write(async (transaction) => {
        const added = await transaction
          .insertInto('entry_drafts')
          .values({
            entry,
            title,
            phrasings: JSON.stringify(phrasings),
            answer,
            at: by.at,
            author: by.actor,
            merged_at: null,
          })
          .onConflict((conflict) => conflict.column('entry').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (added === undefined) return 'exists';
        await writeAudit(transaction, { ...by, action: 'draft', subject: `draft:${added.id}` });
        return 'added';
      });
    },

    async changeDraft(id, { entry, title, phrasings, answer }, seen, by) {
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('entry_drafts')
          .set({
            entry,
            title,
            phrasings: JSON.stringify(phrasings),
            answer,
            changed_at: by.at,
            changed_by: by.actor,
          })
          .where('id', '=', id)
          .where('merged_at', 'is', null)
          .where((row) => row(row.fn.coalesce('changed_at', 'at'), '=', seen))
          .where((row) =>
            row.not(
              row.exists(
                row
                  .selectFrom('entry_drafts as other')
                  .select('other.id')
                  .where('other.entry', '=', entry)
                  .where('other.id', '!=', id),
              ),
            ),
          )
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return whyUnchanged(transaction, id, seen);
        await writeAudit(transaction, { ...by, action: 'draft-change', subject: `draft:${id}` });
        return 'changed';
      });
    },

    async removeDraft(id, by) {
      return database.write(async (transaction) => {
        const removed = await transaction
          .deleteFrom('entry_drafts')
          .where('id', '=', id)
          .where('merged_at', 'is', null)
          .executeTakeFirst();
        if (removed.numDeletedRows === 0n) return 'unknown';
        await writeAudit(transaction, { ...by, action: 'draft-remove', subject: `draft:${id}` });
        return 'removed';
      });
    },

    async markDraftsMerged(ids, by) {
      if (ids.length === 0) return;
      await database.write(async (transaction) => {
        await transaction
          .updateTable('entry_drafts')
          .set({ merged_at: by.at })
          .where('id', 'in', ids)
          .execute();
        for (const id of ids)
          await writeAudit(transaction, { ...by, action: 'draft-merge', subject: `draft:${id}` });
      });
    },
  };
}

async function whyUnchanged(
  transaction: Kysely<Schema>,
  id: number,
  seen: string,
): Promise<'exists' | 'moved-on' | 'unknown'> {
  const draft = await transaction
    .selectFrom('entry_drafts')
    .select(['at', 'changed_at', 'merged_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (draft === undefined || draft.merged_at !== null) return 'unknown';
  return (draft.changed_at ?? draft.at) === seen ? 'exists' : 'moved-on';
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

function toDraft(row: Selectable<EntryDraftsTable>): EntryDraft {
  const { id, entry, title, answer, at, author } = row;
  const phrasings = JSON.parse(row.phrasings) as string[];
  const changes = { changedAt: row.changed_at, changedBy: row.changed_by, mergedAt: row.merged_at };
  return { id, entry, title, phrasings, answer, at, author, ...changes };
}
