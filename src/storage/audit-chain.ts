import { createHash, randomBytes } from 'node:crypto';
import { PostgresAdapter, sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { AuditRow, AuditCheck } from '../staff/ports';
import type { AuditTable, Schema } from './schema';

/** Any number that no one else on the server locks: "AUDI". */
const AUDIT_LOCK = 0x41554449;
/** Rows read at a time while checking. */
const CHECKED_AT_ONCE = 1_000;

/** What stands where the subject of an erased person's rows stood. */
export const ERASED_SUBJECT = 'erased';

/**
 * Adds a row to the audit trail, inside the transaction that changes something, so that no change is without its
 * author. Each row's hash covers the row before it: one that is changed or taken out later breaks the chain.
 */
export async function writeAudit(transaction: Kysely<Schema>, row: AuditRow): Promise<void> {
  // Two rows of the same instant would follow the same one; SQLite has one writer anyway.
  if (transaction.getExecutor().adapter instanceof PostgresAdapter)
    await sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`.execute(transaction);
  const last = await transaction
    .selectFrom('audit')
    .select('hash')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { at, actor, action, subject } = row;
  const salt = newSalt();
  const kept = { at, actor, action, subject_hash: saltedHash(salt, subject) };
  await transaction
    .insertInto('audit')
    .values({ ...kept, subject, subject_salt: salt, hash: chainHash(last?.hash ?? '', kept) })
    .execute();
}

/** Takes the subjects of erased people out of the trail; who did what, and when, stays, and so does the chain. */
export async function eraseAuditSubjects(transaction: Kysely<Schema>, subjects: string[]): Promise<void> {
  if (subjects.length === 0) return;
  await transaction
    .updateTable('audit')
    .set({ subject: ERASED_SUBJECT, subject_salt: null })
    .where('subject', 'in', subjects)
    .execute();
}

/** Walks the whole chain. Rows cut off at its end do not break it: compare `head` with one noted down before. */
export async function checkAudit(kysely: Kysely<Schema>): Promise<AuditCheck> {
  let head = '';
  let rows = 0;
  let after = 0;
  for (;;) {
    const page = await kysely
      .selectFrom('audit')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(CHECKED_AT_ONCE)
      .execute();
    for (const row of page) {
      if (!isSound(row, head)) return { ok: false, rows, brokenAt: row.id };
      head = row.hash;
      after = row.id;
      rows++;
    }
    if (page.length < CHECKED_AT_ONCE) return { ok: true, rows, head };
  }
}

function isSound(row: Selectable<AuditTable>, before: string): boolean {
  const subjectIsSound =
    row.subject_salt === null
      ? row.subject === ERASED_SUBJECT
      : row.subject_hash === saltedHash(row.subject_salt, row.subject);
  return subjectIsSound && row.hash === chainHash(before, row);
}

export function chainHash(
  before: string,
  row: Pick<AuditTable, 'at' | 'actor' | 'action' | 'subject_hash'>,
): string {
  return sha256(JSON.stringify([before, row.at, row.actor, row.action, row.subject_hash]));
}

export function saltedHash(salt: string, subject: string): string {
  return sha256(`${salt} ${subject}`);
}

export function newSalt(): string {
  return randomBytes(16).toString('base64url');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
