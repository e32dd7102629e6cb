import type { CompiledQuery, DatabaseConnection, Driver } from 'kysely';

/**
 * Kysely lends a connection to one query at a time, and in a transaction each waits for the one before it. This driver's
 * one connection is lent once, to everybody: statements are handed to it in the order in which they are asked for, and
 * whose turn it is, is the connection's own affair. Transactions are their user's, who knows that nobody else has it.
 * A statement's result is handed out once `afterEach` resolves.
 */
export function lentToAll(driver: Driver, afterEach?: () => Promise<void> | undefined): Driver {
  const connection = driver
    .init()
    .then(() => driver.acquireConnection())
    .then((only) => (afterEach ? waitingAfterEach(only, afterEach) : only));
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

function waitingAfterEach(
  connection: DatabaseConnection,
  afterEach: () => Promise<void> | undefined,
): DatabaseConnection {
  return {
    async executeQuery<Row>(query: CompiledQuery) {
      const result = await connection.executeQuery<Row>(query);
      await afterEach();
      return result;
    },
    streamQuery: (query, size) => connection.streamQuery(query, size),
  };
}
