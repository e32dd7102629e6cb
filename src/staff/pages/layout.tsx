import type { ComponentChildren } from 'preact';
import { mayUse } from '../permissions';
import type { Waiting } from '../ports';
import type { StaffMember } from '../sessions';
import { SCRIPT_URL } from '../script';
import { STYLESHEET_URL } from '../stylesheet';
import { localTime } from '../words';

/** What every page of a signed-in member is drawn with. */
export interface Frame {
  member: StaffMember;
  waiting: Waiting;
  now: Date;
  /** IANA zone of the clinic: every time on a page is local to it. */
  zone: string;
  /** Contact details are shown: somebody who may asked for them on this page, and that is in the audit trail. */
  revealed: boolean;
  /** Until when a request that waits since then should be answered; ISO 8601 UTC both. */
  dueAt: (waitsSince: string) => string;
  /** The title of a knowledge entry; undefined where today's knowledge has none of that id. */
  titleOf: (entry: string) => string | undefined;
}

/** Every page as a document; the header only where somebody is signed in. */
export function Document(props: {
  title: string;
  children: ComponentChildren;
  narrow?: boolean;
  /** The address of its stream of what happens meanwhile. */
  live?: string;
}) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${props.title} · Staff console`}</title>
        <link rel="stylesheet" href={STYLESHEET_URL} />
        <script src={SCRIPT_URL} defer />
        <link rel="icon" href="data:," />
      </head>
      <body class={props.narrow ? 'narrow' : undefined} data-live={props.live}>
        {props.children}
      </body>
    </html>
  );
}

type Section =
  'overview' | 'conversations' | 'requests' | 'teach' | 'insight' | 'data' | 'accounts' | 'audit' | 'me';

export function MemberPage(props: {
  frame: Frame;
  title: string;
  section: Section;
  children: ComponentChildren;
  /** Its own stream; by default the one of what waits. */
  live?: string | undefined;
  /** All of it follows what happens; where there is something to fill in, only the parts named so do. */
  refreshes?: boolean;
}) {
  const { frame, section } = props;
  return (
    // Before the second factor is set up nothing else opens, the stream included.
    <Document
      title={props.title}
      live={frame.member.lacksSecondFactor ? undefined : (props.live ?? '/staff/live')}
    >
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <nav aria-label="Console">
          <NavLink href="/staff" label="Queue" current={section === 'overview'} />
          <NavLink
            href="/staff/conversations"
            label="Conversations"
            current={section === 'conversations'}
            count="toReview"
            waiting={toReviewOf(frame.waiting)}
          />
          <NavLink
            href="/staff/requests"
            label="Requests"
            current={section === 'requests'}
            count="newRequests"
            waiting={frame.waiting.newRequests}
          />
          {mayUse(frame.member.role, 'GET /staff/teach') && (
            <NavLink href="/staff/teach" label="Teach" current={section === 'teach'} />
          )}
          <NavLink href="/staff/insight" label="Insight" current={section === 'insight'} />
          {mayUse(frame.member.role, 'GET /staff/data') && (
            <NavLink href="/staff/data" label="Data" current={section === 'data'} />
          )}
          {mayUse(frame.member.role, 'GET /staff/accounts') && (
            <NavLink href="/staff/accounts" label="Accounts" current={section === 'accounts'} />
          )}
          {mayUse(frame.member.role, 'GET /staff/audit') && (
            <NavLink href="/staff/audit" label="Audit" current={section === 'audit'} />
          )}
        </nav>
        <form class="who" method="post" action="/staff/sign-out">
          <Token member={frame.member} />
          <a href="/staff/me" aria-current={section === 'me' ? 'page' : undefined}>
            {frame.member.email} <small>{frame.member.role}</small>
          </a>
          <button class="quiet">Sign out</button>
        </form>
      </header>
      <p id="live-note" class="notice problem" role="status" hidden />
      <main id="main" data-refreshes={props.refreshes}>
        {props.children}
      </main>
      <footer>
        <details class="keys" id="keys">
          <summary>Keyboard</summary>
          <dl>
            {KEYS.map(([key, does]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </details>
      </footer>
    </Document>
  );
}

/** Beside the keys that every page has: what script.ts listens for. */
const KEYS = [
  ['j', 'next in the list, or next message of the visitor'],
  ['k', 'the one before'],
  ['Enter', 'open it'],
  ['r', 'reviewed, open the next; in Teach, once it was tried: put it live'],
  ['u', 'let the one just reviewed wait again'],
  ['n', 'write a note; Ctrl+Enter adds it'],
  ['p', 'teach the question'],
  ['v', 'show contact details'],
  ['t', 'take the conversation over, then write to the visitor: Enter sends, Shift+Enter is a new line'],
  ['/', 'search'],
  ['q', 'back to the queue'],
  ['?', 'show these keys'],
] as const;

/** Conversations that wait for staff, whatever the reason. */
export function toReviewOf({ reasons }: Waiting): number {
  return Object.values(reasons).reduce((sum, amount) => sum + amount, 0);
}

function NavLink(props: {
  href: string;
  label: string;
  current: boolean;
  /** By which the stream names it. */
  count?: string;
  waiting?: number;
}) {
  return (
    <a href={props.href} aria-current={props.current ? 'page' : undefined}>
      {props.label}
      {props.waiting !== undefined && (
        <span class="badge" data-count={props.count} hidden={props.waiting === 0}>
          {props.waiting}
          <span class="hidden"> waiting</span>
        </span>
      )}
    </a>
  );
}

/** In every form that changes something. */
export function Token(props: { member: StaffMember }) {
  return <input type="hidden" name="csrf" value={props.member.csrf} />;
}

export function Time(props: { at: string; frame: Frame }) {
  return <time dateTime={props.at}>{localTime(props.at, props.frame.now, props.frame.zone)}</time>;
}

/** A sentence at the top of a page that says what has just happened, or what is wrong. */
export function Notice(props: { text: string | undefined; kind?: 'problem' | 'done' }) {
  if (props.text === undefined) return null;
  return (
    <p class={`notice ${props.kind ?? 'problem'}`} role={props.kind === 'done' ? 'status' : 'alert'}>
      {props.text}
    </p>
  );
}
