import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import { DUE_TITLES } from './due-page';
import type { ErasureReceipt, FoundBy, OldestKept, PersonFound, RetentionDays, RetentionDue } from '../ports';
import { channelTitle, count, statusTitle } from '../words';

/** A person's data under control, and what the retention periods are about to delete. */
export function DataPage(props: {
  frame: Frame;
  sought: string;
  found: PersonFound | undefined;
  receipts: ErasureReceipt[];
  /** Of the erasure just made. */
  fresh: ErasureReceipt | undefined;
  /** It deleted what was due. */
  wasPurged: boolean;
  /** Something was asked for without a tick that it needs. */
  wasUnsure: boolean;
  days: RetentionDays;
  due: RetentionDue;
  /** Together with what becomes due in a week. */
  dueInAWeek: RetentionDue;
  oldest: OldestKept;
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
          {props.wasPurged && <p>{lookedAgain(props.due)}</p>}
        </div>
      )}
      <Notice
        text={
          props.wasUnsure
            ? 'Nothing was done: tick what it is about and, where something is deleted, that you have checked it.'
            : undefined
        }
      />
      <form class="filter" method="get" action="/staff/data" role="search">
        <label class="search">
          <span>Phone, e-mail, reference, conversation or Messenger id</span>
          <input type="search" name="find" value={sought} maxLength={200} required data-key="/" />
        </label>
        <button>Find</button>
      </form>
      {found !== undefined && <Found frame={frame} sought={sought} found={found} />}
      <Retention {...props} />
      <Receipts frame={frame} receipts={props.receipts} />
    </MemberPage>
  );
}

function Found(props: { frame: Frame; sought: string; found: PersonFound }) {
  const { frame, sought, found } = props;
  const { conversations, requests } = found;
  if (conversations.length + requests.length === 0)
    return (
      <p class="empty">
        Nothing is kept under that. Try another phone number, address or reference. A name does not tell one
        person from another:{' '}
        <a href={`/staff/requests?${new URLSearchParams({ search: sought }).toString()}`}>
          look for it among the requests
        </a>
        , and find the person here by the reference.
      </p>
    );
  const known = new Set(conversations.map(({ id }) => id));
  const orphans = requests.filter((request) => !known.has(request.conversationId));
  return (
    <form class="person" method="post" aria-label="What is kept">
      <Token member={frame.member} />
      <input type="hidden" name="find" value={sought} />
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
                .map((request) => (
                  <span key={request.reference}>
                    {' '}
                    · request {request.reference} of <span dir="auto">{request.name}</span> (
                    {statusTitle(request.status)})
                  </span>
                ))}
            </span>
          </li>
        ))}
        {orphans.map((request) => (
          <li class="plain" key={request.reference}>
            <label class="said">
              <input type="checkbox" name="id" value={request.conversationId} checked /> Request{' '}
              {request.reference} of <span dir="auto">{request.name}</span>
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

const KINDS = ['unfinishedChats', 'transcripts', 'requests'] as const;

function Retention(props: {
  frame: Frame;
  days: RetentionDays;
  due: RetentionDue;
  dueInAWeek: RetentionDue;
  oldest: OldestKept;
}) {
  const { frame, days, due, dueInAWeek, oldest } = props;
  const total = totalOf(due);
  return (
    <section aria-labelledby="retention">
      <h2 id="retention">Retention</h2>
      <div class="scrolls" role="group" aria-label="Periods" tabIndex={0}>
        <table class="figures periods">
          <thead>
            <tr>
              <td />
              <th scope="col">Due now</th>
              <th scope="col">In a week</th>
              <th scope="col">Kept for</th>
              <th scope="col">Oldest kept</th>
            </tr>
          </thead>
          <tbody>
            {KINDS.map((what) => (
              <tr key={what}>
                <th scope="row">{DUE_TITLES[what]}</th>
                <td>
                  <Due what={what} when="now" amount={due[what]} />
                </td>
                <td>
                  <Due what={what} when="week" amount={dueInAWeek[what]} />
                </td>
                <td>{count(days[what], 'day')}</td>
                <td>{oldest[what] === null ? '–' : <Time at={oldest[what]} frame={frame} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="faint">
        The periods stand in the knowledge folder (clinic.yaml) and count from the last message or change. A
        number opens the list of what it counts. What is due is deleted by itself within six hours, with a
        receipt below.
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

function Due(props: { what: keyof RetentionDays; when: 'now' | 'week'; amount: number }) {
  const amount = props.amount.toLocaleString('en-US');
  if (props.amount === 0) return <>{amount}</>;
  return <a href={`/staff/data/due?what=${props.what}&when=${props.when}`}>{amount}</a>;
}

/** After a deletion: counted anew from what is kept. */
function lookedAgain(due: RetentionDue): string {
  const left = totalOf(due);
  return left === 0
    ? 'Looked again afterwards: nothing that is due is kept any more.'
    : `Looked again afterwards: ${left.toLocaleString('en-US')} have become due since.`;
}

function totalOf(due: RetentionDue): number {
  return due.unfinishedChats + due.transcripts + due.requests;
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
