import type { Inbox } from './channels/inbox';
import type { KnowledgeSource } from './curation/knowledge-source';
import type { Foundation } from './foundation';
import { healthRoutes } from './http/health';
import type { Route } from './http/route';
import type { Backups } from './keep-backups';
import type { Outbox } from './notify/outbox';
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
      // A log that grows is told while there is still room on the disk.
      database: async () => {
        await probe.check(clock(), performance.now());
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
