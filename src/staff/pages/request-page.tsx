import { Fragment, type ComponentChildren } from 'preact';
import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { AnswerPanel, type AnswerPanelProps } from './answer-panel';
import { Assign } from './assign';
import { auditAddress } from './audit-page';
import { LINE_CLASSES, Notes, speakerOf } from './conversation-page';
import { shownText } from './conversations-page';
import { Reveal } from './reveal';
import type { PhoneNumber } from '../../booking/booking-request';
import { fitsCalendar } from '../../booking/calendar-file';
import { maskEmail, maskPhone } from '../masking';
import { mayUse } from '../permissions';
import { REQUEST_STATUSES } from '../ports';
import type { ConversationReading, NoticeRow, RequestReading } from '../ports';
import { count, kindTitle, spacedPhone, statusTitle } from '../words';

/** One booking request, as a member may see it at this moment. */
export interface RequestView {
  frame: Frame;
  reading: RequestReading;
  /** Its newest lines; undefined where it has been deleted already. */
  conversation: ConversationReading | undefined;
  calendarFile: string;
  /** Whom it may be assigned to. */
  staff: string[];
  answer: Omit<AnswerPanelProps, 'frame' | 'reading' | 'unsent'>;
}

/** One booking request with everything the visitor left, and what to do with it. */
export function RequestPage(props: {
  view: RequestView;
  saved: boolean;
  /** An answer has just been sent. */
  answered: boolean;
  unsent: AnswerPanelProps['unsent'];
}) {
  const { view } = props;
  const { frame, reading } = view;
  const parts = partsOfRequest(view, props.unsent);
  const address = addressOf(reading);
  return (
    <MemberPage
      frame={frame}
      title={`Request ${reading.reference}`}
      section="requests"
      live={frame.revealed ? `${address}/revealed/live` : `${address}/live`}
    >
      <p class="back">
        <a href="/staff/requests">Booking requests</a>
      </p>
      <Notice text={props.saved ? `Saved: ${statusTitle(reading.status)}.` : undefined} kind="done" />
      <Notice text={props.answered ? 'Your answer is on its way.' : undefined} kind="done" />
      {parts.head}
      <div class="reading request">
        <section aria-label="What they left">
          {parts.left}
          {parts.answering}
          {parts.course}
        </section>
        {parts.about}
      </div>
    </MemberPage>
  );
}

/** What of the page follows the request while it is open, by the ids of the elements. */
export function partsOfRequest(view: RequestView, unsent?: AnswerPanelProps['unsent']) {
  const { frame, reading } = view;
  return {
    head: (
      <div id="head">
        <h1 dir="auto">{reading.request.name}</h1>
        <Due frame={frame} reading={reading} />
        <Status frame={frame} reading={reading} />
      </div>
    ),
    left: <Left view={view} />,
    answering: (
      <div id="answering">
        <AnswerPanel frame={frame} reading={reading} {...view.answer} unsent={unsent} />
      </div>
    ),
    course: (
      <div id="course">
        <Notices frame={frame} reading={reading} />
        <History frame={frame} reading={reading} />
      </div>
    ),
    about: <About view={view} />,
  };
}

function addressOf({ reference }: RequestReading): string {
  return `/staff/requests/${encodeURIComponent(reference)}`;
}

/** What the visitor left. */
function Left({ view }: { view: RequestView }) {
  const { frame, reading } = view;
  const { request } = reading;
  return (
    <div id="left">
      <Reveal frame={frame} route="GET /staff/requests/:reference/revealed" address={addressOf(reading)} />
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
            {request.wish.typed !== request.wish.words && <Typed text={request.wish.typed} frame={frame} />}
            {fitsCalendar(request.wish) && (
              <span class="typed">
                <a href={view.calendarFile}>Calendar file</a>
              </span>
            )}
          </Fact>
        )}
        {request.question !== undefined && <Fact title="Asked">{shownText(request.question, frame)}</Fact>}
        {request.note !== undefined && <Fact title="Note">{shownText(request.note, frame)}</Fact>}
        <Fact title="Kind">{kindTitle(request.kind)}</Fact>
        <Fact title="Reference">
          <span class="id">{reading.reference}</span>
        </Fact>
        {reading.samePerson.length > 0 && (
          <Fact title="Same person">
            {reading.samePerson.map((reference) => (
              <Fragment key={reference}>
                <a class="id" href={`/staff/requests/${encodeURIComponent(reference)}`}>
                  {reference}
                </a>{' '}
              </Fragment>
            ))}
            <span class="faint">within a day; moved on together while new</span>
          </Fact>
        )}
        <Fact title="Received">
          <Time at={reading.createdAt} frame={frame} />
          {reading.revision > 0 && `, then changed by the visitor ${timesInWords(reading.revision)}`}
        </Fact>
        <Fact title="Agreed to">
          <span dir="auto">{request.consent.text}</span>
          <br />
          <span class="faint">
            <Time at={request.consent.at} frame={frame} />, version {request.consent.version}
          </span>
        </Fact>
      </dl>
    </div>
  );
}

function History({ frame, reading }: { frame: Frame; reading: RequestReading }) {
  const mayAudit = mayUse(frame.member.role, 'GET /staff/audit');
  if (reading.history.length === 0 && !mayAudit) return null;
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {reading.history.length > 0 && (
        <ul class="history">
          {reading.history.map((row) => (
            <li key={`${row.at}${row.action}`}>
              <Time at={row.at} frame={frame} />: {changeInWords(row.action)}, by {row.actor}
            </li>
          ))}
        </ul>
      )}
      {mayAudit && (
        <p>
          <a href={auditAddress({ about: `request:${reading.reference}` })}>Who has read it</a>
        </p>
      )}
    </section>
  );
}

/** Who sees to it, the notes and the conversation. */
function About({ view }: { view: RequestView }) {
  const { frame, reading, conversation } = view;
  const address = addressOf(reading);
  return (
    <aside id="about" aria-label="Who sees to it, and the conversation">
      <Assign
        frame={frame}
        route="POST /staff/requests/:reference/assigned"
        action={`${address}/assigned`}
        assignedTo={reading.assignedTo}
        staff={view.staff}
      />
      {conversation === undefined ? (
        <p class="faint">Its conversation is deleted already.</p>
      ) : (
        <>
          <Notes
            frame={frame}
            route="POST /staff/requests/:reference/notes"
            action={`${address}/notes`}
            notes={conversation.notes}
          />
          <Beside frame={frame} conversation={conversation} />
        </>
      )}
    </aside>
  );
}

/** Until when the clinic promised to answer, while nobody has. */
function Due(props: { frame: Frame; reading: RequestReading }) {
  const { frame, reading } = props;
  if (reading.contactedAt !== null)
    return (
      <p class="faint">
        Answered <Time at={reading.contactedAt} frame={frame} />.
      </p>
    );
  if (reading.status !== 'new') return null;
  const dueAt = frame.dueAt(reading.waitsSince);
  return dueAt <= frame.now.toISOString() ? (
    <p class="notice problem">
      Overdue: it was to be answered by <Time at={dueAt} frame={frame} />.
    </p>
  ) : (
    <p class="faint">
      To be answered by <Time at={dueAt} frame={frame} />.
    </p>
  );
}

/** What was sent to staff about it, and whether it arrived. */
function Notices(props: { frame: Frame; reading: RequestReading }) {
  const { frame, reading } = props;
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">Notices</h2>
      {reading.notices.length === 0 && (
        <p class="faint">None: neither e-mail nor a webhook was set up when it came.</p>
      )}
      <ul class="history">
        {reading.notices.map((notice) => (
          <li key={notice.id}>
            {NOTICE_KINDS[notice.kind] ?? notice.kind}, <Time at={notice.at} frame={frame} />:{' '}
            <Delivery notice={notice} frame={frame} />
            {notice.state === 'dead' && mayUse(frame.member.role, 'POST /staff/notices/:id') && (
              <form class="statuses" method="post" action={`/staff/notices/${notice.id}`}>
                <Token member={frame.member} />
                <input type="hidden" name="request" value={reading.reference} />
                <button class="quiet" name="how" value="retry">
                  Send again
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const NOTICE_KINDS: Readonly<Record<string, string>> = {
  'notice-mail': 'E-mail to staff',
  'notice-webhook': 'Webhook',
  'answer-mail': 'Answer by e-mail to the visitor',
};

function Delivery(props: { notice: NoticeRow; frame: Frame }) {
  const { state, attempts, settledAt, problem } = props.notice;
  const tries = count(attempts, 'try', 'tries');
  if (state === 'sent')
    return (
      <>
        delivered
        {settledAt !== null && (
          <>
            {' '}
            <Time at={settledAt} frame={props.frame} />
          </>
        )}
      </>
    );
  if (state === 'dead')
    return (
      <span class="worse">
        not delivered after {tries}
        {problem !== null && ` (${problem})`}
      </span>
    );
  return <>waits to be sent{attempts > 0 && `, ${tries} so far${problem === null ? '' : ` (${problem})`}`}</>;
}

/** The conversation in short; its own page has the reasons of the answers. */
function Beside(props: { frame: Frame; conversation: ConversationReading }) {
  const { frame, conversation } = props;
  const lines = conversation.lines.filter(({ type, text }) => type === 'message' && text);
  return (
    <section aria-labelledby="beside">
      <h2 id="beside">
        <a href={`/staff/conversations/${encodeURIComponent(conversation.id)}`}>The conversation</a>
      </h2>
      <ol class="transcript beside">
        {lines.map((line) => (
          <li key={line.sequence} class={LINE_CLASSES[line.role]}>
            <p class="text" dir="auto">
              <span class="hidden">{speakerOf(line)}: </span>
              {shownText(line.text ?? '', frame)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function changeInWords(action: string): string {
  if (action.startsWith('assign:')) return `assigned to ${action.slice('assign:'.length)}`;
  return statusTitle(action.slice('status:'.length));
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
    <form class="statuses" method="post" action={`${addressOf(reading)}/status`} aria-label="Status">
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
  if (!props.frame.revealed) return <>{maskPhone(e164)}</>;
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
  if (!props.frame.revealed) return <>{maskEmail(props.email)}</>;
  return <a href={`mailto:${encodeURIComponent(props.email).replace('%40', '@')}`}>{props.email}</a>;
}

/** The visitor's own words behind what was read from them. */
function Typed(props: { text: string; frame: Frame }) {
  return <small class="faint typed">typed: {shownText(props.text, props.frame)}</small>;
}

function timesInWords(amount: number): string {
  return amount === 1 ? 'once' : `${amount} times`;
}
