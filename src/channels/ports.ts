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

/** Where the hashes of the secrets are kept with which visitors' browsers come back to their conversations. */
export interface ResumeSecrets {
  /** One a conversation: an earlier one is good no longer. Times are ISO 8601 UTC. */
  keep(secretHash: string, conversationId: string, expiresAt: string): Promise<void>;
  /** The conversation, its end put off to `expiresAt`; undefined where there is none that is still good at `now`. */
  renew(secretHash: string, now: string, expiresAt: string): Promise<KeptConversation | undefined>;
  /** Nobody comes back to this conversation any more. */
  revoke(conversationId: string): Promise<void>;
}
