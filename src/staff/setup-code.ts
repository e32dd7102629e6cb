import { sha256 } from './sessions';
import type { StaffAccounts } from './ports';

const VALID_FOR = 24 * 60 * 60_000;

/**
 * A one-use code for the link that makes the first account (`/staff/setup?code=...`), good for 24 hours; only
 * its hash is kept. Undefined once any account exists: then there is nothing to set up.
 */
export async function createSetupCode(parts: {
  accounts: StaffAccounts;
  clock: () => Date;
  randomBytes: (bytes: number) => Buffer;
}): Promise<string | undefined> {
  const { accounts, clock, randomBytes } = parts;
  if (await accounts.any()) return undefined;
  const code = randomBytes(24).toString('base64url');
  await accounts.keepSetupCode(sha256(code), new Date(clock().getTime() + VALID_FOR).toISOString());
  return code;
}
