import type { Activity, PagedResult, TranscriptInfo, TranscriptStore } from 'botbuilder';
import type { Kysely } from 'kysely';
import { activityRow } from './activity-rows';
import type { Database } from './open-database';
import type { Schema } from './schema';
import { conversationStateKey } from './state-key';

/** As in Bot Framework's own stores. */
const PAGE_SIZE = 20;

/**
 * Bot Framework's TranscriptStore over the kept conversations. Missing arguments throw at once, as in the SDK's own
 * stores; a full page carries the id of its last item as continuation token, even where nothing follows.
 */
export class DatabaseTranscriptStore implements TranscriptStore {
  constructor(private readonly database: Database) {}

  /** An activity that was logged before, by its id, is left as it is. */
  logActivity(activity: Activity): Promise<void> {
    if (!activity) throw new Error('Missing activity');
    return this.database.write((transaction) => appendActivity(transaction, activity));
  }

  /** Oldest first; `startDate` is included. */
  getTranscriptActivities(
    channelId: string,
    conversationId: string,
    continuationToken?: string,
    startDate?: Date,
  ): Promise<PagedResult<Activity>> {
    if (!channelId) throw new Error('Missing channelId');
    if (!conversationId) throw new Error('Missing conversationId');
    return this.activitiesPage(channelId, conversationId, continuationToken, startDate);
  }

  /** Conversations of a channel, the first started first. */
  listTranscripts(channelId: string, continuationToken?: string): Promise<PagedResult<TranscriptInfo>> {
    if (!channelId) throw new Error('Missing channelId');
    return this.conversationsPage(channelId, continuationToken);
  }

  /** The conversation, its activities and its state. */
  deleteTranscript(channelId: string, conversationId: string): Promise<void> {
    if (!channelId) throw new Error('Missing channelId');
    if (!conversationId) throw new Error('Missing conversationId');
    return this.database.write(async (transaction) => {
      const conversation = transaction.deleteFrom('conversations').where('id', '=', conversationId);
      await conversation.where('channel', '=', channelId).execute();
      const key = conversationStateKey(channelId, conversationId);
      await transaction.deleteFrom('bot_state').where('key', '=', key).execute();
    });
  }

  private async activitiesPage(
    channelId: string,
    conversationId: string,
    continuationToken: string | undefined,
    startDate: Date | undefined,
  ): Promise<PagedResult<Activity>> {
    let query = this.database.kysely
      .selectFrom('activities')
      .innerJoin('conversations', 'conversations.id', 'activities.conversation_id')
      .select(['activities.id', 'activities.activity'])
      .where('conversations.channel', '=', channelId)
      .where('conversations.id', '=', conversationId)
      // Two logs can carry the same millisecond; the sequence tells which came first.
      .orderBy('activities.at')
      .orderBy('activities.sequence')
      .limit(PAGE_SIZE);
    if (startDate) query = query.where('activities.at', '>=', startDate.toISOString());
    if (continuationToken) {
      const last = await this.database.kysely
        .selectFrom('activities')
        .select(['at', 'sequence'])
        .where('conversation_id', '=', conversationId)
        .where('id', '=', continuationToken)
        .executeTakeFirst();
      if (!last) return page([], () => '');
      query = query.where((where) =>
        where(
          where.refTuple('activities.at', 'activities.sequence'),
          '>',
          where.tuple(last.at, last.sequence),
        ),
      );
    }
    const rows = await query.execute();
    const ids = rows.map((row) => row.id);
    return page(
      rows.map((row) => activityWithDates(row.activity)),
      (index) => ids[index],
    );
  }

  private async conversationsPage(
    channelId: string,
    continuationToken: string | undefined,
  ): Promise<PagedResult<TranscriptInfo>> {
    let query = this.database.kysely
      .selectFrom('conversations')
      .select(['id', 'started_at'])
      .where('channel', '=', channelId)
      .orderBy('started_at')
      .orderBy('id')
      .limit(PAGE_SIZE);
    if (continuationToken) {
      const last = await this.database.kysely
        .selectFrom('conversations')
        .select(['started_at', 'id'])
        .where('channel', '=', channelId)
        .where('id', '=', continuationToken)
        .executeTakeFirst();
      if (!last) return page([], () => '');
      query = query.where((where) =>
        where(where.refTuple('started_at', 'id'), '>', where.tuple(last.started_at, last.id)),
      );
    }
    const rows = await query.execute();
    const infos = rows.map((row) => ({ channelId, id: row.id, created: new Date(row.started_at) }));
    return page(infos, (index) => infos[index]?.id);
  }
}

/** Takes the conversation's next sequence number and keeps the activity under it. */
async function appendActivity(transaction: Kysely<Schema>, activity: Activity): Promise<void> {
  const now = new Date().toISOString();
  const byBot = activity.from?.role === 'bot';
  const row = activityRow(
    { conversationId: activity.conversation.id, sequence: 0, activity },
    byBot ? 'bot' : 'user',
    now,
  );
  const logged = await transaction
    .selectFrom('activities')
    .select('sequence')
    .where('id', '=', row.id)
    .where('conversation_id', '=', row.conversation_id)
    .executeTakeFirst();
  if (logged) return;
  const visitor = byBot ? activity.recipient : activity.from;
  const { last_sequence: sequence } = await transaction
    .insertInto('conversations')
    .values({
      id: row.conversation_id,
      channel: activity.channelId,
      user_id: visitor?.id ?? '',
      started_at: row.at,
      updated_at: row.at,
      last_sequence: 1,
      visitor_messages: byBot ? 0 : 1,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((column) => ({
        updated_at: row.at,
        last_sequence: column('conversations.last_sequence', '+', 1),
        visitor_messages: column('conversations.visitor_messages', '+', byBot ? 0 : 1),
      })),
    )
    .returning('last_sequence')
    .executeTakeFirstOrThrow();
  await transaction
    .insertInto('activities')
    .values({ ...row, sequence })
    .execute();
}

function activityWithDates(json: string): Activity {
  const activity: Activity = JSON.parse(json);
  for (const name of ['timestamp', 'localTimestamp', 'expiration'] as const) {
    if (activity[name] !== undefined) activity[name] = new Date(activity[name]);
  }
  return activity;
}

/** The SDK's type has no way to say "no token", so its own stores leave it undefined. */
function page<T>(items: T[], idAt: (index: number) => string | undefined): PagedResult<T> {
  const token = items.length === PAGE_SIZE ? idAt(items.length - 1) : undefined;
  return { items, continuationToken: token as string };
}
