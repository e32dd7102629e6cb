import type { BookingRequest } from '../booking/booking-request';
import type { BookingStep } from '../booking/booking-steps';
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
  /** Cannot sign in, and is refused everywhere; what was done under it keeps its name. */
  disabled: boolean;
  hasSecondFactor: boolean;
  /** As visitors read it; null: they read that it is the team. */
  displayName: string | null;
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
  /** The clinic asks everybody for a second factor, and this account has none. */
  lacksSecondFactor: boolean;
  displayName: string | null;
  csrf: string;
  createdAt: string;
  seenAt: string;
}

export interface OpenSession {
  idHash: string;
  createdAt: string;
  seenAt: string;
  userAgent: string;
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
  /** Its sessions are refused at once, and are ended for good when it is enabled again. */
  setDisabled(email: string, disabled: boolean, by: Authorship): Promise<'changed' | 'unknown'>;
  /** Whether every account needs a second factor; not before an admin has said so. */
  needsSecondFactor(): Promise<boolean>;
  setNeedsSecondFactor(needed: boolean, by: Authorship): Promise<void>;

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
  /** Newest first. */
  sessionsOf(email: string): Promise<OpenSession[]>;
  /** The secret of the authenticator app, base32; null where none is set up. */
  secondFactor(email: string): Promise<string | null>;
  setSecondFactor(email: string, secret: string | null, by: Authorship): Promise<'changed' | 'unknown'>;
  /** Null: visitors read that it is the team. */
  setDisplayName(email: string, name: string | null, by: Authorship): Promise<'changed' | 'unknown'>;
  /** False where this step of time, or a later one, has been used before: a code works once. */
  useCode(email: string, step: number): Promise<boolean>;
  /** Sessions begun or last seen before these times are deleted. */
  endOldSessions(begunBefore: string, seenBefore: string): Promise<void>;

  keepSetupCode(codeHash: string, expiresAt: string): Promise<void>;
  /** Would `useSetupCode` accept it at this moment? */
  isSetupCodeGood(codeHash: string, at: string): Promise<boolean>;
  /** Makes the first account. Refused for a code that is unknown, used or expired, and once any account exists. */
  useSetupCode(codeHash: string, account: NewStaffAccount, by: Authorship): Promise<'made' | 'refused'>;

  audit(row: AuditRow): Promise<void>;
  /** Newest first; `before` is the id of the last row seen. */
  auditTrail(
    limit: number,
    before?: number,
    /** What it was done to: only rows of one of these. */
    subjects?: readonly string[],
  ): Promise<(AuditRow & { id: number })[]>;
  /** Whether the trail is as it was written: see storage/audit-chain.ts. */
  checkAudit(): Promise<AuditCheck>;
}

/** What walking the audit trail found. */
export type AuditCheck =
  { ok: true; rows: number; head: string } | { ok: false; rows: number; brokenAt: number };

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
  /** Only those in which a message was taken for this entry. */
  entry?: string;
  /** Newest activity at or after, and before, these moments. */
  from?: string;
  to?: string;
  /** Begun at or after, and before, these moments. */
  begunFrom?: string;
  begunTo?: string;
  /** Only those with a message decided with less confidence than this, 0 to 1. */
  lessSureThan?: number;
  reviewed?: boolean;
  /** A staff member's e-mail address. */
  reviewedBy?: string;
  /** A staff member's e-mail address; null for those of nobody. */
  assignedTo?: string | null;
  tag?: string;
  /** Only those in which a booking came this far. */
  reached?: BookingStep;
  /** Only those in which the visitor marked an answer so. */
  thumb?: 'up' | 'down';
  /** Only those with a message of this tenth of confidence: 0 up to 0.1 is 0. */
  tenth?: number;
  /** Words of the visitor, with their typing errors forgiven; all of them must be there. */
  search?: string;
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
  /** E-mail address of the staff member who sees to it. */
  assignedTo: string | null;
  tags: string[];
  /** How many notes staff have left on it. */
  notes: number;
  /** The line that a search found; null without one. */
  found: string | null;
  /** The line for whose sake it waits: the question, the wish for a person; null where no line is known for it. */
  raisedBy: string | null;
}

/** What staff wrote to each other about a conversation. */
export interface Note {
  at: string;
  author: string;
  text: string;
}

export interface ConversationReading extends Omit<ConversationRow, 'notes' | 'found' | 'raisedBy'> {
  /** Oldest first. */
  notes: Note[];
  userId: string;
  lastSequence: number;
  /** What it waited for when it was last reviewed; null where it never waited. */
  reviewedReason: string | null;
  /** Oldest first. */
  lines: TranscriptLine[];
  /** There are older lines than the first one here. */
  earlier: boolean;
  requests: RequestRow[];
  /** Who of the team answers here in the bot's place, as last kept; whether their time is over is for the clock. */
  person: { until: string; name: string | null } | null;
}

export interface TranscriptLine {
  sequence: number;
  /** `staff`: a person of the team. */
  role: 'user' | 'bot' | 'staff';
  /** The account of the person of the team who wrote it. */
  author: string | null;
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
  /** What was asked, of one that was passed on. */
  question: string | null;
  createdAt: string;
  updatedAt: string;
  /** E-mail address of the staff member who sees to it. */
  assignedTo: string | null;
  /** When it came, or came back, to staff as `new`. */
  waitsSince: string;
  /** When staff first moved it on from `new`. */
  contactedAt: string | null;
  /** Reference of the first of several that the same person sent within a day; null for that one itself. */
  joins: string | null;
}

/** A notice to staff about a request, or one that was kept for sending. */
export interface NoticeRow {
  id: number;
  /** `notice-mail`, `notice-webhook` */
  kind: string;
  state: 'waiting' | 'sent' | 'dead';
  attempts: number;
  at: string;
  /** When it was sent or given up; null while it waits. */
  settledAt: string | null;
  /** Why the last try failed; without anything of a visitor. */
  problem: string | null;
}

export interface RequestFilter {
  /** Beginnings of words of the name, the e-mail address, the end of the number, the reference: each must be there. */
  search?: string;
  status?: string;
  /** Staff marked it booked or done. */
  won?: boolean;
  /** Received at or after, and before, these moments. */
  from?: string;
  to?: string;
  /** Of its conversation. */
  channel?: string;
  /** Staff moved it on from `new`. */
  answered?: boolean;
  /** Minutes: answered within so many, and later than that. */
  within?: number;
  later?: number;
  /** A staff member's e-mail address; null for those of nobody. */
  assignedTo?: string | null;
  /** Came to staff at or before, or after, this moment. */
  waitsSince?: string;
  waitsAfter?: string;
}

/** A filter of the list of conversations that staff keep, for all of them. */
export interface SavedView {
  id: number;
  name: string;
  /** The list's address behind the `?`. */
  query: string;
  author: string;
}

export interface RequestReading extends RequestRow {
  /** 0, then one more at each change by the visitor. */
  revision: number;
  request: BookingRequest;
  /** Changes by staff, newest first. */
  history: AuditRow[];
  /** Oldest first. */
  notices: NoticeRow[];
  /** References of the others that the same person sent within a day. */
  samePerson: string[];
}

/** Whether what staff write now gets to the visitor. Times are ISO 8601 UTC. */
export type Reach =
  /** It stands in the chat, whether the visitor is there or comes back. */
  | { open: true; how: 'chat' }
  /** It is sent to them; `until` then by Facebook's rules, where those hold. */
  | { open: true; how: 'message'; until?: string }
  /** Facebook lets only a person write any more, with the page's permission for that. */
  | { open: true; how: 'human-agent'; until: string }
  | { open: false; why: string };

/** What happened since a moment, or between two. */
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
  /** Of those, later than the clinic promised. */
  overdueRequests: number;
  /** Notices to staff that were given up. */
  undelivered: number;
}

/** A notice or message that was given up after its last try. */
export interface UndeliveredNotice {
  id: number;
  /** `notice` (e-mail, webhook), or the channel that a message was for. */
  what: string;
  at: string;
  attempts: number;
  /** Why the last try failed; without anything of a visitor. */
  problem: string | null;
  /** The booking request it tells of; null where it tells of none. */
  reference: string | null;
}

export interface Review {
  /** New requests that wait since this moment or longer are overdue. */
  waiting(overdueSince: string): Promise<Waiting>;
  activitySince(at: string, before?: string): Promise<Activity>;
  /** Newest activity first; only conversations in which the visitor wrote something. */
  conversations(filter: ConversationFilter, limit: number, after?: Cursor): Promise<Page<ConversationRow>>;
  /** The newest `limit` lines, or those before a sequence number. */
  conversation(id: string, limit: number, before?: number): Promise<ConversationReading | undefined>;
  /** Every activity of a conversation as it was published, oldest first: Bot Framework's `.transcript`. */
  activities(id: string): Promise<object[] | undefined>;
  channels(): Promise<string[]>;
  /** Every tag in use, in the order of the alphabet. */
  tags(): Promise<string[]>;
  addNote(id: string, text: string, by: Authorship): Promise<'added' | 'unknown'>;
  setTag(id: string, tag: string, isSet: boolean, by: Authorship): Promise<'changed' | 'unknown'>;
  /** Notices that could not be delivered, newest first. */
  undelivered(limit: number): Promise<UndeliveredNotice[]>;
  /** `retry` sends it once more from now on; `dismiss` deletes it, because somebody has seen to it. */
  settleUndelivered(id: number, how: 'retry' | 'dismiss', by: Authorship): Promise<'settled' | 'unknown'>;
  /** `moved-on`: the visitor wrote again after `upTo`, and staff have not seen that. */
  markReviewed(id: string, upTo: number, by: Authorship): Promise<'reviewed' | 'moved-on' | 'unknown'>;
  /** What was reviewed waits again for what it waited for before; already so, or never waiting, it stays as it is. */
  bringBack(id: string, by: Authorship): Promise<'waits' | 'unknown'>;
  /** Newest first. */
  requests(filter: RequestFilter, limit: number, after?: Cursor): Promise<Page<RequestRow>>;
  /** By status. */
  requestCounts(filter: RequestFilter): Promise<Record<string, number>>;
  request(reference: string): Promise<RequestReading | undefined>;
  setStatus(reference: string, status: RequestStatus, by: Authorship): Promise<'changed' | 'unknown'>;
  /** Null: to nobody. */
  assignRequest(reference: string, to: string | null, by: Authorship): Promise<'changed' | 'unknown'>;
  assignConversation(id: string, to: string | null, by: Authorship): Promise<'changed' | 'unknown'>;
  /** In the order of the alphabet. */
  savedViews(): Promise<SavedView[]>;
  /** One of the same name is replaced. */
  saveView(view: { name: string; query: string }, by: Authorship): Promise<void>;
  removeView(id: number, by: Authorship): Promise<'removed' | 'unknown'>;
}

/** Why a conversation belongs to the person looked for. */
export type FoundBy = 'request' | 'words' | 'id' | 'same visitor';

/** As much of a conversation as tells which one it is. */
export type ConversationFound = Pick<
  ConversationRow,
  'id' | 'channel' | 'startedAt' | 'updatedAt' | 'firstText' | 'visitorMessages'
>;

/** Everything the service keeps of one person, as far as it can be told. */
export interface PersonFound {
  conversations: (ConversationFound & { by: FoundBy })[];
  /** Also those whose conversation has been deleted already. */
  requests: RequestRow[];
}

/** Rows by what they were. */
export interface ErasedRows {
  conversations: number;
  messages: number;
  requests: number;
  notices: number;
  notes: number;
}

export interface ErasureReceipt {
  /** `DEL-7K4QX-9MNPT` */
  receipt: string;
  at: string;
  /** A staff member, `visitor`, `retention` or `command line`. */
  actor: string;
  erased: ErasedRows;
}

/** What the retention periods of clinic.yaml would delete at a moment. */
export interface RetentionDue {
  /** Conversations with an unfinished booking and no request. */
  unfinishedChats: number;
  transcripts: number;
  requests: number;
}

export type RetentionDays = RetentionDue;

/** When the oldest of each that is kept was last touched, ISO 8601 UTC; null where there is none. */
export type OldestKept = Record<keyof RetentionDue, string | null>;

/** A person's data under control: found, handed out, erased. */
export interface PersonalData {
  /** By telephone number, e-mail address, reference, conversation id or the channel's user id. */
  find(what: string): Promise<PersonFound>;
  /** Plain JSON of everything in these conversations, for the person. Unknown ids are left out. */
  export(conversationIds: string[]): Promise<object>;
  /**
   * Erases whole conversations with all that hangs on them (requests, state, notices, notes, tags, the search index,
   * the audit trail's subjects) and what SQLite's files still hold of them.
   */
  erase(conversationIds: string[], receipt: string, by: Authorship): Promise<ErasureReceipt>;
  receipts(limit: number): Promise<ErasureReceipt[]>;
  /** Counts only; nothing changes. */
  due(now: Date, days: RetentionDays): Promise<RetentionDue>;
  /** Which they are, those longest untouched first. */
  dueConversations(
    what: 'unfinishedChats' | 'transcripts',
    now: Date,
    days: RetentionDays,
    limit: number,
    after?: Cursor,
  ): Promise<Page<ConversationFound>>;
  dueRequests(now: Date, days: RetentionDays, limit: number, after?: Cursor): Promise<Page<RequestRow>>;
  oldest(): Promise<OldestKept>;
  /** Deletes what is due; undefined where nothing was. */
  purge(now: Date, days: RetentionDays, receipt: string, by: Authorship): Promise<ErasureReceipt | undefined>;
}

/** Words of visitors that staff have taught beside the knowledge folder. */
export interface TaughtPhrase {
  id: number;
  at: string;
  author: string;
  /** The entry they are a phrasing of; null where they are out of scope. */
  entry: string | null;
  text: string;
  /** Taken back; null while it is live. */
  removedAt: string | null;
  removedBy: string | null;
  /** Written into the knowledge folder. */
  mergedAt: string | null;
}

/** An entry that staff propose; the knowledge folder makes it one. */
export interface EntryDraft {
  id: number;
  /** The id that the entry is to have. */
  entry: string;
  title: string;
  phrasings: string[];
  /** Proposed, and approved by nobody; may be empty. */
  answer: string;
  at: string;
  author: string;
  /** The newest change since; null where there was none. */
  changedAt: string | null;
  changedBy: string | null;
  /** Written into the knowledge folder. */
  mergedAt: string | null;
}

/** A question as a visitor asked it. */
export interface RecordedQuestion {
  text: string;
  conversationId: string;
  at: string;
}

/** What staff teach, and the questions it is measured on. */
/**
 * What staff must know of the clinic's page on Facebook (a dead token, a missing permission, a lost subscription, a
 * request to delete somebody's data). Most go by themselves once they are mended.
 */
export interface PageNotes {
  /** Oldest first. */
  list(): Promise<{ name: string; text: string; at: string }[]>;
  /** Somebody has seen to it; what is still the matter comes back at the next look. */
  settle(name: string, by: Authorship): Promise<'settled' | 'unknown'>;
}

export interface Teachings {
  /** Newest first, those taken back included. */
  list(limit: number): Promise<TaughtPhrase[]>;
  /** Neither taken back nor merged: what the knowledge in use has on top of its folder; oldest first. */
  live(): Promise<TaughtPhrase[]>;
  add(phrase: { text: string; entry: string | null }, by: Authorship): Promise<number>;
  takeBack(id: number, by: Authorship): Promise<'taken-back' | 'unknown'>;
  markMerged(ids: number[], by: Authorship): Promise<void>;
  /** Questions without a sure answer since a moment, newest first; a text asked twice comes twice. */
  openQuestions(since: string, limit: number): Promise<RecordedQuestion[]>;
  /** Newest first. */
  drafts(limit: number): Promise<EntryDraft[]>;
  /** Not merged yet, oldest first. */
  openDrafts(): Promise<EntryDraft[]>;
  addDraft(
    draft: Pick<EntryDraft, 'entry' | 'title' | 'phrasings' | 'answer'>,
    by: Authorship,
  ): Promise<'added' | 'exists'>;
  /**
   * `moved-on`: a colleague changed it since `seen`, which is `changedAt`, or `at` before the first change. Merged ones
   * are unknown: the folder speaks for them.
   */
  changeDraft(
    id: number,
    draft: Pick<EntryDraft, 'entry' | 'title' | 'phrasings' | 'answer'>,
    seen: string,
    by: Authorship,
  ): Promise<'changed' | 'exists' | 'moved-on' | 'unknown'>;
  /** Merged ones stay: the folder has them. */
  removeDraft(id: number, by: Authorship): Promise<'removed' | 'unknown'>;
  markDraftsMerged(ids: number[], by: Authorship): Promise<void>;
  /** Distinct texts that were decided by what they said, newest first. */
  recordedTexts(limit: number): Promise<string[]>;
}

/** Figures of a time, each counted from the kept conversations. Days are the clinic's. */
export interface Insight {
  /** One for each day, oldest first, days without anything included. */
  days: InsightDay[];
  /** Entries that messages were taken for, most asked first. */
  topics: { entry: string; outcome: string; amount: number }[];
  /** Conversations begun, by channel; those of every channel, whichever the rest is about. */
  channels: Record<string, number>;
  funnel: Funnel;
  /** Messages by confidence in tenths: the first counts 0 up to 0.1. */
  confidence: Sureness[];
  answering: Answering;
}

export interface InsightDay {
  /** `2026-03-02` */
  day: string;
  /** Begun in it, in which the visitor wrote something. */
  conversations: number;
  requests: number;
  /** Messages by what they were decided to be. */
  decided: Record<string, number>;
}

/** Conversations begun in the time. */
export interface Funnel {
  /** In which the visitor wrote something. */
  written: number;
  /** In which an entry answered. */
  answered: number;
  /** By how far a booking came; each is counted at every step up to its last. */
  reached: Record<BookingStep, number>;
  /** Requests received in the time, and of those the ones that staff marked booked or done. */
  requested: number;
  booked: number;
}

/** Messages of one tenth of confidence, and what visitors thought of the answers to them. */
export interface Sureness {
  messages: number;
  up: number;
  down: number;
}

/** How soon staff answered the requests that came in the time: from coming in to the first change of their status. */
export interface Answering {
  answered: number;
  /** Still new. */
  waiting: number;
  /** Minutes; null where none was answered. Nine in ten were answered within the second. */
  median: number | null;
  ninth: number | null;
}

export interface Figures {
  /** From `from` (ISO 8601 UTC) on to `to`, by days of the zone; of one channel, or of all. */
  insight(from: string, to: string, zone: string, channel?: string): Promise<Insight>;
}
