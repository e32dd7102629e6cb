import { MemberPage, Time } from './layout';
import type { Frame } from './layout';
import { assigneeOptions, ChannelChoice, Choice, Day, Paging, shownText } from './conversations-page';
import { maskEmail, maskPhone } from '../masking';
import { mayUse } from '../permissions';
import type { Page, RequestRow } from '../ports';
import { ALL_STATUSES, duration, kindTitle, spacedPhone, statusTitle } from '../words';

/** The list of booking requests, newest first. */
export function RequestsPage(props: {
  frame: Frame;
  page: Page<RequestRow>;
  /** By status, of those that fit the rest of the filter. */
  counts: Record<string, number>;
  /** As the address has it. */
  query: URLSearchParams;
  /** Whose requests can be asked for. */
  staff: string[];
  channels: string[];
  older: string | undefined;
  isFirst: boolean;
}) {
  const { frame, page, counts, query } = props;
  const status = query.get('status') ?? undefined;
  const total = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
  const isNarrowed = [...query.keys()].some((name) => name !== 'status');
  const address = addressOf(query);
  const { overdueRequests } = frame.waiting;
  return (
    <MemberPage frame={frame} title="Booking requests" section="requests">
      <h1>Booking requests</h1>
      <nav class="tabs" aria-label="Status" id="statuses" data-refreshes>
        <Tab href={withStatus(query, undefined)} title="All" amount={total} current={status === undefined} />
        {((overdueRequests > 0 && !isNarrowed) || status === OVERDUE) && (
          <Tab
            href={withStatus(query, OVERDUE)}
            title="Overdue"
            amount={isNarrowed ? undefined : overdueRequests}
            current={status === OVERDUE}
          />
        )}
        {ALL_STATUSES.filter((name) => counts[name] !== undefined || name === status).map((name) => (
          <Tab
            key={name}
            href={withStatus(query, name)}
            title={statusTitle(name)}
            amount={counts[name] ?? 0}
            current={status === name}
          />
        ))}
        {status === WON && (
          <Tab
            href={withStatus(query, WON)}
            title="Booked or done"
            amount={(counts['booked'] ?? 0) + (counts['done'] ?? 0)}
            current
          />
        )}
      </nav>
      <Filter {...props} isNarrowed={isNarrowed} />
      <div id="found" data-refreshes>
        {page.rows.length === 0 ? (
          <p class="empty">
            {query.size === 0
              ? 'No request yet. The bot asks visitors who want a consultation for a name, a way to reach them and a time.'
              : 'No request fits this.'}
          </p>
        ) : (
          <RequestList rows={page.rows} frame={frame} />
        )}
        <Paging older={props.older} newest={props.isFirst ? undefined : address} />
      </div>
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
/** And those that came to something: booked or done. */
export const WON = 'won';

/** Every name of the filter's form, and what links of the insight ask for besides. */
export const REQUEST_FILTER_NAMES = [
  'search',
  'status',
  'assigned',
  'channel',
  'answered',
  'from',
  'to',
  'within',
  'later',
] as const;

function Filter(props: { query: URLSearchParams; staff: string[]; channels: string[]; isNarrowed: boolean }) {
  const { query } = props;
  const chosen = (name: string) => query.get(name) ?? '';
  const usesMore = ['channel', 'answered', 'from', 'to', 'within', 'later'].some(
    (name) => chosen(name) !== '',
  );
  return (
    <form class="filter" method="get" action="/staff/requests" role="search">
      {query.has('status') && <input type="hidden" name="status" value={chosen('status')} />}
      <label class="search">
        <span>Name, number, e-mail or reference</span>
        <input
          type="search"
          name="search"
          value={chosen('search')}
          maxLength={200}
          data-key="/"
          autocomplete="off"
        />
      </label>
      <Choice
        name="assigned"
        label="Assigned to"
        chosen={chosen('assigned')}
        all="Anybody"
        options={assigneeOptions(props.staff)}
      />
      <button>Filter</button>
      {props.isNarrowed && (
        <a href={withStatus(new URLSearchParams(), chosen('status') || undefined)}>Clear</a>
      )}
      <details class="more" open={usesMore}>
        <summary>More filters</summary>
        <div class="filter">
          <Day name="from" label="Received from" value={chosen('from')} />
          <Day name="to" label="Received until" value={chosen('to')} />
          <ChannelChoice chosen={chosen('channel')} channels={props.channels} />
          <Choice
            name="answered"
            label="Answered"
            chosen={chosen('answered')}
            all="Or not"
            options={[
              ['yes', 'By staff'],
              ['no', 'Not yet'],
            ]}
          />
          <Minutes name="within" label="Within minutes" value={chosen('within')} />
          <Minutes name="later" label="Later than minutes" value={chosen('later')} />
        </div>
      </details>
    </form>
  );
}

function Minutes(props: { name: string; label: string; value: string }) {
  return (
    <label>
      <span>{props.label}</span>
      <input type="number" name={props.name} min={0} max={999_999} value={props.value} />
    </label>
  );
}

function addressOf(query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? '/staff/requests' : `/staff/requests?${text}`;
}

function withStatus(query: URLSearchParams, status: string | undefined): string {
  const changed = new URLSearchParams(query);
  changed.delete('status');
  if (status !== undefined) changed.set('status', status);
  return addressOf(changed);
}

function Tab(props: { href: string; title: string; amount: number | undefined; current: boolean }) {
  return (
    <a href={props.href} aria-current={props.current ? 'page' : undefined}>
      {props.title} <span class="faint">{props.amount?.toLocaleString('en-US')}</span>
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
          {wantedOf(row, frame)}
        </span>
        <span class="faint">
          {row.reference} · {contact} · <Time at={row.createdAt} frame={frame} />
          {row.status === 'new' && (
            <>
              {' '}
              · {isOverdue ? 'was due' : 'due'} <Time at={dueAt} frame={frame} />
            </>
          )}
          {row.contactedAt !== null &&
            ` · answered after ${duration(minutesBetween(row.createdAt, row.contactedAt))}`}
          {row.assignedTo !== null && ` · ${row.assignedTo}`}
          {row.joins !== null && ` · same person as ${row.joins}`}
        </span>
      </a>
    </li>
  );
}

/** What they would like: the question that was passed on, or when they would come. */
function wantedOf({ question, wish, kind }: RequestRow, frame: Frame): string {
  if (question === null) return wish ?? kindTitle(kind);
  return `${kindTitle(kind)}: ${shownText(question.slice(0, LONGEST_QUESTION), frame)}`;
}

/** Of a question, in a list. */
const LONGEST_QUESTION = 200;

function minutesBetween(one: string, other: string): number {
  return (Date.parse(other) - Date.parse(one)) / 60_000;
}

function contactOf(row: RequestRow, frame: Frame): string {
  const { revealed } = frame;
  const phone = row.phone === null ? null : revealed ? spacedPhone(row.phone) : maskPhone(row.phone);
  const email = row.email === null || revealed ? row.email : maskEmail(row.email);
  return phone ?? email ?? 'in their own words';
}
