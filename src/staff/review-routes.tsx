import { DateTime } from 'luxon';
import type { Decision } from '../answers/decision';
import type { HttpResponse } from '../http/route';
import { notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { ConversationPage } from './pages/conversation-page';
import { ConversationsPage, FILTER_NAMES } from './pages/conversations-page';
import type { Frame } from './pages/layout';
import { OverviewPage } from './pages/overview-page';
import { RequestPage } from './pages/request-page';
import { RequestsPage } from './pages/requests-page';
import { REQUEST_STATUSES } from './ports';
import type { ConversationFilter, Cursor, Page, Review, StaffAccounts } from './ports';
import { readQueue } from './queue';
import type { StaffMember } from './sessions';
import { conversationsTable, requestsTable } from './tables';
import { ALL_OUTCOMES, ALL_STATUSES, startOfDay } from './words';

const ROWS_PER_PAGE = 50;
/** A long conversation comes in pages too: its newest lines first. */
const LINES_PER_PAGE = 500;
const QUEUE_LENGTH = 30;
/** Rows of a table that is downloaded. */
const LONGEST_TABLE = 10_000;
const LONGEST_NOTE = 2_000;
const LONGEST_TAG = 30;
const LONGEST_SEARCH = 200;

/** What waits, the conversations, and the booking requests. */
export function reviewRoutes(parts: {
  accounts: StaffAccounts;
  review: Review;
  clock: () => Date;
  clinicZone: string;
  answerNow: (text: string) => Decision;
  entries: () => { id: string; title: string }[];
  knowledgeProblem?: () => string | undefined;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { accounts, review, clock, clinicZone, answerNow, entries, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function overview({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const frame = await frameOf(member);
    const today = await review.activitySince(startOfDay(frame.now, clinicZone, 0));
    const week = await review.activitySince(startOfDay(frame.now, clinicZone, 6));
    const need = query.get('need') || undefined;
    const queue = await readQueue(review, frame.waiting, QUEUE_LENGTH, need);
    return page(
      200,
      <OverviewPage {...{ frame, today, week, queue, need, knowledgeProblem: parts.knowledgeProblem?.() }} />,
    );
  }

  async function settleNotice({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = numberIn(params.id ?? '');
    const how = oneOf(['retry', 'dismiss'] as const, form.get('how'));
    if (id === undefined || how === undefined) return notFound();
    const result = await review.settleUndelivered(id, how, by(member));
    return result === 'unknown' ? notFound() : seeOther('/staff');
  }

  async function conversations({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const filter = filterIn(query, clinicZone);
    const kept = keptQuery(query);
    const after = cursorIn(query);
    const found = await review.conversations(filter, ROWS_PER_PAGE, after);
    const content = (
      <ConversationsPage
        frame={await frameOf(member)}
        page={found}
        filter={filter}
        query={kept}
        choices={{
          channels: await review.channels(),
          tags: await review.tags(),
          staff: (await accounts.list()).map(({ email }) => email),
          entries: entries(),
        }}
        older={olderLink('/staff/conversations', new URLSearchParams(kept), found.next)}
        isFirst={after === undefined}
      />
    );
    return page(200, content);
  }

  async function table({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const filter = filterIn(query, clinicZone);
    const rows = await allRows((after) => review.conversations(filter, ROWS_IN_ONE_READ, after));
    await accounts.audit({ ...by(member), action: 'export-table', subject: 'conversations' });
    return download('conversations.csv', 'text/csv; charset=utf-8', conversationsTable(rows));
  }

  async function conversation(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = request.params;
    const reading = await review.conversation(id, LINES_PER_PAGE, numberIn(request.query.get('before')));
    if (reading === undefined) return notFound();
    await accounts.audit({ ...by(member), action: 'read', subject: `conversation:${id}` });
    const notice = request.query.has('moved-on')
      ? {
          text: 'The visitor has written again. Read the new messages, then mark it reviewed.',
          kind: 'problem' as const,
        }
      : undefined;
    const frame = await frameOf(member);
    return page(200, <ConversationPage {...{ frame, conversation: reading, answerNow, notice }} />);
  }

  async function markReviewed(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = request.params;
    const address = conversationAddress(id);
    const upTo = numberIn(request.form.get('upTo'));
    const result = upTo === undefined ? 'unknown' : await review.markReviewed(id, upTo, by(member));
    if (result === 'unknown') return notFound();
    if (result === 'moved-on') return seeOther(`${address}?moved-on`);
    return seeOther(request.form.get('open') === 'next' ? await nextToReview() : address);
  }

  /** Requests and notices are not read through like conversations: the queue shows them when nothing else waits. */
  async function nextToReview(): Promise<string> {
    const waiting = await review.waiting();
    const conversationsOnly = { ...waiting, newRequests: 0, undelivered: 0 };
    const [next] = await readQueue(review, conversationsOnly, 1);
    return next?.kind === 'conversation'
      ? `/staff/conversations/${encodeURIComponent(next.row.id)}`
      : '/staff';
  }

  async function addNote({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const text = (form.get('text') ?? '').trim().slice(0, LONGEST_NOTE);
    const result = text === '' ? 'added' : await review.addNote(id, text, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${conversationAddress(id)}#notes`);
  }

  async function setTag({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const removed = form.get('remove');
    const tag = tagIn(removed ?? form.get('tag') ?? '');
    const result = tag === '' ? 'changed' : await review.setTag(id, tag, removed === null, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${conversationAddress(id)}#tags`);
  }

  async function transcript({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const activities = await review.activities(id);
    if (activities === undefined) return notFound();
    await accounts.audit({ ...by(member), action: 'export-transcript', subject: `conversation:${id}` });
    return download(
      `${id.replace(/[^\w-]/g, '_')}.transcript`,
      'application/json',
      JSON.stringify(activities, null, 2),
    );
  }

  async function requests({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const status = oneOf(ALL_STATUSES, query.get('status'));
    const after = cursorIn(query);
    const found = await review.requests({ ...(status && { status }) }, ROWS_PER_PAGE, after);
    const content = (
      <RequestsPage
        frame={await frameOf(member)}
        page={found}
        counts={await review.requestCounts()}
        status={status}
        older={olderLink('/staff/requests', new URLSearchParams(status && { status }), found.next)}
        isFirst={after === undefined}
      />
    );
    return page(200, content);
  }

  async function requestTable({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const status = oneOf(ALL_STATUSES, query.get('status'));
    const rows = await allRows((after) =>
      review.requests({ ...(status && { status }) }, ROWS_IN_ONE_READ, after),
    );
    await accounts.audit({ ...by(member), action: 'export-table', subject: 'requests' });
    return download('requests.csv', 'text/csv; charset=utf-8', requestsTable(rows));
  }

  async function request(req: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const reading = await review.request(req.params.reference ?? '');
    if (reading === undefined) return notFound();
    await accounts.audit({ ...by(member), action: 'read', subject: `request:${reading.reference}` });
    const frame = await frameOf(member);
    return page(200, <RequestPage {...{ frame, reading, saved: req.query.has('saved') }} />);
  }

  async function setStatus(req: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { reference = '' } = req.params;
    const status = oneOf(REQUEST_STATUSES, req.form.get('status'));
    if (status === undefined) return notFound();
    const result = await review.setStatus(reference, status, by(member));
    return result === 'unknown'
      ? notFound()
      : seeOther(`/staff/requests/${encodeURIComponent(reference)}?saved`);
  }

  return [
    { method: 'GET', path: '/staff', handle: overview },
    { method: 'POST', path: '/staff/notices/:id', handle: settleNotice },
    { method: 'GET', path: '/staff/conversations', handle: conversations },
    { method: 'GET', path: '/staff/conversations.csv', handle: table },
    { method: 'GET', path: '/staff/conversations/:id', handle: conversation },
    { method: 'POST', path: '/staff/conversations/:id/reviewed', handle: markReviewed },
    { method: 'POST', path: '/staff/conversations/:id/notes', handle: addNote },
    { method: 'POST', path: '/staff/conversations/:id/tags', handle: setTag },
    { method: 'GET', path: '/staff/conversations/:id/transcript', handle: transcript },
    { method: 'GET', path: '/staff/requests', handle: requests },
    { method: 'GET', path: '/staff/requests.csv', handle: requestTable },
    { method: 'GET', path: '/staff/requests/:reference', handle: request },
    { method: 'POST', path: '/staff/requests/:reference/status', handle: setStatus },
  ];
}

/** Rows of a table read at once. */
const ROWS_IN_ONE_READ = 1_000;

/** Page after page, until there is no more or the table is long enough. */
async function allRows<Row>(read: (after: Cursor | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let after: Cursor | undefined;
  do {
    const found = await read(after);
    rows.push(...found.rows);
    after = found.next;
  } while (after !== undefined && rows.length < LONGEST_TABLE);
  return rows;
}

function conversationAddress(id: string): string {
  return `/staff/conversations/${encodeURIComponent(id)}`;
}

function download(name: string, type: string, body: string): HttpResponse {
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}

/** Lower case and single spaces, so that "VIP" and "vip " are one tag. */
function tagIn(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ').slice(0, LONGEST_TAG);
}

/** An unknown value is no filter, so that an old link still shows a list. */
function filterIn(query: URLSearchParams, zone: string): ConversationFilter {
  const text = (name: string) => query.get(name)?.trim() || undefined;
  const show = query.get('show');
  const outcome = oneOf(ALL_OUTCOMES, query.get('outcome'));
  const sure = Number(query.get('sure'));
  const given = {
    reason: text('reason'),
    channel: text('channel'),
    outcome,
    entry: text('entry'),
    tag: text('tag'),
    reviewedBy: text('by'),
    search: text('search')?.slice(0, LONGEST_SEARCH),
    lessSureThan: sure > 0 && sure <= 1 ? sure : undefined,
    from: dayIn(query.get('from'), zone, 0),
    to: dayIn(query.get('to'), zone, 1),
    review: show === 'waiting' ? true : undefined,
    reviewed: show === 'reviewed' ? true : show === 'unreviewed' ? false : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The moment the clinic's day begins, `later` days after it, as ISO 8601 UTC. */
function dayIn(text: string | null, zone: string, later: number): string | undefined {
  const day = DateTime.fromISO(text ?? '', { zone });
  return day.isValid ? (day.plus({ days: later }).toUTC().toISO() ?? undefined) : undefined;
}

/** What of an address is the filter's: the rest is paging. */
function keptQuery(query: URLSearchParams): URLSearchParams {
  const kept = FILTER_NAMES.map((name) => [name, query.get(name) ?? '']).filter(([, value]) => value !== '');
  return new URLSearchParams(kept);
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | undefined {
  return values.find((value) => value === text);
}

/** Sequence numbers; Postgres takes no integer above 2^31 - 1. */
function numberIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function cursorIn(query: URLSearchParams): Cursor | undefined {
  const at = query.get('at');
  const id = query.get('id');
  return at !== null && id !== null && /^\d{4}-[\dT:.-]{5,24}Z$/.test(at) ? { at, id } : undefined;
}

function olderLink(path: string, filter: URLSearchParams, next: Cursor | undefined): string | undefined {
  if (next === undefined) return undefined;
  filter.set('at', next.at);
  filter.set('id', next.id);
  return `${path}?${filter.toString()}`;
}
