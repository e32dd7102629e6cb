import type { HttpResponse } from '../http/route';
import { notFound, page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { DataPage } from './pages/data-page';
import { DuePage } from './pages/due-page';
import type { Frame } from './pages/layout';
import type { PersonalData, PersonFound, RetentionDays, StaffAccounts } from './ports';
import { cursorIn, olderLink, oneOf } from './query';
import type { StaffMember } from './sessions';

const LONGEST_FIND = 200;
const RECEIPTS_SHOWN = 20;
const DUE_PER_PAGE = 50;
const WEEK_MS = 7 * 86_400_000;

/** One person's data found, exported and erased, and the retention periods, for admins. */
export function dataRoutes(parts: {
  accounts: StaffAccounts;
  data: PersonalData;
  clock: () => Date;
  retention: () => RetentionDays;
  newReceipt: () => string;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { accounts, data, clock, retention, newReceipt, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  const inAWeek = () => new Date(clock().getTime() + WEEK_MS);

  /** Which conversations and requests are due, before anything is deleted. */
  async function showDue({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const what = oneOf(['unfinishedChats', 'transcripts', 'requests'] as const, query.get('what'));
    if (what === undefined) return notFound();
    const when = oneOf(['now', 'week'] as const, query.get('when')) ?? 'now';
    const at = when === 'now' ? clock() : inAWeek();
    const after = cursorIn(query);
    const found =
      what === 'requests'
        ? await data.dueRequests(at, retention(), DUE_PER_PAGE, after)
        : await data.dueConversations(what, at, retention(), DUE_PER_PAGE, after);
    await accounts.audit({ ...by(member), action: 'read-due', subject: 'data' });
    const address = new URLSearchParams({ what, when });
    const content = (
      <DuePage
        frame={await frameOf(member)}
        what={what}
        when={when}
        amount={(await data.due(at, retention()))[what]}
        days={retention()[what]}
        rows={found.rows}
        next={olderLink('/staff/data/due', address, found.next)}
        first={after === undefined ? undefined : `/staff/data/due?${address.toString()}`}
      />
    );
    return page(200, content);
  }

  async function show({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const sought = (query.get('find') ?? '').trim().slice(0, LONGEST_FIND);
    const found = sought === '' ? undefined : await data.find(sought);
    // What was looked for is the person's own: the trail says that somebody looked, and what for stays out of it.
    if (found !== undefined) await accounts.audit({ ...by(member), action: 'find-person', subject: 'data' });
    const receipts = await data.receipts(RECEIPTS_SHOWN);
    return page(
      200,
      <DataPage
        frame={await frameOf(member)}
        sought={sought}
        found={found}
        receipts={receipts}
        fresh={receipts.find(({ receipt }) => receipt === query.get('receipt'))}
        days={retention()}
        wasPurged={query.has('purged')}
        wasUnsure={query.has('unsure')}
        due={await data.due(clock(), retention())}
        dueInAWeek={await data.due(inAWeek(), retention())}
        oldest={await data.oldest()}
      />,
    );
  }

  async function exported({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const ids = form.getAll('id');
    if (ids.length === 0) return notDone(form);
    const content = { exportedAt: clock().toISOString(), ...(await data.export(ids)) };
    for (const id of ids)
      await accounts.audit({ ...by(member), action: 'export', subject: `conversation:${id}` });
    return {
      status: 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': 'attachment; filename="personal-data.json"',
        'cache-control': 'no-store',
      },
      body: JSON.stringify(content, null, 2),
    };
  }

  async function erase({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const ids = form.getAll('id');
    if (ids.length === 0 || form.get('sure') !== 'yes') return notDone(form);
    const { receipt } = await data.erase(ids, newReceipt(), by(member));
    return seeOther(`/staff/data?receipt=${receipt}`);
  }

  async function purge({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    if (form.get('sure') !== 'yes') return notDone(form);
    const done = await data.purge(clock(), retention(), newReceipt(), by(member));
    return seeOther(done === undefined ? '/staff/data' : `/staff/data?purged&receipt=${done.receipt}`);
  }

  return [
    { method: 'GET', path: '/staff/data', handle: show },
    { method: 'GET', path: '/staff/data/due', handle: showDue },
    { method: 'POST', path: '/staff/data/export', handle: exported },
    { method: 'POST', path: '/staff/data/erase', handle: erase },
    { method: 'POST', path: '/staff/data/purge', handle: purge },
  ];
}

/** Back to what was found, with the reason. */
function notDone(form: URLSearchParams): HttpResponse {
  const find = form.get('find');
  return seeOther(
    `/staff/data?${new URLSearchParams({ ...(find !== null && { find }), unsure: '' }).toString()}`,
  );
}

/** Every conversation that something found belongs to, those that are deleted already included. */
export function foundIds({ conversations, requests }: PersonFound): string[] {
  return [
    ...new Set([
      ...conversations.map(({ id }) => id),
      ...requests.map(({ conversationId }) => conversationId),
    ]),
  ];
}
