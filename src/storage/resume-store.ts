import type { ResumeSecrets } from '../channels/ports';
import { createConversationLog } from './conversation-log';
import type { Database } from './open-database';

/** The hashes of the widget's resume secrets. They go with their conversation, and when their time is over. */
export function createResumeStore(database: Database): ResumeSecrets {
  const log = createConversationLog(database);
  return {
    keep: (secretHash, conversationId, expiresAt) =>
      database.write(async (transaction) => {
        const row = { secret_hash: secretHash, expires_at: expiresAt };
        await transaction
          .insertInto('resume_secrets')
          .values({ conversation_id: conversationId, ...row })
          .onConflict((conflict) => conflict.column('conversation_id').doUpdateSet(row))
          .execute();
      }),

    async renew(secretHash, now, expiresAt) {
      const conversationId = await database.write(async (transaction) => {
        await transaction.deleteFrom('resume_secrets').where('expires_at', '<=', now).execute();
        const renewed = await transaction
          .updateTable('resume_secrets')
          .set({ expires_at: expiresAt })
          .where('secret_hash', '=', secretHash)
          .returning('conversation_id')
          .executeTakeFirst();
        return renewed?.conversation_id;
      });
      return conversationId === undefined ? undefined : log.find(conversationId);
    },

    revoke: (conversationId) =>
      database.write(async (transaction) => {
        await transaction
          .deleteFrom('resume_secrets')
          .where('conversation_id', '=', conversationId)
          .execute();
      }),
  };
}
