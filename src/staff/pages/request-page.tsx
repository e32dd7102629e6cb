import type { ComponentChildren } from 'preact';
import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { shownText } from './conversations-page';
import type { PhoneNumber } from '../../booking/booking-request';
import { maskEmail, maskPhone } from '../masking';
import { mayUse, seesContactDetails } from '../permissions';
import { REQUEST_STATUSES } from '../ports';
import type { RequestReading } from '../ports';
import { kindTitle, spacedPhone, statusTitle } from '../words';

/** One booking request with everything the visitor left, and what to do with it. */
export function RequestPage(props: { frame: Frame; reading: RequestReading; saved: boolean }) {
  const { frame, reading } = props;
  const { request } = reading;
  return (
    <MemberPage frame={frame} title={`Request ${reading.reference}`} section="requests">
      <p class="back">
        <a href="/staff/requests">Booking requests</a>
      </p>
      <h1 dir="auto">{request.name}</h1>
      <Notice text={props.saved ? `Saved: ${statusTitle(reading.status)}.` : undefined} kind="done" />
      <Status frame={frame} reading={reading} />
      <dl class="facts wide">
        {request.phone !== undefined && (
          <Fact title="Phone">
            <Phone phone={request.phone} frame={frame} />
          </Fact>
        )}
        {request.email !== undefined && (
          <Fact title="E-mail">
            <Email email={request.email} frame={frame} />
          </Fact>
        )}
        {request.contact !== undefined && (
          <Fact title="Reach them by">{shownText(request.contact, frame)}</Fact>
        )}
        {request.forWhom !== undefined && <Fact title="For">{shownText(request.forWhom, frame)}</Fact>}
        {request.wish !== undefined && (
          <Fact title="Would like">
            {request.wish.words} <span class="faint">({request.wish.zone})</span>
            <Typed text={request.wish.typed} frame={frame} />
          </Fact>
        )}
        {request.question !== undefined && <Fact title="Asked">{shownText(request.question, frame)}</Fact>}
        {request.note !== undefined && <Fact title="Note">{shownText(request.note, frame)}</Fact>}
        <Fact title="Kind">{kindTitle(request.kind)}</Fact>
        <Fact title="Reference">
          <span class="id">{reading.reference}</span>
        </Fact>
        <Fact title="Received">
          <Time at={reading.createdAt} frame={frame} />
          {reading.revision > 0 && `, then changed by the visitor ${timesInWords(reading.revision)}`}
        </Fact>
        <Fact title="Conversation">
          <a href={`/staff/conversations/${encodeURIComponent(reading.conversationId)}`}>Read it</a>
        </Fact>
        <Fact title="Agreed to">
          <span dir="auto">{request.consent.text}</span>
          <br />
          <span class="faint">
            <Time at={request.consent.at} frame={frame} />, version {request.consent.version}
          </span>
        </Fact>
      </dl>
      {reading.history.length > 0 && (
        <section aria-labelledby="history">
          <h2 id="history">History</h2>
          <ul class="history">
            {reading.history.map((row) => (
              <li key={`${row.at}${row.action}`}>
                <Time at={row.at} frame={frame} />: {statusTitle(row.action.slice('status:'.length))}, by{' '}
                {row.actor}
              </li>
            ))}
          </ul>
        </section>
      )}
    </MemberPage>
  );
}

function Status(props: { frame: Frame; reading: RequestReading }) {
  const { frame, reading } = props;
  if (!mayUse(frame.member.role, 'POST /staff/requests/:reference/status')) {
    return (
      <p>
        <span class={`tag status-${reading.status}`}>{statusTitle(reading.status)}</span>
      </p>
    );
  }
  return (
    <form
      class="statuses"
      method="post"
      action={`/staff/requests/${encodeURIComponent(reading.reference)}/status`}
      aria-label="Status"
    >
      <Token member={frame.member} />
      {reading.status === 'withdrawn' && <span class="tag status-withdrawn">{statusTitle('withdrawn')}</span>}
      {REQUEST_STATUSES.map((status) => (
        <button
          key={status}
          name="status"
          value={status}
          class="quiet"
          aria-pressed={status === reading.status ? 'true' : 'false'}
        >
          {statusTitle(status)}
        </button>
      ))}
    </form>
  );
}

function Fact(props: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd dir="auto">{props.children}</dd>
    </div>
  );
}

function Phone(props: { phone: PhoneNumber; frame: Frame }) {
  const { e164, extension, typed } = props.phone;
  if (!seesContactDetails(props.frame.member.role)) return <>{maskPhone(e164)}</>;
  const dialled = extension === undefined ? e164 : `${e164};ext=${extension}`;
  return (
    <>
      <a href={`tel:${dialled}`}>
        {extension === undefined ? spacedPhone(e164) : `${spacedPhone(e164)}, extension ${extension}`}
      </a>
      {typed !== e164 && <Typed text={typed} frame={props.frame} />}
    </>
  );
}

function Email(props: { email: string; frame: Frame }) {
  if (!seesContactDetails(props.frame.member.role)) return <>{maskEmail(props.email)}</>;
  return <a href={`mailto:${encodeURIComponent(props.email).replace('%40', '@')}`}>{props.email}</a>;
}

/** The visitor's own words behind what was read from them. */
function Typed(props: { text: string; frame: Frame }) {
  return <small class="faint typed">typed: {shownText(props.text, props.frame)}</small>;
}

function timesInWords(amount: number): string {
  return amount === 1 ? 'once' : `${amount} times`;
}
