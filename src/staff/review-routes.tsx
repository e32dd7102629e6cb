import type { Decision } from '../answers/decision';
import type { HttpResponse } from '../http/route';
import { notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { ConversationPage } from './pages/conversation-page';
import { ConversationsPage, filterQuery } from './pages/conversations-page';
import type { Frame } from './pages/layout';
import { OverviewPage } from './pages/overview-page';
import { RequestPage } from './pages/request-page';
import { RequestsPage } from './pages/requests-page';
import { REQUEST_STATUSES } from './ports';
import type { ConversationFilter, ConversationRow, Cursor, Review, StaffAccounts } from './ports';
import type { StaffMember } from './sessions';
import { ALL_OUTCOMES, ALL_STATUSES, reasonsByNeed, startOfDay } from './words';

const ROWS_PER_PAGE = 50;
/** A long conversation comes in pages too: its newest lines first. */
const LINES_PER_PAGE = 500;
const SHOWN_ON_OVERVIEW = 5;

/** What waits, the conversations, and the booking requests. */
export function reviewRoutes(parts: {
  accounts: StaffAccounts;
  review: Review;
  clock: () => Date;
  clinicZone: string;
  answerNow: ((text: string) => Decision) | undefined;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { accounts, review, clock, clinicZone, answerNow, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  /** The first rows of the most pressing reason, then of the next. */
  async function mostPressing(reasons: string[], limit: number): Promise<ConversationRow[]> {
    const rows: ConversationRow[] = [];
    for (const reason of reasonsByNeed(reasons)) {
      if (rows.length >= limit) break;
      rows.push(...(await review.conversations({ reason }, limit - rows.length)).rows);
    }
    return rows;
  }

  async function overview(_request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const frame = await frameOf(member);
    const today = await review.activitySince(startOfDay(frame.now, clinicZone, 0));
    const week = await review.activitySince(startOfDay(frame.now, clinicZone, 6));
    const toReview = await mostPressing(Object.keys(frame.waiting.reasons), SHOWN_ON_OVERVIEW);
    const newRequests = (await review.requests({ status: 'new' }, SHOWN_ON_OVERVIEW)).rows;
    return page(200, <OverviewPage {...{ frame, today, week, toReview, newRequests }} />);
  }

  async function conversations({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const filter = filterIn(query);
    const after = cursorIn(query);
    const found = await review.conversations(filter, ROWS_PER_PAGE, after);
    const content = (
      <ConversationsPage
        frame={await frameOf(member)}
        page={found}
        filter={filter}
        channels={await review.channels()}
        older={olderLink('/staff/conversations', filterQuery(filter), found.next)}
        isFirst={after === undefined}
      />
    );
    return page(200, content);
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
    const address = `/staff/conversations/${encodeURIComponent(id)}`;
    const upTo = numberIn(request.form.get('upTo'));
    const result = upTo === undefined ? 'unknown' : await review.markReviewed(id, upTo, by(member));
    if (result === 'unknown') return notFound();
    if (result === 'moved-on') return seeOther(`${address}?moved-on`);
    return seeOther(request.form.get('open') === 'next' ? await nextToReview() : address);
  }

  async function nextToReview(): Promise<string> {
    const { reasons } = await review.waiting();
    const [next] = await mostPressing(Object.keys(reasons), 1);
    return next === undefined ? '/staff' : `/staff/conversations/${encodeURIComponent(next.id)}`;
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
    { method: 'GET', path: '/staff/conversations', handle: conversations },
    { method: 'GET', path: '/staff/conversations/:id', handle: conversation },
    { method: 'POST', path: '/staff/conversations/:id/reviewed', handle: markReviewed },
    { method: 'GET', path: '/staff/requests', handle: requests },
    { method: 'GET', path: '/staff/requests/:reference', handle: request },
    { method: 'POST', path: '/staff/requests/:reference/status', handle: setStatus },
  ];
}

/** An unknown value is no filter, so that an old link still shows a list. */
function filterIn(query: URLSearchParams): ConversationFilter {
  const reason = query.get('reason') || undefined;
  const channel = query.get('channel') || undefined;
  const outcome = oneOf(ALL_OUTCOMES, query.get('outcome'));
  return {
    ...(query.get('show') === 'waiting' && { review: true }),
    ...(reason !== undefined && { reason }),
    ...(channel !== undefined && { channel }),
    ...(outcome !== undefined && { outcome }),
  };
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
