import { LIVE_CHANNELS, type Turns } from './bot/ports';
import { newReceiptCode } from './build-turns';
import { type ClockWatch, watchClock } from './clock-watch';
import type { DirectLine } from './channels/direct-line/create-direct-line';
import { keepDigest } from './daily-digest';
import type { Foundation } from './foundation';
import { repeat } from './repeat';
import type { PersonalData } from './staff/ports';
import type { StaffConsole } from './staff/console';
import { createReviewStore } from './storage/review-store';
import { indexPending } from './storage/search-index';
import { silentPeople } from './storage/silent-people';
import { type WakeUps, createWakeUps } from './storage/wake-ups';

/** A search brings the newest conversations in by itself; this is for backlogs. */
const INDEX_EVERY_SECONDS = 5;
/** What was taught on one instance answers on the others this much later. */
const RELOAD_EVERY_SECONDS = 5;
/** How late a stream shows what another instance kept where no wake-up comes through; Postgres only. */
const POLL_STREAMS_SECONDS = 1;
/** How late an open page of the console shows what nobody has told this instance of. */
const POLL_CONSOLE_SECONDS = 5;
/** How late the bot says that it is back after a person has fallen silent. */
const HAND_BACK_EVERY_SECONDS = 15;
/** Often enough for periods of days; not at the start, when an operator may have just restored a backup. */
const PURGE_EVERY_SECONDS = 6 * 60 * 60;

/** The digest comes this much after its hour at the latest. */
const DIGEST_EVERY_SECONDS = 5 * 60;

interface Worked {
  turns: Turns;
  directLine: DirectLine;
  staffConsole: StaffConsole;
  data: PersonalData;
  reloadKnowledge: () => Promise<void>;
}

/** What the service does without being asked. Returns the way to stop it, which waits for what is under way. */
export function startBackgroundWork(foundation: Foundation, worked: Worked): () => Promise<void> {
  const { config, database, log } = foundation;
  const { turns, directLine, staffConsole, data, reloadKnowledge } = worked;
  const isShared = database.engine === 'postgres';
  const watch = watchClock(foundation.clock, () => performance.now());
  const stops = [
    repeat('search index', INDEX_EVERY_SECONDS, async () => void (await indexPending(database, 500)), log),
    repeat('taught phrases', RELOAD_EVERY_SECONDS, reloadKnowledge, log),
    repeat('people who left', HAND_BACK_EVERY_SECONDS, () => handBackAfterSilence(foundation, turns), log),
    ...(config.mail ? [repeat('daily digest', DIGEST_EVERY_SECONDS, () => digest(foundation), log)] : []),
    repeat('retention', PURGE_EVERY_SECONDS, () => purge(foundation, data, watch), log),
    repeat('open console pages', POLL_CONSOLE_SECONDS, async () => staffConsole.live.poll(), log),
    ...(isShared ? [repeat('open streams', POLL_STREAMS_SECONDS, () => directLine.poll(), log)] : []),
  ];
  const wakeUps = isShared ? wakeStreams(foundation, worked) : undefined;
  return async () => {
    await wakeUps?.close();
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Among the conversations told of: staff have changed something in the console. No conversation has this id. */
const CONSOLE = 'console';

/** What this instance keeps goes to streams on the others, and the other way round. */
function wakeStreams({ config, log }: Foundation, { turns, directLine, staffConsole }: Worked): WakeUps {
  const { live } = staffConsole;
  const wakeUps = createWakeUps({
    url: config.databaseUrl,
    onMoved: (conversationIds) => {
      directLine.moved(conversationIds);
      if (conversationIds.includes(CONSOLE)) live.changed();
      live.moved(conversationIds);
    },
    onConnected: () => {
      live.poll();
      directLine
        .poll()
        .catch((error: unknown) => log.warn({ err: error }, 'open streams could not be polled'));
    },
    log,
  });
  turns.subscribe(([first]) => {
    if (first) wakeUps.tell(first.conversationId);
  });
  staffConsole.onChange(() => wakeUps.tell(CONSOLE));
  return wakeUps;
}

/**
 * Where a person of the team has been silent for the set time the bot says that it is back. Only where that is read on
 * the spot: elsewhere it says so at the visitor's next message, instead of writing to them for nothing.
 */
export async function handBackAfterSilence(
  { database, clock }: Pick<Foundation, 'database' | 'clock'>,
  turns: Turns,
): Promise<void> {
  for (const { id, channel, userId, until } of await silentPeople(database, clock(), LIVE_CHANNELS)) {
    const activity = { type: 'event', name: 'person-silent', value: { until } };
    await turns.handle({ conversationId: id, channel, userId, incomingId: `silent:${until}`, activity });
  }
}

/** Once a day over all instances: the outbox takes in one of a day. */
async function digest({ database, loaded, clock, url }: Foundation): Promise<void> {
  const review = createReviewStore(database);
  const { clinic } = loaded().knowledge;
  await keepDigest({ database, review, clinic, now: clock(), link: `${url()}/staff` });
}

/** What the retention periods of clinic.yaml say; the receipt is listed in the console. */
async function purge(
  { loaded, clock, log }: Foundation,
  data: PersonalData,
  watch: ClockWatch,
): Promise<void> {
  if (!watch.isSteady())
    return log.error(
      'the clock was set by more than an hour: retention periods wait a day, in case it is wrong',
    );
  const now = clock();
  const by = { at: now.toISOString(), actor: 'retention' };
  const done = await data.purge(now, loaded().knowledge.clinic.retention, newReceiptCode(), by);
  if (done) log.info({ receipt: done.receipt, ...done.erased }, 'retention periods applied');
}
