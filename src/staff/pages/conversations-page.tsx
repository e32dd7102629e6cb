import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { maskText } from '../masking';
import { mayUse } from '../permissions';
import { BOOKING_STEPS } from '../../booking/booking-steps';
import type { ConversationFilter, ConversationRow, Page, SavedView } from '../ports';
import { ME, NOBODY } from '../query';
import {
  ALL_OUTCOMES,
  ALL_REASONS,
  channelTitle,
  count,
  outcomeTitle,
  percent,
  reasonExplained,
  reasonTitle,
  stepTitle,
  tenthTitle,
} from '../words';

/** What the filter offers to choose from. */
export interface FilterChoices {
  channels: string[];
  tags: string[];
  staff: string[];
  /** Today's entries: id and title. */
  entries: { id: string; title: string }[];
}

/** The list of conversations, newest activity first. */
export function ConversationsPage(props: {
  frame: Frame;
  page: Page<ConversationRow>;
  filter: ConversationFilter;
  /** As the form has it, days and all. */
  query: URLSearchParams;
  choices: FilterChoices;
  views: SavedView[];
  problem: string | undefined;
  /** The page after this one; undefined on the last. */
  older: string | undefined;
  isFirst: boolean;
}) {
  const { frame, page, filter, query } = props;
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== false);
  return (
    <MemberPage frame={frame} title="Conversations" section="conversations">
      <h1>Conversations</h1>
      <Notice text={props.problem} />
      <Views frame={frame} views={props.views} query={query} />
      <Filter {...props} isFiltered={isFiltered} />
      <div id="found" data-refreshes>
        {page.rows.length === 0 ? (
          <p class="empty">
            {isFiltered
              ? 'No conversation fits this filter.'
              : 'No visitor has written yet. As soon as one does, the conversation is here.'}
          </p>
        ) : (
          <ConversationList rows={page.rows} frame={frame} />
        )}
        <Paging older={props.older} newest={props.isFirst ? undefined : addressOf(query)} />
      </div>
      {isFiltered && <SaveView frame={frame} query={query} />}
      {page.rows.length > 0 && mayUse(frame.member.role, 'GET /staff/conversations.csv') && (
        <p>
          <a href={addressOf(query).replace('/staff/conversations', '/staff/conversations.csv')} download>
            Download these as a table (CSV)
          </a>
        </p>
      )}
    </MemberPage>
  );
}

/** Filters that staff have kept: one click each, for everybody. */
function Views(props: { frame: Frame; views: SavedView[]; query: URLSearchParams }) {
  const { frame, views, query } = props;
  if (views.length === 0) return null;
  const current = query.toString();
  const shown = views.find((view) => view.query === current);
  return (
    <div class="views">
      <nav class="tabs" aria-label="Saved views">
        <a href="/staff/conversations" aria-current={current === '' ? 'page' : undefined}>
          All
        </a>
        {views.map((view) => (
          <a
            key={view.id}
            href={`/staff/conversations?${view.query}`}
            aria-current={view === shown ? 'page' : undefined}
            dir="auto"
          >
            {view.name}
          </a>
        ))}
      </nav>
      {shown !== undefined && mayUse(frame.member.role, 'POST /staff/views/:id/remove') && (
        <form method="post" action={`/staff/views/${shown.id}/remove`}>
          <Token member={frame.member} />
          <button class="quiet small">Remove this view</button>
        </form>
      )}
    </div>
  );
}

function SaveView(props: { frame: Frame; query: URLSearchParams }) {
  const { frame, query } = props;
  if (!mayUse(frame.member.role, 'POST /staff/views')) return null;
  return (
    <form class="filter" method="post" action="/staff/views">
      <Token member={frame.member} />
      <input type="hidden" name="query" value={query.toString()} />
      <label>
        <span>Keep this filter for everybody as</span>
        <input name="name" maxLength={40} required placeholder="Unsure on Messenger" />
      </label>
      <button class="quiet">Save view</button>
    </form>
  );
}

function Filter(props: {
  filter: ConversationFilter;
  query: URLSearchParams;
  choices: FilterChoices;
  isFiltered: boolean;
}) {
  const { query, choices } = props;
  const chosen = (name: string) => query.get(name) ?? '';
  const usesMore = MORE_FILTERS.some((name) => chosen(name) !== '');
  return (
    <form class="filter" method="get" action="/staff/conversations" role="search">
      <label class="search">
        <span>Search what visitors wrote</span>
        <input
          type="search"
          name="search"
          value={chosen('search')}
          maxLength={200}
          placeholder="words, typing errors and all"
          data-key="/"
        />
      </label>
      <Choice
        name="show"
        label="Show"
        chosen={chosen('show')}
        all="All"
        options={[
          ['waiting', 'Waiting for review'],
          ['reviewed', 'Reviewed'],
          ['unreviewed', 'Never reviewed'],
        ]}
      />
      <button>Filter</button>
      {props.isFiltered && <a href="/staff/conversations">Clear</a>}
      <details class="more" open={usesMore}>
        <summary>More filters</summary>
        <div class="filter">
          <Choice
            name="reason"
            label="Waits because"
            chosen={chosen('reason')}
            all="Any reason"
            options={ALL_REASONS.map((reason) => [reason, reasonTitle(reason)])}
          />
          <Choice
            name="outcome"
            label="A message was"
            chosen={chosen('outcome')}
            all="Anything"
            options={ALL_OUTCOMES.map((outcome) => [outcome, outcomeTitle(outcome)])}
          />
          <Choice
            name="entry"
            label="Was taken for"
            chosen={chosen('entry')}
            all="Any entry"
            options={choices.entries.map(({ id, title }) => [id, title])}
          />
          <Choice
            name="sure"
            label="Least sure message"
            chosen={chosen('sure')}
            all="Any"
            options={SURENESS.map((share) => [String(share), `Under ${percent(share)}`])}
          />
          <Choice
            name="tenth"
            label="Confidence of one"
            chosen={chosen('tenth')}
            all="Any"
            options={TENTHS.map((tenth) => [String(tenth), tenthTitle(tenth)])}
          />
          <Choice
            name="thumb"
            label="An answer was marked"
            chosen={chosen('thumb')}
            all="Or not"
            options={[
              ['up', '👍 It helped'],
              ['down', '👎 It did not help'],
            ]}
          />
          <Choice
            name="reached"
            label="A booking came to"
            chosen={chosen('reached')}
            all="Or none was begun"
            options={BOOKING_STEPS.map((step) => [step, stepTitle(step)])}
          />
          <ChannelChoice chosen={chosen('channel')} channels={choices.channels} />
          <Choice
            name="tag"
            label="Tag"
            chosen={chosen('tag')}
            all="Any"
            options={choices.tags.map((tag) => [tag, tag])}
          />
          <Choice
            name="by"
            label="Reviewed by"
            chosen={chosen('by')}
            all="Anybody"
            options={choices.staff.map((email) => [email, email])}
          />
          <Choice
            name="assigned"
            label="Assigned to"
            chosen={chosen('assigned')}
            all="Anybody"
            options={assigneeOptions(choices.staff)}
          />
          <Day name="from" label="Last message from" value={chosen('from')} />
          <Day name="to" label="Last message until" value={chosen('to')} />
          <Day name="begun" label="Begun from" value={chosen('begun')} />
          <Day name="begunTo" label="Begun until" value={chosen('begunTo')} />
        </div>
      </details>
    </form>
  );
}

/** Every name of the filter's form. */
export const FILTER_NAMES = [
  'search',
  'show',
  'reason',
  'outcome',
  'entry',
  'sure',
  'tenth',
  'thumb',
  'reached',
  'channel',
  'tag',
  'by',
  'assigned',
  'from',
  'to',
  'begun',
  'begunTo',
] as const;
const MORE_FILTERS = FILTER_NAMES.slice(2);
const SURENESS = [0.3, 0.5, 0.7, 0.9];
const TENTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Rows as links: what was asked, why it waits, and the figures. */
export function ConversationList(props: { rows: ConversationRow[]; frame: Frame }) {
  return (
    <ul class="rows">
      {props.rows.map((row) => (
        <ConversationLine key={row.id} row={row} frame={props.frame} />
      ))}
    </ul>
  );
}

export function ConversationLine(props: { row: ConversationRow; frame: Frame }) {
  const { row, frame } = props;
  return (
    <li>
      <a href={`/staff/conversations/${encodeURIComponent(row.id)}`}>
        <span class="said" dir="auto">
          {shownText(row.found ?? row.raisedBy ?? row.firstText ?? 'No text', frame)}
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
          {row.notes > 0 && ` · ${count(row.notes, 'note')}`}
          {row.assignedTo !== null && ` · ${row.assignedTo}`}
          {row.tags.map((tag) => (
            <span key={tag} class="label" dir="auto">
              {tag}
            </span>
          ))}
        </span>
      </a>
    </li>
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

/** For a filter: one's own, nobody's, and each colleague's. */
export function assigneeOptions(staff: string[]): [string, string][] {
  return [[ME, 'Me'], [NOBODY, 'Nobody'], ...staff.map((email): [string, string] => [email, email])];
}

export function ChannelChoice(props: { chosen: string; channels: string[] }) {
  return (
    <Choice
      name="channel"
      label="Channel"
      chosen={props.chosen}
      all="All channels"
      options={props.channels.map((channel) => [channel, channelTitle(channel)])}
    />
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

/** A day of a filter. */
export function Day(props: { name: string; label: string; value: string }) {
  return (
    <label>
      <span>{props.label}</span>
      <input type="date" name={props.name} value={props.value} />
    </label>
  );
}

/** What a visitor wrote, with contact details masked until they are asked for. */
export function shownText(text: string, frame: Frame): string {
  return frame.revealed ? text : maskText(text);
}

/** The list's address with this filter. */
export function addressOf(query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? '/staff/conversations' : `/staff/conversations?${text}`;
}
