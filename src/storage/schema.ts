import type { Generated } from 'kysely';

/** The tables, the same on SQLite and Postgres. Times are ISO 8601 UTC text; JSON is text; booleans are 0 and 1. */
export interface Schema {
  conversations: ConversationsTable;
  activities: ActivitiesTable;
  bot_state: BotStateTable;
  booking_requests: BookingRequestsTable;
  request_words: RequestWordsTable;
  outbox: OutboxTable;
  staff: StaffTable;
  staff_sessions: StaffSessionsTable;
  setup_codes: SetupCodesTable;
  audit: AuditTable;
  service_secrets: ServiceSecretsTable;
  search_terms: SearchTermsTable;
  search_spellings: SearchSpellingsTable;
  conversation_notes: ConversationNotesTable;
  conversation_tags: ConversationTagsTable;
  teachings: TeachingsTable;
  erasures: ErasuresTable;
  resume_secrets: ResumeSecretsTable;
  kept_calibrations: KeptCalibrationsTable;
  inbox: InboxTable;
  messenger_threads: MessengerThreadsTable;
  messenger_sends: MessengerSendsTable;
  messenger_notes: MessengerNotesTable;
  deletion_requests: DeletionRequestsTable;
  erased: ErasedTable;
  write_probe: WriteProbeTable;
  saved_views: SavedViewsTable;
  entry_drafts: EntryDraftsTable;
  console_settings: ConsoleSettingsTable;
}

export interface ConversationsTable {
  id: string;
  /** directline, messenger, msteams ... */
  channel: string;
  user_id: string;
  started_at: string;
  /** Of the newest activity. */
  updated_at: string;
  last_sequence: number;
  /** The visitor's first sentence, up to 200 characters, for the list. */
  first_text: string | null;
  /** Messages written by the visitor. */
  visitor_messages: number;
  /** The reason of the newest turn that staff should look at (ReviewReason); null once reviewed. */
  review: string | null;
  reviewed_at: string | null;
  reviewed_by: string | null;
  /** What it waited for when it was last reviewed, so that it can be brought back; null where it never waited. */
  reviewed_reason: Generated<string | null>;
  /** Lowest confidence of a decision in it; null before the first. */
  lowest_confidence: number | null;
  /** A person of the team answers until then, in the bot's place; null where nobody does. */
  person_until: string | null;
  /** Their name as the visitor reads it; null where they answer in the channel's own inbox. */
  person_name: string | null;
  /** The search index has everything up to this sequence number; 0 where it has nothing. */
  indexed_through: Generated<number>;
  /** E-mail address of the staff member who sees to it; null where nobody was named. */
  assigned_to: Generated<string | null>;
}

export interface ActivitiesTable {
  conversation_id: string;
  sequence: number;
  /** The id as published: unique over all conversations. */
  id: string;
  /** The channel's own id of an incoming message; unique in the conversation; null for the bot's own. */
  incoming_id: string | null;
  /** For the bot's own: the sequence of the message it answers. */
  reply_to: number | null;
  /** message, conversationUpdate, event ... */
  type: string;
  /** user, bot, or staff: a person of the team */
  role: string;
  /** The account of the person of the team who wrote it. */
  author: string | null;
  at: string;
  text: string | null;
  /** The whole activity as JSON. */
  activity: string;
  /** Decision as JSON, on incoming messages. */
  decision: string | null;
  decided: string | null;
  entry: string | null;
  confidence: number | null;
  knowledge_version: string | null;
  error_id: string | null;
}

/** Bot Framework's Storage: also where a conversation's state lives. */
export interface BotStateTable {
  key: string;
  value: string;
  etag: string;
}

export interface BookingRequestsTable {
  reference: string;
  conversation_id: string;
  kind: string;
  /** new, contacted, booked, done, lost, withdrawn */
  status: string;
  /** 0, then one more at each change by the visitor. */
  revision: number;
  name: string;
  phone: string | null;
  email: string | null;
  /** Keyed hash of the address it came from, for a day; null afterwards and on channels that see none. */
  sender: string | null;
  /** Reference of the first of several that one person sent within a day from different conversations. */
  joins: string | null;
  /** The whole BookingRequest as JSON. */
  request: string;
  created_at: string;
  updated_at: string;
  /** E-mail address of the staff member who sees to it; null where nobody was named. */
  assigned_to: Generated<string | null>;
  /** When it came to staff, or came back to them as `new`: what the clinic's promise counts from. */
  waits_since: string;
  /** When staff first moved it on from `new`; null while they have not. */
  contacted_at: Generated<string | null>;
}

/** Under which words a booking request is found: see request-words.ts. */
export interface RequestWordsTable {
  word: string;
  reference: string;
}

/** Notices to staff and messages to remote channels: written in the turn's own commit, sent afterwards. */
export interface OutboxTable {
  id: Generated<number>;
  kind: string;
  payload: string;
  /** waiting, sent, dead */
  state: string;
  attempts: number;
  next_attempt_at: string;
  /** One process is delivering it until then. */
  leased_until: string | null;
  last_error: string | null;
  created_at: string;
  /** Of one kind and key, only the oldest that waits is delivered. */
  order_key: string | null;
  /** Unique; the receiver sees it. */
  idempotency_key: string;
  /** When it became sent or dead. */
  settled_at: string | null;
}

export interface StaffTable {
  email: string;
  /** reader, agent, admin */
  role: string;
  /** `scrypt$N$r$p$salt$hash` */
  password: string;
  created_at: string;
  disabled: number;
  /** As visitors read it; null: they read that it is the team. */
  display_name: string | null;
  /** Wrong passwords in a row, and until when the next try waits. */
  failures: number;
  locked_until: string | null;
  /** Of the authenticator app, sealed (sealed.ts); null where no second factor is set up. */
  totp_secret: string | null;
  /** The newest step of time whose code was used. */
  totp_step: Generated<number>;
}

export interface StaffSessionsTable {
  /** SHA-256 of the cookie's value. */
  id_hash: string;
  email: string;
  csrf: string;
  created_at: string;
  seen_at: string;
  user_agent: string;
}

export interface SetupCodesTable {
  /** SHA-256 of the one-use code in the printed link. */
  code_hash: string;
  expires_at: string;
  used_at: string | null;
}

/** Append-only: each row's hash covers the one before it (audit-chain.ts). */
export interface AuditTable {
  id: Generated<number>;
  at: string;
  actor: string;
  action: string;
  /** What it was done to; `erased` once that was a person's and they were erased. */
  subject: string;
  /** Random; null once erased, and then nobody can tell from the hash which subject it was. */
  subject_salt: string | null;
  /** SHA-256 of salt and subject: what the chain covers, so that erasing a subject does not break it. */
  subject_hash: string;
  hash: string;
}

/** Which conversations have a word or a facet (`entry=price`, `outcome=none`): see search-index.ts. */
export interface SearchTermsTable {
  term: string;
  conversation_id: string;
}

/** Every word of the index under itself and under each spelling with one letter left out. */
export interface SearchSpellingsTable {
  spelling: string;
  word: string;
}

export interface ConversationNotesTable {
  id: Generated<number>;
  conversation_id: string;
  at: string;
  author: string;
  text: string;
}

export interface ConversationTagsTable {
  conversation_id: string;
  tag: string;
  at: string;
  author: string;
}

/** What staff have taught beside the knowledge folder; rows are taken back, never deleted. */
export interface TeachingsTable {
  id: Generated<number>;
  at: string;
  author: string;
  /** Null: the words are out of scope, no entry may answer them. */
  entry: string | null;
  text: string;
  removed_at: string | null;
  removed_by: string | null;
  /** Written into the knowledge folder by `npm run knowledge:merge`; the folder speaks for it since. */
  merged_at: string | null;
}

/** Receipts of erasures: how much was erased, and nothing of whose. */
export interface ErasuresTable {
  receipt: string;
  at: string;
  /** A staff member, `visitor`, `retention` or `command line`. */
  actor: string;
  /** Rows by table, as JSON. */
  erased: string;
}

/** What lets a visitor's browser come back to its conversation; one a conversation, gone with it. */
export interface ResumeSecretsTable {
  /** SHA-256 of the secret; the secret itself is in the visitor's browser only. */
  secret_hash: string;
  conversation_id: string;
  expires_at: string;
}

/** Secrets that only this service needs (token signing ...), made at the first start. */
export interface ServiceSecretsTable {
  name: string;
  value: string;
}

/** One row: what the matching learnt from the knowledge in use. It can always be learnt again. */
export interface KeptCalibrationsTable {
  /** Of the knowledge's content and the engine's. */
  key: string;
  /** Calibration as JSON. */
  calibration: string;
}

/** Messages of channels that must be acknowledged at once: kept first, and their turns are run from here. */
export interface InboxTable {
  id: Generated<number>;
  /** Which handler runs it: messenger, azure */
  kind: string;
  /** The channel's own id of it; unique, and kept for a week after it was handled. */
  key: string;
  /** Those of one conversation are run one at a time, oldest `happened_at` first. */
  conversation_id: string;
  /** JSON of the handler's own shape; empty once handled. */
  payload: string;
  happened_at: string;
  received_at: string;
  /** waiting, done, failed */
  state: string;
  attempts: number;
  next_attempt_at: string;
  /** One process is running it until then. */
  leased_until: string | null;
  last_error: string | null;
}

/** What Messenger's rules for sending need to know of a person. */
export interface MessengerThreadsTable {
  psid: string;
  conversation_id: string;
  /** When the person last opened Meta's window of 24 hours. */
  opened_at: string;
  /** Why nothing more may be sent to this person; null where it may. */
  stopped: string | null;
}

/** Calls to Meta whose outcome is not known yet; settled by the echo of the message. */
export interface MessengerSendsTable {
  key: string;
  tried_at: string;
  /** Meta's id of the message once its echo has come; null until then. */
  mid: string | null;
}

/** What staff and operators should know of the page's connection: a dead token, a restriction, a lost subscription. */
export interface MessengerNotesTable {
  name: string;
  text: string;
  at: string;
}

/** Meta's data deletion callbacks; the code is what the person was given. */
export interface DeletionRequestsTable {
  code: string;
  /** The id that Meta gives this app, not the one of the chat. */
  app_scoped_id: string;
  at: string;
  /** When staff said that it is done. */
  settled_at: string | null;
}

/** What a restored backup must not bring back: see erased-list.ts. */
export interface ErasedTable {
  /** conversation, words */
  what: string;
  /** SHA-256 of the conversation's id, hexadecimal. */
  hash: string;
  at: string;
}

/** One row, written again and again: whether the database still takes writes. */
export interface WriteProbeTable {
  id: number;
  at: string;
}

/** Filters of the list of conversations that staff have kept, for all of them. */
export interface SavedViewsTable {
  id: Generated<number>;
  /** Unique. */
  name: string;
  /** The list's address behind the `?`. */
  query: string;
  at: string;
  author: string;
}

/** Entries that staff propose; nothing answers with them until they stand in the knowledge folder. */
export interface EntryDraftsTable {
  id: Generated<number>;
  /** The id that the entry is to have; unique. */
  entry: string;
  title: string;
  /** JSON list of texts. */
  phrasings: string;
  /** Proposed, approved by nobody; may be empty. */
  answer: string;
  at: string;
  author: string;
  /** By whom and when it was last changed; null before the first change. */
  changed_at: Generated<string | null>;
  changed_by: Generated<string | null>;
  merged_at: string | null;
}

/** What admins have decided for everybody: see staff-store.ts. */
export interface ConsoleSettingsTable {
  name: string;
  value: string;
}
