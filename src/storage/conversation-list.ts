import { type ExpressionBuilder, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { ConversationFilter, ConversationRow, Cursor, Page } from '../staff/ports';
import type { Database } from './open-database';
import type { ConversationsTable, Schema } from './schema';
import { expandSearch, facet, indexPending } from './search-index';
import { wordsIn } from './search-words';

/** Conversations that a search brings into the index at once; the service's own rounds do the rest. */
const INDEXED_BEFORE_SEARCH = 200;
/**
 * Up to so many conversations with everything asked for are fetched and put in order; above it, the newest
 * conversations are walked until a page is full. At 100,000 conversations both take at most about 50 ms there.
 */
const FEW_ENOUGH_TO_SORT = 5_000;
/**
 * What so many conversations have is found soon by walking, and reading all of it in the index takes longer: 15 ms on
 * SQLite and 75 ms on a busy Postgres for two words that 30,000 conversations have each.
 */
const COMMON = 20_000;
/** Characters of the line that a search found, or for which a conversation waits. */
const SNIPPET_LENGTH = 200;

/** One page of conversations, newest activity first. */
export async function listConversations(
  database: Database,
  filter: ConversationFilter,
  limit: number,
  after: Cursor | undefined,
): Promise<Page<ConversationRow>> {
  const { kysely } = database;
  if (filter.search !== undefined && wordsIn(filter.search).length === 0) return { rows: [] };
  const wanted = await termsOf(database, filter);
  const few = await fewCandidates(database, filter, wanted);
  const rows =
    few === undefined
      ? await newestWith(database, filter, wanted, limit + 1, after)
      : await fewWith(database, filter, few, limit + 1, after);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined && { next: { at: last.updated_at, id: last.id } };
  const ids = shown.map(({ id }) => id);
  const [tags, notes, found, raising] = await Promise.all([
    tagsOf(kysely, ids),
    noteCounts(kysely, ids),
    foundLines(kysely, ids, filter.search === undefined ? [] : wanted.flat()),
    raisingLines(kysely, shown),
  ]);
  return {
    rows: shown.map((row) => ({
      ...toConversation(row),
      tags: tags.get(row.id) ?? [],
      notes: notes.get(row.id) ?? 0,
      found: found.get(row.id) ?? null,
      raisedBy: raising.get(row.id) ?? null,
    })),
    ...next,
  };
}

/** Each inner list is one thing asked for: a conversation must have one term of each. */
async function termsOf(database: Database, filter: ConversationFilter): Promise<string[][]> {
  const { search, entry, outcome, reached, thumb, tenth } = filter;
  const facets = [
    entry === undefined ? undefined : facet('entry', entry),
    outcome === undefined ? undefined : facet('outcome', outcome),
    reached === undefined ? undefined : facet('reached', reached),
    thumb === undefined ? undefined : facet('thumb', thumb),
    tenth === undefined ? undefined : facet('tenth', String(tenth)),
  ].flatMap((term) => (term === undefined ? [] : [[term]]));
  if (search === undefined && facets.length === 0) return [];
  await indexPending(database, INDEXED_BEFORE_SEARCH);
  return [...facets, ...(search === undefined ? [] : await expandSearch(database.kysely, search))];
}

/** All conversations that may fit, and what of the index they must have besides. */
interface Few {
  ids: string[];
  others: string[][];
}

/** Undefined where what is asked for of the index, or the time, leaves many; and where neither is asked for. */
async function fewCandidates(
  database: Database,
  filter: ConversationFilter,
  wanted: string[][],
): Promise<Few | undefined> {
  const ids = await idsWithEach(database, wanted);
  if (ids !== undefined) return { ids, others: [] };
  const begun = await idsBegun(database, filter);
  return begun && { ids: begun, others: wanted };
}

/** The conversations with one term of each, out of the index alone; undefined where they are many. */
async function idsWithEach(database: Database, wanted: string[][]): Promise<string[] | undefined> {
  const [first, ...others] = wanted.map((terms) => conversationsWith(database, terms));
  if (first === undefined || (await areCommon(database, wanted))) return undefined;
  const found = await others
    .reduce((both, other) => both.intersect(other), first)
    .limit(FEW_ENOUGH_TO_SORT + 1)
    .execute();
  return found.length > FEW_ENOUGH_TO_SORT ? undefined : found.map((row) => row.conversation_id);
}

function conversationsWith({ kysely }: Database, terms: string[]) {
  return kysely.selectFrom('search_terms').select('conversation_id').distinct().where('term', 'in', terms);
}

/** Every one of them: a page of conversations with all of them is then found soon by walking. */
async function areCommon(database: Database, wanted: string[][]): Promise<boolean> {
  const amounts = await Promise.all(wanted.map((terms) => countUpToCommon(database, terms)));
  return Math.min(...amounts) > COMMON;
}

async function countUpToCommon({ kysely }: Database, terms: string[]): Promise<number> {
  const { amount } = await kysely
    .selectFrom((row) =>
      row
        .selectFrom('search_terms')
        .select('conversation_id')
        .where('term', 'in', terms)
        .limit(COMMON + 1)
        .as('some'),
    )
    .select((row) => row.fn.countAll().as('amount'))
    .executeTakeFirstOrThrow();
  return Number(amount);
}

/** Of a day or a week that is long past: the walk from the newest on would not come to it for a while. */
async function idsBegun(
  { kysely }: Database,
  { begunFrom, begunTo }: ConversationFilter,
): Promise<string[] | undefined> {
  if (begunFrom === undefined || begunTo === undefined) return undefined;
  const begun = await kysely
    .selectFrom('conversations')
    .select('id')
    .where('started_at', '>=', begunFrom)
    .where('started_at', '<', begunTo)
    .limit(FEW_ENOUGH_TO_SORT + 1)
    .execute();
  return begun.length > FEW_ENOUGH_TO_SORT ? undefined : begun.map(({ id }) => id);
}

async function fewWith(
  { kysely }: Database,
  filter: ConversationFilter,
  { ids, others }: Few,
  limit: number,
  after: Cursor | undefined,
): Promise<ConversationsTableRow[]> {
  const rows: { id: string; updated_at: string }[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const query = kysely
      .selectFrom('conversations')
      .select(['id', 'updated_at'])
      .where('id', 'in', some)
      .$call((base) => narrowed(base, filter, others, after));
    rows.push(...(await query.execute()));
  }
  rows.sort(newestFirst);
  const page = rows.slice(0, limit).map(({ id }) => id);
  if (page.length === 0) return [];
  const full = await kysely.selectFrom('conversations').selectAll().where('id', 'in', page).execute();
  return full.sort(newestFirst);
}

/** Ids in one statement: both engines plan 1,000 in a few milliseconds. */
const IDS_AT_ONCE = 1_000;

function newestWith(
  { kysely }: Database,
  filter: ConversationFilter,
  wanted: string[][],
  limit: number,
  after: Cursor | undefined,
): Promise<ConversationsTableRow[]> {
  return kysely
    .selectFrom('conversations')
    .selectAll()
    .$call((base) => narrowed(base, filter, wanted, after))
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

type ConversationsTableRow = Omit<Selectable<ConversationsTable>, 'indexed_through'>;

function newestFirst(one: { id: string; updated_at: string }, other: { id: string; updated_at: string }) {
  if (one.updated_at !== other.updated_at) return one.updated_at < other.updated_at ? 1 : -1;
  return one.id < other.id ? -1 : 1;
}

/** Everything of the filter, and where the page begins. */
function narrowed<Output>(
  base: SelectQueryBuilder<Schema, 'conversations', Output>,
  filter: ConversationFilter,
  wanted: string[][],
  after: Cursor | undefined,
): SelectQueryBuilder<Schema, 'conversations', Output> {
  const { review, reason, channel, from, to, lessSureThan, reviewed, reviewedBy, assignedTo, tag } = filter;
  const { begunFrom, begunTo } = filter;
  let query = base.where('visitor_messages', '>', 0);
  if (review) query = query.where('review', 'is not', null);
  if (reason !== undefined) query = query.where('review', '=', reason);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (from !== undefined) query = query.where('updated_at', '>=', from);
  if (to !== undefined) query = query.where('updated_at', '<', to);
  // Nothing is newer than its beginning: that bounds the walk.
  if (begunFrom !== undefined)
    query = query.where('started_at', '>=', begunFrom).where('updated_at', '>=', begunFrom);
  if (begunTo !== undefined) query = query.where('started_at', '<', begunTo);
  if (lessSureThan !== undefined) query = query.where('lowest_confidence', '<', lessSureThan);
  if (reviewed !== undefined) query = query.where('reviewed_at', reviewed ? 'is not' : 'is', null);
  if (reviewedBy !== undefined) query = query.where('reviewed_by', '=', reviewedBy);
  if (assignedTo !== undefined)
    query = query.where('assigned_to', assignedTo === null ? 'is' : '=', assignedTo);
  if (tag !== undefined) query = query.where((row) => hasTag(row, tag));
  for (const terms of wanted) query = query.where((row) => hasTerm(row, terms));
  if (after === undefined) return query;
  return query.where((row) =>
    row.and([
      // Says nothing new, but is what lets the index start at the right place.
      row('updated_at', '<=', after.at),
      row.or([row('updated_at', '<', after.at), row('id', '>', after.id)]),
    ]),
  );
}

type Row = ExpressionBuilder<Schema, 'conversations'>;

/**
 * A subquery with a limit and not `exists`: Postgres would turn that into a join over every conversation, which took
 * 216 ms for two common words; this it asks for one conversation after the other, until the page is full.
 */
function hasTerm(row: Row, terms: string[]) {
  return row(
    row
      .selectFrom('search_terms')
      .select('search_terms.term')
      .whereRef('search_terms.conversation_id', '=', 'conversations.id')
      .where('search_terms.term', 'in', terms)
      .limit(1),
    'is not',
    null,
  );
}

function hasTag(row: Row, tag: string) {
  return row.exists(
    row
      .selectFrom('conversation_tags')
      .select('conversation_tags.tag')
      .whereRef('conversation_tags.conversation_id', '=', 'conversations.id')
      .where('conversation_tags.tag', '=', tag),
  );
}

async function tagsOf(kysely: Database['kysely'], ids: string[]): Promise<Map<string, string[]>> {
  const tags = new Map<string, string[]>();
  if (ids.length === 0) return tags;
  const rows = await kysely
    .selectFrom('conversation_tags')
    .select(['conversation_id', 'tag'])
    .where('conversation_id', 'in', ids)
    .orderBy('tag')
    .execute();
  for (const { conversation_id: id, tag } of rows) tags.set(id, [...(tags.get(id) ?? []), tag]);
  return tags;
}

async function noteCounts(kysely: Database['kysely'], ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await kysely
    .selectFrom('conversation_notes')
    .select(['conversation_id', (row) => row.fn.countAll().as('amount')])
    .where('conversation_id', 'in', ids)
    .groupBy('conversation_id')
    .execute();
  return new Map(rows.map((row) => [row.conversation_id, Number(row.amount)]));
}

/** For each conversation the visitor's line that has most of what was searched. */
async function foundLines(
  kysely: Database['kysely'],
  ids: string[],
  terms: string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (ids.length === 0 || terms.length === 0) return found;
  const searched = new Set(terms);
  const most = new Map<string, number>();
  const lines = await kysely
    .selectFrom('activities')
    .select(['conversation_id', 'text'])
    .where('conversation_id', 'in', ids)
    .where('role', '=', 'user')
    .where('text', 'is not', null)
    .execute();
  for (const { conversation_id: id, text } of lines) {
    const hits = wordsIn(text ?? '').filter((word) => searched.has(word)).length;
    if (hits <= (most.get(id) ?? 0)) continue;
    most.set(id, hits);
    found.set(id, snippetOf(text));
  }
  return found;
}

/** What was decided of the message for which a conversation waits, where no decision says so itself. */
const RAISED_BY: Partial<Record<string, readonly string[]>> = {
  unanswered: ['none', 'handoff'],
  unsure: ['clarify'],
  safety: ['safety'],
};

/** For each conversation that waits the last line for whose sake it does, which need not be its first. */
async function raisingLines(
  kysely: Database['kysely'],
  rows: readonly { id: string; review: string | null }[],
): Promise<Map<string, string>> {
  const reasons = new Map(rows.flatMap(({ id, review }) => (review === null ? [] : [[id, review] as const])));
  const raising = new Map<string, string>();
  if (reasons.size === 0) return raising;
  const raised = sql<string | null>`case when decision like ${'%"raises":%'} then decision end`;
  const lines = await kysely
    .selectFrom('activities')
    .select(['conversation_id', 'text', 'decided', raised.as('raised')])
    .select((row) => row('decision', 'is', null).as('isUndecided'))
    .where('conversation_id', 'in', [...reasons.keys()])
    .where('role', '=', 'user')
    .where('type', '=', 'message')
    .where('text', 'is not', null)
    .orderBy('sequence')
    .execute();
  const known = new Set<string>();
  const asked = new Map<string, string>();
  for (const { conversation_id: id, text, raised, decided, isUndecided } of lines) {
    const reason = reasons.get(id) ?? '';
    // What is written to a person of the team is not decided about at all.
    const isIt =
      (reason === 'visitor-waits' && Boolean(isUndecided)) ||
      raised?.includes(`"raises":${JSON.stringify(reason)}`) === true;
    if (isIt) known.add(id);
    // A yes to the bot's own offer is nothing that it knows either, and raises nothing.
    const mayBe = !known.has(id) && decided !== null && RAISED_BY[reason]?.includes(decided) === true;
    // "None of these" raises it for the question that was asked before.
    const isReply = raised?.includes('"step":"continue-dialog"') === true;
    if (isIt || mayBe) raising.set(id, (isReply && asked.get(id)) || snippetOf(text));
    if (raised !== null && !isReply) asked.set(id, snippetOf(text));
  }
  return raising;
}

function snippetOf(text: string | null): string {
  return Array.from(text ?? '')
    .slice(0, SNIPPET_LENGTH)
    .join('');
}

/** Which conversation it is, in the console's words. */
export function toFound(row: ConversationsTableRow) {
  return {
    id: row.id,
    channel: row.channel,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    firstText: row.first_text,
    visitorMessages: row.visitor_messages,
  };
}

/** The columns of one conversation in the console's words. */
export function toConversation(row: ConversationsTableRow) {
  return {
    ...toFound(row),
    lowestConfidence: row.lowest_confidence,
    review: row.review,
    reviewedAt: row.reviewed_at,
    reviewedBy: row.reviewed_by,
    assignedTo: row.assigned_to,
  };
}
