import { randomBytes } from 'node:crypto';
import { receiptCode } from '../booking/reference-code';
import { readConfig } from '../config';
import { readKnowledge } from '../curation/read-knowledge';
import type { ErasureReceipt, PersonalData, RetentionDays } from '../staff/ports';
import { writeErasedList } from '../storage/erased-list';
import { createPersonalData } from '../storage/personal-data';
import { type BackupCommandParts, backupCommand, erasedCommand, restoreCommand } from './backups';
import { openExisting } from './open-existing';
import { CommandError, UsageError, noSuchCommand, readArgs, runCommand } from './run-command';

const USAGE = `npm run data -- COMMAND
  export WHAT           everything kept of a person, as JSON on standard output
  erase WHAT [--yes]    shows what would be erased; with --yes erases it and prints the receipt
  purge [--yes]         shows what the retention periods of clinic.yaml would delete; with --yes deletes it
  backup [FILE]         a whole copy, also while the service runs; unless a file is named, into BACKUP_FOLDER, or
                        beside SQLite's file where that is not set
  restore FILE          puts a backup into the new, empty database of DATABASE_URL, without whoever was erased since
  erased FOLDER         writes the list of what was erased, which a restore needs, into that folder
WHAT is a telephone number, an e-mail address, a reference or a conversation's id.`;

export interface DataCommandParts {
  data: PersonalData;
  clock: () => Date;
  retention: () => RetentionDays;
  newReceipt: () => string;
  /** The command's own output. */
  print: (text: string) => void;
}

/**
 * What one `npm run data` command does beside the service; it rejects with a CommandError, and nothing changed, where that
 * cannot be done. @throws CommandError for what is no such command
 */
export function dataCommand(args: string[]): (parts: DataCommandParts) => Promise<void> {
  const { positionals, yes } = read(args);
  const [command, typed] = positionals;
  if (command === 'purge') return (parts) => purge(yes, parts);
  if (command !== 'export' && command !== 'erase') throw noSuchCommand(command, USAGE);
  const what = needed(typed);
  return (parts) => (command === 'export' ? exportPerson(what, parts) : erasePerson(what, yes, parts));
}

function read(args: string[]) {
  const { positionals, values } = readArgs(USAGE, {
    args,
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      'without-erased': { type: 'boolean', default: false },
    },
  });
  return { positionals, yes: values.yes, withoutErased: values['without-erased'] };
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
  if (ids.size === 0) throw new CommandError('Nothing is kept under that.');
  return [...ids];
}

function receiptInWords({ receipt, at, erased }: ErasureReceipt): string {
  const amounts = Object.entries(erased).map(([what, amount]) => `${amount} ${what}`);
  return `Erased. Receipt ${receipt}, ${at}: ${amounts.join(', ')}.`;
}

function needed(what: string | undefined): string {
  if (what === undefined || what.trim() === '')
    throw new UsageError('It is missing whose data, or which file or folder.', USAGE);
  return what;
}

/** Backups open the database by themselves, or must find none. */
async function runBackupCommand(args: string[], parts: BackupCommandParts): Promise<boolean> {
  const { positionals, withoutErased } = read(args);
  const [command, what] = positionals;
  switch (command) {
    case 'backup':
      await backupCommand(what, parts);
      return true;
    case 'restore':
      await restoreCommand(needed(what), { withoutErased }, parts);
      return true;
    case 'erased':
      await erasedCommand(needed(what), parts);
      return true;
    default:
      return false;
  }
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const args = process.argv.slice(2);
  const shared = {
    clock: () => new Date(),
    retention: () => readKnowledge(config.knowledgeDir).knowledge.clinic.retention,
    print: (text: string) => void process.stdout.write(`${text}\n`),
  };
  if (await runBackupCommand(args, { ...shared, config })) return;
  const command = dataCommand(args);
  const database = await openExisting(config.databaseUrl);
  try {
    await command({
      ...shared,
      data: createPersonalData(database),
      newReceipt: () => receiptCode(randomBytes(16)),
    });
    if (config.backupFolder !== undefined) await writeErasedList(database, config.backupFolder);
  } finally {
    await database.close();
  }
}

if (require.main === module) void runCommand(USAGE, main);
