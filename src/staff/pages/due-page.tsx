import { MemberPage, Time } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import { RequestList } from './requests-page';
import type { ConversationFound, RequestRow, RetentionDays } from '../ports';
import { channelTitle, count } from '../words';

/** What a retention period is about to delete, those longest untouched first. */
export function DuePage(props: {
  frame: Frame;
  what: keyof RetentionDays;
  when: 'now' | 'week';
  amount: number;
  days: number;
  rows: (ConversationFound | RequestRow)[];
  next: string | undefined;
  /** Back to the first page; undefined on it. */
  first: string | undefined;
}) {
  const { frame, what, rows } = props;
  return (
    <MemberPage frame={frame} title="Due" section="data">
      <p class="back">
        <a href="/staff/data#retention">Data</a>
      </p>
      <h1>
        {DUE_TITLES[what]}: {props.amount.toLocaleString('en-US')} due{' '}
        {props.when === 'now' ? 'now' : 'within a week'}
      </h1>
      <p class="faint">
        Kept for {count(props.days, 'day')} after the last message or change. {DELETED_WITH_IT[what]}
      </p>
      {rows.length === 0 && <p class="empty">Nothing is due.</p>}
      {what === 'requests' ? (
        <RequestList rows={rows.flatMap((row) => ('reference' in row ? [row] : []))} frame={frame} />
      ) : (
        <ul class="rows">
          {rows.map((row) => 'reference' in row || <DueConversation key={row.id} row={row} frame={frame} />)}
        </ul>
      )}
      {(props.next !== undefined || props.first !== undefined) && (
        <nav class="paging" aria-label="Pages">
          {props.first !== undefined && <a href={props.first}>First</a>}
          {props.next !== undefined && (
            <a href={props.next} rel="next">
              Next
            </a>
          )}
        </nav>
      )}
    </MemberPage>
  );
}

export const DUE_TITLES: Readonly<Record<keyof RetentionDays, string>> = {
  unfinishedChats: 'Chats with an unfinished booking',
  transcripts: 'Transcripts',
  requests: 'Booking requests',
};

const DELETED_WITH_IT: Readonly<Record<keyof RetentionDays, string>> = {
  unfinishedChats: 'The whole conversation goes, with its notes and tags.',
  transcripts: 'The conversation goes, with its notes and tags; its booking request has a period of its own.',
  requests: 'The request goes, with the notices about it.',
};

function DueConversation(props: { row: ConversationFound; frame: Frame }) {
  const { row, frame } = props;
  return (
    <li>
      <a href={`/staff/conversations/${encodeURIComponent(row.id)}`}>
        <span class="said" dir="auto">
          {shownText(row.firstText ?? 'No text', frame)}
        </span>
        <span class="faint whole">
          last message <Time at={row.updatedAt} frame={frame} /> · {channelTitle(row.channel)} ·{' '}
          {count(row.visitorMessages, 'message')}
        </span>
      </a>
    </li>
  );
}
