/** Where Bot Framework's ConversationState looks for the state of a conversation. */
export function conversationStateKey(channel: string, conversationId: string): string {
  return `${channel}/conversations/${conversationId}/`;
}
