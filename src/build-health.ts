import type { Inbox } from './channels/inbox';
import type { KnowledgeSource } from './curation/knowledge-source';
import type { Foundation } from './foundation';
import { healthRoutes } from './http/health';
import type { Route } from './http/route';
import type { Backups } from './keep-backups';
import type { Outbox } from './notify/outbox';
import { weakDurability } from './storage/durability';
import { LARGEST_LOG_BYTES } from './storage/sqlite';
import { createWriteProbe } from './storage/write-probe';

/** Liveness, readiness and figures. */
export function buildHealth(
  { database, clock, metrics, log }: Foundation,
  parts: { source: KnowledgeSource; outbox: Outbox; inbox: Inbox; backups: Backups | undefined },
): Route[] {
  const { source, outbox, inbox, backups } = parts;
  const probe = createWriteProbe(database);
  metrics.gauge('enquiries_database_log_bytes', () => database.logBytes());
  return healthRoutes({
    checks: {
      // What may be lost is told, also where another server has taken over; a log that grows, while there is room.
      database: async () => {
        await probe.check(clock(), performance.now());
        if ((await weakDurability(database)).length > 0) return 'not-durable';
        return database.logBytes() > LARGEST_LOG_BYTES ? 'long-reader' : undefined;
      },
      // A folder that was broken while running is told and does not count: the last good version answers.
      knowledge: async () => {
        if (source.current().entries.length === 0) throw new Error('The knowledge has no entries.');
        return source.lastError() === undefined ? undefined : 'stale';
      },
      outbox: () => outbox.check(),
      inbox: () => inbox.check(),
      ...(backups && { backups: () => backups.check() }),
    },
    metrics,
    log,
  });
}
