import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { SHORTEST_PASSWORD } from '../password-rules';
import type { OpenSession } from '../ports';
import { browserTitle } from '../words';

const SAVED: Readonly<Record<string, string>> = {
  name: 'Saved. Visitors read it from your next message on.',
  password: 'Your password is changed, and every other session is ended.',
  sessions: 'Ended.',
  'second-factor': 'Saved.',
};

const SET_UP_FIRST =
  'Everybody here needs a second factor. Set yours up below; everything else opens when it is in use.';

/** A member's own account. */
export function OwnAccountPage(props: {
  frame: Frame;
  sessions: OpenSession[];
  /** Of the browser that asks. */
  current: string | undefined;
  hasSecondFactor: boolean;
  /** Of everybody. */
  needsSecondFactor: boolean;
  /** A new second factor, not in use before its first code was typed. */
  setUp: { secret: string; qrCode: string } | undefined;
  problem: string | undefined;
  saved: string | undefined;
}) {
  const { frame, setUp } = props;
  return (
    <MemberPage frame={frame} title="Your account" section="me">
      <h1>{frame.member.email}</h1>
      <Notice text={props.problem} />
      <Notice text={frame.member.lacksSecondFactor ? SET_UP_FIRST : undefined} />
      <Notice text={props.saved === undefined ? undefined : SAVED[props.saved]} kind="done" />
      <div class="two">
        <section class="card" aria-labelledby="name-title">
          <h2 id="name-title">Your name for visitors</h2>
          <form class="stacked" method="post" action="/staff/me/name">
            <Token member={frame.member} />
            <label>
              <span>Shown at what you write in a conversation. Empty: they read that it is the team</span>
              <input
                name="name"
                maxLength={40}
                value={frame.member.displayName ?? ''}
                autocomplete="nickname"
              />
            </label>
            <button>Save</button>
          </form>
        </section>
        <section class="card" aria-labelledby="password-title">
          <h2 id="password-title">Password</h2>
          <form class="stacked" method="post" action="/staff/me/password">
            <Token member={frame.member} />
            <Password name="current" label="Present password" autocomplete="current-password" />
            <Password
              name="password"
              label={`New password, at least ${SHORTEST_PASSWORD} characters`}
              autocomplete="new-password"
            />
            <button>Change the password</button>
          </form>
        </section>
        <section class="card" aria-labelledby="factor-title">
          <h2 id="factor-title">Second factor</h2>
          {setUp === undefined ? (
            <SecondFactor frame={frame} has={props.hasSecondFactor} needed={props.needsSecondFactor} />
          ) : (
            <SetUp frame={frame} {...setUp} />
          )}
        </section>
      </div>
      <SessionList frame={frame} sessions={props.sessions} current={props.current} />
    </MemberPage>
  );
}

function SecondFactor(props: { frame: Frame; has: boolean; needed: boolean }) {
  if (!props.has) {
    return (
      <form class="stacked" method="post" action="/staff/me/second-factor/new">
        <Token member={props.frame.member} />
        <p>A code from an app on your phone beside the password: a stolen password alone opens nothing.</p>
        <button class="quiet" autofocus={props.frame.member.lacksSecondFactor}>
          Set it up
        </button>
      </form>
    );
  }
  const inUse = (
    <p>
      <span class="tag reviewed">In use</span> The sign-in asks for the code of your authenticator app.
    </p>
  );
  if (props.needed) {
    return (
      <form class="stacked" method="post" action="/staff/me/second-factor/new">
        <Token member={props.frame.member} />
        {inUse}
        <p>Everybody here needs one. For a new phone, set up another one in its place.</p>
        <button class="quiet">Set up another</button>
      </form>
    );
  }
  return (
    <form class="stacked" method="post" action="/staff/me/second-factor/remove">
      <Token member={props.frame.member} />
      {inUse}
      <Password name="current" label="Present password" autocomplete="current-password" />
      <button class="quiet danger">Remove it</button>
    </form>
  );
}

function SetUp(props: { frame: Frame; secret: string; qrCode: string }) {
  return (
    <form class="stacked" method="post" action="/staff/me/second-factor">
      <Token member={props.frame.member} />
      <input type="hidden" name="secret" value={props.secret} />
      <p>Scan this with an authenticator app, then type the code that it shows.</p>
      <img class="qr" src={props.qrCode} alt="QR code for the authenticator app" />
      <p class="faint">
        Or type it in: <code>{props.secret.replace(/.{4}/g, '$& ').trim()}</code>
      </p>
      <label>
        <span>Code</span>
        <input
          name="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          maxLength={7}
          required
          autofocus
        />
      </label>
      <Password name="current" label="Present password" autocomplete="current-password" />
      <button>Use it from now on</button>
    </form>
  );
}

function SessionList(props: { frame: Frame; sessions: OpenSession[]; current: string | undefined }) {
  const { frame, sessions, current } = props;
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <li class="plain" key={session.idHash}>
            <span class="said">{browserTitle(session.userAgent)}</span>
            {session.idHash === current ? (
              <span class="tag reviewed">This one</span>
            ) : (
              <form method="post" action="/staff/me/sessions">
                <Token member={frame.member} />
                <button class="quiet" name="id" value={session.idHash}>
                  End
                </button>
              </form>
            )}
            <span class="faint">
              since <Time at={session.createdAt} frame={frame} />, last used{' '}
              <Time at={session.seenAt} frame={frame} />
            </span>
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action="/staff/me/sessions">
          <Token member={frame.member} />
          <button class="quiet">End all others</button>
        </form>
      )}
    </section>
  );
}

function Password(props: { name: string; label: string; autocomplete: string }) {
  return (
    <label>
      <span>{props.label}</span>
      <input type="password" name={props.name} autocomplete={props.autocomplete} required />
    </label>
  );
}
