import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '../../src/storage/open-database';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { type RunningService, dataFolder, startService } from '../support/start-service';

const DATA_COMMAND = path.resolve(__dirname, '..', '..', 'dist', 'src', 'cli', 'data.js');
const KNOWLEDGE = path.resolve(__dirname, '..', '..', 'knowledge');
const data = dataFolder();
const backups = path.join(data.folder, 'other disk');
const keyFile = path.join(data.folder, 'backup.key');
const env = {
  BACKUP_FOLDER: backups,
  BACKUP_KEY_FILE: keyFile,
  KNOWLEDGE_DIR: KNOWLEDGE,
};
let service: RunningService | undefined;
afterAll(async () => {
  await service?.kill();
  data.remove();
});

/** `npm run data -- ...`, resolves to what it printed. */
async function dataCommand(args: string[], settings: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [DATA_COMMAND, ...args], {
    cwd: data.folder,
    env: { PATH: process.env['PATH'], ...env, ...settings },
  });
  return stdout;
}

test('a running service backs itself up, and a restore after a lost disk brings back whoever was not erased', async () => {
  mkdirSync(backups);
  writeFileSync(keyFile, `${'0123456789abcdef'.repeat(4)}\n`);
  service = await startService(data.folder, env);
  const [anns, bobs] = [await openChat(service.url), await openChat(service.url)];
  await anns.say("I'm Ann Lee, 410 555 0134, I would like to book for friday at 4pm");
  await bobs.say("I'm Bob Stone, 410 555 0177, I would like to book for friday at 4pm");
  const made = () => readdirSync(backups).find((name) => name.endsWith('.backup'));
  await eventually(() => made() !== undefined);
  const backup = made() ?? '';
  expect(readFileSync(path.join(backups, backup)).toString('latin1')).not.toMatch(/Ann|Bob|410/);
  expect(await (await fetch(`${service.url}/readyz`)).json()).toMatchObject({ checks: { backups: 'ok' } });

  await bobs.say('delete my data');
  expect((await bobs.say('yes')).join(' ')).toMatch(/deleted/i);
  await service.stop();

  // The disk is lost; the backup, the list beside it and the key are not.
  const restored = { DATABASE_URL: `sqlite:${path.join(data.folder, 'restored.db')}` };
  const said = await dataCommand(['restore', path.join(backups, backup)], restored);
  expect(said).toContain('1 conversations erased since were erased again');
  service = await startService(data.folder, { ...env, ...restored });
  expect(JSON.stringify(await anns.at(service.url).activities())).toContain('Ann Lee');
  await expect(bobs.at(service.url).activities()).rejects.toThrow('404');
  await expect(dataCommand(['export', '410 555 0177'], restored)).rejects.toThrow(
    'Nothing is kept under that.',
  );
}, 120_000);

test('a restore is refused where nothing says who was erased since, unless that is accepted', async () => {
  const alone = path.join(data.folder, 'alone');
  mkdirSync(alone);
  const file = path.join(alone, 'by-hand.backup');
  const source = { DATABASE_URL: `sqlite:${path.join(data.folder, 'restored.db')}` };
  const target = { DATABASE_URL: `sqlite:${path.join(data.folder, 'again.db')}` };
  expect(await dataCommand(['backup', file], source)).toContain('is a whole copy');
  const only = path.join(alone, 'elsewhere');
  mkdirSync(only);
  writeFileSync(path.join(only, 'b.backup'), readFileSync(file));
  await expect(dataCommand(['restore', path.join(only, 'b.backup')], target)).rejects.toThrow(
    /There is no erased\.jsonl beside the backup/,
  );
  await dataCommand(['restore', path.join(only, 'b.backup'), '--without-erased'], target);
}, 120_000);

test('a backup by hand lies beside the database where no folder is set, wherever the command is run', async () => {
  const own = dataFolder();
  await (await openDatabase(`sqlite:${path.join(own.folder, 'enquiries.db')}`)).close();
  const { stdout } = await promisify(execFile)(process.execPath, [DATA_COMMAND, 'backup'], {
    cwd: data.folder,
    env: { PATH: process.env['PATH'], DATABASE_URL: `sqlite:${path.join(own.folder, 'enquiries.db')}` },
  });
  const made = readdirSync(own.folder).filter((name) => name.endsWith('.backup'));
  expect(made).toHaveLength(1);
  expect(stdout).toContain(path.join(own.folder, made[0] ?? ''));
  own.remove();
});
