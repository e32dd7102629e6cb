import { type RawBuilder, sql } from 'kysely';

/** Where Bot Framework's ConversationState looks for the state of a conversation. */
export function conversationStateKey(channel: string, conversationId: string): string {
  return `${channel}/conversations/${conversationId}/`;
}

/** The same inside a query, from two columns. */
export function stateKeyOf(
  channel: RawBuilder<unknown>,
  conversationId: RawBuilder<unknown>,
): RawBuilder<string> {
  return sql<string>`${channel} || '/conversations/' || ${conversationId} || '/'`;
}

/** The id of the conversation whose state is kept there; undefined for anything else. */
export function conversationOfStateKey(key: string): string | undefined {
  return /^[^/]+\/conversations\/(.+)\/$/s.exec(key)?.[1];
}
