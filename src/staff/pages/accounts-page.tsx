import { MemberPage, Notice, Time, Token } from './layout';
import type { Frame } from './layout';
import { ROLES } from '../ports';
import type { StaffAccount } from '../ports';

/** Who may use the console. New passwords are generated and shown here once. */
export function AccountsPage(props: {
  frame: Frame;
  accounts: StaffAccount[];
  needsSecondFactor: boolean;
  problem?: string | undefined;
  /** The account that the problem is about: what can be done with it is still open. */
  unfinished?: string | undefined;
  /** Just made: shown on this one page and never again. */
  fresh?: { email: string; password: string } | undefined;
}) {
  const { frame, accounts, fresh } = props;
  return (
    <MemberPage frame={frame} title="Accounts" section="accounts">
      <h1>Accounts</h1>
      <Notice text={props.problem} />
      {fresh !== undefined && (
        <div class="card waiting" role="status">
          <p>
            Password of <strong>{fresh.email}</strong>, shown only now. Hand it over in person or by phone:
          </p>
          <p class="password">{fresh.password}</p>
        </div>
      )}
      <ul class="rows accounts">
        {accounts.map((account) => (
          <li key={account.email}>
            <strong>{account.email}</strong>
            <span>{account.disabled && <span class="tag overdue">Disabled</span>}</span>
            <span class="faint">
              {account.role} · {account.hasSecondFactor ? 'second factor' : 'no second factor'} · since{' '}
              <Time at={account.createdAt} frame={frame} />
            </span>
            {account.email === frame.member.email ? (
              <span class="faint">This is you.</span>
            ) : (
              <Change account={account} frame={frame} isOpen={props.unfinished === account.email} />
            )}
          </li>
        ))}
      </ul>
      <SecondFactorForAll frame={frame} isNeeded={props.needsSecondFactor} />
      <section aria-labelledby="add">
        <h2 id="add">Add a colleague</h2>
        <form class="filter" method="post" action="/staff/accounts">
          <Token member={frame.member} />
          <label>
            <span>E-mail</span>
            <input name="email" type="email" required maxLength={254} autocomplete="off" />
          </label>
          <RoleChoice chosen="agent" />
          <button>Add</button>
        </form>
        <p class="faint">
          A reader reads, with phone numbers and e-mail addresses masked. An agent also sees those, reviews
          and works through requests. An admin also manages accounts. Who is disabled cannot sign in until
          enabled again.
        </p>
      </section>
    </MemberPage>
  );
}

function SecondFactorForAll(props: { frame: Frame; isNeeded: boolean }) {
  const { frame, isNeeded } = props;
  return (
    <section aria-labelledby="factor">
      <h2 id="factor">Second factor</h2>
      <form class="statuses" method="post" action="/staff/accounts/second-factor">
        <Token member={frame.member} />
        <span>
          {isNeeded
            ? 'Everybody needs a second factor: whoever has none can only set one up.'
            : 'Everybody may set up a second factor, and nobody has to.'}
        </span>
        <button class="quiet" name="needed" value={isNeeded ? 'no' : 'yes'}>
          {isNeeded ? 'Leave it to each' : 'Ask everybody for it'}
        </button>
      </form>
    </section>
  );
}

function Change(props: { account: StaffAccount; frame: Frame; isOpen: boolean }) {
  const { account, frame } = props;
  return (
    <details open={props.isOpen}>
      <summary aria-label={`Change ${account.email}`}>Change</summary>
      <form class="filter" method="post" action="/staff/accounts/role">
        <Token member={frame.member} />
        <input type="hidden" name="email" value={account.email} />
        <RoleChoice chosen={account.role} />
        <button class="quiet">Set role</button>
        <button class="quiet" formAction="/staff/accounts/reset">
          New password
        </button>
        <button class="quiet" formAction={`/staff/accounts/${account.disabled ? 'enable' : 'disable'}`}>
          {account.disabled ? 'Enable' : 'Disable'}
        </button>
        <label class="tick">
          <input type="checkbox" name="sure" value="yes" /> I am sure
        </label>
        <button class="quiet danger" formAction="/staff/accounts/remove">
          Remove
        </button>
      </form>
    </details>
  );
}

function RoleChoice(props: { chosen: string }) {
  return (
    <label>
      <span>Role</span>
      <select name="role">
        {ROLES.map((role) => (
          <option key={role} value={role} selected={role === props.chosen}>
            {role}
          </option>
        ))}
      </select>
    </label>
  );
}
