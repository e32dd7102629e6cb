import type { BookingRequest } from '../booking/booking-request';
import type { Decision } from '../answers/decision';

/**
 * What the console needs of the database, in its own words. Times are ISO 8601 UTC text with milliseconds,
 * so that they sort as text. E-mail addresses of staff are lower case here and everywhere behind here.
 */

/** Each may do what the one before may, and more: a reader reads with personal data masked. */
export const ROLES = ['reader', 'agent', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface StaffAccount {
  email: string;
  role: Role;
  /** `scrypt$N$r$p$salt$hash` */
  password: string;
  createdAt: string;
  disabled: boolean;
}

export type NewStaffAccount = Pick<StaffAccount, 'email' | 'role' | 'password'>;

/** Who did what to what, and when; never changed and never deleted by the service. */
export interface AuditRow {
  at: string;
  /** A staff member's e-mail address, or `command line`, or `nobody` before the sign-in. */
  actor: string;
  /** `sign-in`, `read`, `reviewed`, `status:booked` ... */
  action: string;
  /** `conversation:...`, `request:SA-7K4Q2`, `staff:anna@clinic.test` */
  subject: string;
}

/** Written in the same transaction as the change it tells of. */
export type Authorship = Pick<AuditRow, 'at' | 'actor'>;

/** One try to sign in, already counted as a wrong one; `clearAttempts` takes that back. */
export type SignInAttempt =
  | { known: false }
  | { known: true; account: StaffAccount }
  /** Not counted: the account still waits for the delay of the try before. */
  | { known: true; waitUntil: string };

export interface KeptSession {
  email: string;
  role: Role;
  disabled: boolean;
  csrf: string;
  createdAt: string;
  seenAt: string;
}

export interface StaffAccounts {
  /** Ordered by e-mail address. */
  list(): Promise<StaffAccount[]>;
  any(): Promise<boolean>;
  add(account: NewStaffAccount, by: Authorship): Promise<'added' | 'exists'>;
  /** These three end every session of the account. */
  setPassword(email: string, password: string, by: Authorship): Promise<'changed' | 'unknown'>;
  setRole(email: string, role: Role, by: Authorship): Promise<'changed' | 'unknown'>;
  remove(email: string, by: Authorship): Promise<'removed' | 'unknown'>;

  /**
   * Counts a try before its password is looked at, so that a thousand tries in the same instant are not a
   * thousand guesses. `waitAfter` says how many milliseconds the account waits after so many wrong ones in a row.
   */
  claimAttempt(email: string, at: string, waitAfter: (failures: number) => number): Promise<SignInAttempt>;
  clearAttempts(email: string): Promise<void>;

  openSession(session: {
    idHash: string;
    email: string;
    csrf: string;
    at: string;
    userAgent: string;
  }): Promise<void>;
  session(idHash: string): Promise<KeptSession | undefined>;
  touchSession(idHash: string, at: string): Promise<void>;
  endSession(idHash: string): Promise<void>;
  /** Sessions begun or last seen before these times are deleted. */
  endOldSessions(begunBefore: string, seenBefore: string): Promise<void>;

  keepSetupCode(codeHash: string, expiresAt: string): Promise<void>;
  /** Would `useSetupCode` accept it at this moment? */
  isSetupCodeGood(codeHash: string, at: string): Promise<boolean>;
  /** Makes the first account. Refused for a code that is unknown, used or expired, and once any account exists. */
  useSetupCode(codeHash: string, account: NewStaffAccount, by: Authorship): Promise<'made' | 'refused'>;

  audit(row: AuditRow): Promise<void>;
}

/** Where a list goes on: the last row's time and id. */
export interface Cursor {
  at: string;
  id: string;
}

export interface Page<Row> {
  rows: Row[];
  /** Undefined on the last page. */
  next?: Cursor;
}

export interface ConversationFilter {
  /** Only those that wait for staff. */
  review?: boolean;
  /** Only those that wait for this reason. */
  reason?: string;
  channel?: string;
  /** Only those in which a message was decided so: answer, clarify, handoff, booking, safety, none. */
  outcome?: string;
}

export interface ConversationRow {
  id: string;
  channel: string;
  startedAt: string;
  updatedAt: string;
  firstText: string | null;
  visitorMessages: number;
  lowestConfidence: number | null;
  /** Why it waits for staff; null where it does not. */
  review: string | null;
  reviewedAt: string | null;
  reviewedBy: string | null;
}

export interface ConversationReading extends ConversationRow {
  userId: string;
  lastSequence: number;
  /** Oldest first. */
  lines: TranscriptLine[];
  /** There are older lines than the first one here. */
  earlier: boolean;
  requests: RequestRow[];
}

export interface TranscriptLine {
  sequence: number;
  role: 'user' | 'bot';
  at: string;
  /** Bot Framework's activity type. */
  type: string;
  text: string | null;
  /** Titles of the quick replies that went out with it. */
  offered: string[];
  /** Null where none was made, or where it was kept by a version that this one cannot read. */
  decision: (Decision & { knowledgeVersion: string | null; step: string | null }) | null;
  errorId: string | null;
  /** What the visitor thought of it, where they said; of the bot's lines only. */
  feedback: 'up' | 'down' | null;
}

/** `withdrawn` is the visitor's word; staff set the others. */
export const REQUEST_STATUSES = ['new', 'contacted', 'booked', 'done', 'lost'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

export interface RequestRow {
  reference: string;
  conversationId: string;
  kind: string;
  status: string;
  name: string;
  phone: string | null;
  email: string | null;
  wish: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface RequestReading extends RequestRow {
  /** 0, then one more at each change by the visitor. */
  revision: number;
  request: BookingRequest;
  /** Changes by staff, newest first. */
  history: AuditRow[];
}

/** What happened since a moment. */
export interface Activity {
  /** Conversations begun in which the visitor wrote something. */
  conversations: number;
  requests: number;
  /** Messages by what they were decided to be. */
  decided: Record<string, number>;
}

export interface Waiting {
  /** Conversations by the reason they wait for. */
  reasons: Record<string, number>;
  newRequests: number;
  /** Notices to staff that were given up. */
  undelivered: number;
}

export interface Review {
  waiting(): Promise<Waiting>;
  activitySince(at: string): Promise<Activity>;
  /** Newest activity first; only conversations in which the visitor wrote something. */
  conversations(filter: ConversationFilter, limit: number, after?: Cursor): Promise<Page<ConversationRow>>;
  /** The newest `limit` lines, or those before a sequence number. */
  conversation(id: string, limit: number, before?: number): Promise<ConversationReading | undefined>;
  channels(): Promise<string[]>;
  /** `moved-on`: the visitor wrote again after `upTo`, and staff have not seen that. */
  markReviewed(id: string, upTo: number, by: Authorship): Promise<'reviewed' | 'moved-on' | 'unknown'>;
  /** Newest first. */
  requests(filter: { status?: string }, limit: number, after?: Cursor): Promise<Page<RequestRow>>;
  requestCounts(): Promise<Record<string, number>>;
  request(reference: string): Promise<RequestReading | undefined>;
  setStatus(reference: string, status: RequestStatus, by: Authorship): Promise<'changed' | 'unknown'>;
}
