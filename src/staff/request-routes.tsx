import type { HttpResponse } from '../http/route';
import { assignees } from './assignees';
import { download, notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { keepNote } from './notes';
import type { Frame } from './pages/layout';
import { RequestPage } from './pages/request-page';
import { OVERDUE, REQUEST_FILTER_NAMES, RequestsPage, WON } from './pages/requests-page';
import { REQUEST_STATUSES } from './ports';
import type { RequestFilter, Review, StaffAccounts } from './ports';
import { LONGEST_SEARCH, allRows, assigneeIn, cursorIn, dayIn, numberIn, olderLink, oneOf } from './query';
import type { ReadRequest } from './read-request';
import type { StaffMember } from './sessions';
import { readMessage, type Speech } from './speech';
import { onceIn, problemWith } from './speech-routes';
import { requestsTable } from './tables';
import { ALL_STATUSES } from './words';

const ROWS_PER_PAGE = 50;

/** The booking requests, and what staff do with them. */
export function requestRoutes(parts: {
  accounts: StaffAccounts;
  review: Review;
  speech: Speech;
  clock: () => Date;
  readRequest: ReadRequest;
  clinicZone: string;
  /** New requests that wait since then or longer are overdue. */
  overdueSince: () => string;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { accounts, review, speech, clock, readRequest, clinicZone, overdueSince, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function list({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const after = cursorIn(query);
    const { filter, others, kept } = filterIn(query, member);
    const found = await review.requests(filter, ROWS_PER_PAGE, after);
    const content = (
      <RequestsPage
        frame={await frameOf(member)}
        page={found}
        counts={await review.requestCounts(others)}
        channels={await review.channels()}
        query={kept}
        staff={(await accounts.list()).map(({ email }) => email)}
        older={olderLink('/staff/requests', kept, found.next)}
        isFirst={after === undefined}
      />
    );
    return page(200, content);
  }

  /** An unknown value is no filter, so that an old link still shows a list. `others` leaves the status open. */
  function filterIn(
    query: URLSearchParams,
    member: StaffMember,
  ): { filter: RequestFilter; others: RequestFilter; kept: URLSearchParams } {
    const status = oneOf([...ALL_STATUSES, OVERDUE, WON], query.get('status'));
    const answered = oneOf(['yes', 'no'] as const, query.get('answered'));
    const asked = {
      search: query.get('search')?.trim().slice(0, LONGEST_SEARCH) || undefined,
      assignedTo: assigneeIn(query.get('assigned'), member.email),
      from: dayIn(query.get('from'), clinicZone, 0),
      to: dayIn(query.get('to'), clinicZone, 1),
      channel: query.get('channel') || undefined,
      answered: answered && answered === 'yes',
      within: numberIn(query.get('within')),
      later: numberIn(query.get('later')),
    };
    const others: RequestFilter = Object.fromEntries(
      Object.entries(asked).filter(([, value]) => value !== undefined),
    );
    const kept = REQUEST_FILTER_NAMES.map((name) => [name, query.get(name) ?? '']);
    return {
      filter: { ...others, ...(status !== undefined && ofStatus(status)) },
      others,
      kept: new URLSearchParams(kept.filter(([, value]) => value !== '')),
    };
  }

  function ofStatus(status: string): RequestFilter {
    if (status === OVERDUE) return { status: 'new', waitsSince: overdueSince() };
    return status === WON ? { won: true } : { status };
  }

  async function table({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { filter } = filterIn(query, member);
    const rows = await allRows((limit, after) => review.requests(filter, limit, after));
    await accounts.audit({ ...by(member), action: 'export-table', subject: 'requests' });
    return download('requests.csv', 'text/csv; charset=utf-8', requestsTable(rows));
  }

  /** `revealed` shows contact details as well; both are written down. */
  async function show(
    { params, query }: ConsoleRequest,
    member: StaffMember,
    revealed = false,
    unsent?: { problem: string; draft: string },
  ): Promise<HttpResponse> {
    const view = await readRequest(params.reference ?? '', member, revealed);
    if (view === undefined) return notFound();
    const action = revealed ? 'reveal' : 'read';
    await accounts.audit({ ...by(member), action, subject: `request:${view.reading.reference}` });
    const [saved, answered] = [query.has('saved'), query.has('answered')];
    const content = <RequestPage view={view} saved={saved} answered={answered} unsent={unsent} />;
    return page(unsent === undefined ? 200 : 422, content);
  }

  async function answer(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { params, form } = request;
    const once = onceIn(form);
    const reading = await review.request(params.reference ?? '');
    const conversation = reading && (await review.conversation(reading.conversationId, 1));
    if (reading === undefined || conversation === undefined || once === undefined) return notFound();
    const text = readMessage(form.get('text') ?? '');
    const problem = problemWith(text);
    const spoken =
      problem === undefined
        ? await speech.answer(conversation, member, once, { reading, text, byMail: form.has('email') })
        : { refused: problem };
    if (spoken === 'gone') return notFound();
    if (spoken === 'done') return seeOther(`${addressOf(reading.reference)}?answered`);
    return show(request, member, false, { problem: spoken.refused, draft: form.get('text') ?? '' });
  }

  async function setStatus({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { reference = '' } = params;
    const status = oneOf(REQUEST_STATUSES, form.get('status'));
    if (status === undefined) return notFound();
    const result = await review.setStatus(reference, status, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${addressOf(reference)}?saved`);
  }

  async function assign({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const { reference = '' } = params;
    const to = assigneeIn(form.get('to'), member.email);
    if (to === undefined) return notFound();
    if (to !== null && !(await assignees(accounts)).includes(to)) return notFound();
    const result = await review.assignRequest(reference, to, by(member));
    return result === 'unknown' ? notFound() : seeOther(addressOf(reference));
  }

  /** Notes are the conversation's: there is one place to read them, whichever way one comes. */
  async function addNote({ params, form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const reading = await review.request(params.reference ?? '');
    if (reading === undefined) return notFound();
    const result = await keepNote(review, reading.conversationId, form, by(member));
    return result === 'unknown' ? notFound() : seeOther(`${addressOf(reading.reference)}#notes`);
  }

  return [
    { method: 'GET', path: '/staff/requests', handle: list },
    { method: 'GET', path: '/staff/requests.csv', handle: table },
    {
      method: 'GET',
      path: '/staff/requests/:reference',
      handle: (request, member) => show(request, member),
    },
    {
      method: 'GET',
      path: '/staff/requests/:reference/revealed',
      handle: (request, member) => show(request, member, true),
    },
    { method: 'POST', path: '/staff/requests/:reference/answer', handle: answer },
    { method: 'POST', path: '/staff/requests/:reference/status', handle: setStatus },
    { method: 'POST', path: '/staff/requests/:reference/assigned', handle: assign },
    { method: 'POST', path: '/staff/requests/:reference/notes', handle: addNote },
  ];
}

function addressOf(reference: string): string {
  return `/staff/requests/${encodeURIComponent(reference)}`;
}
