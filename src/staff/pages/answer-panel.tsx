import { Notice, Token } from './layout';
import type { Frame } from './layout';
import { MessageField, NoWay, Way } from './speak-panel';
import { maskEmail } from '../masking';
import { mayUse } from '../permissions';
import type { Reach, RequestReading } from '../ports';

export interface AnswerPanelProps {
  frame: Frame;
  reading: RequestReading;
  /** Through the conversation. */
  reach: Reach;
  /** Whether e-mail is set up. */
  mails: boolean;
  /** The member's name as the visitor would read it. */
  ownName: string;
  /** For the form: sent twice, it is done once. */
  once: string;
  /** What was typed and could not be sent, and why. */
  unsent: { problem: string; draft: string } | undefined;
}

/** Answering a request: in the conversation, by e-mail, or both. */
export function AnswerPanel(props: AnswerPanelProps) {
  const { frame, reading, reach, unsent } = props;
  if (reading.status === 'withdrawn') return null;
  if (!mayUse(frame.member.role, 'POST /staff/requests/:reference/answer')) return null;
  const email = props.mails ? reading.email : null;
  const isOpenQuestion = reading.kind === 'question' && reading.contactedAt === null;
  return (
    <section id="answer" class={isOpenQuestion ? 'speak card waiting' : 'speak card'} aria-label="Answer">
      <h2>{isOpenQuestion ? 'Answer the question' : 'Write to them'}</h2>
      <Notice text={unsent?.problem} />
      {reach.open || email !== null ? (
        <form method="post" action={`/staff/requests/${encodeURIComponent(reading.reference)}/answer`}>
          <Token member={frame.member} />
          <input type="hidden" name="once" value={props.once} />
          <MessageField label="Your answer" placeholder={`As “${props.ownName}”`} draft={unsent?.draft} />
          {email !== null && (
            <label class="whole">
              {reach.open ? (
                <input type="checkbox" name="email" value="yes" checked />
              ) : (
                <input type="hidden" name="email" value="yes" />
              )}{' '}
              {reach.open ? 'Also by' : 'It goes by'} e-mail to {frame.revealed ? email : maskEmail(email)}
            </label>
          )}
          <button>Send</button>
          <p class="faint">
            {reach.open ? <Way reach={reach} frame={frame} /> : `Not in the conversation: ${reach.why}`} The
            assistant goes on answering there.
          </p>
        </form>
      ) : (
        <NoWay frame={frame} requests={[reading]} why={reach.why} />
      )}
    </section>
  );
}
