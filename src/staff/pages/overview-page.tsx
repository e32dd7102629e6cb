import { MemberPage } from './layout';
import type { Frame } from './layout';
import { ConversationList } from './conversations-page';
import { RequestList } from './requests-page';
import type { Activity, ConversationRow, RequestRow } from '../ports';
import { ALL_OUTCOMES, count, outcomeTitle, reasonExplained, reasonsByNeed, reasonTitle } from '../words';

/** The first screen: its heading alone says whether anything waits. */
export function OverviewPage(props: {
  frame: Frame;
  today: Activity;
  week: Activity;
  /** The first few of what waits. */
  toReview: ConversationRow[];
  newRequests: RequestRow[];
}) {
  const { frame } = props;
  const { reasons, newRequests, undelivered } = frame.waiting;
  const toReview = Object.values(reasons).reduce((sum, amount) => sum + amount, 0);
  return (
    <MemberPage frame={frame} title="Overview" section="overview">
      <h1 class={toReview + newRequests > 0 ? 'waits' : 'calm'}>{whatWaits(newRequests, toReview)}</h1>
      {undelivered > 0 && (
        <p class="notice problem" role="alert">
          {count(undelivered, 'notice')} to staff could not be delivered. What they tell of is here all the
          same; check the e-mail and webhook settings.
        </p>
      )}
      {newRequests > 0 && (
        <section aria-labelledby="new-requests">
          <h2 id="new-requests">New booking requests</h2>
          <RequestList rows={props.newRequests} frame={frame} />
          {newRequests > props.newRequests.length && (
            <a href="/staff/requests?status=new">All {newRequests}</a>
          )}
        </section>
      )}
      {toReview > 0 && (
        <section aria-labelledby="to-review">
          <h2 id="to-review">Conversations to review</h2>
          <ul class="reasons">
            {reasonsByNeed(Object.keys(reasons)).map((reason) => (
              <li key={reason}>
                <a
                  href={`/staff/conversations?reason=${encodeURIComponent(reason)}`}
                  title={reasonExplained(reason)}
                >
                  <span class={`tag ${reason}`}>{reasonTitle(reason)}</span> {reasons[reason]}
                </a>
              </li>
            ))}
          </ul>
          <ConversationList rows={props.toReview} frame={frame} />
          {toReview > props.toReview.length && <a href="/staff/conversations?show=waiting">All {toReview}</a>}
        </section>
      )}
      <Figures today={props.today} week={props.week} />
    </MemberPage>
  );
}

function whatWaits(requests: number, conversations: number): string {
  if (requests + conversations === 0) return 'Nothing waits for you.';
  const parts = [
    ...(requests > 0 ? [count(requests, 'new booking request')] : []),
    ...(conversations > 0 ? [count(conversations, 'conversation')] : []),
  ];
  return `${parts.join(' and ')} ${requests + conversations === 1 ? 'waits' : 'wait'} for you.`;
}

function Figures(props: { today: Activity; week: Activity }) {
  const rows: [string, (activity: Activity) => number, string?][] = [
    ['Conversations', (activity) => activity.conversations, '/staff/conversations'],
    ['Booking requests', (activity) => activity.requests, '/staff/requests'],
    ...ALL_OUTCOMES.map((outcome): [string, (activity: Activity) => number, string] => [
      `Messages: ${outcomeTitle(outcome).toLowerCase()}`,
      (activity) => activity.decided[outcome] ?? 0,
      `/staff/conversations?outcome=${outcome}`,
    ]),
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
          {rows.map(([label, amountIn, link]) => (
            <tr key={label}>
              <th scope="row">
                <a href={link}>{label}</a>
              </th>
              <td>{amountIn(props.today).toLocaleString('en-US')}</td>
              <td>{amountIn(props.week).toLocaleString('en-US')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
