import type { Inbox } from './channels/inbox';
import type { KnowledgeSource } from './curation/knowledge-source';
import type { Foundation } from './foundation';
import { healthRoutes } from './http/health';
import type { Route } from './http/route';
import type { Outbox } from './notify/outbox';

/** Liveness, readiness and figures. */
export function buildHealth(
  { database, metrics, log }: Foundation,
  { source, outbox, inbox }: { source: KnowledgeSource; outbox: Outbox; inbox: Inbox },
): Route[] {
  return healthRoutes({
    checks: {
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
    },
    metrics,
    log,
  });
}
