import type { HttpResponse } from '../http/route';
import { page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import type { Frame } from './pages/layout';
import { OwnAccountPage } from './pages/own-account-page';
import { hashPassword, isPassword } from './password';
import { LONGEST_PASSWORD, PASSWORD_PROBLEM_WORDS, passwordProblem } from './password-rules';
import type { StaffAccounts } from './ports';
import { readMessage } from './speech';
import { newSecret, qrCode, stepOfCode } from './second-factor';
import type { Sessions, StaffMember } from './sessions';
import { waitAfter } from './throttle';

/** Characters of the name that visitors read. */
const LONGEST_NAME = 40;

/** A member's own name, password, second factor and sessions. */
export function ownAccountRoutes(parts: {
  accounts: StaffAccounts;
  sessions: Sessions;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { accounts, sessions, clock, randomBytes, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function show(
    request: ConsoleRequest,
    member: StaffMember,
    extra: { problem?: string; secret?: string } = {},
  ): Promise<HttpResponse> {
    const { secret } = extra;
    const content = (
      <OwnAccountPage
        frame={await frameOf(member)}
        sessions={await accounts.sessionsOf(member.email)}
        current={sessions.idHash(request)}
        hasSecondFactor={(await accounts.secondFactor(member.email)) !== null}
        needsSecondFactor={await accounts.needsSecondFactor()}
        setUp={secret === undefined ? undefined : { secret, qrCode: qrCode(secret, member.email) }}
        problem={extra.problem}
        saved={request.query.get('saved') ?? undefined}
      />
    );
    return page(extra.problem === undefined ? 200 : 422, content);
  }

  async function setName({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const typed = readMessage(form.get('name') ?? '').replace(/\s+/g, ' ');
    const name = Array.from(typed).slice(0, LONGEST_NAME).join('');
    await accounts.setDisplayName(member.email, name === '' ? null : name, by(member));
    return seeOther('/staff/me?saved=name');
  }

  /** Guessing here is slowed down just as at the sign-in: a session left open is no way to the password. */
  async function passwordIsRight({ form }: ConsoleRequest, member: StaffMember): Promise<boolean> {
    const attempt = await accounts.claimAttempt(member.email, clock().toISOString(), waitAfter);
    if (!attempt.known || !('account' in attempt)) return false;
    const typed = form.get('current') ?? '';
    const bounded = Buffer.byteLength(typed) <= LONGEST_PASSWORD ? typed : '';
    if (!(await isPassword(bounded, attempt.account.password))) return false;
    await accounts.clearAttempts(member.email);
    return true;
  }

  async function changePassword(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const password = request.form.get('password') ?? '';
    const weakness = await passwordProblem(password, member.email);
    if (weakness !== undefined) return show(request, member, { problem: PASSWORD_PROBLEM_WORDS[weakness] });
    if (!(await passwordIsRight(request, member))) return show(request, member, { problem: WRONG });
    await accounts.setPassword(member.email, await hashPassword(password), by(member));
    // That ended every session, this one too; whoever knew the old password is out.
    return seeOther('/staff/me?saved=password', {
      'set-cookie': (await sessions.begin(request, member.email)).cookie,
    });
  }

  async function endSessions(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const id = request.form.get('id');
    const others = (await accounts.sessionsOf(member.email)).filter(
      ({ idHash }) => (id === null || idHash === id) && idHash !== sessions.idHash(request),
    );
    for (const { idHash } of others) await accounts.endSession(idHash);
    if (others.length > 0)
      await accounts.audit({ ...by(member), action: 'end-sessions', subject: `staff:${member.email}` });
    return seeOther('/staff/me?saved=sessions');
  }

  async function confirmSecondFactor(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const secret = request.form.get('secret') ?? '';
    if (!/^[A-Z2-7]{32}$/.test(secret)) return seeOther('/staff/me');
    if (stepOfCode(secret, request.form.get('code') ?? '', clock()) === undefined)
      return show(request, member, { secret, problem: 'The code does not match. Try the next one.' });
    if (!(await passwordIsRight(request, member))) return show(request, member, { secret, problem: WRONG });
    await accounts.setSecondFactor(member.email, secret, by(member));
    return seeOther('/staff/me?saved=second-factor');
  }

  async function removeSecondFactor(request: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    if (await accounts.needsSecondFactor()) return show(request, member, { problem: NEEDED });
    if (!(await passwordIsRight(request, member))) return show(request, member, { problem: WRONG });
    await accounts.setSecondFactor(member.email, null, by(member));
    return seeOther('/staff/me?saved=second-factor');
  }

  return [
    { method: 'GET', path: '/staff/me', handle: (request, member) => show(request, member) },
    { method: 'POST', path: '/staff/me/name', handle: setName },
    { method: 'POST', path: '/staff/me/password', handle: changePassword },
    { method: 'POST', path: '/staff/me/sessions', handle: endSessions },
    {
      method: 'POST',
      path: '/staff/me/second-factor/new',
      handle: (request, member) => show(request, member, { secret: newSecret(randomBytes) }),
    },
    { method: 'POST', path: '/staff/me/second-factor', handle: confirmSecondFactor },
    { method: 'POST', path: '/staff/me/second-factor/remove', handle: removeSecondFactor },
  ];
}

const NEEDED = 'Everybody here needs a second factor. Set up another one, and it takes the place of this.';
const WRONG = 'That is not your present password. After a wrong one, wait a few seconds before the next.';
