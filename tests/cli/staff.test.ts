import { CommandError } from '../../src/cli/run-command';
import { staffCommand } from '../../src/cli/staff';
import type { StaffCommandParts } from '../../src/cli/staff';
import { isPassword } from '../../src/staff/password';
import { createStaffStore } from '../../src/storage/staff-store';
import { eachDatabase } from '../support/databases';

eachDatabase('npm run staff', (open) => {
  async function command(typed = 'violet harbour teaspoon') {
    const database = await open();
    const printed: string[] = [];
    const parts: StaffCommandParts = {
      accounts: createStaffStore(database),
      clock: () => new Date('2026-03-02T15:00:00Z'),
      askPassword: async () => (typed === '' ? undefined : typed),
      generate: () => 'abcde-fghjk-mnpqr-stuvw',
      print: (line) => void printed.push(line),
    };
    const run = async (...args: string[]) => staffCommand(args)(parts);
    return { run, printed, accounts: parts.accounts, database };
  }

  test('the first account is an admin, the next are agents unless told', async () => {
    const { run, accounts } = await command();
    await run('add', 'Owner@Clinic.test');
    await run('add', 'ben@clinic.test');
    await run('add', 'zoe@clinic.test', '--role', 'reader');
    const all = await accounts.list();
    expect(all.map(({ email, role }) => [email, role])).toEqual([
      ['ben@clinic.test', 'agent'],
      ['owner@clinic.test', 'admin'],
      ['zoe@clinic.test', 'reader'],
    ]);
    expect(await isPassword('violet harbour teaspoon', all[0]?.password ?? '')).toBe(true);
  });

  test('a generated password is printed once, a typed one never', async () => {
    const { run, printed, accounts } = await command();
    await run('add', 'anna@clinic.test', '--generate');
    expect(printed).toEqual(['anna@clinic.test can sign in as admin.', 'Password: abcde-fghjk-mnpqr-stuvw']);
    expect(await isPassword('abcde-fghjk-mnpqr-stuvw', (await accounts.list())[0]?.password ?? '')).toBe(
      true,
    );
    await run('reset', 'anna@clinic.test');
    await run('list');
    expect(printed.slice(2).join()).not.toMatch(/violet|abcde/);
  });

  test('what cannot be done is refused with the reason, and changes nothing', async () => {
    const { run, accounts } = await command();
    await run('add', 'anna@clinic.test', '--generate');
    const before = await accounts.list();
    for (const [args, reason] of [
      [['add', 'anna@clinic.test'], /has an account already.*reset anna@clinic.test/],
      [['add', 'nonsense'], /is no e-mail address/],
      [['add'], /address of the account is missing/],
      [['add', 'ben@clinic.test', '--role', 'boss'], /Roles: reader, agent, admin/],
      [['add', 'ben@clinic.test', '--password', 'secret'], /Unknown option/],
      [['reset', 'nobody@clinic.test'], /There is no account/],
      [['role', 'nobody@clinic.test', 'agent'], /There is no account/],
      [['remove', 'nobody@clinic.test'], /There is no account/],
      [['dance'], /no command "dance"/],
      [['role', 'anna@clinic.test'], /role is missing/],
      [[], /npm run staff/],
    ] as [string[], RegExp][]) {
      const failure = run(...args);
      await expect(failure).rejects.toThrow(CommandError);
      await expect(failure).rejects.toThrow(reason);
    }
    expect(await accounts.list()).toEqual(before);
  });

  test('a weak password, or none, is refused', async () => {
    const weak = await command('password1234');
    await expect(weak.run('add', 'anna@clinic.test')).rejects.toThrow(/guessed soon/);
    await weak.database.close();
    const none = await command('');
    await expect(none.run('add', 'anna@clinic.test')).rejects.toThrow(/nothing was changed/);
    expect(await none.accounts.list()).toEqual([]);
  });

  test('role, disable, enable and remove do what they say, and the audit trail says who did it', async () => {
    const { run, accounts, database } = await command();
    await run('add', 'anna@clinic.test', '--generate');
    await run('role', 'anna@clinic.test', 'reader');
    expect((await accounts.list())[0]?.role).toBe('reader');
    await run('disable', 'anna@clinic.test');
    expect((await accounts.list())[0]?.disabled).toBe(true);
    await run('enable', 'anna@clinic.test');
    expect((await accounts.list())[0]?.disabled).toBe(false);
    await run('remove', 'anna@clinic.test');
    expect(await accounts.list()).toEqual([]);
    const rows = await database.kysely
      .selectFrom('audit')
      .select(['actor', 'action'])
      .orderBy('id')
      .execute();
    expect(rows).toEqual([
      { actor: 'command line', action: 'add:admin' },
      { actor: 'command line', action: 'role:reader' },
      { actor: 'command line', action: 'disable' },
      { actor: 'command line', action: 'enable' },
      { actor: 'command line', action: 'remove' },
    ]);
  });
});
