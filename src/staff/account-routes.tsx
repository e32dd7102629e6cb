import type { HttpResponse } from '../http/route';
import { page, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { AccountsPage } from './pages/accounts-page';
import type { Frame } from './pages/layout';
import { generatePassword, hashPassword } from './password';
import { ROLES } from './ports';
import { oneOf } from './query';
import type { StaffAccounts } from './ports';
import type { StaffMember } from './sessions';
import { emailIn } from './staff-email';

/** Staff accounts, for admins: also the way to add somebody while the service runs. */
export function accountRoutes(parts: {
  accounts: StaffAccounts;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { accounts, clock, randomBytes, frameOf } = parts;
  const by = (member: StaffMember) => ({ at: clock().toISOString(), actor: member.email });

  async function show(
    member: StaffMember,
    extra: { problem?: string; unfinished?: string; fresh?: { email: string; password: string } } = {},
  ): Promise<HttpResponse> {
    const frame = await frameOf(member);
    const list = await accounts.list();
    const needsSecondFactor = await accounts.needsSecondFactor();
    const status = extra.problem === undefined ? 200 : 422;
    return page(status, <AccountsPage {...{ frame, accounts: list, needsSecondFactor }} {...extra} />);
  }

  async function add({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const email = emailIn(form.get('email') ?? '');
    const role = ROLES.find((name) => name === form.get('role'));
    if (email === undefined || role === undefined)
      return show(member, { problem: 'This is not an e-mail address.' });
    const password = generatePassword(randomBytes);
    const result = await accounts.add({ email, role, password: await hashPassword(password) }, by(member));
    if (result === 'exists') return show(member, { problem: `${email} has an account already.` });
    return show(member, { fresh: { email, password } });
  }

  /** One's own account is changed by another admin, so that nobody shuts themselves out. */
  function onAnother(
    change: (email: string, request: ConsoleRequest, member: StaffMember) => Promise<HttpResponse>,
  ): (request: ConsoleRequest, member: StaffMember) => Promise<HttpResponse> {
    return async (request, member) => {
      const email = emailIn(request.form.get('email') ?? '');
      if (email === undefined) return show(member, { problem: 'There is no such account.' });
      if (email === member.email)
        return show(member, { problem: 'Another admin has to change your own account.' });
      return change(email, request, member);
    };
  }

  const setRole = onAnother(async (email, { form }, member) => {
    const role = ROLES.find((name) => name === form.get('role'));
    const result = role === undefined ? 'unknown' : await accounts.setRole(email, role, by(member));
    return result === 'unknown'
      ? show(member, { problem: 'There is no such account.' })
      : seeOther('/staff/accounts');
  });

  const reset = onAnother(async (email, _request, member) => {
    const password = generatePassword(randomBytes);
    const result = await accounts.setPassword(email, await hashPassword(password), by(member));
    if (result === 'unknown') return show(member, { problem: 'There is no such account.' });
    // Whoever needs a new password may have lost the phone, too.
    if ((await accounts.secondFactor(email)) !== null)
      await accounts.setSecondFactor(email, null, by(member));
    return show(member, { fresh: { email, password } });
  });

  const setDisabled = (disabled: boolean) =>
    onAnother(async (email, _request, member) => {
      const result = await accounts.setDisabled(email, disabled, by(member));
      return result === 'unknown'
        ? show(member, { problem: 'There is no such account.' })
        : seeOther('/staff/accounts');
    });

  async function setNeedsSecondFactor({ form }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const needed = oneOf(['yes', 'no'] as const, form.get('needed'));
    if (needed !== undefined) await accounts.setNeedsSecondFactor(needed === 'yes', by(member));
    return seeOther('/staff/accounts');
  }

  const remove = onAnother(async (email, { form }, member) => {
    if (form.get('sure') !== 'yes')
      return show(member, {
        problem: `Tick "I am sure" to remove ${email}: it cannot be undone.`,
        unfinished: email,
      });
    const result = await accounts.remove(email, by(member));
    return result === 'unknown'
      ? show(member, { problem: 'There is no such account.' })
      : seeOther('/staff/accounts');
  });

  return [
    { method: 'GET', path: '/staff/accounts', handle: (_request, member) => show(member) },
    { method: 'POST', path: '/staff/accounts', handle: add },
    { method: 'POST', path: '/staff/accounts/second-factor', handle: setNeedsSecondFactor },
    { method: 'POST', path: '/staff/accounts/role', handle: setRole },
    { method: 'POST', path: '/staff/accounts/disable', handle: setDisabled(true) },
    { method: 'POST', path: '/staff/accounts/enable', handle: setDisabled(false) },
    { method: 'POST', path: '/staff/accounts/reset', handle: reset },
    { method: 'POST', path: '/staff/accounts/remove', handle: remove },
  ];
}
