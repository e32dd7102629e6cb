import { MemberPage, Time } from './layout';
import type { Frame } from './layout';
import { maskText } from '../masking';
import { seesContactDetails } from '../permissions';
import type { ConversationFilter, ConversationRow, Page } from '../ports';
import {
  ALL_OUTCOMES,
  ALL_REASONS,
  channelTitle,
  count,
  outcomeTitle,
  percent,
  reasonExplained,
  reasonTitle,
} from '../words';

/** The list of conversations, newest activity first. */
export function ConversationsPage(props: {
  frame: Frame;
  page: Page<ConversationRow>;
  filter: ConversationFilter;
  channels: string[];
  /** The page after this one; undefined on the last. */
  older: string | undefined;
  isFirst: boolean;
}) {
  const { frame, page, filter } = props;
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== false);
  return (
    <MemberPage frame={frame} title="Conversations" section="conversations">
      <h1>Conversations</h1>
      <form class="filter" method="get" action="/staff/conversations">
        <Choice
          name="show"
          label="Show"
          chosen={filter.review ? 'waiting' : ''}
          all="All"
          options={[['waiting', 'Waiting for review']]}
        />
        <Choice
          name="reason"
          label="Reason"
          chosen={filter.reason}
          all="Any reason"
          options={ALL_REASONS.map((reason) => [reason, reasonTitle(reason)])}
        />
        <Choice
          name="outcome"
          label="A message was"
          chosen={filter.outcome}
          all="Anything"
          options={ALL_OUTCOMES.map((outcome) => [outcome, outcomeTitle(outcome)])}
        />
        <Choice
          name="channel"
          label="Channel"
          chosen={filter.channel}
          all="All channels"
          options={props.channels.map((channel) => [channel, channelTitle(channel)])}
        />
        <button>Filter</button>
        {isFiltered && <a href="/staff/conversations">Clear</a>}
      </form>
      {page.rows.length === 0 ? (
        <p class="empty">
          {isFiltered
            ? 'No conversation fits this filter.'
            : 'No visitor has written yet. As soon as one does, the conversation is here.'}
        </p>
      ) : (
        <ConversationList rows={page.rows} frame={frame} />
      )}
      <Paging older={props.older} newest={props.isFirst ? undefined : newestOf(props.filter)} />
    </MemberPage>
  );
}

/** Rows as links: what was said first, why it waits, and the figures. */
export function ConversationList(props: { rows: ConversationRow[]; frame: Frame }) {
  const { rows, frame } = props;
  return (
    <ul class="rows">
      {rows.map((row) => (
        <li key={row.id}>
          <a href={`/staff/conversations/${encodeURIComponent(row.id)}`}>
            <span class="said" dir="auto">
              {shownText(row.firstText ?? 'No text', frame)}
            </span>
            <span>
              {row.review !== null && (
                <span class={`tag ${row.review}`} title={reasonExplained(row.review)}>
                  {reasonTitle(row.review)}
                </span>
              )}
              {row.review === null && row.reviewedAt !== null && <span class="tag reviewed">Reviewed</span>}
            </span>
            <span class="faint">
              <Time at={row.updatedAt} frame={frame} /> · {channelTitle(row.channel)} ·{' '}
              {count(row.visitorMessages, 'message')}
              {row.lowestConfidence !== null && ` · least sure ${percent(row.lowestConfidence)}`}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Links to the next older page and back to the first. */
export function Paging(props: { older: string | undefined; newest: string | undefined }) {
  if (props.older === undefined && props.newest === undefined) return null;
  return (
    <nav class="paging" aria-label="Pages">
      {props.newest !== undefined && <a href={props.newest}>Newest</a>}
      {props.older !== undefined && (
        <a href={props.older} rel="next">
          Older
        </a>
      )}
    </nav>
  );
}

/** A drop-down of a filter; the empty value is no filter. */
export function Choice(props: {
  name: string;
  label: string;
  chosen: string | undefined;
  all: string;
  options: [string, string][];
}) {
  return (
    <label>
      <span>{props.label}</span>
      <select name={props.name}>
        <option value="">{props.all}</option>
        {props.options.map(([value, title]) => (
          <option key={value} value={value} selected={value === props.chosen}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What a visitor wrote, as this member may read it. */
export function shownText(text: string, frame: Frame): string {
  return seesContactDetails(frame.member.role) ? text : maskText(text);
}

/** A filter as the query of the list's address. */
export function filterQuery(filter: ConversationFilter): URLSearchParams {
  return new URLSearchParams({
    ...(filter.review ? { show: 'waiting' } : {}),
    ...(filter.reason === undefined ? {} : { reason: filter.reason }),
    ...(filter.outcome === undefined ? {} : { outcome: filter.outcome }),
    ...(filter.channel === undefined ? {} : { channel: filter.channel }),
  });
}

function newestOf(filter: ConversationFilter): string {
  const query = filterQuery(filter).toString();
  return query === '' ? '/staff/conversations' : `/staff/conversations?${query}`;
}
