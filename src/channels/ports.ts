import type { BookingRequest } from '../booking/booking-request';
import type { KeptActivity, ReviewReason } from '../bot/ports';

/** What the channels read of the kept conversations. */
export interface ConversationLog {
  find(conversationId: string): Promise<KeptConversation | undefined>;
  /** Activities with a sequence number above the given one, oldest first; at most `limit`. */
  after(conversationId: string, sequence: number, limit: number): Promise<KeptActivity[]>;
  /** The newest sequence number of each of these conversations that is there, in one question for all of them. */
  newest(conversationIds: string[]): Promise<{ id: string; lastSequence: number }[]>;
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

/**
 * Messages of channels that must be acknowledged at once: kept first, acknowledged, and their turns run from here,
 * in this process or, after a crash, in the next one.
 */
export interface InboxStore {
  /** Keeps what is new, all of it or nothing; an entry whose key is there already is dropped for good. */
  add(entries: InboxEntry[], now: Date): Promise<void>;
  /**
   * Takes the oldest due entry whose conversation nobody is working on, for this process alone until `until`;
   * undefined where there is none.
   */
  take(now: Date, until: Date): Promise<TakenEntry | undefined>;
  /** Handled: its content is emptied, its key stays against repetitions. */
  done(id: number): Promise<void>;
  retry(id: number, at: Date, reason: string): Promise<void>;
  /** Given up: an operator reads why in the log and in the table. */
  fail(id: number, reason: string): Promise<void>;
  /** Entries left taken by a process that is gone are due again, where it is certain that it is gone. */
  releaseLost(): Promise<void>;
  /** Forgets handled entries received before then. */
  forget(before: Date): Promise<void>;
  /** Entries that wait, and since when the oldest of them does. */
  waiting(): Promise<{ count: number; oldest: Date | undefined }>;
}

export interface InboxEntry {
  /** Which handler runs it. */
  kind: string;
  /** The channel's own id; the same at every delivery of the same message. */
  key: string;
  conversationId: string;
  /** When the person did it, by the channel's own clock. */
  happenedAt: Date;
  /** Plain JSON of the handler's own shape. */
  payload: unknown;
}

export interface TakenEntry extends InboxEntry {
  id: number;
  /** Failed attempts before this one. */
  attempts: number;
}

/** What Messenger's rules need to be remembered. */
export interface MessengerStore {
  /** One transaction: entries into the inbox, windows opened, own messages seen, notes left. */
  accept(accepted: AcceptedEvents, now: Date): Promise<void>;
  thread(psid: string): Promise<MessengerThread | undefined>;
  /** Nothing more may be sent to this person before they write again. */
  stopThread(psid: string, reason: string): Promise<void>;
  /** The conversation waits for staff, for this reason. */
  markForStaff(conversationId: string, reason: ReviewReason, now: Date): Promise<void>;
  /**
   * Notes that a call is about to be made. `first`: none was made before, or its outcome is known to be a refusal;
   * `tried`: one was, and nobody knows whether it came through; `arrived`: its echo has come.
   */
  beginSend(key: string, now: Date): Promise<SendBefore>;
  /** The call was refused or never left: the next one is a first one again. */
  sendRefused(key: string): Promise<void>;
  /** The call after `tried` is made now: its own echo is waited for from now on. */
  sendAgain(key: string, now: Date): Promise<void>;
  /** The key of the call that brought this message of ours, where its echo has told. */
  sendOf(mid: string): Promise<string | undefined>;
  note(name: string, text: string, now: Date): Promise<void>;
  clearNote(name: string): Promise<void>;
  notes(): Promise<MessengerNote[]>;
  keepDeletion(request: DeletionRequest): Promise<void>;
  deletion(code: string): Promise<DeletionRequest | undefined>;
  forget(before: Date): Promise<void>;
}

export interface AcceptedEvents {
  entries: InboxEntry[];
  /** People who opened the window of 24 hours, and when; what is older than what is known changes nothing. */
  opened: { psid: string; conversationId: string; at: Date }[];
  /** Echoes of our own messages. */
  arrived: { key: string; mid: string }[];
  notes: { name: string; text: string }[];
}

export interface MessengerThread {
  conversationId: string;
  openedAt: Date;
  stopped: string | undefined;
}

export type SendBefore = { state: 'first' } | { state: 'tried'; at: Date } | { state: 'arrived' };

export interface MessengerNote {
  name: string;
  text: string;
  at: Date;
}

export interface DeletionRequest {
  code: string;
  appScopedId: string;
  at: Date;
  /** Staff have said that it is done. */
  settledAt?: Date;
}
