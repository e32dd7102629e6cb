import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ERASED_LIST } from '../../src/storage/erased-list';
import { openDatabase } from '../../src/storage/open-database';
import { dataFolder } from '../support/start-service';

const ROOT = path.resolve(__dirname, '..', '..');
const data = dataFolder();
const database = path.join(data.folder, 'enquiries.db');

afterAll(() => data.remove());

const fileOf = (command: string) => path.join(ROOT, 'dist', 'src', 'cli', `${command}.js`);

/** A built command in a process of its own, beside a database that is not there. */
function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileOf(command), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: `sqlite:${database}` },
  });
  return { status, stdout, stderr };
}

test.each([
  ['ask', 'ask'],
  ['check-knowledge', 'knowledge:check'],
  ['evaluate', 'knowledge:evaluate'],
  ['merge-knowledge', 'knowledge:merge'],
  ['data', 'data'],
  ['demo', 'demo'],
  ['staff', 'staff'],
  ['messenger', 'messenger'],
])('%s --help says how it is used, and does nothing', (command, script) => {
  const { status, stdout, stderr } = run(command, '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^npm run ${script}\\b`));
  expect(existsSync(database)).toBe(false);
});

test.each<[number, string[], RegExp]>([
  [2, ['staff', 'ad', 'ann@clinic.test'], /^There is no command "ad"\.\n\nnpm run staff/],
  [2, ['staff', 'add'], /^The e-mail address of the account is missing\./],
  [1, ['staff', 'add', 'ann'], /^"ann" is no e-mail address\.\n$/],
  [2, ['staff', 'list', '--al'], /^Unknown option '--al'\.\n\nnpm run staff/],
  [2, ['merge-knowledge', '--dry-run'], /^Unknown option '--dry-run'\./],
  [2, ['ask'], /^There is no question\./],
  [1, ['ask', 'how long', '--after', 'lenght'], /has no entry "lenght"/],
  [2, ['data', 'exprt', 'x'], /^There is no command "exprt"\./],
  [1, ['data', 'export', 'ann@clinic.test'], /^There is no database .*enquiries\.db\. Run this where/],
  [1, ['data', 'backup'], /^There is no database /],
  [1, ['data', 'backup', '/no/such/folder/b'], /^There is no folder \/no\/such\/folder/],
  [1, ['data', 'restore', 'no.backup'], /^There is no file .*no\.backup\.\n$/],
  [1, ['evaluate', '--questions', 'no.jsonl'], /^no\.jsonl: there is no such file or folder \(ENOENT\)\.\n$/],
  [2, ['demo', '--conversations', 'many'], /^--conversations must be a whole number/],
])('exit code %i and one piece of words: %j', (code, [command = '', ...args], words) => {
  const { status, stdout, stderr } = run(command, ...args);
  expect([status, stdout]).toEqual([code, '']);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('whoever has read enough ends the command without a word', async () => {
  const child = spawn(process.execPath, [fileOf('ask'), '--jsonl'], { cwd: ROOT });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  // It ends before it has read all of this.
  child.stdin.on('error', () => undefined);
  child.stdin.end('{"text": "how long does it last"}\n'.repeat(2_000));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([0, '']);
});

test('a command that changes something is done to its end without a reader', async () => {
  const { folder, remove } = dataFolder();
  const DATABASE_URL = `sqlite:${path.join(folder, 'enquiries.db')}`;
  await (await openDatabase(DATABASE_URL)).close();
  const child = spawn(process.execPath, [fileOf('data'), 'purge', '--yes'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL,
      BACKUP_FOLDER: folder,
      BACKUP_KEY: 'a-key-of-the-tests-of-thirty-two-characters',
    },
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([0, '']);
  // The last that it does, long after its first line.
  expect(existsSync(path.join(folder, ERASED_LIST))).toBe(true);
  remove();
});

test.each(['start', 'build', 'cluster'])(
  'npm run %s takes no options, and does not begin with some',
  (name) => {
    const bootstrap = path.join(ROOT, 'src', 'cli', 'bootstrap.cjs');
    const { status, stderr } = spawnSync(process.execPath, [bootstrap, name, '--port', '4000'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('settings are environment variables')]);
  },
);
