import { randomBytes } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import { generatePassword, hashPassword, isPassword, PasswordsBusy } from '../../src/staff/password';
import { passwordProblem } from '../../src/staff/password-rules';

const QUICK = { N: 2 ** 4, r: 1, p: 1 };

test.each([
  ['elevenchars', 'too-short'],
  ['twelve chars', undefined],
  ['violet harbour teaspoon 9', undefined],
  ['пароль из четырёх слов', undefined],
  ['👩‍🔬🚲🎈🧩🥝🪁🎻🦉🌵🧭🏔🪐', undefined],
  ['x7'.repeat(32), 'too-common'],
  ['correct horse battery staple '.repeat(3), undefined],
  ['a b'.repeat(500), 'too-long'],
  ['aaaaaaaaaaaa', 'too-common'],
  ['123456789012', 'too-common'],
  ['832917465028', 'too-common'],
  ['password1234', 'too-common'],
  ['Password2026!', 'too-common'],
  ['qwertyuiop12', 'too-common'],
  ['qwertyuiopasdf', 'too-common'],
  ['abcdefghijklm', 'too-common'],
  ['ScalpAllure2026', 'too-common'],
  ['smp-clinic-maryland', 'too-common'],
  ['anna.smith.1990', 'too-common'],
  ['finalfantasy', 'too-common'],
  ['!!Sunflower1987', 'too-common'],
  ['sunflower teaspoon', undefined],
])('the password %j is %s', async (password, problem) => {
  expect(await passwordProblem(password, 'anna.smith@clinic.test')).toBe(problem);
});

test('not one of the 49,000 breached ones is taken, with a year behind it neither', async () => {
  const breached = dictionary['passwords-common'];
  expect(breached.length).toBeGreaterThan(49_000);
  const withYear = breached
    .filter((password) => /^[a-z]+$/.test(password))
    .map((password) => `${password}2026!!!!`);
  const taken: string[] = [];
  for (const password of [...breached, ...withYear])
    if ((await passwordProblem(password, 'anna@clinic.test')) === undefined) taken.push(password);
  expect(taken).toEqual([]);
});

test('a kept password is recognised, however its letters are encoded, and no other is', async () => {
  const kept = await hashPassword('Zoë’s teaspoon', QUICK);
  expect(await isPassword('Zoe\u0308’s teaspoon', kept)).toBe(true);
  expect(await isPassword('Zoe’s teaspoon', kept)).toBe(false);
  expect(await hashPassword('Zoë’s teaspoon', QUICK)).not.toBe(kept);
});

test('a password is kept with the cost that makes guessing slow', async () => {
  expect(await hashPassword('violet harbour teaspoon')).toMatch(
    /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/,
  );
});

test('two passwords are checked at a time, twenty wait, and more are asked to come again', async () => {
  const checks = Array.from({ length: 30 }, () =>
    hashPassword('violet', QUICK).then(
      () => 'checked',
      (error: unknown) => (error instanceof PasswordsBusy ? 'busy' : 'failed'),
    ),
  );
  const results = await Promise.all(checks);
  expect(results.filter((result) => result === 'checked')).toHaveLength(22);
  expect(results.filter((result) => result === 'busy')).toHaveLength(8);
  expect(await hashPassword('violet', QUICK)).toMatch(/^scrypt/);
});

test('generated passwords are long, different, and good by our own rules', async () => {
  const made = Array.from({ length: 200 }, () => generatePassword(randomBytes));
  expect(new Set(made).size).toBe(200);
  for (const password of made) {
    expect(password).toMatch(/^(?:[a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
    expect(await passwordProblem(password, 'anna@clinic.test')).toBeUndefined();
  }
});
