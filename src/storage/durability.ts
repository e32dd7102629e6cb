import { sql } from 'kysely';
import type { Database } from './open-database';

/**
 * What the server is set to so that a power cut or a crash of its machine takes what it has said is on disk: names of
 * settings, each with the value it must not have. Empty where all is well, and on SQLite, whose settings are ours. That
 * `synchronous_commit` is on each connection asks for itself; a pooler may leave that out.
 */
export async function weakDurability({ engine, kysely }: Database): Promise<string[]> {
  if (engine === 'sqlite') return [];
  // Null where an engine that speaks Postgres has no such setting.
  const columns = SETTINGS.map((name) => sql`current_setting(${name}, true) as ${sql.ref(name)}`);
  const { rows } = await sql<Record<string, string | null>>`select ${sql.join(columns)}`.execute(kysely);
  return SETTINGS.filter((name) => rows[0]?.[name] === 'off').map((name) => `${name}=off`);
}

const SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'];
