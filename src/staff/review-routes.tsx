import type { Decision } from '../answers/decision';
import type { HttpResponse } from '../http/route';
import { assignees } from './assignees';
import { conversationScript } from './conversation-script';
import { download, notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { maskText } from './masking';
import { keepNote } from './notes';
import { ConversationPage } from './pages/conversation-page';
import { addressOf, ConversationsPage, FILTER_NAMES } from './pages/conversations-page';
import type { Frame } from './pages/layout';
import { OverviewPage } from './pages/overview-page';
import { BOOKING_STEPS } from '../booking/booking-steps';
import type { ConversationFilter, PageNotes, Review, StaffAccounts } from './ports';
import { LONGEST_SEARCH, allRows, assigneeIn, cursorIn, dayIn, numberIn, olderLink, oneOf } from './query';
import { readQueue } from './queue';
import type { StaffMember } from './sessions';
import type { Speech } from './speech';
import { speechRoutes } from './speech-routes';
import { conversationsTable } from './tables';
import { ALL_OUTCOMES, dayOf, startOfDay } from './words';

const ROWS_PER_PAGE = 50;
/** A long conversation comes in pages too: its newest lines first. */
const LINES_PER_PAGE = 500;
const QUEUE_LENGTH = 30;
const LONGEST_TAG = 30;
const LONGEST_NAME = 40;
const PERSONAL_VIEW =
  'A view is kept for everybody and outlives the people it finds: leave out telephone numbers and e-mail addresses.';

/** What waits, and the conversations. */
export function reviewRoutes(parts: {
  accounts: StaffAccounts;
  review: Review;
  speech: Speech;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  clinicZone: string;
  answerNow: (text: string) => Decision;
  entries: () => { id: string; title: string }[];
  knowledgeProblem?: () => string | undefined;
  /** The sentence by which the booking asks for a name. */
  asksName: () => string;
  pageNotes?: PageNotes | undefined;
  /** New requests that wait since then or longer are overdue. */
  overdueSince: () => string;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const {
    accounts,
    review,
    speech,
    clock,
    randomBytes,
    clinicZone,
    answerNow,
    entries,
    overdueSince,
    frameOf,
  } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function overview({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const frame = await frameOf(member);
    const starts = {
      today: startOfDay(frame.now, clinicZone, 0),
      week: startOfDay(frame.now, clinicZone, 6),
    };
    const today = await review.activitySince(starts.today);
    const week = await review.activitySince(starts.week);
    const days = { today: dayOf(starts.today, clinicZone), week: dayOf(starts.week, clinicZone) };
    const need = query.get('need') || undefined;
    const queue = await readQueue(review, frame.waiting, overdueSince(), QUEUE_LENGTH, need);
    return page(
      200,
      <OverviewPage
        {...{ frame, today, week, days, queue, need, knowledgeProblem: parts.knowledgeProblem?.() }}
        lastReviewed={query.get('reviewed') ?? undefined}
        pageNotes={(await parts.pageNotes?.list()) ?? []}
      />,
    );
  }

  async function settleNotice({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = numberIn(params.id ?? '');
    const how = oneOf(['retry', 'dismiss'] as const, form.get('how'));
    if (id === undefined || how === undefined) return notFound();
    const result = await review.settleUndelivered(id, how, by(member));
    if (result === 'unknown') return notFound();
    const reference = form.get('request');
    return seeOther(reference === null ? '/staff' : `/staff/requests/${encodeURIComponent(reference)}`);
  }

  async function settlePageNote({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const result = await parts.pageNotes?.settle(params.name ?? '', by(member));
    return result === 'settled' ? seeOther('/staff') : notFound();
  }

  async function conversations({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const filter = filterIn(query, clinicZone, member.email);
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
        views={await review.savedViews()}
        problem={query.has('personal') ? PERSONAL_VIEW : undefined}
        older={olderLink('/staff/conversations', new URLSearchParams(kept), found.next)}
        isFirst={after === undefined}
      />
    );
    return page(200, content);
  }

  async function table({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const filter = filterIn(query, clinicZone, member.email);
    const rows = await allRows((limit, after) => review.conversations(filter, limit, after));
    await accounts.audit({ ...by(member), action: 'export-table', subject: 'conversations' });
    return download('conversations.csv', 'text/csv; charset=utf-8', conversationsTable(rows));
  }

  async function saveView({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const query = keptQuery(new URLSearchParams(form.get('query') ?? ''));
    const name = (form.get('name') ?? '').trim().replace(/\s+/g, ' ').slice(0, LONGEST_NAME);
    // A view outlives the person that it searches for, and an erasure would not find it.
    const isPersonal = [name, query.get('search') ?? ''].some((text) => maskText(text) !== text);
    if (isPersonal) return seeOther(addressOf(new URLSearchParams([...query, ['personal', '']])));
    if (name !== '' && query.size > 0) await review.saveView({ name, query: query.toString() }, by(member));
    return seeOther(addressOf(query));
  }

  async function removeView({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = numberIn(params.id ?? '');
    const result = id === undefined ? 'unknown' : await review.removeView(id, by(member));
    return result === 'unknown' ? notFound() : seeOther('/staff/conversations');
  }

  /** `revealed` shows contact details as well; both are written down. */
  async function conversation(
    request: ConsoleRequest,
    member: StaffMember,
    revealed = false,
    unsent?: { problem: string; draft: string },
  ): Promise<HttpResponse> {
    const { id = '' } = request.params;
    const before = numberIn(request.query.get('before'));
    const reading = await review.conversation(id, LINES_PER_PAGE, before);
    if (reading === undefined) return notFound();
    const action = revealed ? 'reveal' : 'read';
    await accounts.audit({ ...by(member), action, subject: `conversation:${id}` });
    const notice = request.query.has('moved-on')
      ? {
          text: 'The visitor has written again. Read the new messages, then mark it reviewed.',
          kind: 'problem' as const,
        }
      : undefined;
    const frame = { ...(await frameOf(member)), revealed };
    const staff = await assignees(accounts);
    const speak = {
      reach: await speech.reach(reading),
      ownName: speech.nameOf(member),
      once: randomBytes(16).toString('base64url'),
      unsent,
    };
    return page(
      unsent === undefined ? 200 : 422,
      <ConversationPage
        {...{ frame, conversation: reading, staff, answerNow, notice, speak, isNewest: before === undefined }}
        lastReviewed={request.query.get('reviewed') ?? undefined}
      />,
    );
  }

  async function markReviewed(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = request.params;
    const address = conversationAddress(id);
    const upTo = numberIn(request.form.get('upTo'));
    const result = upTo === undefined ? 'unknown' : await review.markReviewed(id, upTo, by(member));
    if (result === 'unknown') return notFound();
    if (result === 'moved-on') return seeOther(`${address}?moved-on`);
    if (request.form.get('open') !== 'next') return seeOther(address);
    return seeOther(`${await nextToReview()}?${new URLSearchParams({ reviewed: id }).toString()}`);
  }

  async function bringBack({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const result = await review.bringBack(id, by(member));
    return result === 'unknown' ? notFound() : seeOther(conversationAddress(id));
  }

  /** Requests and notices are not read through like conversations: the queue shows them when nothing else waits. */
  async function nextToReview(): Promise<string> {
    const waiting = await review.waiting(overdueSince());
    const conversationsOnly = { ...waiting, newRequests: 0, overdueRequests: 0, undelivered: 0 };
    const [next] = await readQueue(review, conversationsOnly, overdueSince(), 1);
    return next?.kind === 'conversation'
      ? `/staff/conversations/${encodeURIComponent(next.row.id)}`
      : '/staff';
  }

  async function addNote({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const result = await keepNote(review, id, form, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${conversationAddress(id)}#notes`);
  }

  async function setTag({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const removed = form.get('remove');
    const tag = tagIn(removed ?? form.get('tag') ?? '');
    const result = tag === '' ? 'changed' : await review.setTag(id, tag, removed === null, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${conversationAddress(id)}#tags`);
  }

  async function assign({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const to = assigneeIn(form.get('to'), member.email);
    if (to === undefined) return notFound();
    if (to !== null && !(await assignees(accounts)).includes(to)) return notFound();
    const result = await review.assignConversation(id, to, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${conversationAddress(id)}#assigned`);
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

  async function saveAsTest({ params }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { id = '' } = params;
    const reading = await review.conversation(id, LINES_PER_PAGE);
    if (reading === undefined) return notFound();
    await accounts.audit({ ...by(member), action: 'save-test', subject: `conversation:${id}` });
    const script = conversationScript(reading, { zone: clinicZone, asksName: parts.asksName() });
    return download('conversation.chat.txt', 'text/plain; charset=utf-8', script);
  }

  return [
    { method: 'GET', path: '/staff', handle: overview },
    { method: 'POST', path: '/staff/notices/:id', handle: settleNotice },
    { method: 'POST', path: '/staff/page-notes/:name', handle: settlePageNote },
    { method: 'GET', path: '/staff/conversations', handle: conversations },
    { method: 'GET', path: '/staff/conversations.csv', handle: table },
    { method: 'POST', path: '/staff/views', handle: saveView },
    { method: 'POST', path: '/staff/views/:id/remove', handle: removeView },
    {
      method: 'GET',
      path: '/staff/conversations/:id',
      handle: (request, member) => conversation(request, member),
    },
    {
      method: 'GET',
      path: '/staff/conversations/:id/revealed',
      handle: (request, member) => conversation(request, member, true),
    },
    { method: 'POST', path: '/staff/conversations/:id/assigned', handle: assign },
    ...speechRoutes({
      review,
      speech,
      clock,
      showConversation: (request, member, unsent) => conversation(request, member, false, unsent),
    }),
    { method: 'POST', path: '/staff/conversations/:id/reviewed', handle: markReviewed },
    { method: 'POST', path: '/staff/conversations/:id/brought-back', handle: bringBack },
    { method: 'POST', path: '/staff/conversations/:id/notes', handle: addNote },
    { method: 'POST', path: '/staff/conversations/:id/tags', handle: setTag },
    { method: 'GET', path: '/staff/conversations/:id/transcript', handle: transcript },
    { method: 'GET', path: '/staff/conversations/:id/test', handle: saveAsTest },
  ];
}

function conversationAddress(id: string): string {
  return `/staff/conversations/${encodeURIComponent(id)}`;
}

/** Lower case and single spaces, so that "VIP" and "vip " are one tag. */
function tagIn(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ').slice(0, LONGEST_TAG);
}

/** An unknown value is no filter, so that an old link still shows a list. */
function filterIn(query: URLSearchParams, zone: string, self: string): ConversationFilter {
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
    assignedTo: assigneeIn(query.get('assigned'), self),
    search: text('search')?.slice(0, LONGEST_SEARCH),
    reached: oneOf(BOOKING_STEPS, query.get('reached')),
    thumb: oneOf(['up', 'down'] as const, query.get('thumb')),
    tenth: tenthIn(query.get('tenth')),
    lessSureThan: sure > 0 && sure <= 1 ? sure : undefined,
    from: dayIn(query.get('from'), zone, 0),
    to: dayIn(query.get('to'), zone, 1),
    begunFrom: dayIn(query.get('begun'), zone, 0),
    begunTo: dayIn(query.get('begunTo'), zone, 1),
    review: show === 'waiting' ? true : undefined,
    reviewed: show === 'reviewed' ? true : show === 'unreviewed' ? false : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function tenthIn(text: string | null): number | undefined {
  return text !== null && /^\d$/.test(text) ? Number(text) : undefined;
}

/** What of an address is the filter's: the rest is paging. */
function keptQuery(query: URLSearchParams): URLSearchParams {
  const kept = FILTER_NAMES.map((name) => [name, query.get(name) ?? '']).filter(([, value]) => value !== '');
  return new URLSearchParams(kept);
}
