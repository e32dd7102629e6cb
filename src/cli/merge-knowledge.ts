import { readConfig } from '../config';
import { mergeDrafts, mergeTaught } from '../curation/merge-taught';
import type { Teachings } from '../staff/ports';
import { createTeachingStore } from '../storage/teaching-store';
import { openExisting } from './open-existing';
import { openKnowledge } from './open-knowledge';
import { readArgs, runCommand } from './run-command';

const USAGE = `npm run knowledge:merge
Writes what staff have taught and drafted in the console into the knowledge folder (KNOWLEDGE_DIR).`;

/**
 * `npm run knowledge:merge`: writes what staff have taught into the knowledge folder, which speaks for it from then
 * on. @returns what to print.
 */
export async function mergeKnowledge(folder: string, teachings: Teachings, at: string): Promise<string> {
  // A folder with errors is refused before anything is written to it.
  openKnowledge(folder);
  const live = await teachings.live();
  const open = await teachings.openDrafts();
  if (live.length + open.length === 0)
    return 'Nothing to merge: staff have taught nothing that is not in the folder.';
  const drafts = mergeDrafts(folder, open);
  const { merged, homeless, files } = mergeTaught(folder, live);
  openKnowledge(folder);
  const by = { at, actor: 'command line' };
  await teachings.markMerged(
    merged.map(({ id }) => id),
    by,
  );
  await teachings.markDraftsMerged(
    drafts.merged.map(({ id }) => id),
    by,
  );
  return [
    ...drafts.merged.map(({ entry, title }) => `+ new entry ${entry}, to be approved: ${title}`),
    ...merged.map(({ text, entry }) => `+ ${entry ?? 'background'}: ${text}`),
    `${merged.length + drafts.merged.length} merged into ${whereTo([...new Set([...drafts.files, ...files])])}.`,
    ...homeless.map(
      ({ text, entry }) => `! The folder has no place for "${text}" (${entry ?? 'background'}).`,
    ),
  ].join('\n');
}

function whereTo(files: string[]): string {
  return files.length === 0 ? 'the folder, which had them already' : files.join(', ');
}

async function main(): Promise<void> {
  readArgs(USAGE, {});
  const config = readConfig(process.env);
  const database = await openExisting(config.databaseUrl);
  try {
    const report = await mergeKnowledge(
      config.knowledgeDir,
      createTeachingStore(database),
      new Date().toISOString(),
    );
    process.stdout.write(`${report}\n`);
  } finally {
    await database.close();
  }
}

if (require.main === module) void runCommand(USAGE, main);
