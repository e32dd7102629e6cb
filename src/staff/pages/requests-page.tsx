import { MemberPage, Time } from './layout';
import type { Frame } from './layout';
import { Paging } from './conversations-page';
import { maskEmail, maskPhone } from '../masking';
import { mayUse, seesContactDetails } from '../permissions';
import type { Page, RequestRow } from '../ports';
import { ALL_STATUSES, kindTitle, spacedPhone, statusTitle } from '../words';

/** The list of booking requests, newest first. */
export function RequestsPage(props: {
  frame: Frame;
  page: Page<RequestRow>;
  counts: Record<string, number>;
  status: string | undefined;
  older: string | undefined;
  isFirst: boolean;
}) {
  const { frame, page, counts, status } = props;
  const total = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
  const address = status === undefined ? '/staff/requests' : `/staff/requests?status=${status}`;
  return (
    <MemberPage frame={frame} title="Booking requests" section="requests">
      <h1>Booking requests</h1>
      <nav class="tabs" aria-label="Status">
        <Tab href="/staff/requests" title="All" amount={total} current={status === undefined} />
        {ALL_STATUSES.filter((name) => counts[name] !== undefined || name === status).map((name) => (
          <Tab
            key={name}
            href={`/staff/requests?status=${name}`}
            title={statusTitle(name)}
            amount={counts[name] ?? 0}
            current={status === name}
          />
        ))}
      </nav>
      {page.rows.length === 0 ? (
        <p class="empty">
          {status === undefined
            ? 'No request yet. The bot asks visitors who want a consultation for a name, a way to reach them and a time.'
            : 'No request has this status.'}
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
  return (
    <li>
      <a href={`/staff/requests/${encodeURIComponent(row.reference)}`}>
        <strong dir="auto">{row.name}</strong>
        <span>
          <span class={`tag status-${row.status}`}>{props.tag ?? statusTitle(row.status)}</span>
        </span>
        <span class="whole" dir="auto">
          {row.wish ?? kindTitle(row.kind)}
        </span>
        <span class="faint">
          {row.reference} · {contact} · <Time at={row.createdAt} frame={frame} />
        </span>
      </a>
    </li>
  );
}

function contactOf(row: RequestRow, frame: Frame): string {
  const open = seesContactDetails(frame.member.role);
  const phone = row.phone === null ? null : open ? spacedPhone(row.phone) : maskPhone(row.phone);
  const email = row.email === null || open ? row.email : maskEmail(row.email);
  return phone ?? email ?? 'in their own words';
}
