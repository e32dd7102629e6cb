import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { Assign } from './assign';
import { SpeakPanel, type SpeakPanelProps } from './speak-panel';
import { shownText } from './conversations-page';
import { proposedEntry } from '../cluster-questions';
import { Reveal } from './reveal';
import { DecisionNote } from './decision-note';
import type { Decision } from '../../answers/decision';
import { auditAddress } from './audit-page';
import { wasDecidedByMatch } from '../decision-in-words';
import { maskText } from '../masking';
import { LONGEST_NOTE } from '../notes';
import { mayUse } from '../permissions';
import type { ConversationReading, Note, TranscriptLine } from '../ports';
import { channelTitle, count, percent, reasonExplained, reasonTitle, statusTitle } from '../words';

/** One conversation whole, with the reason of each answer beside it. */
export function ConversationPage(props: {
  frame: Frame;
  conversation: ConversationReading;
  /** Whom it may be assigned to. */
  staff: string[];
  /** What today's knowledge would decide; undefined where that cannot be told. */
  answerNow: ((text: string) => Decision) | undefined;
  notice: { text: string; kind: 'problem' | 'done' } | undefined;
  speak: Pick<SpeakPanelProps, 'reach' | 'ownName' | 'once' | 'unsent'>;
  /** It ends with the newest lines, and what comes is added to them. */
  isNewest: boolean;
  /** The id of the one from which "open the next" led here. */
  lastReviewed: string | undefined;
}) {
  const { frame, conversation } = props;
  const address = `/staff/conversations/${encodeURIComponent(conversation.id)}`;
  const first = conversation.lines[0];
  return (
    <MemberPage
      frame={frame}
      title="Conversation"
      section="conversations"
      live={props.isNewest ? `${address}/live?after=${conversation.lastSequence}` : undefined}
    >
      <p class="back">
        <a href="/staff/conversations">Conversations</a>
      </p>
      <h1 dir="auto">{shownText(conversation.firstText ?? 'Conversation', frame)}</h1>
      <Notice text={props.notice?.text} kind={props.notice?.kind ?? 'done'} />
      <LastReviewed frame={frame} id={props.lastReviewed} />
      <div class="reading">
        <ReviewCard frame={frame} conversation={conversation} />
        <section aria-label="Transcript">
          <Reveal frame={frame} route="GET /staff/conversations/:id/revealed" address={address} />
          {conversation.earlier && first !== undefined && (
            <p>
              <a href={`${frame.revealed ? `${address}/revealed` : address}?before=${first.sequence}`}>
                Earlier messages
              </a>
            </p>
          )}
          <ol class="transcript" aria-live="polite" aria-relevant="additions">
            <TranscriptLines lines={conversation.lines} frame={frame} answerNow={props.answerNow} />
          </ol>
          <SpeakPanel frame={frame} conversation={conversation} {...props.speak} />
        </section>
        <About frame={frame} conversation={conversation} staff={props.staff} />
      </div>
    </MemberPage>
  );
}

/** What stands beside the transcript: whose it is, tags, notes and figures. */
export function About(props: { frame: Frame; conversation: ConversationReading; staff: string[] }) {
  const { frame, conversation } = props;
  const address = `/staff/conversations/${encodeURIComponent(conversation.id)}`;
  return (
    <aside id="about" aria-label="About this conversation">
      <Assign
        frame={frame}
        route="POST /staff/conversations/:id/assigned"
        action={`${address}/assigned`}
        assignedTo={conversation.assignedTo}
        staff={props.staff}
      />
      <Tags frame={frame} conversation={conversation} address={address} />
      <Notes
        frame={frame}
        route="POST /staff/conversations/:id/notes"
        action={`${address}/notes`}
        notes={conversation.notes}
      />
      <Facts frame={frame} conversation={conversation} />
    </aside>
  );
}

export function TranscriptLines(props: {
  lines: TranscriptLine[];
  frame: Frame;
  answerNow: ((text: string) => Decision) | undefined;
}) {
  return (
    <>
      {props.lines.map((line) => (
        <Line key={line.sequence} line={line} frame={props.frame} answerNow={props.answerNow} />
      ))}
    </>
  );
}

export function ReviewCard(props: { frame: Frame; conversation: ConversationReading }) {
  const { frame, conversation } = props;
  const { review, reviewedAt, reviewedBy } = conversation;
  const mayReview = mayUse(frame.member.role, 'POST /staff/conversations/:id/reviewed');
  return (
    <section id="review" class={review === null ? 'card' : 'card waiting'} aria-label="Review">
      {review !== null && (
        <p>
          <span class={`tag ${review}`}>{reasonTitle(review)}</span> {reasonExplained(review)}
        </p>
      )}
      {review === null && reviewedAt !== null && (
        <p>
          Reviewed by {reviewedBy}, <Time at={reviewedAt} frame={frame} />.
        </p>
      )}
      {review === null && reviewedAt === null && <p>Nothing in it asks for a review.</p>}
      {mayReview && review === null && reviewedAt !== null && conversation.reviewedReason !== null && (
        <BringBack frame={frame} id={conversation.id} />
      )}
      {mayReview && (review !== null || reviewedAt === null) && (
        <form method="post" action={`/staff/conversations/${encodeURIComponent(conversation.id)}/reviewed`}>
          <Token member={frame.member} />
          <input type="hidden" name="upTo" value={conversation.lastSequence} />
          {review !== null && (
            <button name="open" value="next" data-key="r">
              Reviewed, open next
            </button>
          )}
          <button class={review === null ? undefined : 'quiet'} data-key={review === null ? 'r' : undefined}>
            Mark reviewed
          </button>
        </form>
      )}
    </section>
  );
}

/** One key reviews a conversation and opens the next: this is the way back from a slip. */
export function LastReviewed({ frame, id }: { frame: Frame; id: string | undefined }) {
  if (id === undefined || !mayUse(frame.member.role, 'POST /staff/conversations/:id/brought-back'))
    return null;
  return (
    <div class="notice done last-reviewed" role="status">
      <a href={`/staff/conversations/${encodeURIComponent(id)}`}>The one before</a> is reviewed.
      <BringBack frame={frame} id={id} />
    </div>
  );
}

function BringBack({ frame, id }: { frame: Frame; id: string }) {
  return (
    <form method="post" action={`/staff/conversations/${encodeURIComponent(id)}/brought-back`}>
      <Token member={frame.member} />
      <button class="quiet" data-key="u">
        Let it wait again
      </button>
    </form>
  );
}

function Tags(props: { frame: Frame; conversation: ConversationReading; address: string }) {
  const { frame, conversation } = props;
  const mayTag = mayUse(frame.member.role, 'POST /staff/conversations/:id/tags');
  if (!mayTag && conversation.tags.length === 0) return null;
  return (
    <section id="tags" aria-label="Tags">
      {mayTag ? (
        <form class="tagging" method="post" action={`${props.address}/tags`}>
          <Token member={frame.member} />
          {conversation.tags.map((tag) => (
            <button
              key={tag}
              class="label"
              name="remove"
              value={tag}
              title={`Remove the tag ${tag}`}
              formNoValidate
            >
              {tag} <span aria-hidden="true">×</span>
            </button>
          ))}
          <input name="tag" aria-label="New tag" placeholder="Tag" maxLength={30} required />
          <button class="quiet">Add</button>
        </form>
      ) : (
        conversation.tags.map((tag) => (
          <span key={tag} class="label">
            {tag}
          </span>
        ))
      )}
    </section>
  );
}

/** What staff wrote to each other about a conversation, and the way to add to it. */
export function Notes(props: { frame: Frame; route: string; action: string; notes: Note[] }) {
  const { frame, notes } = props;
  const mayNote = mayUse(frame.member.role, props.route);
  if (!mayNote && notes.length === 0) return null;
  return (
    <section id="notes" aria-labelledby="notes-title">
      <h2 id="notes-title">Notes</h2>
      <ul class="notes">
        {notes.map((note) => (
          <li key={`${note.at}${note.text}`}>
            <p dir="auto">{shownText(note.text, frame)}</p>
            <p class="faint">
              {note.author}, <Time at={note.at} frame={frame} />
            </p>
          </li>
        ))}
      </ul>
      {mayNote && (
        <form method="post" action={props.action}>
          <Token member={frame.member} />
          <textarea
            name="text"
            rows={2}
            maxLength={LONGEST_NOTE}
            required
            aria-label="New note"
            placeholder="A note for your colleagues; visitors never see it"
            data-key="n"
          />
          <button class="quiet">Add note</button>
        </form>
      )}
    </section>
  );
}

function Facts(props: { frame: Frame; conversation: ConversationReading }) {
  const { frame, conversation } = props;
  return (
    <dl class="facts">
      {conversation.requests.map((request) => (
        <div key={request.reference}>
          <dt>Booking request</dt>
          <dd>
            <a href={`/staff/requests/${encodeURIComponent(request.reference)}`}>{request.reference}</a>,{' '}
            {statusTitle(request.status).toLowerCase()}
          </dd>
        </div>
      ))}
      <div>
        <dt>Channel</dt>
        <dd>{channelTitle(conversation.channel)}</dd>
      </div>
      <div>
        <dt>Begun</dt>
        <dd>
          <Time at={conversation.startedAt} frame={frame} />
        </dd>
      </div>
      <div>
        <dt>Last message</dt>
        <dd>
          <Time at={conversation.updatedAt} frame={frame} />
        </dd>
      </div>
      <div>
        <dt>Length</dt>
        <dd>{count(conversation.visitorMessages, 'message')} by the visitor</dd>
      </div>
      {conversation.lowestConfidence !== null && (
        <div>
          <dt>Least sure</dt>
          <dd>{percent(conversation.lowestConfidence)}</dd>
        </div>
      )}
      <div>
        <dt>Id</dt>
        <dd class="id">{conversation.id}</dd>
      </div>
      <Out frame={frame} id={conversation.id} />
    </dl>
  );
}

/** Ways in which the conversation leaves the console. */
function Out(props: { frame: Frame; id: string }) {
  const { role } = props.frame.member;
  const address = `/staff/conversations/${encodeURIComponent(props.id)}`;
  const ways = [
    ['GET /staff/conversations/:id/test', `${address}/test`, 'Save as test (personal data replaced)'],
    ['GET /staff/conversations/:id/transcript', `${address}/transcript`, 'Download as .transcript'],
    ['GET /staff/data', `/staff/data?find=${encodeURIComponent(props.id)}`, 'Export or erase this person'],
    ['GET /staff/audit', auditAddress({ about: `conversation:${props.id}` }), 'Who has read it'],
  ] as const;
  const open = ways.filter(([route]) => mayUse(role, route));
  if (open.length === 0) return null;
  return (
    <div>
      <dt>Out</dt>
      <dd>
        {open.map(([route, href, title]) => (
          <a class="way" key={route} href={href}>
            {title}
          </a>
        ))}
      </dd>
    </div>
  );
}

function Line(props: {
  line: TranscriptLine;
  frame: Frame;
  answerNow: ((text: string) => Decision) | undefined;
}) {
  const { line, frame } = props;
  if (line.type !== 'message') return null;
  return (
    <li class={LINE_CLASSES[line.role]} id={`m${line.sequence}`}>
      <p class="by">
        {speakerOf(line)} · <Time at={line.at} frame={frame} />
      </p>
      <p class="text" dir="auto">
        {line.text === null || line.text === '' ? <em>No text</em> : shownText(line.text, frame)}
      </p>
      {line.offered.length > 0 && (
        <ul class="offered" aria-label="Quick replies offered">
          {line.offered.map((title) => (
            <li key={title}>{title}</li>
          ))}
        </ul>
      )}
      {line.feedback !== null && (
        <p class="feedback">
          {line.feedback === 'up'
            ? '👍 The visitor said that this helped.'
            : '👎 The visitor said that this did not help.'}
        </p>
      )}
      {line.errorId !== null && (
        <p class="notice problem">
          The service failed here. The log has the cause under <code>{line.errorId}</code>.
        </p>
      )}
      {line.decision !== null && (
        <DecisionNote
          decision={line.decision}
          now={line.text === null ? undefined : props.answerNow?.(line.text)}
          frame={frame}
        />
      )}
      {line.text !== null && mayTeachFrom(line, frame) && (
        <p class="teach">
          <a href={`/staff/teach/preview?${teachQuery(line.text, line)}`} data-key="p">
            Teach this question
          </a>
        </p>
      )}
    </li>
  );
}

/** Of a line's speaker, for its looks. */
export const LINE_CLASSES = { user: 'visitor', bot: 'bot', staff: 'bot staff' } as const;

/** A person of the team by their account: visitors read another name. */
export function speakerOf({ role, author }: TranscriptLine): string {
  if (role === 'staff') return author ?? 'The team';
  return role === 'user' ? 'Visitor' : 'Bot';
}

/** What the bot did not understand is worth teaching; what was typed into a booking is not. */
function mayTeachFrom({ decision }: TranscriptLine, frame: Frame): boolean {
  if (decision === null || !mayUse(frame.member.role, 'GET /staff/teach/preview')) return false;
  const isOpen = decision.decision === 'none' || decision.decision === 'clarify';
  return isOpen && wasDecidedByMatch(decision, decision.step);
}

function teachQuery(text: string, { decision }: TranscriptLine): string {
  const entry = decision?.entry ?? (decision && proposedEntry(decision)) ?? '';
  return new URLSearchParams({ text: maskText(text), entry }).toString();
}
