import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DateTime } from 'luxon';
import pino, { type Logger } from 'pino';
import { bookingDialog } from '../dialogs/booking-dialog';
import type { Calibration } from './answers/calibrate';
import { createAnswerFinder } from './answers/find-answer';
import type { Knowledge } from './answers/knowledge';
import { referenceCode } from './booking/reference-code';
import { EnquiryBot, type LoadedKnowledge } from './bot/enquiry-bot';
import type { Turns } from './bot/ports';
import { createTurns } from './bot/turn';
import { createDirectLine } from './channels/direct-line/create-direct-line';
import { createWebPages } from './channels/web/web-pages';
import type { Config } from './config';
import { makeSay } from './conversation/say';
import { type KnowledgeSource, openKnowledgeSource } from './curation/knowledge-source';
import { createHttpServer } from './http/create-server';
import { healthRoutes } from './http/health';
import { type Metrics, createMetrics } from './http/metrics';
import { createStaffConsole } from './staff/console';
import { createSetupCode } from './staff/setup-code';
import { createConversationLog } from './storage/conversation-log';
import { type KeptCalibrations, createKeptCalibrations } from './storage/kept-calibrations';
import { type Database, openDatabase } from './storage/open-database';
import { createReviewStore } from './storage/review-store';
import { serviceSecret } from './storage/service-secrets';
import { createStaffStore } from './storage/staff-store';
import { createTurnStore } from './storage/turn-store';

export interface Service {
  /** Resolves, once it listens, to what an operator wants to read: the addresses. */
  listen(): Promise<string>;
  /** Finishes the turns under way, then lets go of the port and the database. */
  close(): Promise<void>;
}

/** Where `npm run build` puts what browsers load; beside the compiled program. */
const WIDGET_FOLDER = path.resolve(__dirname, '..', 'widget');

/**
 * Builds the whole service; the only place that knows every part.
 * @throws KnowledgeFileError, DatabaseError and, when listening, ListenError; each says what to do.
 */
export async function buildService(config: Config): Promise<Service> {
  const log = pino({ level: config.logLevel, base: undefined }, pino.destination({ fd: 2, sync: false }));
  const knowledge = openKnowledgeSource(config.knowledgeDir);
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
  const loaded = await keepLoaded(source, createKeptCalibrations(database), log);
  const turns = buildTurns(database, loaded, clock, log, metrics);
  const accounts = createStaffStore(database);
  const directLine = createDirectLine({
    turns,
    log: createConversationLog(database),
    signingKey: await serviceSecret(database, 'direct-line-tokens'),
    ...(config.directLineSecret !== undefined && { secret: config.directLineSecret }),
    origins: config.widgetOrigins,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    clock: Date.now,
    randomBytes,
    logger: log,
  });
  metrics.gauge('enquiries_open_streams', () => directLine.openStreams());
  const server = createHttpServer({
    routes: [
      ...directLine.routes,
      ...createWebPages({
        clinic: () => loaded().knowledge.clinic,
        origins: config.widgetOrigins,
        assetsFolder: WIDGET_FOLDER,
      }),
      ...createStaffConsole({
        accounts,
        review: createReviewStore(database),
        clock,
        randomBytes,
        secureCookies: config.publicUrl?.startsWith('https:') ?? false,
        clinicZone: loaded().knowledge.clinic.timeZone,
        answerNow: (text) => loaded().decide(text, {}),
        titleOf: (id) => loaded().entries.get(id)?.title,
        log,
      }),
      ...healthRoutes({ checks: readinessChecks(database, source), metrics, log }),
    ],
    upgrades: [directLine.upgrade],
    trustProxy: config.trustProxy,
    log,
    onAnswered: ({ method, route, status }) =>
      metrics.count('http_requests_total', { method, route, status: String(status) }),
  });
  return {
    listen: async () => {
      const { port } = await server.listen(config.port, config.host);
      const url =
        config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
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
      await database.close();
      log.flush();
    },
  };
}

function buildTurns(
  database: Database,
  loaded: () => LoadedKnowledge,
  clock: () => Date,
  log: Logger,
  metrics: Metrics,
): Turns {
  const bot = new EnquiryBot({
    loaded,
    booking: bookingDialog,
    now: () => DateTime.fromJSDate(clock(), { zone: loaded().knowledge.clinic.timeZone }),
    newReference: () => referenceCode(randomBytes(32), loaded().knowledge.clinic.name),
  });
  const turns = createTurns({
    store: createTurnStore(database),
    bot,
    botName: () => loaded().say('conversation.botName', { clinic: loaded().knowledge.clinic.name }),
    clock,
    onError: (error, errorId, conversationId) =>
      log.error({ err: error, errorId, conversationId }, 'a turn failed'),
  });
  turns.subscribe(() => metrics.count('enquiries_turns_total'));
  return turns;
}

/** The knowledge in use with all that is made from it, swapped whole when the folder has changed. */
async function keepLoaded(
  source: KnowledgeSource,
  calibrations: KeptCalibrations,
  log: Logger,
): Promise<() => LoadedKnowledge> {
  const keyOf = ({ version }: Knowledge) => `${version} ${engineVersion()}`;
  const keep = (knowledge: Knowledge, calibration: Calibration) =>
    calibrations
      .keep(keyOf(knowledge), calibration)
      .catch((error: unknown) => log.warn({ err: error }, 'the next start will calibrate the answers again'));

  const atStart = source.current();
  const kept = await calibrations.find(keyOf(atStart));
  let loaded = load(atStart, kept);
  if (kept === undefined) await keep(atStart, loaded.calibration);
  source.onChange((change) => {
    if (!change.ok)
      return log.error(
        { problems: change.error.message },
        'the knowledge folder has errors; the last good version stays in use',
      );
    loaded = load(change.knowledge);
    void keep(change.knowledge, loaded.calibration);
    log.info({ version: change.knowledge.version }, 'new knowledge in use');
  });
  return () => loaded;
}

function load(knowledge: Knowledge, kept?: Calibration): LoadedKnowledge & { calibration: Calibration } {
  const finder = createAnswerFinder(knowledge, kept);
  return {
    knowledge,
    entries: new Map(knowledge.entries.map((entry) => [entry.id, entry])),
    say: makeSay(knowledge.wording),
    decide: (text, context) => finder.decide(text, context),
    calibration: finder.calibration,
  };
}

/** Changes with every line of the matching's compiled code: what another version learnt is not used. */
function engineVersion(): string {
  const folder = path.join(__dirname, 'answers');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).toSorted())
    hash.update(file).update(readFileSync(path.join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

function readinessChecks(database: Database, source: KnowledgeSource): Record<string, () => Promise<void>> {
  return {
    database: async () => {
      await database.kysely.selectFrom('conversations').select('id').limit(1).execute();
    },
    // A folder that was broken while running does not count: the last good version answers.
    knowledge: async () => {
      if (source.current().entries.length === 0) throw new Error('The knowledge has no entries.');
    },
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
