import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { startBackgroundWork } from './background-work';
import type { LoadedKnowledge } from './bot/enquiry-bot';
import { buildConsole } from './build-console';
import { buildHealth } from './build-health';
import { buildAnswerSenders, buildDigestSender, buildNoticeSenders, buildOutbox } from './build-outbox';
import { buildRemoteChannels } from './build-remote-channels';
import { buildTurns } from './build-turns';
import { createDirectLine } from './channels/direct-line/create-direct-line';
import { calendarRoute } from './channels/web/calendar-route';
import { createWebPages } from './channels/web/web-pages';
import type { Service } from './build-service';
import type { Config } from './config';
import { welcome } from './conversation/compose-replies';
import type { Reply } from './conversation/reply';
import type { KnowledgeSource } from './curation/knowledge-source';
import type { Foundation } from './foundation';
import { createHttpServer } from './http/create-server';
import { createMetrics } from './http/metrics';
import { keepBackups } from './keep-backups';
import type { KnowledgeInUse } from './keep-knowledge';
import type { Teachings } from './staff/ports';
import { createSetupCode } from './staff/setup-code';
import { createConversationLog } from './storage/conversation-log';
import { weakDurability } from './storage/durability';
import { createPersonalData } from './storage/personal-data';
import { createRequestLog } from './storage/request-log';
import { createResumeStore } from './storage/resume-store';
import { serviceSecret } from './storage/service-secrets';
import { createStaffStore } from './storage/staff-store';

/** Where `npm run build` puts what browsers load; beside the compiled program. */
const WIDGET_FOLDER = path.resolve(__dirname, '..', 'widget');

/** What the service is assembled on. */
export interface Base extends Pick<Foundation, 'config' | 'database' | 'log'> {
  source: KnowledgeSource;
  teachings: Teachings;
  inUse: KnowledgeInUse;
}

/** All parts but those of `Base`, which are opened first (see `buildService`). */
export async function assembleService(base: Base): Promise<Service> {
  const { config, database, log, source, teachings, inUse } = base;
  let url = publicUrl(config);
  const foundation: Foundation = {
    config,
    database,
    loaded: inUse.loaded,
    url: () => url,
    clock: () => new Date(),
    metrics: createMetrics(),
    log,
  };
  const { loaded, clock, metrics } = foundation;
  const weak = await weakDurability(database);
  if (weak.length > 0)
    log.error(
      { settings: weak },
      'the Postgres server may lose what was acknowledged when its machine fails: set these to on',
    );
  const calendarKey = await serviceSecret(database, 'calendar-links');
  const noticeSenders = buildNoticeSenders(foundation);
  // Loaded only where it is wanted.
  const tracing = config.traces && (await import('./tracing.js')).startTracing({ ...config.traces, log });
  const keptTurns = buildTurns(foundation, Object.keys(noticeSenders), calendarKey);
  const turns = tracing?.turns(keptTurns) ?? keptTurns;
  const remote = buildRemoteChannels(foundation, turns);
  const senders = {
    ...noticeSenders,
    ...buildAnswerSenders(foundation),
    ...buildDigestSender(foundation),
    ...remote.senders,
  };
  const outbox = buildOutbox(foundation, turns, tracing?.senders(senders) ?? senders);
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
  metrics.gauge('enquiries_open_streams', () => directLine.openStreams());
  const accounts = createStaffStore(database);
  const data = createPersonalData(database);
  const backups =
    config.backupFolder === undefined ? undefined : keepBackups(foundation, config.backupFolder);
  const staffConsole = buildConsole(foundation, { accounts, data, teachings }, inUse, calendarKey, {
    turns,
    reach: remote.reach,
  });
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
      ...staffConsole.routes,
      ...buildHealth(foundation, { source, outbox, inbox: remote.inbox, backups }),
    ],
    upgrades: [directLine.upgrade],
    trustProxy: config.trustProxy,
    https: config.publicUrl?.startsWith('https:') ?? false,
    ...(tracing && { around: tracing.request }),
    log,
    onAnswered: ({ method, route, status }) =>
      metrics.count('http_requests_total', { method, route, status: String(status) }),
  });
  const stopBackgroundWork = startBackgroundWork(foundation, {
    turns,
    directLine,
    staffConsole,
    data,
    reloadKnowledge: inUse.reload,
  });
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
      staffConsole.live.close();
      await server.close();
      await remote.messenger?.health.close();
      await remote.inbox.close();
      await outbox.close();
      await stopBackgroundWork();
      await backups?.close();
      await tracing?.close();
      await inUse.close();
      await database.close();
      log.flush();
    },
  };
}

/** How visitors reach the service; without PUBLIC_URL, how this machine does. */
function publicUrl({ publicUrl: url, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  return url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What a conversation opens with, for the page that shows it before there is one. */
function greeting({ knowledge, entries, say }: LoadedKnowledge): Reply[] {
  return welcome(knowledge, { entries, say, againNotUnderstood: false, withoutQuickReplies: false });
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
