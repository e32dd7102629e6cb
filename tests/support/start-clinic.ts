import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import pino from 'pino';
import { handBackAfterSilence } from '../../src/background-work';
import { buildConsole } from '../../src/build-console';
import { buildAnswerSenders, buildNoticeSenders, buildOutbox } from '../../src/build-outbox';
import { buildRemoteChannels } from '../../src/build-remote-channels';
import { buildTurns } from '../../src/build-turns';
import { createDirectLine } from '../../src/channels/direct-line/create-direct-line';
import { readConfig } from '../../src/config';
import type { Foundation } from '../../src/foundation';
import { createHttpServer } from '../../src/http/create-server';
import { createMetrics } from '../../src/http/metrics';
import { hashPassword } from '../../src/staff/password';
import type { Role } from '../../src/staff/ports';
import { createConversationLog } from '../../src/storage/conversation-log';
import type { Database } from '../../src/storage/open-database';
import { createPersonalData } from '../../src/storage/personal-data';
import { createResumeStore } from '../../src/storage/resume-store';
import { createStaffStore } from '../../src/storage/staff-store';
import { createTeachingStore } from '../../src/storage/teaching-store';
import { shippedKnowledge } from './shipped-knowledge';
import { APP_ID, APP_SECRET, type FakeGraph, PAGE_ID, PAGE_TOKEN, postEvents } from './fake-graph';
import { PASSWORD, StaffBrowser } from './staff-console';

export type TestClinic = Awaited<ReturnType<typeof startClinic>>;

/**
 * Visitors' chat, Messenger, staff console, bot and outbox in one process, wired by the service's own builders; only
 * the clock is the test's.
 */
export async function startClinic(
  database: Database,
  options: { env?: Record<string, string>; graph?: FakeGraph; now?: string } = {},
) {
  const knowledge = shippedKnowledge();
  const zone = knowledge.knowledge.clinic.timeZone;
  let now = DateTime.fromISO(options.now ?? '2026-03-02T10:00', { zone }).toMillis();
  options.graph?.setClock(() => now);
  let url = '';
  let isClosed = false;
  const foundation: Foundation = {
    config: readConfig({ ...(options.graph && messengerSettings(options.graph)), ...options.env }),
    database,
    loaded: () => knowledge,
    url: () => url,
    clock: () => new Date(now),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
  };
  const noticeSenders = buildNoticeSenders(foundation);
  const turns = buildTurns(foundation, Object.keys(noticeSenders), randomBytes(32));
  const remote = buildRemoteChannels(foundation, turns);
  const outbox = buildOutbox(foundation, turns, {
    ...noticeSenders,
    ...buildAnswerSenders(foundation),
    ...remote.senders,
  });
  const directLine = createDirectLine({
    turns,
    log: createConversationLog(database),
    resume: createResumeStore(database),
    signingKey: randomBytes(32),
    origins: [],
    // Tokens live by the real clock: tests move the other one by days.
    clock: Date.now,
    randomBytes,
    logger: foundation.log,
  });
  const accounts = createStaffStore(database);
  const stores = { accounts, data: createPersonalData(database), teachings: createTeachingStore(database) };
  const inUse = {
    loaded: foundation.loaded,
    reload: async () => undefined,
    problem: () => undefined,
    calibration: () => undefined,
    close: async () => undefined,
  };
  const staffConsole = buildConsole(foundation, stores, inUse, randomBytes(32), {
    turns,
    reach: remote.reach,
  });
  const server = createHttpServer({
    routes: [...directLine.routes, ...remote.routes, ...staffConsole.routes],
    upgrades: [directLine.upgrade],
    trustProxy: ['127.0.0.1'],
    log: foundation.log,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${port}`;

  /** Works off what is due now, on the way in and on the way out. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      remote.inbox.wake();
      await remote.inbox.idle();
      outbox.wake();
      await outbox.idle();
    }
  }

  return {
    url,
    database,
    turns,
    accounts,
    settle,
    live: staffConsole.live,
    /** Resolves once so many pages of the console are open. */
    async settleStreams(count: number): Promise<void> {
      while (staffConsole.live.count() !== count) await new Promise((resolve) => setImmediate(resolve));
    },
    /** Somebody who is not signed in. */
    stranger: () => new StaffBrowser(url),
    clock: foundation.clock,
    /** What the service does by itself every few seconds. */
    handBackAfterSilence: () => handBackAfterSilence(foundation, turns),
    pass: (time: { minutes?: number; hours?: number; days?: number }) =>
      void (now = DateTime.fromMillis(now, { zone }).plus(time).toMillis()),
    /** Meta brings these events of people on Messenger. */
    async bring(...items: object[]): Promise<void> {
      const stamped = items.map((item) => ({ ...item, timestamp: now }));
      await postEvents(
        { url, appSecret: APP_SECRET, ...(options.graph && { meta: options.graph }) },
        stamped,
      );
      await settle();
    },
    /** A signed-in member of staff; `name` is the one that visitors read. */
    async member(
      role: Role,
      name: string | null = null,
      email = `${role}@clinic.test`,
    ): Promise<StaffBrowser> {
      const by = { at: foundation.clock().toISOString(), actor: 'test' };
      const password = await hashPassword(PASSWORD, { N: 2 ** 4, r: 1, p: 1 });
      await accounts.add({ email, role, password }, by);
      await accounts.setDisplayName(email, name, by);
      const browser = new StaffBrowser(url);
      const answer = await browser.signIn(email, PASSWORD);
      if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
      return browser;
    },
    async close(): Promise<void> {
      if (isClosed) return;
      isClosed = true;
      directLine.close();
      staffConsole.live.close();
      await server.close();
      await remote.inbox.close();
      await outbox.close();
    },
  };
}

function messengerSettings(graph: FakeGraph): Record<string, string> {
  return {
    MESSENGER_APP_SECRET: APP_SECRET,
    MESSENGER_VERIFY_TOKEN: 'verify-me-please',
    MESSENGER_PAGE_TOKEN: PAGE_TOKEN,
    MESSENGER_PAGE_ID: PAGE_ID,
    MESSENGER_APP_ID: APP_ID,
    MESSENGER_GRAPH_URL: graph.url,
    PUBLIC_URL: 'https://bot.clinic.test',
  };
}
