import { Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { maskEmail, maskPhone } from '../masking';
import { mayUse } from '../permissions';
import type { ConversationReading, Reach, RequestRow } from '../ports';
import { isThere, LONGEST_MESSAGE } from '../speech';
import { spacedPhone } from '../words';

export interface SpeakPanelProps {
  frame: Frame;
  conversation: ConversationReading;
  reach: Reach;
  /** The member's name as the visitor would read it. */
  ownName: string;
  /** For the form: sent twice, it is done once. */
  once: string;
  /** What was typed and could not be sent, and why. */
  unsent?: { problem: string; draft: string } | undefined;
}

/** Who answers at this moment, and the way to take over, to write and to hand back. */
export function SpeakPanel(props: SpeakPanelProps) {
  const { frame, conversation, reach, unsent } = props;
  const address = `/staff/conversations/${encodeURIComponent(conversation.id)}`;
  const mayWrite = mayUse(frame.member.role, 'POST /staff/conversations/:id/messages');
  const there = isThere(conversation, frame.now);
  return (
    <section id="speak" class={there ? 'speak card there' : 'speak card'} aria-label="Write to the visitor">
      <Notice text={unsent?.problem} />
      {unsent !== undefined && unsent.draft !== '' && !(there && reach.open) && (
        <p class="draft" dir="auto">
          Not sent: {unsent.draft}
        </p>
      )}
      <div id="who-answers">
        <WhoAnswers frame={frame} conversation={conversation} />
      </div>
      {mayWrite && there && reach.open && <Composer {...props} address={address} />}
      {mayWrite && there && <HandBack {...props} address={address} />}
      {mayWrite && !there && reach.open && <TakeOver {...props} address={address} />}
      {mayWrite && <OpenQuestions requests={conversation.requests} />}
      {mayWrite && !reach.open && <NoWay frame={frame} requests={conversation.requests} why={reach.why} />}
    </section>
  );
}

/** Questions that were passed on from here and wait for their answer. */
function OpenQuestions({ requests }: { requests: RequestRow[] }) {
  const open = requests.filter(
    ({ kind, status }) => kind === 'question' && (status === 'new' || status === 'contacted'),
  );
  return (
    <>
      {open.map(({ reference }) => (
        <p key={reference}>
          <a href={`/staff/requests/${encodeURIComponent(reference)}#answer`}>
            Answer the question that was passed on ({reference})
          </a>
        </p>
      ))}
    </>
  );
}

function WhoAnswers({ frame, conversation }: Pick<SpeakPanelProps, 'frame' | 'conversation'>) {
  const { person } = conversation;
  if (person === null) return <p>The assistant answers here.</p>;
  const name = person.name ?? 'Somebody in the page’s inbox';
  if (isThere(conversation, frame.now)) {
    return (
      <p>
        <strong dir="auto">{name}</strong> answers here, and the assistant waits until it is handed back; or
        until <Time at={person.until} frame={frame} />, if nothing more is written to the visitor.
      </p>
    );
  }
  return (
    <p>
      <span dir="auto">{name}</span> was here until <Time at={person.until} frame={frame} />. The assistant
      answers again.
    </p>
  );
}

type Addressed = SpeakPanelProps & { address: string };

function TakeOver({ frame, address, once, ownName, reach }: Addressed) {
  return (
    <form method="post" action={`${address}/join`}>
      <Token member={frame.member} />
      <input type="hidden" name="once" value={once} />
      <button data-key="t">Take over</button>
      <p class="faint">
        The visitor reads that “<span dir="auto">{ownName}</span>” is here, and the assistant waits.{' '}
        <Way reach={reach} frame={frame} />
      </p>
    </form>
  );
}

function HandBack({ frame, conversation, address, once }: Addressed) {
  return (
    <form method="post" action={`${address}/leave`}>
      <Token member={frame.member} />
      <input type="hidden" name="once" value={once} />
      <input type="hidden" name="upTo" value={conversation.lastSequence} />
      <button class="quiet">Hand back to the assistant</button>
    </form>
  );
}

function Composer({ frame, address, once, ownName, reach, unsent }: Addressed) {
  return (
    <form class="composer" method="post" action={`${address}/messages`}>
      <Token member={frame.member} />
      <input type="hidden" name="once" value={once} />
      <MessageField label="Message to the visitor" placeholder={`As “${ownName}”`} draft={unsent?.draft} />
      <button>Send</button>
      <p class="faint">
        <Way reach={reach} frame={frame} />
      </p>
    </form>
  );
}

/** Where staff type what a visitor is to read. */
export function MessageField(props: { label: string; placeholder: string; draft: string | undefined }) {
  return (
    <textarea
      name="text"
      rows={2}
      maxLength={LONGEST_MESSAGE}
      required
      dir="auto"
      aria-label={props.label}
      placeholder={props.placeholder}
      value={props.draft ?? ''}
      data-key="m"
    />
  );
}

/** How a message gets to them. */
export function Way({ reach, frame }: { reach: Reach; frame: Frame }) {
  if (!reach.open) return null;
  switch (reach.how) {
    case 'chat':
      return <>Messages stand in the chat; whoever has left finds them on coming back.</>;
    case 'human-agent':
      return (
        <>
          They last wrote more than 24 hours ago. Until <Time at={reach.until} frame={frame} /> Facebook takes
          what a person writes, if the page has its Human Agent permission.
        </>
      );
    case 'message':
      if (reach.until === undefined) return <>Messages are sent to them at once.</>;
      return (
        <>
          Messages are sent to them at once; until <Time at={reach.until} frame={frame} /> Facebook takes
          them.
        </>
      );
  }
}

/** Why nothing can be written, and what is left. */
export function NoWay({ frame, requests, why }: { frame: Frame; requests: RequestRow[]; why: string }) {
  const open = frame.revealed;
  const phones = new Set(requests.flatMap(({ phone }) => phone ?? []));
  const emails = new Set(requests.flatMap(({ email }) => email ?? []));
  return (
    <div class="no-way">
      <p>
        <strong>Nothing can be written to them here.</strong> {why}
      </p>
      {phones.size + emails.size === 0 && (
        <p>They have left no phone number and no e-mail address: only they can write again.</p>
      )}
      <ul>
        {[...phones].map((phone) => (
          <li key={phone}>
            Call {open ? <a href={`tel:${phone}`}>{spacedPhone(phone)}</a> : maskPhone(phone)}
          </li>
        ))}
        {[...emails].map((email) => (
          <li key={email}>Write to {open ? <a href={mailto(email)}>{email}</a> : maskEmail(email)}</li>
        ))}
      </ul>
    </div>
  );
}

function mailto(email: string): string {
  return `mailto:${encodeURIComponent(email).replace('%40', '@')}`;
}
