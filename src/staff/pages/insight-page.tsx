import { DateTime } from 'luxon';
import { MemberPage } from './layout';
import type { Frame } from './layout';
import { Bar, StackedBars } from './plot';
import type { Insight } from '../ports';
import { channelTitle, count, outcomeTitle, percent } from '../words';

/** Figures over time, each with what it counts and the way to the conversations behind it. */
export function InsightPage(props: {
  frame: Frame;
  insight: Insight;
  span: number;
  spans: readonly number[];
  /** `2026-03-02` */
  firstDay: string;
}) {
  const { frame, insight, span, firstDay } = props;
  const labels = insight.days.map(({ day }) => DateTime.fromISO(day).setLocale('en-US').toFormat('LLL d'));
  const conversations = insight.days.reduce((sum, day) => sum + day.conversations, 0);
  return (
    <MemberPage frame={frame} title="Insight" section="insight">
      <h1>Insight</h1>
      <nav class="tabs" aria-label="Time">
        {props.spans.map((days) => (
          <a
            key={days}
            href={`/staff/insight?days=${days}`}
            aria-current={days === span ? 'page' : undefined}
          >
            {days} days
          </a>
        ))}
      </nav>
      <section aria-labelledby="volume">
        <h2 id="volume">Conversations a day</h2>
        <StackedBars
          title="Conversations a day"
          labels={labels}
          series={[{ name: 'conversations', values: insight.days.map((day) => day.conversations) }]}
        />
        <p class="faint">
          Conversations begun on that day in which the visitor wrote something:{' '}
          {count(conversations, 'conversation')} in {span} days
          {Object.entries(insight.channels).map(([channel, amount]) => (
            <span key={channel}>
              ,{' '}
              <a href={`/staff/conversations?channel=${encodeURIComponent(channel)}&from=${firstDay}`}>
                {channelTitle(channel)} {amount.toLocaleString('en-US')}
              </a>
            </span>
          ))}
          .
        </p>
      </section>
      <section aria-labelledby="answers">
        <h2 id="answers">What became of the questions</h2>
        <StackedBars
          title="Messages a day by what the bot made of them"
          labels={labels}
          series={OUTCOME_GROUPS.map(({ name, outcomes }) => ({
            name,
            values: insight.days.map((day) =>
              outcomes.reduce((sum, outcome) => sum + (day.decided[outcome] ?? 0), 0),
            ),
          }))}
        />
        <OutcomeTable insight={insight} firstDay={firstDay} />
      </section>
      <FunnelTable insight={insight} />
      <div class="two">
        <Topics title="Most asked" insight={insight} outcome="answer" frame={frame} firstDay={firstDay} />
        <Topics
          title="Understood, but no answer is approved"
          insight={insight}
          outcome="handoff"
          frame={frame}
          firstDay={firstDay}
        />
      </div>
      <section aria-labelledby="confidence">
        <h2 id="confidence">How sure the bot was</h2>
        <StackedBars
          title="Messages by confidence"
          labels={insight.confidence.map((_, tenth) => `${tenth * 10}–${tenth * 10 + 10} %`)}
          series={[{ name: 'messages', values: insight.confidence }]}
        />
        <p class="faint">
          Messages that went by what they said, by the confidence of the best answer. It is calibrated: of
          answers given at 80 %, about eight in ten are right.
        </p>
      </section>
    </MemberPage>
  );
}

/** Four, because that many colours can be told apart. */
const OUTCOME_GROUPS = [
  { name: 'answered', outcomes: ['answer', 'booking', 'safety'] },
  { name: 'offered a choice', outcomes: ['clarify'] },
  { name: 'no approved answer', outcomes: ['handoff'] },
  { name: 'not understood', outcomes: ['none'] },
] as const;

function OutcomeTable(props: { insight: Insight; firstDay: string }) {
  const totals: Record<string, number> = {};
  for (const { decided } of props.insight.days)
    for (const [outcome, amount] of Object.entries(decided))
      totals[outcome] = (totals[outcome] ?? 0) + amount;
  const all = Object.values(totals).reduce((sum, amount) => sum + amount, 0);
  const largest = Math.max(0, ...Object.values(totals));
  return (
    <table class="figures">
      <tbody>
        {Object.entries(totals)
          .sort(([, one], [, other]) => other - one)
          .map(([outcome, amount]) => (
            <tr key={outcome}>
              <th scope="row">
                <a href={`/staff/conversations?outcome=${outcome}&from=${props.firstDay}`}>
                  {outcomeTitle(outcome)}
                </a>
              </th>
              <Amount amount={amount} largest={largest} />
              <td>{shareOf(amount, all)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function FunnelTable(props: { insight: Insight }) {
  const { written, answered, wantedBooking, requested, booked } = props.insight.funnel;
  const rows: [string, number][] = [
    ['Asked or told something', written],
    ['Got an answer', answered],
    ['Wanted to book or be called', wantedBooking],
    ['Sent a request', requested],
    ['Booked, as staff marked it', booked],
  ];
  return (
    <section aria-labelledby="funnel">
      <h2 id="funnel">From the first word to a booking</h2>
      <table class="figures">
        <tbody>
          {rows.map(([title, amount]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <Amount amount={amount} largest={written} />
              <td>{shareOf(amount, written)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="faint">
        Conversations, each counted once on every day it had a message. A request can also come from a
        question that was passed on. A range in brackets says where the true share lies with 95 % certainty,
        where few are counted.
      </p>
    </section>
  );
}

function Topics(props: { title: string; insight: Insight; outcome: string; frame: Frame; firstDay: string }) {
  const rows = props.insight.topics.filter(({ outcome }) => outcome === props.outcome).slice(0, TOPICS_SHOWN);
  const largest = Math.max(0, ...rows.map(({ amount }) => amount));
  return (
    <section aria-label={props.title}>
      <h2>{props.title}</h2>
      {rows.length === 0 && <p class="faint">Nothing in this time.</p>}
      <table class="figures">
        <tbody>
          {rows.map(({ entry, amount }) => (
            <tr key={entry}>
              <th scope="row">
                <a href={`/staff/conversations?entry=${encodeURIComponent(entry)}&from=${props.firstDay}`}>
                  {props.frame.titleOf(entry) ?? entry}
                </a>
              </th>
              <Amount amount={amount} largest={largest} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const TOPICS_SHOWN = 10;

/** A number as a bar and as a figure. */
function Amount(props: { amount: number; largest: number }) {
  return (
    <>
      <td>
        <Bar value={props.amount} largest={props.largest} />
      </td>
      <td>{props.amount.toLocaleString('en-US')}</td>
    </>
  );
}

/** Below this many the share alone would say more than is known. */
const ENOUGH = 200;

/** "42 %", with the 95 % range (Wilson's) where few were counted. */
function shareOf(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = percent(part / whole);
  if (whole >= ENOUGH) return share;
  const z = 1.96;
  const p = part / whole;
  const middle = (p + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole);
  const reach = (z / (1 + z ** 2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z ** 2 / (4 * whole ** 2));
  const low = Math.round(Math.max(0, middle - reach) * 100);
  const high = Math.round(Math.min(1, middle + reach) * 100);
  return `${share} (${low} to ${high})`;
}
