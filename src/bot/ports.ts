import type { Activity } from 'botbuilder';
import type { Decision } from '../answers/decision';
import type { BookingRequest } from '../booking/booking-request';

/** Where turns are kept. One call of `commit` is one transaction: all of it or none. */
export interface TurnStore {
  /** What a turn starts from. `handled` is set where an incoming activity of this id was committed before. */
  load(conversationId: string, incomingId: string, sender?: Sender): Promise<TurnStart>;
  /**
   * Resolves once the turn is on disk.
   * @throws TurnConflict when another turn of the conversation was committed since `load`: run the turn again.
   */
  commit(turn: TurnRecord): Promise<void>;
}

/** Where a message comes from, as far as the channel can tell: the hash of a network address, never the address. */
export interface Sender {
  hash: string;
  /** Requests sent after this moment count, ISO 8601 UTC. */
  countedSince: string;
}

export interface TurnStart {
  /** Sequence number of the conversation's newest activity; 0 where there is none yet. */
  lastSequence: number;
  /** The visitor whose conversation it is; undefined at the start. */
  userId?: string;
  /** The conversation's state as JSON text; undefined at the start. */
  state: string | undefined;
  /** New requests of the sender since the moment named, from any conversation; absent where there is no sender. */
  requestsFromSender?: number;
  /** The earlier outcome of the same incoming id: its own activity and the replies. */
  handled?: KeptActivity[];
}

/** One line of the transcript. */
export interface KeptActivity {
  conversationId: string;
  /** 1, 2, 3 ... in each conversation, without gaps; also the Direct Line watermark. */
  sequence: number;
  /** The activity as published: `id` is set, `from.role` tells the side, `timestamp` is ISO text. */
  activity: Partial<Activity>;
}

export interface TurnRecord {
  conversation: { id: string; channel: string; userId: string };
  /** As loaded; the commit fails with TurnConflict where it has moved on. */
  lastSequence: number;
  /** The channel's own stable id of the incoming message; unique in the conversation. */
  incomingId: string;
  incoming: KeptActivity;
  /** Set where a member of staff acted; the incoming activity is theirs then, and not the visitor's. */
  by?: StaffSpeaker;
  /** A person of the team answers in this conversation; nobody does where it is not there. */
  person?: Presence;
  /** Why the bot said what it said; kept with the incoming activity. */
  /** `raises`: why this message has the conversation wait for staff; kept with it, so that they see which one it was. */
  decision?: Decision & { knowledgeVersion: string; step: string; raises?: ReviewReason };
  outgoing: KeptActivity[];
  state: string;
  /** New or changed, by reference. */
  request?: BookingRequest;
  withdrawn?: string;
  /** Hash of the address that it came from; kept with a new request for a day, to limit how many one address sends. */
  sender?: string;
  /** The reference of the request that a member of staff answers with this. */
  answers?: string;
  /** For people and services outside: kept with the turn, delivered from the outbox afterwards. */
  messages?: OutboxMessage[];
  /** Redact every earlier message of the visitor in this conversation. */
  redact?: true;
  /** Empty the whole conversation and delete its requests and notices first; the receipt's number. */
  erase?: string;
  /** What staff should look at, and why. */
  review?: ReviewReason;
  /** The turn threw; the operator finds the log line by this id. */
  errorId?: string;
  /** ISO 8601 UTC. */
  at: string;
}

/** A member of staff who acts in a visitor's conversation. */
export interface StaffSpeaker {
  /** Their e-mail address: for the transcript and the audit trail, never shown to the visitor. */
  account: string;
  /** As the visitor reads it. */
  name: string;
}

/** Who of the team answers in a conversation in the bot's place, and until when without another word of theirs. */
export interface Presence {
  /** ISO 8601 UTC. */
  until: string;
  /** As the visitor reads it; absent where they answer in the channel's own inbox. */
  name?: string;
}

/** Something that has to reach the outside at least once, whatever is down at the moment. */
export interface OutboxMessage {
  /** Which sender delivers it. */
  kind: string;
  /** Plain JSON, of the sender's own shape. Not kept once it is delivered. */
  payload: unknown;
  /**
   * Of this message alone and the same at every attempt, so that a receiver can drop one that it has had; a second
   * message with the same key is not taken in.
   */
  idempotencyKey: string;
  /** Messages of one kind and key are delivered strictly in the order they were kept, one at a time. */
  orderKey?: string;
}

/** Why staff should look at a conversation, most pressing first: it waits for the most pressing one it has. */
export const REVIEW_REASONS = [
  'safety',
  'failed-turn',
  /** The visitor wrote while a person of the team has the conversation. */
  'visitor-waits',
  'person-wanted',
  /** A reply could not be sent: the channel's window for answers is closed. */
  'window-closed',
  'delete-data',
  /** A person answered in the channel's own inbox, and the bot keeps silent. */
  'person-joined',
  'unanswered',
  'not-helpful',
  'unsure',
] as const;

export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** Reasons that are settled once a person of the team has written to the visitor. */
export const SETTLED_BY_AN_ANSWER: readonly ReviewReason[] = [
  'unanswered',
  'unsure',
  'person-wanted',
  'not-helpful',
  'person-joined',
  'visitor-waits',
  'window-closed',
];

export class TurnConflict extends Error {
  override name = 'TurnConflict';
}

/** The way every channel hands in a message. */
export interface Turns {
  /**
   * Runs one turn and resolves once it is on disk. Turns of one conversation run one after the other; an
   * `incomingId` that was handled before resolves to the outcome it had, and nothing runs twice.
   * @throws TurnsBusy when too many wait; NoSuchConversation where one that must be there is not (any more);
   * anything else means the database failed and nothing was kept.
   */
  handle(incoming: IncomingActivity): Promise<TurnOutcome>;
  /** Called after each commit; returns the way to stop. */
  subscribe(listener: TurnListener): () => void;
}

/** Hears of a turn that is on disk: its activities in order, and what it tells people and services outside. */
export type TurnListener = (
  kept: KeptActivity[],
  told: Pick<TurnRecord, 'messages' | 'request' | 'withdrawn'>,
) => void;

export interface IncomingActivity {
  conversationId: string;
  /** Bot Framework channel id: `directline`, `messenger` ... */
  channel: string;
  userId: string;
  /** The channel's own stable id: Direct Line clientActivityID, Messenger mid. */
  incomingId: string;
  /** Keyed hash of the visitor's network address, from channels that see one: requests are counted by it. */
  sender?: string;
  /** type, text, value, locale, channelData; ids, from, recipient and timestamp are stamped by the turn. */
  activity: Partial<Activity>;
  /** The conversation must have been started, by this visitor, and not been deleted: nothing begins with this message. */
  goesOn?: boolean;
  /**
   * A member of staff acts, not the visitor: a message goes to the visitor as theirs, the events `person-joined` and
   * `person-left` say that they take over and hand back.
   */
  by?: StaffSpeaker;
  /** What is kept and sent in the same commit. `onlyKept`: the message goes another way than through the channel. */
  along?: Pick<TurnRecord, 'answers' | 'messages'> & { onlyKept?: boolean };
}

/** The name that stands in `from.id` of what a person of the team wrote, on every channel. */
export const STAFF_ID = 'team';

export interface TurnOutcome {
  incoming: KeptActivity;
  replies: KeptActivity[];
  /** This id had been handled before. */
  repeated: boolean;
}

/** Channels that are open on the visitor's screen while they are written to. */
export const LIVE_CHANNELS: readonly string[] = ['directline', 'webpage'];

/** It was deleted, was never there, or is another visitor's. */
export class NoSuchConversation extends Error {
  override name = 'NoSuchConversation';
}

/** Too many messages wait (20 in a conversation, 150 in all, 100 where the oldest has waited for half a second): answer 429 or 503 and let the client retry. */
export class TurnsBusy extends Error {
  override name = 'TurnsBusy';
}
