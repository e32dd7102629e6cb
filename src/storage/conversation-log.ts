import type { ConversationLog } from '../channels/ports';
import { keptActivity } from './activity-rows';
import type { Database } from './open-database';

/** What the channels read of the kept conversations: committed turns only. */
export function createConversationLog({ kysely }: Database): ConversationLog {
  return {
    async find(conversationId) {
      const row = await kysely
        .selectFrom('conversations')
        .select(['id', 'channel', 'user_id', 'last_sequence'])
        .where('id', '=', conversationId)
        .executeTakeFirst();
      return (
        row && { id: row.id, channel: row.channel, userId: row.user_id, lastSequence: row.last_sequence }
      );
    },

    async after(conversationId, sequence, limit) {
      const rows = await kysely
        .selectFrom('activities')
        .select(['conversation_id', 'sequence', 'activity'])
        .where('conversation_id', '=', conversationId)
        .where('sequence', '>', sequence)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return rows.map(keptActivity);
    },

    async newest(conversationIds) {
      if (conversationIds.length === 0) return [];
      return kysely
        .selectFrom('conversations')
        .select(['id', 'last_sequence as lastSequence'])
        .where('id', 'in', conversationIds)
        .execute();
    },
  };
}
