import type { StaffAccounts } from './ports';

/** Whom a conversation or a request may be given: nobody waits for who cannot sign in. */
export async function assignees(accounts: StaffAccounts): Promise<string[]> {
  return (await accounts.list()).flatMap(({ email, disabled }) => (disabled ? [] : [email]));
}
