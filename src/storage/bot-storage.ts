import { randomUUID } from 'node:crypto';
import type { Storage, StoreItem, StoreItems } from 'botbuilder';
import type { Kysely } from 'kysely';
import type { Database } from './open-database';
import type { Schema } from './schema';

/**
 * Bot Framework's Storage over the table bot_state. Without an eTag, or with `*`, the last writer wins; any other
 * eTag must be the stored one. All changes of one `write` are kept, or none.
 */
export class DatabaseStorage implements Storage {
  constructor(private readonly database: Database) {}

  /** The items that exist, each with its eTag; an unknown key is absent. */
  async read(keys: string[]): Promise<StoreItems> {
    // JavaScript callers pass null for "nothing".
    if (!keys || keys.length === 0) return {};
    const rows = await this.database.kysely
      .selectFrom('bot_state')
      .selectAll()
      .where('key', 'in', keys)
      .execute();
    return Object.fromEntries(rows.map((row) => [row.key, { ...JSON.parse(row.value), eTag: row.etag }]));
  }

  /** @throws Error `Storage: error writing "key" due to eTag conflict.` */
  async write(changes: StoreItems): Promise<void> {
    if (!changes) return;
    // In one order everywhere, so that two writers of the same keys never wait for each other.
    const keys = Object.keys(changes).sort();
    if (keys.length === 0) return;
    await this.database.write(async (transaction) => {
      for (const key of keys) await writeItem(transaction, key, changes[key]);
    });
  }

  /** Unknown keys are no error. */
  async delete(keys: string[]): Promise<void> {
    if (!keys || keys.length === 0) return;
    await this.database.write((transaction) =>
      transaction.deleteFrom('bot_state').where('key', 'in', keys).execute(),
    );
  }
}

async function writeItem(transaction: Kysely<Schema>, key: string, item: StoreItem): Promise<void> {
  const { eTag: expected, ...value } = item;
  const row = { value: JSON.stringify(value), etag: randomUUID() };
  const written = await transaction
    .insertInto('bot_state')
    .values({ key, ...row })
    .onConflict((conflict) => {
      const update = conflict.column('key').doUpdateSet(row);
      return expected && expected !== '*' ? update.where('bot_state.etag', '=', expected) : update;
    })
    .executeTakeFirst();
  if (written.numInsertedOrUpdatedRows === 0n)
    throw new Error(`Storage: error writing "${key}" due to eTag conflict.`);
}
