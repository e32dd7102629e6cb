import { isPassword, pretendToCheck } from './password';
import { LONGEST_PASSWORD } from './password-rules';
import { stepOfCode } from './second-factor';
import { sha256 } from './sessions';
import { createThrottle, waitAfter } from './throttle';
import type { StaffAccount, StaffAccounts } from './ports';

export type SignInResult =
  | { ok: true; account: StaffAccount }
  /** The same for an unknown address and a wrong password or code. */
  | { ok: false; problem: 'wrong' }
  /** Told only to whoever has shown the password and the code: nobody else learns that there is such an account. */
  | { ok: false; problem: 'disabled' }
  | { ok: false; problem: 'wait'; seconds: number };

/** Wrong tries from one network address that are not slowed down: a whole office may share one. */
const FREE_TRIES_PER_ADDRESS = 20;

/**
 * Checks an e-mail address and a password. Guessing is slowed down per account and per network address; an
 * address that has no account is treated, and answered, as one that has.
 * @returns a function that rejects with PasswordsBusy when too many passwords wait to be checked.
 */
export function createSignIn(parts: { accounts: StaffAccounts; clock: () => Date }) {
  const { accounts, clock } = parts;
  const byAddress = createThrottle(FREE_TRIES_PER_ADDRESS);
  const byUnknownEmail = createThrottle(0);

  return async function signIn(
    email: string,
    password: string,
    code: string,
    address: string,
  ): Promise<SignInResult> {
    const network = networkOf(address);
    const now = clock().getTime();
    const addressWait = byAddress.remaining(network, now);
    if (addressWait > 0) return wait(addressWait);

    const attempt = await accounts.claimAttempt(email, clock().toISOString(), waitAfter);
    const waiting = attempt.known
      ? 'waitUntil' in attempt && Date.parse(attempt.waitUntil) - now
      : byUnknownEmail.remaining(sha256(email), now);
    if (waiting !== false && waiting > 0) return wait(waiting);

    const account = attempt.known && 'account' in attempt ? attempt.account : undefined;
    if (account === undefined) byUnknownEmail.failed(sha256(email), now);
    const right = (await isRight(account, password)) && (await isRightCode(email, code));
    if (account === undefined || !right) {
      byAddress.failed(network, now);
      await noteSignIn('sign-in-failed', account);
      return { ok: false, problem: 'wrong' };
    }
    await accounts.clearAttempts(email);
    if (account.disabled) {
      await noteSignIn('sign-in-disabled', account);
      return { ok: false, problem: 'disabled' };
    }
    await noteSignIn('sign-in', account);
    return { ok: true, account };
  };

  /** A wrong code is answered as a wrong password: nobody learns that the password was right. */
  async function isRightCode(email: string, code: string): Promise<boolean> {
    const secret = await accounts.secondFactor(email);
    if (secret === null) return true;
    const step = stepOfCode(secret, code, clock());
    return step !== undefined && (await accounts.useCode(email, step));
  }

  // An unknown address is not written down: people type their password into the wrong field.
  async function noteSignIn(action: string, account: StaffAccount | undefined): Promise<void> {
    const subject = account === undefined ? 'staff:unknown' : `staff:${account.email}`;
    const actor = action === 'sign-in' && account !== undefined ? account.email : 'nobody';
    await accounts.audit({ at: clock().toISOString(), actor, action, subject });
  }
}

async function isRight(account: StaffAccount | undefined, password: string): Promise<boolean> {
  const bounded = Buffer.byteLength(password) <= LONGEST_PASSWORD ? password : '';
  if (account === undefined) {
    await pretendToCheck(bounded);
    return false;
  }
  return isPassword(bounded, account.password);
}

function wait(milliseconds: number): SignInResult {
  return { ok: false, problem: 'wait', seconds: Math.ceil(milliseconds / 1_000) };
}

/** One customer has a whole IPv6 /64: its first four groups are the key. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
