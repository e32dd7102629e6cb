import type { BookingRequest } from '../booking/booking-request';

/** The messages that wait to be delivered, as the outbox needs them. */
export interface OutboxStore {
  /**
   * Takes the next message of a kind that is due, for this process alone and `leaseMs` milliseconds; undefined where
   * none is. Of one order key only the oldest that waits is given, and none while that one is taken. With several
   * instances the database's clock counts for the lease, so that theirs may differ.
   */
  take(kind: string, now: Date, leaseMs: number): Promise<TakenMessage | undefined>;
  /** Holds it for `leaseMs` from now; undefined where the time was over and another process may have it. */
  renew(taken: TakenMessage, now: Date, leaseMs: number): Promise<TakenMessage | undefined>;
  /** Settles a taken message: delivered, to be tried again at `at`, or given up. */
  settle(taken: TakenMessage, outcome: Settlement, now: Date): Promise<void>;
  /** Gives up everything of this kind and order key that still waits, a taken message included. */
  giveUpKey(kind: string, orderKey: string, reason: string, now: Date): Promise<void>;
  /** Messages left taken by a process that is gone are due again, where it is certain that it is gone. */
  releaseLost(): Promise<void>;
  figures(): Promise<OutboxFigures>;
}

export interface TakenMessage {
  id: number;
  kind: string;
  /** The plain JSON it was kept with. */
  payload: unknown;
  idempotencyKey: string;
  orderKey: string | undefined;
  /** Failed attempts before this one. */
  attempts: number;
  createdAt: Date;
  takenUntil: Date;
}

export type Settlement =
  { state: 'sent' } | { state: 'waiting'; at: Date; reason: string } | { state: 'dead'; reason: string };

export interface OutboxFigures {
  waiting: number;
  dead: number;
  /** Of the longest waiting one. */
  oldestWaiting: Date | undefined;
}

/** Delivers messages of one kind. */
export interface Sender {
  /**
   * One attempt. Whatever it throws counts as `retry`. When `signal` aborts, the attempt's time is over.
   * Reasons are shown to staff and logged: no visitor's words in them.
   */
  send(message: TakenMessage, signal: AbortSignal): Promise<SendOutcome>;
}

export type SendOutcome =
  | { outcome: 'sent' }
  /** Later; `afterMs` where the receiver said when, the outbox's own back-off otherwise. */
  | { outcome: 'retry'; reason: string; afterMs?: number }
  /** Never: this message cannot be delivered. */
  | { outcome: 'dead'; reason: string }
  /** Never, nor anything else that waits with this order key: the person cannot be reached. */
  | { outcome: 'stop-key'; reason: string }
  /** Nobody of this kind can be reached before somebody has mended something: the kind rests, then tries again. */
  | { outcome: 'stop-all'; reason: string };

/** The payload of a person's answer to a visitor by e-mail, in the words of the moment when it was written. */
export interface AnswerLetter {
  /** Of the request that it answers. */
  reference: string;
  to: string;
  subject: string;
  text: string;
}

/** The payload of a notice to staff: a request is new, was changed by the visitor, or was withdrawn. */
export interface BookingNotice {
  change: 'new' | 'changed' | 'withdrawn';
  reference: string;
  /** With the reference the notice's own identity: receivers drop one they have had. */
  revision: number;
  /** Reference of the first of several requests that one person sent within a day. */
  joins?: string;
  conversationId: string;
  channel: string;
  /** As it stands after the change. */
  request: BookingRequest;
  /** ISO 8601 UTC. */
  at: string;
}
