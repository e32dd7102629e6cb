import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from './open-database';
import type { Schema } from './schema';

/** As long as the output of SHA-256, for which these secrets are keys. */
const SECRET_BYTES = 32;

/**
 * A secret that only this service needs (token signing, sessions): 32 random bytes, made at the first use and kept
 * with the data, so a restart signs nobody out. Of several processes asking first at once, all get the same.
 */
export async function serviceSecret(database: Database, name: string): Promise<Buffer> {
  const kept = await keptSecret(database.kysely, name);
  return kept ?? database.write((transaction) => keptOrNewSecret(transaction, name));
}

/** The same inside a transaction that needs it. */
export async function keptOrNewSecret(transaction: Kysely<Schema>, name: string): Promise<Buffer> {
  await transaction
    .insertInto('service_secrets')
    .values({ name, value: randomBytes(SECRET_BYTES).toString('base64') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const secret = await keptSecret(transaction, name);
  if (!secret) throw new Error(`The secret "${name}" was not kept.`);
  return secret;
}

async function keptSecret(kysely: Kysely<Schema>, name: string): Promise<Buffer | undefined> {
  const row = await kysely
    .selectFrom('service_secrets')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row && Buffer.from(row.value, 'base64');
}
