import { Pool, types } from 'pg';
import type { PoolConfig } from 'pg';
import { Kysely, PostgresDialect } from 'kysely';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError, errorCode } from './database-error';
import type { Database, OpenedEngine } from './open-database';
import type { Schema } from './schema';

/** Ten connections gave 5,000 commits/s on a disk that does 390 one by one; Postgres allows 100 by default. */
const CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of ours takes longer than a second on a year's data. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** The server may ask for a transaction to be run again; more often than this means something else is wrong. */
const MOST_ATTEMPTS = 5;

/** A pool of connections; each write is one transaction of its own, committed with synchronous_commit. */
export async function openPostgres(url: string): Promise<OpenedEngine> {
  const place = placeOf(url);
  const pool = new Pool(settings(url));
  // A connection that breaks leaves the pool by itself, and whoever waits for its answer hears of it there. It also says
  // so itself, idle or lent out between two statements of a transaction: without listeners that would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw unreachable(error, place);
  }
  return { database: connect(pool), place, mayMigrate: true };
}

function connect(pool: Pool): Database {
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: withoutNul(pool) }) });
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  return {
    engine: 'postgres',
    kysely,
    logBytes: () => 0,
    async write(work) {
      if (closed) throw new DatabaseError('The database is closed: the service is shutting down.');
      const writing = writeWithRetry(kysely, work);
      underWay.add(writing);
      return writing.finally(() => underWay.delete(writing));
    },
    async scrub() {
      await pool.query('vacuum conversations, activities, bot_state, booking_requests, outbox');
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.allSettled(underWay);
      await kysely.destroy();
      if (!pool.ended) await pool.end();
    },
  };
}

/**
 * Runs the work again where that is safe: the server broke the transaction off so that others could go on, or the
 * connection ended before the commit was sent. Whether a commit that got no answer was made, nobody knows here:
 * that error goes to the caller, whose own key (a turn's incoming id) makes another try safe.
 */
async function writeWithRetry<T>(
  kysely: Kysely<Schema>,
  work: (transaction: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let committing = false;
    try {
      return await kysely
        .transaction()
        .setAccessMode('read write')
        .execute(async (transaction) => {
          const result = await work(transaction);
          committing = true;
          return result;
        });
    } catch (error) {
      const code = errorCode(error) ?? '';
      const again = BROKEN_OFF.test(code) || (!committing && CONNECTION_ENDED.test(code));
      if (!again || attempt === MOST_ATTEMPTS) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

/** Serialization failure, deadlock. */
const BROKEN_OFF = /^(40001|40P01)$/;
/** Connection lost, ended by an administrator, server stopping or starting, or no longer the one that may write. */
const CONNECTION_ENDED = /^(08...|57P0[123]|25006)$/;

function settings(url: string): PoolConfig {
  return {
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    // The client's own limit comes later than the server's, and only counts where the server is gone.
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'scalp-enquiry-bot',
    options: '-c synchronous_commit=on -c default_transaction_read_only=on',
    types: { getTypeParser: numbersAsNumbers },
  };
}

/** Counts and sums (bigint, numeric) come back as numbers, as SQLite gives them; ours stay far below 2^53. */
const numbersAsNumbers: typeof types.getTypeParser = (id: number, format?: 'text' | 'binary') => {
  if (id === types.builtins.INT8 || id === types.builtins.NUMERIC) return Number;
  return types.getTypeParser(id, format as 'text');
};

/** Postgres refuses text with U+0000, which a visitor's client may send; the replacement character stands for it. */
function withoutNul(pool: Pool): PostgresPool {
  return {
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const textSafe = {
        release: () => client.release(),
        query: (sql: string, parameters: readonly unknown[]) => client.query(sql, parameters.map(replaceNul)),
      };
      // kysely's type has a second form of `query`, for streaming with cursors, which needs a package we do not use.
      return textSafe as unknown as PostgresPoolClient;
    },
  };
}

function replaceNul(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}

/** Who and where, without the password. */
function placeOf(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  // With an unescaped / ? or # in the password, the rest of it would be taken for the path and printed.
  if (!address || `${address.pathname}${address.search}${address.hash}`.includes('@')) {
    throw new DatabaseError(
      'DATABASE_URL is not a valid Postgres address. Write postgres://user:password@host:5432/name, with / ? # @ % in the password as %2F %3F %23 %40 %25.',
    );
  }
  return `the Postgres database "${address.pathname.slice(1)}" at ${address.host} as user "${address.username}"`;
}

const REMEDIES: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there. Start the server or correct host and port in DATABASE_URL',
  ENOTFOUND: 'there is no host of that name. Correct DATABASE_URL',
  EAI_AGAIN: 'the name service does not answer. Check the network',
  ECONNRESET:
    'the server broke the connection off. Check that it speaks Postgres and whether it needs ?sslmode=require',
  '28P01': 'user or password is wrong. Correct DATABASE_URL',
  '28000':
    'the server does not let this user in from here. Check pg_hba.conf, and whether it needs ?sslmode=require',
  '3D000': 'there is no such database. Create it or correct its name in DATABASE_URL',
  '53300': 'the server has no connection left. Raise max_connections or stop other clients',
  '57P03': 'the server is starting up. Try again in a moment',
};

function unreachable(error: unknown, place: string): DatabaseError {
  const code = errorCode(error);
  const remedy = code === undefined ? undefined : REMEDIES[code];
  if (remedy) return new DatabaseError(`Cannot open ${place}: ${remedy} (${code}).`);
  return new DatabaseError(
    `Cannot open ${place}: no answer within ${CONNECT_TIMEOUT_MS / 1000} seconds, or not one of Postgres. Check DATABASE_URL and the server${code ? ` (${code})` : ''}.`,
  );
}
