import { MemberPage, Time, Token } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import type { ErasureReceipt, FoundBy, PersonFound, RetentionDays, RetentionDue } from '../ports';
import { channelTitle, count, statusTitle } from '../words';

/** A person's data under control, and what the retention periods are about to delete. */
export function DataPage(props: {
  frame: Frame;
  sought: string;
  found: PersonFound | undefined;
  receipts: ErasureReceipt[];
  /** Of the erasure just made. */
  fresh: ErasureReceipt | undefined;
  days: RetentionDays;
  due: RetentionDue;
  /** Together with what becomes due in a week. */
  dueInAWeek: RetentionDue;
}) {
  const { frame, sought, found, fresh } = props;
  return (
    <MemberPage frame={frame} title="Data" section="data">
      <h1>A person’s data</h1>
      {fresh !== undefined && (
        <div class="card done" role="status">
          <p>
            Erased. The receipt is <strong class="id">{fresh.receipt}</strong>.
          </p>
          <p>{erasedInWords(fresh)}</p>
        </div>
      )}
      <form class="filter" method="get" action="/staff/data" role="search">
        <label class="search">
          <span>Phone, e-mail, reference, conversation or Messenger id</span>
          <input type="search" name="find" value={sought} maxLength={200} required data-key="/" />
        </label>
        <button>Find</button>
      </form>
      {found !== undefined && <Found frame={frame} found={found} />}
      <Retention frame={frame} days={props.days} due={props.due} dueInAWeek={props.dueInAWeek} />
      <Receipts frame={frame} receipts={props.receipts} />
    </MemberPage>
  );
}

function Found(props: { frame: Frame; found: PersonFound }) {
  const { frame, found } = props;
  const { conversations, requests } = found;
  if (conversations.length + requests.length === 0)
    return <p class="empty">Nothing is kept under that. Try another phone number, address or reference.</p>;
  const known = new Set(conversations.map(({ id }) => id));
  const orphans = requests.filter((request) => !known.has(request.conversationId));
  return (
    <form class="person" method="post" aria-label="What is kept">
      <Token member={frame.member} />
      <h2>
        {count(conversations.length, 'conversation')}, {count(requests.length, 'booking request')}
      </h2>
      <ul class="rows">
        {conversations.map((row) => (
          <li class="plain" key={row.id}>
            <label class="said">
              <input type="checkbox" name="id" value={row.id} checked />{' '}
              <span dir="auto">{shownText(row.firstText ?? 'No text', frame)}</span>
            </label>
            <a href={`/staff/conversations/${encodeURIComponent(row.id)}`}>Read</a>
            <span class="faint">
              {FOUND_BY[row.by]} · {channelTitle(row.channel)} · <Time at={row.updatedAt} frame={frame} /> ·{' '}
              {count(row.visitorMessages, 'message')}
              {requests
                .filter((request) => request.conversationId === row.id)
                .map((request) => ` · request ${request.reference} (${statusTitle(request.status)})`)}
            </span>
          </li>
        ))}
        {orphans.map((request) => (
          <li class="plain" key={request.reference}>
            <label class="said">
              <input type="checkbox" name="id" value={request.conversationId} checked /> Request{' '}
              {request.reference}
            </label>
            <a href={`/staff/requests/${encodeURIComponent(request.reference)}`}>Read</a>
            <span class="faint">Its conversation is deleted already.</span>
          </li>
        ))}
      </ul>
      <p class="statuses">
        <button class="quiet" formAction="/staff/data/export">
          Export what is ticked
        </button>
      </p>
      <p class="statuses">
        <label>
          <input type="checkbox" name="sure" value="yes" /> I have checked that this is the right person;
          erasing cannot be undone.
        </label>
        <button class="quiet danger" formAction="/staff/data/erase">
          Erase what is ticked
        </button>
      </p>
    </form>
  );
}

const FOUND_BY: Readonly<Record<FoundBy, string>> = {
  request: 'Its request has this',
  words: 'Typed in the chat',
  id: 'This very one',
  'same visitor': 'Same browser or account',
};

function Retention(props: {
  frame: Frame;
  days: RetentionDays;
  due: RetentionDue;
  dueInAWeek: RetentionDue;
}) {
  const { frame, days, due, dueInAWeek } = props;
  const total = due.unfinishedChats + due.transcripts + due.requests;
  return (
    <section aria-labelledby="retention">
      <h2 id="retention">Retention</h2>
      <table class="figures">
        <thead>
          <tr>
            <td />
            <th scope="col">Kept for</th>
            <th scope="col">Due now</th>
            <th scope="col">In a week</th>
          </tr>
        </thead>
        <tbody>
          <Period
            title="Chats with an unfinished booking"
            days={days.unfinishedChats}
            due={due.unfinishedChats}
            dueInAWeek={dueInAWeek.unfinishedChats}
          />
          <Period
            title="Transcripts"
            days={days.transcripts}
            due={due.transcripts}
            dueInAWeek={dueInAWeek.transcripts}
          />
          <Period
            title="Booking requests"
            days={days.requests}
            due={due.requests}
            dueInAWeek={dueInAWeek.requests}
          />
        </tbody>
      </table>
      <p class="faint">
        The periods stand in the knowledge folder (clinic.yaml) and count from the last message or change.
        What is due is deleted by itself within six hours, with a receipt below.
      </p>
      {total > 0 && (
        <form class="statuses" method="post" action="/staff/data/purge">
          <Token member={frame.member} />
          <label>
            <input type="checkbox" name="sure" value="yes" required /> Delete it now
          </label>
          <button class="quiet danger">Delete what is due</button>
        </form>
      )}
    </section>
  );
}

function Period(props: { title: string; days: number; due: number; dueInAWeek: number }) {
  return (
    <tr>
      <th scope="row">{props.title}</th>
      <td>{count(props.days, 'day')}</td>
      <td>{props.due.toLocaleString('en-US')}</td>
      <td>{props.dueInAWeek.toLocaleString('en-US')}</td>
    </tr>
  );
}

function Receipts(props: { frame: Frame; receipts: ErasureReceipt[] }) {
  if (props.receipts.length === 0) return null;
  return (
    <section aria-labelledby="receipts">
      <h2 id="receipts">Receipts</h2>
      <ul class="history">
        {props.receipts.map((receipt) => (
          <li key={receipt.receipt}>
            <span class="id">{receipt.receipt}</span>, <Time at={receipt.at} frame={props.frame} />, by{' '}
            {receipt.actor}: {erasedInWords(receipt)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function erasedInWords({ erased }: ErasureReceipt): string {
  return [
    count(erased.conversations, 'conversation'),
    count(erased.messages, 'message'),
    count(erased.requests, 'booking request'),
    count(erased.notices, 'notice'),
    count(erased.notes, 'note'),
  ].join(', ');
}
