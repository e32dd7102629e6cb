import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { LastReviewed } from './conversation-page';
import { ConversationLine } from './conversations-page';
import { RequestLine } from './requests-page';
import { mayUse } from '../permissions';
import type { Activity, UndeliveredNotice } from '../ports';
import { needsOf, needTitle, NOTICE_NEED, OVERDUE_NEED, REQUEST_NEED } from '../queue';
import type { QueueItem } from '../queue';
import { ALL_OUTCOMES, count, outcomeTitle, reasonExplained } from '../words';

/** The first screen: its heading alone says whether anything waits, and below it is all of it in one queue. */
export function OverviewPage(props: {
  frame: Frame;
  today: Activity;
  week: Activity;
  /** On which they begin: `2026-03-02`. */
  days: { today: string; week: string };
  queue: QueueItem[];
  /** Only this need is shown; undefined for the whole queue. */
  need: string | undefined;
  /** Why the knowledge folder is not in use as it is now, a line for each mistake. */
  knowledgeProblem?: string | undefined;
  /** What is the matter with the page on Facebook. */
  pageNotes: { name: string; text: string; at: string }[];
  /** The id of the conversation whose review led here. */
  lastReviewed: string | undefined;
}) {
  const { frame, queue, need } = props;
  const { reasons, newRequests, overdueRequests, undelivered } = frame.waiting;
  const toReview = Object.values(reasons).reduce((sum, amount) => sum + amount, 0);
  const needs = needsOf(frame.waiting);
  const shown = needs
    .filter((item) => need === undefined || item.need === need)
    .reduce((sum, { amount }) => sum + amount, 0);
  return (
    <MemberPage frame={frame} title="Queue" section="overview" refreshes>
      <h1 class={toReview + newRequests + undelivered + props.pageNotes.length > 0 ? 'waits' : 'calm'}>
        {toReview + newRequests === 0 && props.pageNotes.length > 0
          ? 'Something is the matter with the page on Facebook.'
          : whatWaits(newRequests, overdueRequests, toReview)}
      </h1>
      <LastReviewed frame={frame} id={props.lastReviewed} />
      {props.knowledgeProblem !== undefined && (
        <Notice
          text={`The knowledge folder has a mistake; the last good version goes on answering. ${props.knowledgeProblem}`}
        />
      )}
      {props.pageNotes.map((note) => (
        <PageNote key={note.name} note={note} frame={frame} />
      ))}
      {undelivered > 0 && (
        <Notice
          text={`${count(undelivered, 'notice')} could not be delivered. What they tell of is here all the same; check the e-mail and webhook settings.`}
        />
      )}
      {needs.length > 1 && (
        <nav class="tabs" aria-label="Needs">
          <a href="/staff" aria-current={need === undefined ? 'page' : undefined}>
            All <span class="faint">{toReview + newRequests + undelivered}</span>
          </a>
          {needs.map((item) => (
            <a
              key={item.need}
              href={`/staff?need=${encodeURIComponent(item.need)}`}
              title={needExplained(item.need)}
              aria-current={need === item.need ? 'page' : undefined}
            >
              {needTitle(item.need)} <span class="faint">{item.amount}</span>
            </a>
          ))}
        </nav>
      )}
      {queue.length > 0 && (
        <ul class="rows" aria-label="What waits, most pressing first">
          {queue.map((item) => (
            <QueueLine key={keyOf(item)} item={item} frame={frame} />
          ))}
        </ul>
      )}
      {shown > queue.length && (
        <p class="faint">
          The first {queue.length} of {shown}. The next ones come up as these are done.
        </p>
      )}
      <Figures today={props.today} week={props.week} days={props.days} />
    </MemberPage>
  );
}

function PageNote(props: { note: { name: string; text: string; at: string }; frame: Frame }) {
  const { note, frame } = props;
  return (
    <div class="notice problem" role="alert">
      <p>
        <strong>Messenger:</strong> {note.text}{' '}
        <span class="faint">
          Since <Time at={note.at} frame={frame} />.
        </span>
      </p>
      {mayUse(frame.member.role, 'POST /staff/page-notes/:name') && (
        <form method="post" action={`/staff/page-notes/${encodeURIComponent(note.name)}`}>
          <Token member={frame.member} />
          <button class="quiet">Seen to, remove</button>
        </form>
      )}
    </div>
  );
}

function QueueLine(props: { item: QueueItem; frame: Frame }) {
  const { item, frame } = props;
  switch (item.kind) {
    case 'conversation':
      return <ConversationLine row={item.row} frame={frame} />;
    case 'request':
      return <RequestLine row={item.row} frame={frame} tag="New request" />;
    case 'notice':
      return <UndeliveredLine notice={item.row} frame={frame} />;
  }
}

function UndeliveredLine(props: { notice: UndeliveredNotice; frame: Frame }) {
  const { notice, frame } = props;
  const about =
    notice.reference === null ? `Message (${notice.what})` : `Notice about request ${notice.reference}`;
  return (
    <li class="plain">
      <span class="said">
        {notice.reference === null ? (
          about
        ) : (
          <a href={`/staff/requests/${encodeURIComponent(notice.reference)}`}>{about}</a>
        )}
      </span>
      <span>
        <span class="tag undelivered">Not delivered</span>
      </span>
      <span class="faint">
        <Time at={notice.at} frame={frame} /> · {count(notice.attempts, 'try', 'tries')}
        {notice.problem !== null && ` · ${notice.problem}`}
      </span>
      {mayUse(frame.member.role, 'POST /staff/notices/:id') && (
        <form class="statuses whole" method="post" action={`/staff/notices/${notice.id}`}>
          <Token member={frame.member} />
          <button class="quiet" name="how" value="retry">
            Send again
          </button>
          <button class="quiet" name="how" value="dismiss">
            Seen to, remove
          </button>
        </form>
      )}
    </li>
  );
}

function keyOf(item: QueueItem): string {
  if (item.kind === 'request') return item.row.reference;
  return String(item.row.id);
}

function needExplained(need: string): string {
  if (need === OVERDUE_NEED) return 'Somebody waits longer for an answer than the clinic promised.';
  if (need === REQUEST_NEED) return 'Somebody left a way to reach them and waits for it.';
  return need === NOTICE_NEED ? 'A notice to staff was given up.' : reasonExplained(need);
}

function whatWaits(requests: number, overdue: number, conversations: number): string {
  if (requests + conversations === 0) return 'Nothing waits for you.';
  const parts = [
    ...(requests > 0
      ? [`${count(requests, 'new booking request')}${overdue > 0 ? ` (${overdue} overdue)` : ''}`]
      : []),
    ...(conversations > 0 ? [count(conversations, 'conversation')] : []),
  ];
  return `${parts.join(' and ')} ${requests + conversations === 1 ? 'waits' : 'wait'} for you.`;
}

function Figures(props: { today: Activity; week: Activity; days: { today: string; week: string } }) {
  const { today, week, days } = props;
  const rows: { label: string; amountIn: (activity: Activity) => number; link: (from: string) => string }[] =
    [
      {
        label: 'Conversations',
        amountIn: ({ conversations }) => conversations,
        link: (from) => `/staff/conversations?begun=${from}`,
      },
      {
        label: 'Booking requests',
        amountIn: ({ requests }) => requests,
        link: (from) => `/staff/requests?from=${from}`,
      },
      ...ALL_OUTCOMES.map((outcome) => ({
        label: `Messages: ${outcomeTitle(outcome).toLowerCase()}`,
        amountIn: ({ decided }: Activity) => decided[outcome] ?? 0,
        link: (from: string) => `/staff/conversations?outcome=${outcome}&from=${from}`,
      })),
    ];
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">What came in</h2>
      <table class="figures">
        <thead>
          <tr>
            <td />
            <th scope="col">Today</th>
            <th scope="col">Last 7 days</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, amountIn, link }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>
                <Figure amount={amountIn(today)} href={link(days.today)} />
              </td>
              <td>
                <Figure amount={amountIn(week)} href={link(days.week)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Figure(props: { amount: number; href: string }) {
  const amount = props.amount.toLocaleString('en-US');
  return props.amount === 0 ? <>{amount}</> : <a href={props.href}>{amount}</a>;
}
