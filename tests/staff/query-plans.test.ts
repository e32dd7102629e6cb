import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { CompiledQuery, SelectQueryNode } from 'kysely';
import { fillDemo } from '../../src/cli/fill-demo';
import type { Database } from '../../src/storage/open-database';
import { eachDatabase } from '../support/databases';
import { shippedKnowledge } from '../support/shipped-knowledge';
import { startConsole } from '../support/staff-console';

/** Those that grow with every conversation. */
const BIG = [
  'conversations',
  'activities',
  'bot_state',
  'booking_requests',
  'request_words',
  'outbox',
  'search_terms',
  'search_spellings',
  'audit',
];

/** What staff open all day, with every filter by itself and some together. */
const PAGES = [
  '/staff',
  '/staff?need=unanswered',
  ...[
    '',
    'show=waiting',
    'show=reviewed',
    'show=unreviewed',
    'reason=unsure',
    'outcome=none',
    'entry=price',
    'sure=0.5',
    'tenth=9',
    'thumb=down',
    'reached=name',
    'channel=messenger',
    'tag=vip',
    'by=demo@example.com',
    'assigned=-nobody',
    'assigned=demo@example.com',
    'from=2026-02-01&to=2026-02-02',
    'begun=2026-02-01&begunTo=2026-02-02',
    'channel=messenger&outcome=handoff&from=2026-01-01',
    'search=sesion',
    'search=gift+cards',
    'at=2026-02-20T12:00:00.000Z&id=demo',
  ].map((query) => `/staff/conversations?${query}`),
  ...[
    '',
    'status=new',
    'status=overdue',
    'status=won',
    'assigned=-nobody',
    'channel=messenger&from=2026-02-01',
    'answered=yes&from=2026-02-01',
    'within=60&from=2026-02-01',
    'search=jordan+mi',
    'search=410+555+0134&status=new',
    'search=jordon+mi',
  ].map((query) => `/staff/requests?${query}`),
  '/staff/insight?days=7',
  '/staff/insight?days=90&channel=messenger',
  '/staff/teach',
  '/staff/data',
  ...['410 555 0134', 'jordan@example.com', 'SA-7K4Q2', 'demo-1'].map(
    (find) => `/staff/data?find=${encodeURIComponent(find)}`,
  ),
  '/staff/data/due?what=transcripts&when=week',
  '/staff/data/due?what=unfinishedChats',
  '/staff/data/due?what=requests',
  '/staff/audit',
  '/staff/audit?about=SA-7K4Q2',
];

eachDatabase('the plans of the console’s queries', (open) => {
  test('no page reads a whole table of those that grow', async () => {
    const database = await open();
    await fillDemo(
      database,
      shippedKnowledge(),
      { amount: 300, seed: 1, days: 120, until: new Date('2026-03-02T15:00:00.000Z') },
      () => undefined,
    );
    const { asked, watched } = watching(database);
    const site = await startConsole(watched);
    const admin = await site.member('admin');
    const [some] = (await site.review.conversations({}, 1)).rows;
    const [request] = (await site.review.requests({}, 1)).rows;
    const pages = [...PAGES, `/staff/conversations/${some?.id}`, `/staff/requests/${request?.reference}`];
    const scans: string[] = [];
    for (const page of pages) {
      asked.length = 0;
      expect([page, (await admin.get(page)).status]).toEqual([page, 200]);
      expect(asked.length).toBeGreaterThan(0);
      // A page asks some of the same again and again, with other values.
      const different = new Map(asked.map((query) => [query.sql, query]));
      for (const query of different.values())
        scans.push(
          ...(await wholeTablesIn(database, query)).map((scan) => `${page}: ${scan}\n  ${query.sql}`),
        );
    }
    await site.close();
    expect([...new Set(scans)]).toEqual([]);
  }, 120_000);

  test('a page that did would be found', async () => {
    const database = await open();
    const { kysely } = database;
    const query = kysely.selectFrom('conversations').selectAll().where('first_text', 'like', '%x%').compile();
    expect(await wholeTablesIn(database, query)).toHaveLength(1);
  });
});

/** The same database, and every question that is asked of it from now on. */
function watching(database: Database): { watched: Database; asked: CompiledQuery[] } {
  const asked: CompiledQuery[] = [];
  const note = (node: RootOperationNode) => {
    if (SelectQueryNode.is(node))
      asked.push(database.kysely.getExecutor().compileQuery(node, { queryId: 'plan' }));
  };
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      note(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { asked, watched: { ...database, kysely: database.kysely.withPlugin(plugin) } };
}

async function wholeTablesIn(database: Database, query: CompiledQuery): Promise<string[]> {
  return database.engine === 'sqlite' ? scansOnSqlite(database, query) : scansOnPostgres(database, query);
}

/**
 * `SCAN x` is the table itself. By an index, or by the id that the rows lie in order of, it is a walk that has to end at
 * a page's last row; what an index alone can count is no reading of the table.
 */
async function scansOnSqlite({ kysely }: Database, query: CompiledQuery): Promise<string[]> {
  const plan = await kysely.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]),
  );
  const ends = /\blimit\b/.test(query.sql);
  const isCount = /count\(\*\) as "amount" from "booking_requests" group by/.test(query.sql);
  const isById = ends && /from "audit" (?:where .*)?order by "id"/.test(query.sql);
  return plan.rows
    .map(({ detail }) => detail)
    .filter((detail) => {
      const [, table = ''] = /^SCAN (\w+)/.exec(detail) ?? [];
      if (!BIG.includes(table) || isPartial(detail)) return false;
      if (detail.includes('USING COVERING INDEX') && isCount) return false;
      return detail.includes(' INDEX ') ? !ends : !isById;
    });
}

/** Indexes of what waits, or is open, only: few rows however many conversations there are. */
function isPartial(detail: string): boolean {
  return /bot_state_with_dialog|activities_events|conversations_with_person/.test(detail);
}

/** Small tables are read whole on Postgres whatever the indexes, so that way is made dear first: what is left has no other. */
async function scansOnPostgres({ kysely }: Database, query: CompiledQuery): Promise<string[]> {
  return kysely.transaction().execute(async (transaction) => {
    await transaction.executeQuery(CompiledQuery.raw('set local enable_seqscan = off'));
    const plan = await transaction.executeQuery<{ 'QUERY PLAN': string }>(
      CompiledQuery.raw(`explain ${query.sql}`, [...query.parameters]),
    );
    return plan.rows
      .map((row) => row['QUERY PLAN'])
      .filter((line) => BIG.includes(/Seq Scan on (\w+)/.exec(line)?.[1] ?? ''));
  });
}
