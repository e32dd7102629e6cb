/**
 * Statements that do not need each other's results go to the database together; waits for all of them, so that none is
 * left to run behind a rollback, and throws what the first failing one threw.
 */
export async function inOneGo(statements: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(statements))
    if (outcome.status === 'rejected') throw outcome.reason;
}
