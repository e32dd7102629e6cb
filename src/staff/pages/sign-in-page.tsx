import { Document, Notice } from './layout';
import { SHORTEST_PASSWORD } from '../password-rules';
import { carried, type Unsent } from '../unsent';

/** `next` is where to go afterwards: a path of this console. `unsent` goes along and is shown then. */
export function SignInPage(props: {
  next: string;
  email?: string;
  problem?: string | undefined;
  unsent?: Unsent | undefined;
}) {
  return (
    <Document title="Sign in" narrow>
      <main class="card">
        <h1>Staff console</h1>
        <Notice text={props.problem} />
        <form method="post" action="/staff/sign-in">
          <input type="hidden" name="next" value={props.next} />
          {props.unsent !== undefined &&
            carried(props.unsent).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
          <Credentials label="E-mail" email={props.email} password="current-password" />
          <Field
            name="code"
            label="Code"
            type="text"
            autocomplete="one-time-code"
            hint="Of your authenticator app; empty if you have set up none."
            optional
          />
          <button>Sign in</button>
        </form>
        <p class="faint">Forgotten the password? An admin can set a new one under Accounts.</p>
      </main>
    </Document>
  );
}

/** The page behind the one-use link that the service prints at its first start. */
export function SetupPage(props: { code: string; email?: string; problem?: string | undefined }) {
  return (
    <Document title="First account" narrow>
      <main class="card">
        <h1>Make the first account</h1>
        <p>It is an admin: it reads everything and adds the other staff. This link works once.</p>
        <Notice text={props.problem} />
        <form method="post" action="/staff/setup">
          <input type="hidden" name="code" value={props.code} />
          <Credentials
            label="Your e-mail"
            email={props.email}
            password="new-password"
            hint={`At least ${SHORTEST_PASSWORD} characters. Four unrelated words are easy to remember.`}
          />
          <button>Make the account</button>
        </form>
      </main>
    </Document>
  );
}

/** These pages are for nothing else: the first field that is empty has the focus. */
function Credentials(props: {
  label: string;
  email: string | undefined;
  password: 'current-password' | 'new-password';
  hint?: string;
}) {
  return (
    <>
      <Field
        name="email"
        label={props.label}
        type="email"
        autocomplete="username"
        value={props.email}
        autofocus={!props.email}
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete={props.password}
        autofocus={Boolean(props.email)}
        {...(props.hint !== undefined && { hint: props.hint })}
      />
    </>
  );
}

function Field(props: {
  name: string;
  label: string;
  type: string;
  autocomplete: string;
  value?: string | undefined;
  hint?: string;
  optional?: boolean;
  autofocus?: boolean;
}) {
  const hintId = props.hint === undefined ? undefined : `${props.name}-hint`;
  return (
    <p class="field">
      <label for={props.name}>{props.label}</label>
      <input
        id={props.name}
        name={props.name}
        type={props.type}
        autocomplete={props.autocomplete}
        value={props.value}
        aria-describedby={hintId}
        maxLength={props.type === 'email' ? 254 : undefined}
        required={!props.optional}
        autofocus={props.autofocus}
      />
      {props.hint !== undefined && (
        <small id={hintId} class="faint">
          {props.hint}
        </small>
      )}
    </p>
  );
}
