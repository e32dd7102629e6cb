import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { DateTime } from 'luxon';
import type { BookingLinks } from '../../dialogs/dialog';
import type { Turns } from '../../src/bot/ports';
import { createTurns } from '../../src/bot/turn';
import { createInbox } from '../../src/channels/inbox';
import { createMessenger } from '../../src/channels/messenger/create-messenger';
import { messengerMessages } from '../../src/channels/messenger/sender';
import { createHttpServer } from '../../src/http/create-server';
import type { Route } from '../../src/http/route';
import { createOutbox } from '../../src/notify/outbox';
import { createInboxStore } from '../../src/storage/inbox-store';
import { createMessengerStore } from '../../src/storage/messenger-store';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { createOutboxStore } from '../../src/storage/outbox-store';
import { createTurnStore } from '../../src/storage/turn-store';
import { APP_ID, APP_SECRET, type FakeGraph, PAGE_ID, PAGE_TOKEN, postEvents } from './fake-graph';
import { shippedBot } from './shipped-bot';
import { shippedKnowledge } from './shipped-knowledge';
import { memoryFolder } from './start-service';

/** The Messenger channel on a real server, database, bot and outbox; only Meta is a stand-in, and the clock is ours. */
export interface MessengerService {
  url: string;
  appSecret: string;
  meta: FakeGraph;
  database: Database;
  /** The SQLite file. */
  file: string;
  /** Meta brings these events; resolves once they were worked off and the replies are sent or put off. */
  bring(items: unknown[], field?: 'messaging' | 'standby'): Promise<number>;
  /** Works off what is due now. */
  settle(): Promise<void>;
  pass(ms: number): void;
  setNow(ms: number): void;
  now(): number;
  health: ReturnType<typeof createMessenger>['health'];
  routes: Route[];
  logged: string[];
  /** Milliseconds that sending has waited to keep its pace; the test does not. */
  paused: number[];
  /** Ends without finishing anything: what is only in memory is gone. */
  close(): Promise<void>;
}

export interface MessengerServiceOptions {
  graph: FakeGraph;
  /** Goes on with this file; else a new one. */
  databaseFile?: string;
  start?: number;
  turns?: (real: Turns) => Turns;
  verifyToken?: string;
  links?: BookingLinks;
}

const opened: (() => Promise<void>)[] = [];
export async function closeMessengers(): Promise<void> {
  for (const close of opened.splice(0)) await close();
}

export async function startMessenger(options: MessengerServiceOptions): Promise<MessengerService> {
  const data = memoryFolder();
  const file = options.databaseFile ?? path.join(data.folder, 'messenger.db');
  const database = await openDatabase(`sqlite:${file}`);
  const { clinic } = shippedKnowledge().knowledge;
  let now = options.start ?? Date.now();
  const clock = () => new Date(now);
  options.graph.setClock(() => now);
  const logged: string[] = [];
  const paused: number[] = [];
  const log = {
    info: () => undefined,
    warn: (_fields: object, message: string) => void logged.push(message),
    error: (_fields: object, message: string) => void logged.push(message),
  };
  const bot = shippedBot({
    now: () => DateTime.fromMillis(now, { zone: clinic.timeZone }),
    ...(options.links && { links: options.links }),
  });
  const turns = createTurns({
    store: createTurnStore(database, ['notice']),
    bot,
    botName: () => 'assistant',
    clock,
    deliver: messengerMessages,
    onError: (error) => void logged.push(String(error)),
  });
  const inbox = createInbox({
    store: createInboxStore(database),
    handlers: { messenger: (entry) => messenger.handle(entry) },
    clock,
    log,
  });
  const messenger = createMessenger({
    appSecret: APP_SECRET,
    verifyToken: options.verifyToken ?? 'verify-me-please',
    pageToken: PAGE_TOKEN,
    pageId: PAGE_ID,
    appId: APP_ID,
    graphUrl: options.graph.url,
    publicUrl: 'https://bot.clinic.test',
    clinicName: () => clinic.name,
    turns: options.turns?.(turns) ?? turns,
    store: createMessengerStore(database),
    wake: () => inbox.wake(),
    clock,
    random: () => 1,
    pause: async (ms) => void paused.push(ms),
    randomBytes,
    log,
  });
  const outbox = createOutbox({
    store: createOutboxStore(database),
    senders: { messenger: messenger.sender },
    clock,
    random: () => 1,
    log,
  });
  const server = createHttpServer({ routes: messenger.routes, upgrades: [], trustProxy: [], log });
  const { port } = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;

  const settle = async () => {
    // What the sender finds out may come back in through the inbox.
    for (let round = 0; round < 2; round++) {
      inbox.wake();
      await inbox.idle();
      outbox.wake();
      await outbox.idle();
    }
  };
  const close = async () => {
    await server.close();
    await inbox.close();
    await outbox.close();
    await database.close();
    if (options.databaseFile === undefined) data.remove();
  };
  let open = true;
  const closeOnce = async () => {
    if (open) {
      open = false;
      await close();
    }
  };
  opened.push(closeOnce);
  const webhook = { url, appSecret: APP_SECRET, meta: options.graph };
  return {
    ...webhook,
    database,
    file,
    bring: async (items, field) => {
      const status = await postEvents(webhook, items, field);
      await settle();
      return status;
    },
    settle,
    pass: (ms) => void (now += ms),
    setNow: (ms) => void (now = ms),
    now: () => now,
    health: messenger.health,
    routes: messenger.routes,
    logged,
    paused,
    close: closeOnce,
  };
}
