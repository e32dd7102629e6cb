import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { DateTime } from 'luxon';
import pino, { type Logger } from 'pino';
import { bookingDialog } from '../dialogs/booking-dialog';
import type { BookingLinks } from '../dialogs/dialog';
import { receiptCode, referenceCode } from './booking/reference-code';
import { EnquiryBot, type LoadedKnowledge } from './bot/enquiry-bot';
import type { TurnStore, Turns } from './bot/ports';
import { createTurns } from './bot/turn';
import {
  AZURE,
  azureAuthentication,
  azureMessages,
  createAzure,
  emulatorAuthentication,
  isAzureConversation,
} from './channels/azure/create-azure';
import { type DirectLine, createDirectLine } from './channels/direct-line/create-direct-line';
import { type Inbox, createInbox } from './channels/inbox';
import { type Messenger, createMessenger } from './channels/messenger/create-messenger';
import { MESSENGER, messengerMessages } from './channels/messenger/sender';
import { calendarPath, calendarRoute } from './channels/web/calendar-route';
import { createWebPages } from './channels/web/web-pages';
import type { Config } from './config';
import { welcome } from './conversation/compose-replies';
import type { Reply } from './conversation/reply';
import { type KnowledgeSource, openKnowledgeSource } from './curation/knowledge-source';
import { readInThread } from './curation/read-in-thread';
import { REQUIRED_WORDING } from './curation/required-wording';
import { createTrials } from './curation/try-phrase';
import { createHttpServer } from './http/create-server';
import { type ReadinessCheck, healthRoutes } from './http/health';
import { type Metrics, createMetrics } from './http/metrics';
import { keepKnowledge } from './keep-knowledge';
import type { Route } from './http/route';
import { createNoticeSenders } from './notify/notice-senders';
import { type Outbox, createOutbox } from './notify/outbox';
import type { Sender } from './notify/ports';
import { repeat } from './repeat';
import { createStaffConsole } from './staff/console';
import type { PersonalData } from './staff/ports';
import { createSetupCode } from './staff/setup-code';
import { DatabaseStorage } from './storage/bot-storage';
import { createConversationLog } from './storage/conversation-log';
import { createInsightStore } from './storage/insight-store';
import { createKeptCalibrations } from './storage/kept-calibrations';
import { type Database, openDatabase } from './storage/open-database';
import { createInboxStore } from './storage/inbox-store';
import { createMessengerStore } from './storage/messenger-store';
import { createOutboxStore } from './storage/outbox-store';
import { createRequestLog } from './storage/request-log';
import { createPersonalData } from './storage/personal-data';
import { createResumeStore } from './storage/resume-store';
import { createReviewStore } from './storage/review-store';
import { indexPending } from './storage/search-index';
import { serviceSecret } from './storage/service-secrets';
import { createStaffStore } from './storage/staff-store';
import { createTeachingStore } from './storage/teaching-store';
import { createTurnStore } from './storage/turn-store';
import { type WakeUps, createWakeUps } from './storage/wake-ups';

export interface Service {
  /** Resolves, once it listens, to what an operator wants to read: the addresses. */
  listen(): Promise<string>;
  /** Finishes the turns under way, then lets go of the port and the database. */
  close(): Promise<void>;
}

/** A search brings the newest conversations in by itself; this is for backlogs. */
const INDEX_EVERY_SECONDS = 5;
/** What was taught on one instance answers on the others this much later. */
const RELOAD_EVERY_SECONDS = 5;
/** How late a stream shows what another instance kept where no wake-up comes through; Postgres only. */
const POLL_STREAMS_SECONDS = 1;
/** Often enough for periods of days; not at the start, when an operator may have just restored a backup. */
const PURGE_EVERY_SECONDS = 6 * 60 * 60;

/** Where `npm run build` puts what browsers load; beside the compiled program. */
const WIDGET_FOLDER = path.resolve(__dirname, '..', 'widget');

/**
 * Builds the whole service; the only place that knows every part.
 * @throws KnowledgeFileError, DatabaseError and, when listening, ListenError; each says what to do.
 */
export async function buildService(config: Config): Promise<Service> {
  const log = pino({ level: config.logLevel, base: undefined }, pino.destination({ fd: 2, sync: false }));
  const knowledge = openKnowledgeSource(config.knowledgeDir, REQUIRED_WORDING, readInThread);
  try {
    const database = await openDatabase(config.databaseUrl);
    return await assemble(config, log, knowledge, database);
  } catch (error) {
    knowledge.close();
    throw error;
  }
}

async function assemble(
  config: Config,
  log: Logger,
  source: KnowledgeSource,
  database: Database,
): Promise<Service> {
  const clock = () => new Date();
  const metrics = createMetrics();
  const teachings = createTeachingStore(database);
  const calibrations = createKeptCalibrations(database);
  const inUse = await keepKnowledge({ source, teachings, calibrations, log });
  const { loaded, reload } = inUse;
  const data = createPersonalData(database);
  const tryInThread = createTrials();
  let url = publicUrl(config);
  const noticeSenders = createNoticeSenders({
    mail: config.mail,
    webhook: config.webhook,
    clinic: () => loaded().knowledge.clinic,
    linkTo: (reference) => `${url}/staff/requests/${encodeURIComponent(reference)}`,
    clock,
    log,
  });
  const calendarKey = await serviceSecret(database, 'calendar-links');
  const links: BookingLinks = {
    // The address is known for certain only once the service listens.
    get privacy() {
      return `${url}/privacy`;
    },
    calendarFile: (reference) => `${url}${calendarPath(calendarKey, reference)}`,
  };
  const turns = buildTurns(
    createTurnStore(database, Object.keys(noticeSenders)),
    loaded,
    links,
    clock,
    log,
    metrics,
  );
  const remote = buildRemoteChannels(config, database, turns, loaded, clock, log);
  const senders = { ...noticeSenders, ...remote.senders };
  const outbox = buildOutbox(database, senders, clock, log, metrics);
  turns.subscribe(() => outbox.wake());
  const accounts = createStaffStore(database);
  const conversations = createConversationLog(database);
  const signingKey = await serviceSecret(database, 'direct-line-tokens');
  const directLine = createDirectLine({
    turns,
    log: conversations,
    resume: createResumeStore(database),
    signingKey,
    ...(config.directLineSecret !== undefined && { secret: config.directLineSecret }),
    origins: config.widgetOrigins,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    clock: Date.now,
    randomBytes,
    logger: log,
  });
  const { messenger } = remote;
  if (messenger) metrics.gauge('enquiries_messenger_problems', () => messenger.health.problems());
  metrics.gauge('enquiries_open_streams', () => directLine.openStreams());
  const server = createHttpServer({
    routes: [
      ...directLine.routes,
      ...remote.routes,
      ...createWebPages({
        clinic: () => loaded().knowledge.clinic,
        say: () => loaded().say,
        origins: config.widgetOrigins,
        assetsFolder: WIDGET_FOLDER,
        plainChat: {
          turns,
          log: conversations,
          greeting: () => greeting(loaded()),
          signingKey,
          clock: Date.now,
          monotonic: () => performance.now(),
          randomBytes,
          logger: log,
        },
      }),
      calendarRoute({
        requests: createRequestLog(database),
        key: calendarKey,
        say: () => loaded().say,
        clinicName: () => loaded().knowledge.clinic.name,
      }),
      ...createStaffConsole({
        accounts,
        review: createReviewStore(database),
        clock,
        randomBytes,
        secureCookies: config.publicUrl?.startsWith('https:') ?? false,
        clinicZone: loaded().knowledge.clinic.timeZone,
        answerNow: (text) => loaded().decide(text, {}),
        entries: () => loaded().knowledge.entries,
        data,
        retention: () => loaded().knowledge.clinic.retention,
        newReceipt: newReceiptCode,
        figures: createInsightStore(database),
        teachings,
        tryPhrase: (phrase, questions) => tryInThread({ knowledge: loaded().knowledge, phrase, questions }),
        reloadKnowledge: reload,
        knowledgeProblem: inUse.problem,
        log,
      }),
      ...healthRoutes({ checks: readinessChecks(database, source, outbox, remote.inbox), metrics, log }),
    ],
    upgrades: [directLine.upgrade],
    trustProxy: config.trustProxy,
    log,
    onAnswered: ({ method, route, status }) =>
      metrics.count('http_requests_total', { method, route, status: String(status) }),
  });
  const backgroundWork = [
    repeat('search index', INDEX_EVERY_SECONDS, async () => void (await indexPending(database, 500)), log),
    repeat('taught phrases', RELOAD_EVERY_SECONDS, reload, log),
    ...(database.engine === 'postgres'
      ? [repeat('open streams', POLL_STREAMS_SECONDS, () => directLine.poll(), log)]
      : []),
    repeat('retention', PURGE_EVERY_SECONDS, () => purge(data, loaded, clock, log), log),
  ];
  const wakeUps = database.engine === 'postgres' && wakeStreams(config.databaseUrl, turns, directLine, log);
  return {
    listen: async () => {
      const { port } = await server.listen(config.port, config.host);
      url = publicUrl({ ...config, port });
      await outbox.start();
      await remote.inbox.start();
      remote.messenger?.health.start();
      return announcement(
        loaded().knowledge.clinic.name,
        url,
        await createSetupCode({ accounts, clock, randomBytes }),
      );
    },
    close: async () => {
      source.close();
      directLine.close();
      await server.close();
      await remote.messenger?.health.close();
      await remote.inbox.close();
      await outbox.close();
      if (wakeUps) await wakeUps.close();
      await Promise.all(backgroundWork.map((stop) => stop()));
      await inUse.close();
      await database.close();
      log.flush();
    },
  };
}

/** What this instance keeps goes to streams on the others, and the other way round. */
function wakeStreams(url: string, turns: Turns, directLine: DirectLine, log: Logger): WakeUps {
  const wakeUps = createWakeUps({
    url,
    onMoved: (conversationIds) => directLine.moved(conversationIds),
    onConnected: () => {
      directLine
        .poll()
        .catch((error: unknown) => log.warn({ err: error }, 'open streams could not be polled'));
    },
    log,
  });
  turns.subscribe(([first]) => {
    if (first?.activity.channelId === 'directline') wakeUps.tell(first.conversationId);
  });
  return wakeUps;
}

/** How visitors reach the service; without PUBLIC_URL, how this machine does. */
function publicUrl({ publicUrl: url, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  return url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function buildTurns(
  store: TurnStore,
  loaded: () => LoadedKnowledge,
  links: BookingLinks,
  clock: () => Date,
  log: Logger,
  metrics: Metrics,
): Turns {
  const bot = new EnquiryBot({
    loaded,
    booking: bookingDialog,
    now: () => DateTime.fromJSDate(clock(), { zone: loaded().knowledge.clinic.timeZone }),
    links,
    newReference: () => referenceCode(randomBytes(32), loaded().knowledge.clinic.name),
    newReceipt: newReceiptCode,
  });
  const turns = createTurns({
    store,
    bot,
    botName: () => loaded().say('conversation.botName', { clinic: loaded().knowledge.clinic.name }),
    clock,
    deliver: (conversation, outgoing) =>
      isAzureConversation(conversation)
        ? azureMessages(conversation, outgoing)
        : conversation.channel === MESSENGER
          ? messengerMessages(conversation, outgoing)
          : [],
    onError: (error, errorId, conversationId) =>
      log.error({ err: error, errorId, conversationId }, 'a turn failed'),
  });
  turns.subscribe(() => metrics.count('enquiries_turns_total'));
  return turns;
}

/** Ways in that are written to rather than read from: acknowledged from the inbox, answered through the outbox. */
interface RemoteChannels {
  inbox: Inbox;
  messenger: Messenger | undefined;
  routes: Route[];
  senders: Record<string, Sender>;
}

function buildRemoteChannels(
  config: Config,
  database: Database,
  turns: Turns,
  loaded: () => LoadedKnowledge,
  clock: () => Date,
  log: Logger,
): RemoteChannels {
  const wake = () => inbox.wake();
  const messengerStore = createMessengerStore(database);
  const messenger =
    config.messenger &&
    createMessenger({
      ...config.messenger,
      publicUrl: config.publicUrl,
      clinicName: () => loaded().knowledge.clinic.name,
      turns,
      store: messengerStore,
      wake,
      clock,
      random: Math.random,
      randomBytes,
      log,
    });
  const inboxStore = createInboxStore(database);
  const azure =
    (config.microsoftApp ?? config.allowEmulator) &&
    createAzure({
      appId: config.microsoftApp?.id,
      authentication: config.microsoftApp
        ? azureAuthentication(config.microsoftApp)
        : emulatorAuthentication(),
      facebookAppId: config.messenger?.appId,
      turns,
      inbox: inboxStore,
      storage: new DatabaseStorage(database),
      wake,
      clock,
      random: Math.random,
      log,
    });
  const inbox = createInbox({
    store: inboxStore,
    alsoForget: (before) => messengerStore.forget(before),
    handlers: {
      ...(messenger && { [MESSENGER]: messenger.handle }),
      ...(azure && { [AZURE]: azure.handle }),
    },
    clock,
    log,
  });
  return {
    inbox,
    messenger,
    routes: [...(messenger?.routes ?? []), ...(azure ? azure.routes : [])],
    senders: {
      ...(messenger && { [MESSENGER]: messenger.sender }),
      ...(azure && { [AZURE]: azure.sender }),
    },
  };
}

function buildOutbox(
  database: Database,
  senders: Readonly<Record<string, Sender>>,
  clock: () => Date,
  log: Logger,
  metrics: Metrics,
): Outbox {
  const outbox = createOutbox({
    store: createOutboxStore(database),
    senders,
    clock,
    random: Math.random,
    log,
    onAttempt: (kind, outcome) => metrics.count('enquiries_outbox_attempts_total', { kind, outcome }),
  });
  metrics.gauge('enquiries_outbox_waiting', () => outbox.figures().waiting);
  metrics.gauge('enquiries_outbox_dead', () => outbox.figures().dead);
  metrics.gauge('enquiries_outbox_oldest_seconds', () => {
    const { oldestWaiting } = outbox.figures();
    return oldestWaiting ? Math.round((clock().getTime() - oldestWaiting.getTime()) / 1000) : 0;
  });
  return outbox;
}

/** Of every erasure, whoever asks for it. */
function newReceiptCode(): string {
  return receiptCode(randomBytes(16));
}

/** What the retention periods of clinic.yaml say; the receipt is listed in the console. */
async function purge(
  data: PersonalData,
  loaded: () => LoadedKnowledge,
  clock: () => Date,
  log: Logger,
): Promise<void> {
  const now = clock();
  const by = { at: now.toISOString(), actor: 'retention' };
  const done = await data.purge(now, loaded().knowledge.clinic.retention, newReceiptCode(), by);
  if (done) log.info({ receipt: done.receipt, ...done.erased }, 'retention periods applied');
}

/** What a conversation opens with, for the page that shows it before there is one. */
function greeting({ knowledge, entries, say }: LoadedKnowledge): Reply[] {
  return welcome(knowledge, { entries, say, againNotUnderstood: false, withoutQuickReplies: false });
}

function readinessChecks(
  database: Database,
  source: KnowledgeSource,
  outbox: Outbox,
  inbox: Inbox,
): Record<string, ReadinessCheck> {
  return {
    database: async () => {
      await database.kysely.selectFrom('conversations').select('id').limit(1).execute();
    },
    // A folder that was broken while running is told and does not count: the last good version answers.
    knowledge: async () => {
      if (source.current().entries.length === 0) throw new Error('The knowledge has no entries.');
      return source.lastError() === undefined ? undefined : 'stale';
    },
    outbox: () => outbox.check(),
    inbox: () => inbox.check(),
  };
}

function announcement(clinic: string, url: string, setupCode: string | undefined): string {
  const lines = [
    `The enquiry bot of ${clinic} is running. Stop it with Ctrl-C.`,
    `  Sample clinic page   ${url}/`,
    `  Staff console        ${url}/staff`,
    ...(setupCode === undefined
      ? []
      : [`  First staff account  ${url}/staff/setup?code=${setupCode}  (once, within 24 hours)`]),
    `  Health               ${url}/readyz`,
  ];
  return `${lines.join('\n')}\n`;
}
