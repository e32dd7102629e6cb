import { readConfig } from '../config';
import { readKnowledge } from '../curation/read-knowledge';
import { loadKnowledge } from '../keep-knowledge';
import { openDatabase } from '../storage/open-database';
import { fillDemo } from './fill-demo';
import { UsageError, readArgs, runCommand } from './run-command';

const USAGE = `npm run demo -- [--conversations 200] [--seed 1] [--days 120]
Fills an empty database (DATABASE_URL) with made-up conversations, to look at the staff console with.`;

function numberOf(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new UsageError(`--${name} must be a whole number from 1 to 1000000.`, USAGE);
  return value;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = readArgs(USAGE, { options: { conversations: text, seed: text, days: text } });
  const options = {
    amount: numberOf(values.conversations, 'conversations', 200),
    seed: numberOf(values.seed, 'seed', 1),
    days: numberOf(values.days, 'days', 120),
    until: new Date(),
  };
  const config = readConfig(process.env);
  const loaded = loadKnowledge(readKnowledge(config.knowledgeDir).knowledge);
  const database = await openDatabase(config.databaseUrl, 'command');
  try {
    await fillDemo(database, loaded, options, (done) => {
      if (done % 10_000 === 0) process.stderr.write(`${done} ...\n`);
    });
    process.stdout.write(
      `${options.amount} made-up conversations are in ${config.databaseUrl.split('@').at(-1)}.\n`,
    );
  } finally {
    await database.close();
  }
}

if (require.main === module) void runCommand(USAGE, main);
