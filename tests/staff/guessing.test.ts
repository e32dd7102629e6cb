import crypto from 'node:crypto';
import { hashPassword } from '../../src/staff/password';
import type { Database } from '../../src/storage/open-database';
import { openDatabase } from '../../src/storage/open-database';
import { sqlitePlace } from '../support/databases';
import { openChat } from '../support/direct-line-chat';
import { PASSWORD, StaffBrowser } from '../support/staff-console';
import { startClinic, type TestClinic } from '../support/start-clinic';

const OWNER = 'owner@clinic.test';

let database: Database;
let removeDatabase: () => Promise<void>;
let clinic: TestClinic;

beforeAll(async () => {
  const place = await sqlitePlace();
  removeDatabase = place.remove;
  database = await openDatabase(place.url);
  clinic = await startClinic(database);
  // The cost of real accounts: a fifth of a second each.
  const account = { email: OWNER, role: 'admin' as const, password: await hashPassword(PASSWORD) };
  await clinic.accounts.add(account, { at: clinic.clock().toISOString(), actor: 'test' });
});

afterAll(async () => {
  await clinic.close();
  await database.close();
  await removeDatabase();
});

async function tryToSignIn(email: string, password: string, address: string): Promise<number> {
  return (await new StaffBrowser(clinic.url, address).post('/staff/sign-in', { email, password })).status;
}

test('while a thousand guesses are made, a visitor is answered between them, and the owner gets in afterwards', async () => {
  const chat = await openChat(clinic.url);
  await chat.say('hello');
  let settled = 0;
  // Most at one account, then as many unknown ones as can wait to be hashed, each from another address.
  const guesses = Array.from({ length: 1_000 }, async (_, index) => {
    const email = index < 960 ? OWNER : `nobody${index}@clinic.test`;
    const status = await tryToSignIn(email, `guess ${index}`, `198.51.${index >> 8}.${index & 255}`);
    settled++;
    return { email, status };
  });
  expect((await chat.say('how long does one session take?')).join(' ')).toContain('3 to 5 hours');
  // Guesses are still being worked off, two at a time: the answer did not wait for them.
  expect(settled).toBeLessThan(1_000);
  const made = await Promise.all(guesses);
  expect(made.filter(({ status }) => status === 403 || status === 429)).toHaveLength(1_000);
  expect(made.filter(({ email, status }) => email === OWNER && status === 403)).toHaveLength(1);
  clinic.pass({ minutes: 1 });
  expect(await tryToSignIn(OWNER, PASSWORD, '203.0.113.1')).toBe(303);
}, 60_000);

test('an unknown account is given the very work of a known one', async () => {
  const hashed = jest.spyOn(crypto, 'scrypt');
  const workFor = async (email: string, password: string) => {
    clinic.pass({ hours: 1 });
    hashed.mockClear();
    expect(await tryToSignIn(email, password, '203.0.113.9')).toBe(403);
    // Everything that the time depends on: what is hashed, how long its salt and key are, and the cost.
    return hashed.mock.calls.map(([typed, salt, bytes, cost]) => [
      typed,
      Buffer.from(salt as Buffer).length,
      bytes,
      cost,
    ]);
  };
  for (const password of ['not the password', '', 'x'.repeat(5_000), 'ﬁne words, twice ﬁne']) {
    const known = await workFor(OWNER, password);
    expect(known).toHaveLength(1);
    expect(await workFor('nobody@clinic.test', password)).toEqual(known);
  }
  hashed.mockRestore();
});
