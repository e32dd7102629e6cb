/** The database cannot be used: what happened and what to do, for the person who starts the service. Never holds a password. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** The database's own code of an error (`SQLITE_FULL`, `40001`, `ECONNREFUSED`); undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a row was refused because its key is taken, on either engine. */
export function isTakenKey(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === '23505';
}
