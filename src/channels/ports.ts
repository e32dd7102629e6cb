import type { KeptActivity } from '../bot/ports';

/** What the channels read of the kept conversations. */
export interface ConversationLog {
  find(conversationId: string): Promise<KeptConversation | undefined>;
  /** Activities with a sequence number above the given one, oldest first; at most `limit`. */
  after(conversationId: string, sequence: number, limit: number): Promise<KeptActivity[]>;
}

export interface KeptConversation {
  id: string;
  channel: string;
  userId: string;
  lastSequence: number;
}
