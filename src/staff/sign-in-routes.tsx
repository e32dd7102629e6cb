import { SetupPage, SignInPage } from './pages/sign-in-page';
import { MessagePage } from './pages/message-page';
import { UnsentPage } from './pages/unsent-page';
import { page, seeOther } from './guard';
import { hashPassword } from './password';
import { PASSWORD_PROBLEM_WORDS, passwordProblem } from './password-rules';
import { sha256 } from './sessions';
import { createSignIn } from './sign-in';
import { emailIn } from './staff-email';
import { pathWithin, unsentCarriedBy } from './unsent';
import type { HttpResponse } from '../http/route';
import type { Log } from '../http/logger';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import type { StaffAccounts } from './ports';
import type { Sessions } from './sessions';

const WRONG = 'E-mail and password do not match, or the code is not right.';
const DISABLED = 'Your account is disabled. An admin can enable it again.';

/** Ways in and out of the console. */
export function signInRoutes(parts: {
  accounts: StaffAccounts;
  sessions: Sessions;
  clock: () => Date;
  log: Log;
}): ConsoleRoute[] {
  const { accounts, sessions, clock, log } = parts;
  const signIn = createSignIn(parts);

  async function submitSignIn(request: ConsoleRequest): Promise<HttpResponse> {
    const typed = (request.form.get('email') ?? '').slice(0, 254);
    const next = pathWithin(request.form.get('next')) ?? '/staff';
    const unsent = unsentCarriedBy(request.form);
    const result = await signIn(
      typed.trim().toLowerCase(),
      request.form.get('password') ?? '',
      request.form.get('code') ?? '',
      request.clientAddress,
    );
    if (result.ok) return enter(request, result.account.email, next);
    log.warn({ request: request.id, problem: result.problem }, 'staff sign-in refused');
    if (result.problem !== 'wait') {
      const problem = result.problem === 'disabled' ? DISABLED : WRONG;
      return page(403, <SignInPage {...{ next, unsent, problem }} email={typed} />);
    }
    const problem = `Too many wrong tries. Wait ${spokenWait(result.seconds)} and try again.`;
    return page(429, <SignInPage {...{ next, unsent, problem }} email={typed} />, {
      'retry-after': String(result.seconds),
    });
  }

  async function enter(request: ConsoleRequest, email: string, next: string): Promise<HttpResponse> {
    const unsent = unsentCarriedBy(request.form);
    const { cookie, csrf } = await sessions.begin(request, email);
    if (unsent === undefined) return seeOther(next, { 'set-cookie': cookie });
    return page(200, <UnsentPage {...{ unsent, csrf, next }} />, { 'set-cookie': cookie });
  }

  async function showSetup(request: ConsoleRequest): Promise<HttpResponse> {
    const code = request.query.get('code') ?? '';
    const good = await accounts.isSetupCodeGood(sha256(code), clock().toISOString());
    return good ? page(200, <SetupPage code={code} />) : usedUp();
  }

  async function submitSetup(request: ConsoleRequest): Promise<HttpResponse> {
    const code = request.form.get('code') ?? '';
    const at = clock().toISOString();
    // Before any work on the password: strangers have no code, and get no work done.
    if (!(await accounts.isSetupCodeGood(sha256(code), at))) return usedUp();
    const typed = request.form.get('email') ?? '';
    const email = emailIn(typed);
    const password = request.form.get('password') ?? '';
    const weakness = await passwordProblem(password, typed);
    if (email === undefined || weakness !== undefined) {
      const problem =
        weakness === undefined ? 'This is not an e-mail address.' : PASSWORD_PROBLEM_WORDS[weakness];
      return page(422, <SetupPage code={code} email={typed} problem={problem} />);
    }
    const account = { email, role: 'admin' as const, password: await hashPassword(password) };
    if ((await accounts.useSetupCode(sha256(code), account, { at, actor: email })) === 'refused')
      return usedUp();
    log.info({ request: request.id }, 'first staff account made');
    return enter(request, email, '/staff');
  }

  return [
    {
      method: 'GET',
      path: '/staff/sign-in',
      open: async (request) =>
        page(200, <SignInPage next={pathWithin(request.query.get('next')) ?? '/staff'} />),
    },
    { method: 'POST', path: '/staff/sign-in', open: submitSignIn },
    { method: 'GET', path: '/staff/setup', open: showSetup },
    { method: 'POST', path: '/staff/setup', open: submitSetup },
    {
      method: 'POST',
      path: '/staff/sign-out',
      handle: async (request, member) => {
        const cookie = await sessions.end(request);
        const by = { at: clock().toISOString(), actor: member.email };
        await accounts.audit({ ...by, action: 'sign-out', subject: `staff:${member.email}` });
        return seeOther('/staff/sign-in', { 'set-cookie': cookie, 'clear-site-data': '"cache"' });
      },
    },
  ];
}

function usedUp(): HttpResponse {
  const text =
    'It has been used, or is older than a day. While there is no account, the service prints a new one at each ' +
    'start; afterwards admins add accounts.';
  return page(404, <MessagePage title="This link does not work any more" text={text} />);
}

function spokenWait(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
