/** The database cannot be used: what happened and what to do, for the person who starts the service. Never holds a password. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** For whoever writes after the end. */
export function closedError(): DatabaseError {
  return new DatabaseError('The database is closed: the service is shutting down.');
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

/** Whether a row was refused because the one it belongs to is not there, on either engine. */
export function isBrokenReference(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || code === '23503';
}

/** Whether a row was refused because it has nothing in `column`, on either engine; both name it in their message. */
export function isMissingValue(error: unknown, column: string): boolean {
  const code = errorCode(error);
  const isMissing = code === 'SQLITE_CONSTRAINT_NOTNULL' || code === '23502';
  return isMissing && String(error).includes(column);
}
