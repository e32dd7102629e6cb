import type { Database } from './open-database';

/** Rows that an earlier process had taken and did not finish are due again at once. */
export async function releaseLeases(database: Database, table: 'inbox' | 'outbox'): Promise<void> {
  // A SQLite file has one service; on Postgres the taker may live in another instance, and its time runs out.
  if (database.engine === 'postgres') return;
  await database.write(async (transaction) => {
    await transaction
      .updateTable(table)
      .set({ leased_until: null })
      .where('state', '=', 'waiting')
      .where('leased_until', 'is not', null)
      .execute();
  });
}
