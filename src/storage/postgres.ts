import { Pool, types } from 'pg';
import type { PoolClient, PoolConfig } from 'pg';
import { Kysely, PostgresAdapter, PostgresDialect } from 'kysely';
import type { CompiledQuery, PostgresPool, PostgresPoolClient } from 'kysely';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError, closedError, errorCode } from './database-error';
import { inOneGo } from './in-one-go';
import { lentToAll } from './lent-to-all';
import type { Database, OpenedEngine } from './open-database';
import { preparedName } from './prepared-query';
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
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    sendTogether(client);
  });
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw unreachable(error, place);
  }
  return { database: connect(pool), place, mayMigrate: true };
}

/**
 * What is asked in one instant leaves in one piece: each piece costs a call of the system and wakes the server's process.
 * Of a turn's six, four are its transaction's beginning and its three statements. `pg` has no setting for that.
 */
function sendTogether(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  const write = stream.write.bind(stream) as (...piece: unknown[]) => boolean;
  let isGathering = false;
  const gather = (...piece: unknown[]): boolean => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      setImmediate(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return write(...piece);
  };
  stream.write = gather;
}

function connect(pool: Pool): Database {
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: clientsOf(pool) }) });
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function tracked<T>(write: (progress: Progress) => Promise<T>): Promise<T> {
    if (closed) throw closedError();
    const writing = writeWithRetry(write);
    underWay.add(writing);
    return writing.finally(() => underWay.delete(writing));
  }

  return {
    engine: 'postgres',
    kysely,
    logBytes: () => 0,
    readAtOnce: async (query) => (await kysely.executeQuery(query)).rows,
    write: (work) => tracked((progress) => writeOnce(pool, work, progress)),
    writeAtOnce: (queries) => tracked((progress) => writeTogether(pool, queries, progress)),
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
async function writeWithRetry<T>(write: (progress: Progress) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const progress: Progress = { isCommitting: false, isConnected: true };
    try {
      return await write(progress);
    } catch (error) {
      const code = errorCode(error) ?? '';
      const isEnded = !progress.isConnected || CONNECTION_ENDED.test(code);
      const again = BROKEN_OFF.test(code) || (!progress.isCommitting && isEnded);
      if (!again || attempt === MOST_ATTEMPTS) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

/** How far a write came. */
interface Progress {
  isCommitting: boolean;
  isConnected: boolean;
}

async function writeOnce<T>(
  pool: Pool,
  work: (transaction: Kysely<Schema>) => Promise<T>,
  progress: Progress,
): Promise<T> {
  const client = await pool.connect();
  try {
    // Goes along with the first statement. Where it fails, as on a standby, that one does too: connections only read
    // unless told otherwise.
    const begun = client.query('start transaction read write');
    begun.catch(() => undefined);
    const result = await work(transactionsOn(client));
    await begun;
    progress.isCommitting = true;
    await client.query('commit');
    return result;
  } catch (error) {
    progress.isConnected = await rollBack(client);
    throw error;
  } finally {
    client.release(!progress.isConnected);
  }
}

/** One way there and back. After a statement that failed the server takes the commit for a rollback. */
async function writeTogether(
  pool: Pool,
  queries: readonly CompiledQuery[],
  progress: Progress,
): Promise<void> {
  const client = await pool.connect();
  const prepared = preparing(client);
  try {
    await inOneGo([
      client.query('start transaction read write'),
      ...queries.map(({ sql, parameters }) => prepared.query(sql, parameters)),
      client.query('commit'),
    ]);
  } catch (error) {
    progress.isConnected = await rollBack(client);
    throw error;
  } finally {
    client.release(!progress.isConnected);
  }
}

/** Resolves to whether the connection is of any more use. */
function rollBack(client: PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
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
    // A statement does not wait until the one before it is answered, where its caller does not.
    pipeline: true,
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

/** Connections of the pool by turns, for whoever reads. */
function clientsOf(pool: Pool): PostgresPool {
  return { end: () => pool.end(), connect: async () => preparing(await pool.connect()) };
}

/** One of each connection, so that it is built once. */
const transactions = new WeakMap<PoolClient, Kysely<Schema>>();

function transactionsOn(client: PoolClient): Kysely<Schema> {
  const transaction = transactions.get(client) ?? openTransactions(client);
  transactions.set(client, transaction);
  return transaction;
}

/** Its statements do not wait for the answer to the one before, where their caller does not. */
function openTransactions(client: PoolClient): Kysely<Schema> {
  const pool = { end: async () => undefined, connect: async () => preparing(client) };
  const dialect = new PostgresDialect({ pool });
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => adapter,
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createIntrospector: (kysely) => dialect.createIntrospector(kysely),
      createDriver: () => lentToAll(dialect.createDriver()),
    },
  });
}

/** The same for all, so that a prepared query is built once. */
const adapter = new PostgresAdapter();

/**
 * Postgres refuses text with U+0000, which a visitor's client may send; the replacement character stands for it. The
 * queries of every turn are named, so that the server parses and plans them once for each connection.
 */
function preparing(client: PoolClient): PostgresPoolClient {
  const textSafe = {
    release: () => client.release(),
    query: (text: string, parameters: readonly unknown[]) => {
      const name = preparedName(text);
      return client.query({ text, values: parameters.map(replaceNul), ...(name && { name }) });
    },
  };
  // kysely's type has a second form of `query`, for streaming with cursors, which needs a package we do not use.
  return textSafe as unknown as PostgresPoolClient;
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
