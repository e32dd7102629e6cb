import type { BookingRequest } from '../booking/booking-request';
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

/** What the channels read of the kept booking requests. */
export interface RequestLog {
  findRequest(reference: string): Promise<KeptRequest | undefined>;
}

export interface KeptRequest {
  request: BookingRequest;
  /** 0, then one more at each change by the visitor. */
  revision: number;
  withdrawn: boolean;
  /** ISO 8601 UTC. */
  changedAt: string;
}
