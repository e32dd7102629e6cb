import type { ComponentChildren } from 'preact';
import { DateTime } from 'luxon';
import { MemberPage } from './layout';
import type { Frame } from './layout';
import { Bar, StackedBars } from './plot';
import { WON } from './requests-page';
import { BOOKING_STEPS } from '../../booking/booking-steps';
import type { Insight, Sureness } from '../ports';
import { channelTitle, count, duration, outcomeTitle, percent, stepTitle, tenthTitle } from '../words';

interface Shown {
  frame: Frame;
  insight: Insight;
  /** Only this channel; undefined for all. */
  channel: string | undefined;
  /** `2026-03-02` */
  firstDay: string;
}

/** Figures over time, each with what it counts and the way to the conversations behind it. */
export function InsightPage(props: Shown & { span: number; spans: readonly number[] }) {
  const { frame, insight, span, channel } = props;
  const labels = insight.days.map(({ day }) => DateTime.fromISO(day).setLocale('en-US').toFormat('LLL d'));
  const begunLinks = insight.days.map(({ day }) => conversations({ channel, begun: day, begunTo: day }));
  const links = insight.days.map(({ day }) => conversations({ channel, from: day, to: day }));
  const total = insight.days.reduce((sum, day) => sum + day.conversations, 0);
  return (
    <MemberPage frame={frame} title="Insight" section="insight">
      <h1>Insight</h1>
      <nav class="tabs" aria-label="Time">
        {props.spans.map((days) => (
          <a
            key={days}
            href={insightAddress(days, channel)}
            aria-current={days === span ? 'page' : undefined}
          >
            {days} days
          </a>
        ))}
      </nav>
      <Channels {...props} />
      <section aria-labelledby="volume">
        <h2 id="volume">Conversations a day</h2>
        <StackedBars
          title="Conversations a day"
          labels={labels}
          links={begunLinks}
          series={[{ name: 'conversations', values: insight.days.map((day) => day.conversations) }]}
        />
        <p class="faint">
          Conversations begun on that day in which the visitor wrote something:{' '}
          <a href={conversations({ channel, begun: props.firstDay })}>{count(total, 'conversation')}</a> in{' '}
          {span} days. A bar opens those of its day.
        </p>
      </section>
      <section aria-labelledby="answers">
        <h2 id="answers">What became of the questions</h2>
        <StackedBars
          title="Messages a day by what the bot made of them"
          labels={labels}
          links={links}
          series={OUTCOME_GROUPS.map(({ name, outcomes }) => ({
            name,
            values: insight.days.map((day) =>
              outcomes.reduce((sum, outcome) => sum + (day.decided[outcome] ?? 0), 0),
            ),
          }))}
        />
        <OutcomeTable {...props} />
        <p class="faint">
          Messages that went by what they said; answers to the booking’s questions and words that always work
          are not among them. “Answered” counts bookings and safety texts in the plot. Each line opens the
          conversations that had such a message, a bar those whose last message is of its day.
        </p>
      </section>
      <FunnelTable {...props} />
      <Answering {...props} />
      <div class="two">
        <Topics {...props} title="Most asked" outcome="answer" />
        <Topics {...props} title="Understood, but no answer is approved" outcome="handoff" />
      </div>
      <p class="faint">
        Messages by the entry that they were taken for. What was not understood at all is grouped under{' '}
        <a href="/staff/teach">Teach</a>.
      </p>
      <SurenessTable {...props} />
    </MemberPage>
  );
}

function Channels(props: Shown & { span: number }) {
  const { insight, channel, span } = props;
  const names = Object.keys(insight.channels).sort();
  if (names.length < 2 && channel === undefined) return null;
  const all = Object.values(insight.channels).reduce((sum, amount) => sum + amount, 0);
  return (
    <nav class="tabs" aria-label="Channel">
      <a href={insightAddress(span, undefined)} aria-current={channel === undefined ? 'page' : undefined}>
        All channels <span class="faint">{all.toLocaleString('en-US')}</span>
      </a>
      {names.map((name) => (
        <a key={name} href={insightAddress(span, name)} aria-current={name === channel ? 'page' : undefined}>
          {channelTitle(name)}{' '}
          <span class="faint">{(insight.channels[name] ?? 0).toLocaleString('en-US')}</span>
        </a>
      ))}
    </nav>
  );
}

/** Four, because that many colours can be told apart. */
const OUTCOME_GROUPS = [
  { name: 'answered', outcomes: ['answer', 'booking', 'safety'] },
  { name: 'offered a choice', outcomes: ['clarify'] },
  { name: 'no approved answer', outcomes: ['handoff'] },
  { name: 'not understood', outcomes: ['none'] },
] as const;

function OutcomeTable({ insight, channel, firstDay }: Shown) {
  const totals: Record<string, number> = {};
  for (const { decided } of insight.days)
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
            <Row
              key={outcome}
              href={conversations({ channel, outcome, from: firstDay })}
              title={outcomeTitle(outcome)}
              amount={amount}
              largest={largest}
              share={shareOf(amount, all)}
            />
          ))}
      </tbody>
    </table>
  );
}

function FunnelTable({ insight, channel, firstDay }: Shown) {
  const { written, answered, reached, requested, booked } = insight.funnel;
  const begun = firstDay;
  return (
    <section aria-labelledby="funnel">
      <h2 id="funnel">From the first word to a booking</h2>
      <table class="figures">
        <tbody>
          <Row
            href={conversations({ channel, begun })}
            title="Asked or told something"
            amount={written}
            largest={written}
            share={shareOf(written, written)}
          />
          <Row
            href={conversations({ channel, outcome: 'answer', begun })}
            title="Got an answer"
            amount={answered}
            largest={written}
            share={shareOf(answered, written)}
          />
          {BOOKING_STEPS.map((step) => (
            <Row
              key={step}
              href={conversations({ channel, reached: step, begun })}
              title={stepTitle(step)}
              amount={reached[step]}
              largest={written}
              share={shareOf(reached[step], written)}
            />
          ))}
        </tbody>
      </table>
      <p class="faint">
        Conversations begun in this time, each counted at every step up to its last. A range in brackets says
        where the true share lies with 95 % certainty, where few are counted. Besides,{' '}
        <a href={requests({ channel, from: begun })}>{count(requested, 'request')}</a> came in, questions that
        were passed on included; staff have marked{' '}
        <a href={requests({ channel, from: begun, status: WON })}>{booked.toLocaleString('en-US')} of them</a>{' '}
        booked or done: {shareOf(booked, requested)}.
      </p>
    </section>
  );
}

function Answering({ insight, channel, firstDay: from }: Shown) {
  const { answered, waiting, median, ninth } = insight.answering;
  if (answered + waiting === 0) return null;
  return (
    <section aria-labelledby="answering">
      <h2 id="answering">How soon requests were answered</h2>
      <p>
        {median === null || ninth === null ? (
          'None has been answered yet.'
        ) : (
          <>
            <a href={requests({ channel, from, answered: 'yes' })}>{count(answered, 'request')}</a> answered,
            half of them within{' '}
            <strong>
              <a href={requests({ channel, from, within: upTo(median) })}>{duration(median)}</a>
            </strong>
            , nine in ten within{' '}
            <strong>
              <a href={requests({ channel, from, within: upTo(ninth) })}>{duration(ninth)}</a>
            </strong>
            , the others <a href={requests({ channel, from, later: upTo(ninth) })}>later</a>.
            {answered < FEW && ' These are few, and say little.'}
          </>
        )}{' '}
        <a href={requests({ channel, from, status: 'new' })}>{waiting.toLocaleString('en-US')} still new</a>.
      </p>
      <p class="faint">
        Requests that came in this time: from coming in until staff first changed the status from new. Each
        number opens the requests behind it.
      </p>
    </section>
  );
}

function Topics(props: Shown & { title: string; outcome: string }) {
  const { insight, frame, channel, firstDay } = props;
  const rows = insight.topics.filter(({ outcome }) => outcome === props.outcome).slice(0, TOPICS_SHOWN);
  const largest = Math.max(0, ...rows.map(({ amount }) => amount));
  return (
    <section aria-label={props.title}>
      <h2>{props.title}</h2>
      {rows.length === 0 ? (
        <p class="faint">Nothing in this time.</p>
      ) : (
        <table class="figures">
          <tbody>
            {rows.map(({ entry, amount }) => (
              <Row
                key={entry}
                href={conversations({ channel, entry, from: firstDay })}
                title={frame.titleOf(entry) ?? entry}
                amount={amount}
                largest={largest}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const TOPICS_SHOWN = 10;

/** How sure the bot was, beside what visitors thought of those answers. */
function SurenessTable({ insight, channel, firstDay: from }: Shown) {
  const { confidence } = insight;
  const largest = Math.max(0, ...confidence.map(({ messages }) => messages));
  return (
    <section aria-labelledby="confidence">
      <h2 id="confidence">How sure the bot was, and what visitors thought</h2>
      <div class="scrolls">
        <table class="figures narrow-head">
          <thead>
            <tr>
              <th scope="col">Confidence</th>
              <td />
              <th scope="col">Messages</th>
              <th scope="col">Helped</th>
              <th scope="col">Did not</th>
              <th scope="col">Helped, of those marked</th>
            </tr>
          </thead>
          <tbody>
            {confidence
              .map((figures, tenth) => ({ ...figures, tenth }))
              .filter(({ messages, up, down }) => messages + up + down > 0)
              .reverse()
              .map(({ tenth, messages, up, down }) => (
                <tr key={tenth}>
                  <th scope="row">
                    <a href={conversations({ channel, tenth: String(tenth), from })}>{tenthTitle(tenth)}</a>
                  </th>
                  <td>
                    <Bar value={messages} largest={largest} />
                  </td>
                  <td>{messages.toLocaleString('en-US')}</td>
                  <Thumbs
                    amount={up}
                    href={conversations({ channel, tenth: String(tenth), thumb: 'up', from })}
                  />
                  <Thumbs
                    amount={down}
                    href={conversations({ channel, tenth: String(tenth), thumb: 'down', from })}
                  />
                  <td>{shareOf(up, up + down)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      <p class="faint">
        Messages that went by what they said, by the confidence of the best answer, and the thumbs given in
        this time to answers of that confidence. It is calibrated: of answers given at 80 %, about eight in
        ten are right. {thumbsInWords(confidence)}
      </p>
    </section>
  );
}

function Thumbs(props: { amount: number; href: string }) {
  return <td>{props.amount === 0 ? 0 : <a href={props.href}>{props.amount.toLocaleString('en-US')}</a>}</td>;
}

function thumbsInWords(confidence: Sureness[]): string {
  const given = confidence.reduce((sum, { up, down }) => sum + up + down, 0);
  return given === 0 ? 'No visitor has marked an answer in this time.' : '';
}

/** A number as a title, a bar, a figure and a share; the title opens the conversations behind it. */
function Row(props: {
  href: string;
  title: ComponentChildren;
  amount: number;
  largest: number;
  share?: string;
}) {
  return (
    <tr>
      <th scope="row">
        <a href={props.href}>{props.title}</a>
      </th>
      <td>
        <Bar value={props.amount} largest={props.largest} />
      </td>
      <td>{props.amount.toLocaleString('en-US')}</td>
      {props.share !== undefined && <td>{props.share}</td>}
    </tr>
  );
}

function insightAddress(days: number, channel: string | undefined): string {
  return `/staff/insight?days=${days}${channel === undefined ? '' : `&channel=${encodeURIComponent(channel)}`}`;
}

/** The lists with a filter; what is undefined is left out. */
function conversations(filter: Filter): string {
  return `/staff/conversations?${queryOf(filter)}`;
}

function requests(filter: Filter): string {
  return `/staff/requests?${queryOf(filter)}`;
}

type Filter = Record<string, string | undefined>;

function queryOf(filter: Filter): string {
  const query = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(query).toString();
}

/** Whole minutes, so that the request whose time it is stands in the list. */
function upTo(minutes: number): string {
  return String(Math.ceil(minutes));
}

/** Fewer say little about how soon requests are answered. */
const FEW = 10;
/** Below this many the share alone would say more than is known. */
const ENOUGH = 200;

/** "42 %", with the 95 % range (Wilson's) where few were counted. */
function shareOf(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = part > 0 && part / whole < 0.005 ? 'under 1 %' : percent(part / whole);
  if (whole >= ENOUGH) return unbroken(share);
  const z = 1.96;
  const p = part / whole;
  const middle = (p + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole);
  const reach = (z / (1 + z ** 2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z ** 2 / (4 * whole ** 2));
  const low = Math.round(Math.max(0, middle - reach) * 100);
  const high = Math.round(Math.min(1, middle + reach) * 100);
  return `${unbroken(share)} ${unbroken(`(${low} to ${high})`)}`;
}

/** On a phone the range stands below the share, and neither is torn apart. */
function unbroken(words: string): string {
  return words.replaceAll(' ', '\u00a0');
}
