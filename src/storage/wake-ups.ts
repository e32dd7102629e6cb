import { Client } from 'pg';
import type { Log } from '../http/logger';

/** Tells the other instances of the service on the same Postgres which conversations have moved on. */
export interface WakeUps {
  /** This instance has committed a turn of the conversation; the others hear of it within some 50 ms. */
  tell(conversationId: string): void;
  close(): Promise<void>;
}

export interface WakeUpParts {
  /** postgres://user:password@host:5432/name */
  url: string;
  /** Conversations that moved on elsewhere. */
  onMoved: (conversationIds: string[]) => void;
  /** Connected, again or for the first time: whatever was said before was not heard. */
  onConnected: () => void;
  log: Log;
}

const CHANNEL = 'enquiries_moved';
/**
 * NOTIFY takes a lock of the whole server at its commit: in each turn's transaction it cost a factor of four to six
 * under load, so it comes after the commit, at most 20 times a second, on a connection of its own.
 */
const GATHER_MS = 50;
/** Postgres takes 8,000 bytes in one NOTIFY. */
const MOST_BYTES = 7_000;
const SHORTEST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Only ever a short cut: what is told while the connection is down, or through a pooler or a distributed engine that
 * has no NOTIFY, is lost, and found by whoever reads the log again.
 */
export function createWakeUps({ url, onMoved, onConnected, log }: WakeUpParts): WakeUps {
  const moved = new Set<string>();
  let connection: Client | undefined;
  let connecting: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let toldOf = false;
  let wait = SHORTEST_WAIT_MS;
  let closed = false;

  function connectLater(): void {
    if (closed) return;
    setTimeout(() => void (connecting = connect()), wait * (0.5 + Math.random())).unref();
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  async function connect(): Promise<void> {
    if (closed) return;
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'scalp-enquiry-bot wake-ups',
    });
    let lost = false;
    const lose = () => {
      if (lost) return;
      lost = true;
      if (connection === client) connection = undefined;
      void client.end().catch(() => undefined);
      connectLater();
    };
    client.on('error', lose);
    client.on('end', lose);
    let ownProcess: number | undefined;
    client.on('notification', ({ processId, payload }) => {
      if (processId !== ownProcess && payload) onMoved(payload.split('\n'));
    });
    try {
      await client.connect();
      const answer = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      ownProcess = answer.rows[0]?.pid;
      await client.query(`listen ${CHANNEL}`);
      if (lost) return;
      connection = client;
      wait = SHORTEST_WAIT_MS;
      toldOf = false;
      onConnected();
    } catch (error) {
      // Once an outage: the next one after a connection that stood is told again.
      if (!toldOf)
        log.warn({ err: error }, 'no wake-ups between instances for now; streams are polled instead');
      toldOf = true;
      lose();
    }
  }

  async function notify(): Promise<void> {
    timer = undefined;
    const payloads = inPayloads([...moved]);
    moved.clear();
    for (const payload of payloads) {
      // With no connection the others find it by reading the log again.
      await connection?.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => undefined);
    }
  }

  connecting = connect();
  return {
    tell(conversationId) {
      if (closed) return;
      moved.add(conversationId);
      timer ??= setTimeout(() => void (telling = notify()), GATHER_MS).unref();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([connecting, telling]);
      await notify();
      await connection?.end().catch(() => undefined);
    },
  };
}

function inPayloads(ids: string[]): string[] {
  const payloads: string[] = [];
  for (const id of ids) {
    const last = payloads.at(-1);
    if (last !== undefined && Buffer.byteLength(last) + Buffer.byteLength(id) < MOST_BYTES)
      payloads[payloads.length - 1] = `${last}\n${id}`;
    else payloads.push(id);
  }
  return payloads;
}
