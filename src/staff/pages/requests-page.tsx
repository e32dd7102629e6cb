import { MemberPage, Time } from './layout';
import type { Frame } from './layout';
import { assigneeOptions, Choice, Paging } from './conversations-page';
import { maskEmail, maskPhone } from '../masking';
import { mayUse } from '../permissions';
import type { Page, RequestRow } from '../ports';
import { ALL_STATUSES, kindTitle, spacedPhone, statusTitle } from '../words';

/** The list of booking requests, newest first. */
export function RequestsPage(props: {
  frame: Frame;
  page: Page<RequestRow>;
  counts: Record<string, number>;
  /** As the address has it. */
  query: URLSearchParams;
  /** Whose requests can be asked for. */
  staff: string[];
  older: string | undefined;
  isFirst: boolean;
}) {
  const { frame, page, counts, query } = props;
  const status = query.get('status') ?? undefined;
  const assigned = query.get('assigned') ?? undefined;
  const total = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
  const address = addressOf({ status, assigned });
  const { overdueRequests } = frame.waiting;
  return (
    <MemberPage frame={frame} title="Booking requests" section="requests">
      <h1>Booking requests</h1>
      <nav class="tabs" aria-label="Status">
        <Tab href={addressOf({ assigned })} title="All" amount={total} current={status === undefined} />
        {(overdueRequests > 0 || status === OVERDUE) && (
          <Tab
            href={addressOf({ status: OVERDUE, assigned })}
            title="Overdue"
            amount={overdueRequests}
            current={status === OVERDUE}
          />
        )}
        {ALL_STATUSES.filter((name) => counts[name] !== undefined || name === status).map((name) => (
          <Tab
            key={name}
            href={addressOf({ status: name, assigned })}
            title={statusTitle(name)}
            amount={counts[name] ?? 0}
            current={status === name}
          />
        ))}
      </nav>
      <form class="filter" method="get" action="/staff/requests">
        {status !== undefined && <input type="hidden" name="status" value={status} />}
        <Choice
          name="assigned"
          label="Assigned to"
          chosen={assigned}
          all="Anybody"
          options={assigneeOptions(props.staff)}
        />
        <button class="quiet">Filter</button>
      </form>
      {page.rows.length === 0 ? (
        <p class="empty">
          {status === undefined && assigned === undefined
            ? 'No request yet. The bot asks visitors who want a consultation for a name, a way to reach them and a time.'
            : 'No request fits this.'}
        </p>
      ) : (
        <RequestList rows={page.rows} frame={frame} />
      )}
      <Paging older={props.older} newest={props.isFirst ? undefined : address} />
      {page.rows.length > 0 && mayUse(frame.member.role, 'GET /staff/requests.csv') && (
        <p>
          <a href={address.replace('/staff/requests', '/staff/requests.csv')} download>
            Download these as a table (CSV)
          </a>
        </p>
      )}
    </MemberPage>
  );
}

/** In an address, in place of a status: new ones that wait longer than the clinic promised. */
export const OVERDUE = 'overdue';

function addressOf(filter: { status?: string | undefined; assigned?: string | undefined }): string {
  const query = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString();
  return query === '' ? '/staff/requests' : `/staff/requests?${query}`;
}

function Tab(props: { href: string; title: string; amount: number; current: boolean }) {
  return (
    <a href={props.href} aria-current={props.current ? 'page' : undefined}>
      {props.title} <span class="faint">{props.amount}</span>
    </a>
  );
}

/** Rows as links: who, what they would like, and how to reach them. */
export function RequestList(props: { rows: RequestRow[]; frame: Frame }) {
  return (
    <ul class="rows">
      {props.rows.map((row) => (
        <RequestLine key={row.reference} row={row} frame={props.frame} />
      ))}
    </ul>
  );
}

/** `tag` stands in place of the status. */
export function RequestLine(props: { row: RequestRow; frame: Frame; tag?: string }) {
  const { row, frame } = props;
  const contact = contactOf(row, frame);
  const dueAt = frame.dueAt(row.waitsSince);
  const isOverdue = row.status === 'new' && dueAt <= frame.now.toISOString();
  return (
    <li>
      <a href={`/staff/requests/${encodeURIComponent(row.reference)}`}>
        <strong dir="auto">{row.name}</strong>
        <span>
          {isOverdue ? (
            <span class="tag overdue">Overdue</span>
          ) : (
            <span class={`tag status-${row.status}`}>{props.tag ?? statusTitle(row.status)}</span>
          )}
        </span>
        <span class="whole" dir="auto">
          {row.wish ?? kindTitle(row.kind)}
        </span>
        <span class="faint">
          {row.reference} · {contact} · <Time at={row.createdAt} frame={frame} />
          {row.status === 'new' && (
            <>
              {' '}
              · {isOverdue ? 'was due' : 'due'} <Time at={dueAt} frame={frame} />
            </>
          )}
          {row.assignedTo !== null && ` · ${row.assignedTo}`}
          {row.joins !== null && ` · same person as ${row.joins}`}
        </span>
      </a>
    </li>
  );
}

function contactOf(row: RequestRow, frame: Frame): string {
  const { revealed } = frame;
  const phone = row.phone === null ? null : revealed ? spacedPhone(row.phone) : maskPhone(row.phone);
  const email = row.email === null || revealed ? row.email : maskEmail(row.email);
  return phone ?? email ?? 'in their own words';
}
