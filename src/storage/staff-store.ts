import type { Kysely, Selectable } from 'kysely';
import type { Authorship, Role, StaffAccount, StaffAccounts } from '../staff/ports';
import { checkAudit, writeAudit } from './audit-chain';
import type { Database } from './open-database';
import type { Schema, StaffTable } from './schema';
import { seal, SECOND_FACTOR_KEY, unseal } from './sealed';
import { serviceSecret } from './service-secrets';

/** Staff accounts, their sessions and the audit trail. Every change is one transaction with its audit row. */
export function createStaffStore(database: Database): StaffAccounts {
  const { kysely } = database;

  /** A change to one account that also signs it out everywhere. */
  async function change(
    email: string,
    action: string,
    by: Authorship,
    work: (transaction: Kysely<Schema>) => Promise<{ changed: boolean }>,
  ): Promise<boolean> {
    return database.write(async (transaction) => {
      const { changed } = await work(transaction);
      if (!changed) return false;
      await transaction.deleteFrom('staff_sessions').where('email', '=', email).execute();
      await writeAudit(transaction, { ...by, action, subject: `staff:${email}` });
      return true;
    });
  }

  return {
    async list() {
      const rows = await kysely.selectFrom('staff').selectAll().orderBy('email').execute();
      return rows.map(toAccount);
    },

    async any() {
      return (await kysely.selectFrom('staff').select('email').limit(1).executeTakeFirst()) !== undefined;
    },

    async add(account, by) {
      return database.write(async (transaction) => {
        const added = await transaction
          .insertInto('staff')
          .values(newRow(account, by.at))
          .onConflict((conflict) => conflict.column('email').doNothing())
          .executeTakeFirst();
        if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0) return 'exists';
        await writeAudit(transaction, {
          ...by,
          action: `add:${account.role}`,
          subject: `staff:${account.email}`,
        });
        return 'added';
      });
    },

    async setPassword(email, password, by) {
      const changed = await change(email, 'reset-password', by, async (transaction) => {
        const update = transaction
          .updateTable('staff')
          .set({ password, failures: 0, locked_until: null })
          .where('email', '=', email);
        return { changed: touched((await update.executeTakeFirst()).numUpdatedRows) };
      });
      return changed ? 'changed' : 'unknown';
    },

    async setRole(email, role, by) {
      const changed = await change(email, `role:${role}`, by, async (transaction) => {
        const update = transaction.updateTable('staff').set({ role }).where('email', '=', email);
        return { changed: touched((await update.executeTakeFirst()).numUpdatedRows) };
      });
      return changed ? 'changed' : 'unknown';
    },

    async remove(email, by) {
      const removed = await change(email, 'remove', by, async (transaction) => {
        const deletion = transaction.deleteFrom('staff').where('email', '=', email);
        return { changed: touched((await deletion.executeTakeFirst()).numDeletedRows) };
      });
      return removed ? 'removed' : 'unknown';
    },

    async setDisabled(email, disabled, by) {
      const work = async (transaction: Kysely<Schema>) => {
        const update = transaction
          .updateTable('staff')
          .set({ disabled: disabled ? 1 : 0 })
          .where('email', '=', email);
        return { changed: touched((await update.executeTakeFirst()).numUpdatedRows) };
      };
      const changed = disabled
        ? // The sessions stay for a while, so that whoever comes with one is told why it opens nothing.
          await database.write(async (transaction) => {
            const { changed: known } = await work(transaction);
            if (known) await writeAudit(transaction, { ...by, action: 'disable', subject: `staff:${email}` });
            return known;
          })
        : await change(email, 'enable', by, work);
      return changed ? 'changed' : 'unknown';
    },

    async needsSecondFactor() {
      return (await settingOf(kysely, NEEDS_SECOND_FACTOR)) === 'yes';
    },

    async setNeedsSecondFactor(needed, by) {
      await database.write(async (transaction) => {
        const value = needed ? 'yes' : 'no';
        await transaction
          .insertInto('console_settings')
          .values({ name: NEEDS_SECOND_FACTOR, value })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
          .execute();
        const action = needed ? 'second-factor-needed' : 'second-factor-optional';
        await writeAudit(transaction, { ...by, action, subject: 'accounts' });
      });
    },

    async claimAttempt(email, at, waitAfter) {
      // A wait that is longer than any was counted by a clock that was wrong; nobody is locked out for a year by that.
      const longest = new Date(Date.parse(at) + waitAfter(Number.MAX_SAFE_INTEGER)).toISOString();
      return database.write(async (transaction) => {
        // The update comes first: on Postgres it makes a second try of the same instant wait for this one.
        await transaction
          .updateTable('staff')
          .set((row) => ({ failures: row('failures', '+', 1) }))
          .where('email', '=', email)
          .where((row) =>
            row.or([
              row('locked_until', 'is', null),
              row('locked_until', '<=', at),
              row('locked_until', '>', longest),
            ]),
          )
          .execute();
        const row = await transaction
          .selectFrom('staff')
          .selectAll()
          .where('email', '=', email)
          .executeTakeFirst();
        if (row === undefined) return { known: false };
        if (row.locked_until !== null && row.locked_until > at && row.locked_until <= longest)
          return { known: true, waitUntil: row.locked_until };
        const lockedUntil = new Date(Date.parse(at) + waitAfter(row.failures)).toISOString();
        await transaction
          .updateTable('staff')
          .set({ locked_until: lockedUntil })
          .where('email', '=', email)
          .execute();
        return { known: true, account: toAccount(row) };
      });
    },

    async clearAttempts(email) {
      await database.write(async (transaction) => {
        await transaction
          .updateTable('staff')
          .set({ failures: 0, locked_until: null })
          .where('email', '=', email)
          .execute();
      });
    },

    async openSession({ idHash, email, csrf, at, userAgent }) {
      await database.write(async (transaction) => {
        await transaction
          .insertInto('staff_sessions')
          .values({ id_hash: idHash, email, csrf, created_at: at, seen_at: at, user_agent: userAgent })
          .execute();
      });
    },

    async session(idHash) {
      const row = await kysely
        .selectFrom('staff_sessions')
        .innerJoin('staff', 'staff.email', 'staff_sessions.email')
        .leftJoin('console_settings', (join) => join.on('console_settings.name', '=', NEEDS_SECOND_FACTOR))
        .select(['staff.email', 'staff.role', 'staff.disabled', 'staff.display_name', 'staff.totp_secret'])
        .select('console_settings.value as needs_second_factor')
        .select(['staff_sessions.csrf', 'staff_sessions.created_at', 'staff_sessions.seen_at'])
        .where('id_hash', '=', idHash)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { email, csrf, created_at: createdAt, seen_at: seenAt } = row;
      const account = { email, role: toRole(row.role), disabled: row.disabled !== 0 };
      const lacksSecondFactor = row.needs_second_factor === 'yes' && row.totp_secret === null;
      return { ...account, lacksSecondFactor, displayName: row.display_name, csrf, createdAt, seenAt };
    },

    async touchSession(idHash, at) {
      await database.write(async (transaction) => {
        await transaction
          .updateTable('staff_sessions')
          .set({ seen_at: at })
          .where('id_hash', '=', idHash)
          .execute();
      });
    },

    async endSession(idHash) {
      await database.write(async (transaction) => {
        await transaction.deleteFrom('staff_sessions').where('id_hash', '=', idHash).execute();
      });
    },

    async sessionsOf(email) {
      const rows = await kysely
        .selectFrom('staff_sessions')
        .select(['id_hash', 'created_at', 'seen_at', 'user_agent'])
        .where('email', '=', email)
        .orderBy('seen_at', 'desc')
        .execute();
      return rows.map((row) => ({
        idHash: row.id_hash,
        createdAt: row.created_at,
        seenAt: row.seen_at,
        userAgent: row.user_agent,
      }));
    },

    async secondFactor(email) {
      const row = await kysely
        .selectFrom('staff')
        .select('totp_secret')
        .where('email', '=', email)
        .executeTakeFirst();
      const sealed = row?.totp_secret ?? null;
      return sealed === null ? null : unseal(await serviceSecret(database, SECOND_FACTOR_KEY), sealed);
    },

    async setSecondFactor(email, secret, by) {
      const sealed = secret === null ? null : seal(await serviceSecret(database, SECOND_FACTOR_KEY), secret);
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('staff')
          .set({ totp_secret: sealed, totp_step: 0 })
          .where('email', '=', email)
          .executeTakeFirst();
        if (!touched(changed.numUpdatedRows)) return 'unknown';
        const action = secret === null ? 'second-factor-off' : 'second-factor-on';
        await writeAudit(transaction, { ...by, action, subject: `staff:${email}` });
        return 'changed';
      });
    },

    async setDisplayName(email, name, by) {
      return database.write(async (transaction) => {
        const changed = await transaction
          .updateTable('staff')
          .set({ display_name: name })
          .where('email', '=', email)
          .executeTakeFirst();
        if (!touched(changed.numUpdatedRows)) return 'unknown';
        await writeAudit(transaction, { ...by, action: 'display-name', subject: `staff:${email}` });
        return 'changed';
      });
    },

    async useCode(email, step) {
      return database.write(async (transaction) => {
        const used = await transaction
          .updateTable('staff')
          .set({ totp_step: step })
          .where('email', '=', email)
          .where('totp_step', '<', step)
          .executeTakeFirst();
        return touched(used.numUpdatedRows);
      });
    },

    async endOldSessions(begunBefore, seenBefore) {
      await database.write(async (transaction) => {
        await transaction
          .deleteFrom('staff_sessions')
          .where((row) => row.or([row('created_at', '<=', begunBefore), row('seen_at', '<=', seenBefore)]))
          .execute();
      });
    },

    async keepSetupCode(codeHash, expiresAt) {
      await database.write(async (transaction) => {
        await transaction
          .insertInto('setup_codes')
          .values({ code_hash: codeHash, expires_at: expiresAt, used_at: null })
          .execute();
      });
    },

    isSetupCodeGood: (codeHash, at) => isSetupCodeGood(kysely, codeHash, at),

    async useSetupCode(codeHash, account, by) {
      return database.write(async (transaction) => {
        // Marking it first makes a second use of the same instant wait, and then find it used.
        const marked = await transaction
          .updateTable('setup_codes')
          .set({ used_at: by.at })
          .where('code_hash', '=', codeHash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', by.at)
          .executeTakeFirst();
        const first = await transaction.selectFrom('staff').select('email').limit(1).executeTakeFirst();
        if (!touched(marked.numUpdatedRows) || first !== undefined) return 'refused';
        await transaction.insertInto('staff').values(newRow(account, by.at)).execute();
        await writeAudit(transaction, { ...by, action: 'set-up', subject: `staff:${account.email}` });
        return 'made';
      });
    },

    async audit(row) {
      await database.write(async (transaction) => writeAudit(transaction, row));
    },

    async auditTrail(limit, before, subjects) {
      let query = kysely
        .selectFrom('audit')
        .select(['id', 'at', 'actor', 'action', 'subject'])
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      if (subjects !== undefined) query = query.where('subject', 'in', subjects);
      return query.execute();
    },

    checkAudit: () => checkAudit(kysely),
  };
}

/** The setting's name; `yes` or anything else. */
const NEEDS_SECOND_FACTOR = 'needs-second-factor';

async function settingOf(kysely: Kysely<Schema>, name: string): Promise<string | undefined> {
  const row = await kysely
    .selectFrom('console_settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value;
}

async function isSetupCodeGood(kysely: Kysely<Schema>, codeHash: string, at: string): Promise<boolean> {
  const code = await kysely
    .selectFrom('setup_codes')
    .select('code_hash')
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .where((row) => row.not(row.exists(row.selectFrom('staff').select('staff.email'))))
    .executeTakeFirst();
  return code !== undefined;
}

function touched(rows: bigint): boolean {
  return rows > 0n;
}

function newRow(account: { email: string; role: Role; password: string }, at: string) {
  return { ...account, created_at: at, disabled: 0, failures: 0, locked_until: null };
}

function toAccount(row: Selectable<StaffTable>): StaffAccount {
  const { email, password, created_at: createdAt, display_name: displayName } = row;
  const account = { email, role: toRole(row.role), password, createdAt, displayName };
  return { ...account, disabled: row.disabled !== 0, hasSecondFactor: row.totp_secret !== null };
}

/** A role that this version does not know may as little as possible. */
function toRole(text: string): Role {
  return text === 'admin' || text === 'agent' ? text : 'reader';
}
