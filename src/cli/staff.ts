import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readConfig } from '../config';
import { generatePassword, hashPassword } from '../staff/password';
import { PASSWORD_PROBLEM_WORDS, passwordProblem } from '../staff/password-rules';
import { ROLES } from '../staff/ports';
import type { Role, StaffAccounts } from '../staff/ports';
import { emailIn } from '../staff/staff-email';
import { openDatabase } from '../storage/open-database';
import { createStaffStore } from '../storage/staff-store';
import { CommandError, UsageError, noSuchCommand, readArgs, runCommand } from './run-command';

const USAGE = `npm run staff -- COMMAND
  add EMAIL [--role admin|agent|reader]   a new account (admin for the first one, else agent)
  list                                    all accounts with their roles
  reset EMAIL                             a new password, no second factor; signs the account out everywhere
  role EMAIL admin|agent|reader           another role; signs the account out everywhere
  disable EMAIL, enable EMAIL             shuts the account out for a while, and lets it in again
  remove EMAIL                            deletes the account
  verify                                  checks that the audit trail is as it was written
add and reset ask for the password, or read it from standard input where that is no terminal.
With --generate they make one and print it once. A password is never an argument: others could read it there.`;

export interface StaffCommandParts {
  accounts: StaffAccounts;
  clock: () => Date;
  /** Asks the operator; undefined where two answers differ or nothing was typed. */
  askPassword: (email: string) => Promise<string | undefined>;
  generate: () => string;
  /** One line of the command's own output. */
  print: (line: string) => void;
}

/**
 * What one `npm run staff` command does; it rejects with a CommandError, and nothing changed, where that cannot be done.
 * @throws CommandError for what is no such command, before there is anything to do it to
 */
export function staffCommand(args: string[]): (parts: StaffCommandParts) => Promise<void> {
  const { positionals, values } = read(args);
  const [command, address, role] = positionals;
  switch (command) {
    case 'list':
      return list;
    case 'verify':
      return verify;
    case 'role': {
      const [email, wanted] = [emailOf(address), roleOf(role)];
      return (parts) => setRole(email, wanted, parts);
    }
    case 'add': {
      const [email, wanted] = [emailOf(address), values.role === undefined ? undefined : roleOf(values.role)];
      return (parts) => add(email, wanted, values.generate, parts);
    }
    case 'reset':
    case 'disable':
    case 'enable':
    case 'remove': {
      const email = emailOf(address);
      if (command === 'reset') return (parts) => reset(email, values.generate, parts);
      if (command === 'remove') return (parts) => remove(email, parts);
      return (parts) => setDisabled(email, command === 'disable', parts);
    }
    default:
      throw noSuchCommand(command, USAGE);
  }
}

function read(args: string[]) {
  return readArgs(USAGE, {
    args,
    allowPositionals: true,
    options: { role: { type: 'string' }, generate: { type: 'boolean', default: false } },
  });
}

async function list({ accounts, print }: StaffCommandParts): Promise<void> {
  const all = await accounts.list();
  if (all.length === 0) print('No account yet. Make the first one: npm run staff -- add you@example.com');
  for (const account of all)
    print(`${account.email}\t${account.role}${account.disabled ? '\tdisabled' : ''}`);
}

async function verify({ accounts, print }: StaffCommandParts): Promise<void> {
  const check = await accounts.checkAudit();
  if (!check.ok) {
    throw new CommandError(
      `The audit trail is broken: row ${check.brokenAt} was changed, or a row before it taken out. The ${check.rows} before it are sound.`,
    );
  }
  print(`The audit trail is sound: ${check.rows} rows, newest hash ${check.head || 'none'}.`);
  print('Rows cut off at the end do not show: compare the hash with one noted down before.');
}

async function add(email: string, wanted: Role | undefined, generated: boolean, parts: StaffCommandParts) {
  const { accounts, print } = parts;
  const existing = await accounts.list();
  if (existing.some((account) => account.email === email)) throw exists(email);
  const role = wanted ?? (existing.length === 0 ? 'admin' : 'agent');
  const password = await newPassword(email, generated, parts);
  const result = await accounts.add({ email, role, password: await hashPassword(password) }, author(parts));
  if (result === 'exists') throw exists(email);
  print(`${email} can sign in as ${role}.`);
  if (generated) print(`Password: ${password}`);
}

async function reset(email: string, generated: boolean, parts: StaffCommandParts): Promise<void> {
  const { accounts, print } = parts;
  if (!(await accounts.list()).some((account) => account.email === email)) throw unknown(email);
  const password = await newPassword(email, generated, parts);
  const result = await accounts.setPassword(email, await hashPassword(password), author(parts));
  if (result === 'unknown') throw unknown(email);
  if ((await accounts.secondFactor(email)) !== null)
    await accounts.setSecondFactor(email, null, author(parts));
  print(`${email} has a new password and is signed out everywhere.`);
  if (generated) print(`Password: ${password}`);
}

async function setRole(email: string, role: Role, parts: StaffCommandParts): Promise<void> {
  if ((await parts.accounts.setRole(email, role, author(parts))) === 'unknown') throw unknown(email);
  parts.print(`${email} is ${role} now and signed out everywhere.`);
}

async function setDisabled(email: string, disabled: boolean, parts: StaffCommandParts): Promise<void> {
  if ((await parts.accounts.setDisabled(email, disabled, author(parts))) === 'unknown') throw unknown(email);
  parts.print(`${email} is ${disabled ? 'disabled and signed out everywhere' : 'enabled again'}.`);
}

async function remove(email: string, parts: StaffCommandParts): Promise<void> {
  if ((await parts.accounts.remove(email, author(parts))) === 'unknown') throw unknown(email);
  parts.print(`${email} is removed.`);
}

async function newPassword(email: string, generated: boolean, parts: StaffCommandParts): Promise<string> {
  if (generated) return parts.generate();
  const password = await parts.askPassword(email);
  if (password === undefined)
    throw new CommandError('No password, or not the same one twice: nothing was changed.');
  const problem = await passwordProblem(password, email);
  if (problem !== undefined) throw new CommandError(PASSWORD_PROBLEM_WORDS[problem]);
  return password;
}

function author({ clock }: StaffCommandParts): { at: string; actor: string } {
  return { at: clock().toISOString(), actor: 'command line' };
}

function emailOf(text: string | undefined): string {
  const email = emailIn(text ?? '');
  if (text === undefined) throw new UsageError('The e-mail address of the account is missing.', USAGE);
  if (email === undefined) throw new CommandError(`"${text}" is no e-mail address.`);
  return email;
}

function roleOf(text: string | undefined): Role {
  const role = ROLES.find((name) => name === text);
  if (text === undefined) throw new UsageError('The role is missing.', USAGE);
  if (role === undefined) throw new CommandError(`"${text}" is no role. Roles: ${ROLES.join(', ')}.`);
  return role;
}

function exists(email: string): CommandError {
  return new CommandError(`${email} has an account already. A new password: npm run staff -- reset ${email}`);
}

function unknown(email: string): CommandError {
  return new CommandError(`There is no account ${email}. All accounts: npm run staff -- list`);
}

async function askPassword(email: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) {
    for await (const line of createInterface({ input: process.stdin })) return line === '' ? undefined : line;
    return undefined;
  }
  const first = await askHidden(`Password for ${email}: `);
  const second = await askHidden('The same once more: ');
  return first !== '' && first === second ? first : undefined;
}

/** Asks on the terminal without showing what is typed. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

async function main(): Promise<void> {
  const command = staffCommand(process.argv.slice(2));
  const database = await openDatabase(readConfig(process.env).databaseUrl, 'command');
  try {
    await command({
      accounts: createStaffStore(database),
      clock: () => new Date(),
      askPassword,
      generate: () => generatePassword(randomBytes),
      print: (line) => process.stdout.write(`${line}\n`),
    });
  } finally {
    await database.close();
  }
}

if (require.main === module) void runCommand(USAGE, main);
