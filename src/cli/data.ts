import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { receiptCode } from '../booking/reference-code';
import { ConfigError, readConfig } from '../config';
import { readKnowledge } from '../curation/read-knowledge';
import { KnowledgeFileError } from '../curation/knowledge-problem';
import type { ErasureReceipt, PersonalData, RetentionDays } from '../staff/ports';
import { backUpSqlite } from '../storage/back-up';
import { DatabaseError, openDatabase } from '../storage/open-database';
import { createPersonalData } from '../storage/personal-data';

const USAGE = `npm run data -- COMMAND
  export WHAT           everything kept of a person, as JSON on standard output
  erase WHAT [--yes]    shows what would be erased; with --yes erases it and prints the receipt
  purge [--yes]         shows what the retention periods of clinic.yaml would delete; with --yes deletes it
  backup [FILE]         a copy of the database, also while the service runs
WHAT is a telephone number, an e-mail address, a reference or a conversation's id.`;

/** What was asked for cannot be done; the message says why, for the operator. */
export class DataCommandError extends Error {
  override name = 'DataCommandError';
}

export interface DataCommandParts {
  data: PersonalData;
  clock: () => Date;
  retention: () => RetentionDays;
  newReceipt: () => string;
  backUp: (file: string) => Promise<string>;
  /** The command's own output. */
  print: (text: string) => void;
}

/** Runs one `npm run data` command. @throws DataCommandError, with nothing changed */
export async function runDataCommand(args: string[], parts: DataCommandParts): Promise<void> {
  const { positionals, yes } = read(args);
  const [command, what] = positionals;
  switch (command) {
    case 'export':
      return exportPerson(needed(what), parts);
    case 'erase':
      return erasePerson(needed(what), yes, parts);
    case 'purge':
      return purge(yes, parts);
    case 'backup':
      return parts.print(await parts.backUp(what ?? backupName(parts.clock())));
    default:
      throw new DataCommandError(USAGE);
  }
}

function read(args: string[]): { positionals: string[]; yes: boolean } {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { yes: { type: 'boolean', default: false } },
    });
    return { positionals, yes: values.yes };
  } catch (error) {
    throw new DataCommandError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function exportPerson(what: string, { data, clock, print }: DataCommandParts): Promise<void> {
  const ids = await idsOf(what, data);
  const content = { exportedAt: clock().toISOString(), ...(await data.export(ids)) };
  print(JSON.stringify(content, null, 2));
}

async function erasePerson(what: string, yes: boolean, parts: DataCommandParts): Promise<void> {
  const { data, clock, newReceipt, print } = parts;
  const found = await data.find(what);
  const ids = await idsOf(what, data);
  if (!yes) {
    for (const row of found.conversations)
      print(`conversation ${row.id}, ${row.channel}, last message ${row.updatedAt}: ${row.by}`);
    for (const row of found.requests) print(`request ${row.reference}, ${row.status}, ${row.createdAt}`);
    return print('Nothing is erased yet. To erase all of this, run the command again with --yes.');
  }
  const by = { at: clock().toISOString(), actor: 'command line' };
  print(receiptInWords(await data.erase(ids, newReceipt(), by)));
}

async function purge(yes: boolean, parts: DataCommandParts): Promise<void> {
  const { data, clock, retention, newReceipt, print } = parts;
  const days = retention();
  const due = await data.due(clock(), days);
  print(`Chats with an unfinished booking, older than ${days.unfinishedChats} days: ${due.unfinishedChats}`);
  print(`Transcripts, older than ${days.transcripts} days: ${due.transcripts}`);
  print(`Booking requests, older than ${days.requests} days: ${due.requests}`);
  if (!yes) return print('Nothing is deleted yet. To delete this, run the command again with --yes.');
  const by = { at: clock().toISOString(), actor: 'retention' };
  const receipt = await data.purge(clock(), days, newReceipt(), by);
  if (receipt === undefined) return print('Nothing was due.');
  print(receiptInWords(receipt));
  const left = await data.due(clock(), days);
  print(`Due now: ${left.unfinishedChats + left.transcripts + left.requests}`);
}

async function idsOf(what: string, data: PersonalData): Promise<string[]> {
  const { conversations, requests } = await data.find(what);
  const ids = new Set([
    ...conversations.map(({ id }) => id),
    ...requests.map(({ conversationId }) => conversationId),
  ]);
  if (ids.size === 0) throw new DataCommandError('Nothing is kept under that.');
  return [...ids];
}

function receiptInWords({ receipt, at, erased }: ErasureReceipt): string {
  const amounts = Object.entries(erased).map(([what, amount]) => `${amount} ${what}`);
  return `Erased. Receipt ${receipt}, ${at}: ${amounts.join(', ')}.`;
}

function needed(what: string | undefined): string {
  if (what === undefined || what.trim() === '') throw new DataCommandError(USAGE);
  return what;
}

/** `enquiries-2026-03-02T1500.db`: sorts by time, and no colon, which some file systems refuse. */
function backupName(now: Date): string {
  return `enquiries-${now.toISOString().slice(0, 16).replace(':', '')}.db`;
}

/** @returns what to print. @throws DataCommandError */
async function backUp(url: string, file: string): Promise<string> {
  if (existsSync(file)) throw new DataCommandError(`${file} is there already; name another file.`);
  if (url.startsWith('sqlite:')) {
    await backUpSqlite(url, file);
    return `${path.resolve(file)} is a whole copy. It holds what visitors wrote: keep it as safe as the database.`;
  }
  // The address has the password in it: it goes through the environment, where other users cannot read it.
  const { status, error } = spawnSync('pg_dump', ['--format=custom', `--file=${file}`], {
    env: { ...process.env, ...postgresEnvironment(url) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) {
    throw new DataCommandError(
      'pg_dump is not on this machine. Install the PostgreSQL client, or run pg_dump where the server is.',
    );
  }
  if (status !== 0) throw new DataCommandError('pg_dump failed; its reason is above.');
  return `${path.resolve(file)} is a whole copy, for pg_restore.`;
}

function postgresEnvironment(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const database = await openDatabase(config.databaseUrl, 'command');
  try {
    await runDataCommand(process.argv.slice(2), {
      data: createPersonalData(database),
      clock: () => new Date(),
      retention: () => readKnowledge(config.knowledgeDir).knowledge.clinic.retention,
      newReceipt: () => receiptCode(randomBytes(16)),
      backUp: (file) => backUp(config.databaseUrl, file),
      print: (text) => process.stdout.write(`${text}\n`),
    });
  } finally {
    await database.close();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    const isForOperator =
      error instanceof DataCommandError ||
      error instanceof DatabaseError ||
      error instanceof ConfigError ||
      error instanceof KnowledgeFileError;
    process.stderr.write(
      `${isForOperator ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exitCode = 1;
  });
}
