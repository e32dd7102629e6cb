import type { Driver } from 'kysely';

/**
 * Kysely lends a connection to one query at a time, and in a transaction each waits for the one before it. This driver's
 * one connection is lent once, to everybody: statements are handed to it in the order in which they are asked for, and
 * whose turn it is, is the connection's own affair. Transactions are their user's, who knows that nobody else has it.
 */
export function lentToAll(driver: Driver): Driver {
  const connection = driver.init().then(() => driver.acquireConnection());
  return {
    init: async () => void (await connection),
    acquireConnection: () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: (only, settings) => driver.beginTransaction(only, settings),
    commitTransaction: (only) => driver.commitTransaction(only),
    rollbackTransaction: (only) => driver.rollbackTransaction(only),
    destroy: () => driver.destroy(),
  };
}
