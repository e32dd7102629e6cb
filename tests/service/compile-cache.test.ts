import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isOurs } from '../../src/compile-cache';
import { openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { type RunningService, dataFolder, startService } from '../support/start-service';

/** What Node has compiled is kept for the next start; it is run as the service, and it may be missing or broken. */

const ANSWER = /3 to 5 hours/;
let data: ReturnType<typeof dataFolder>;
let cache: string;
beforeEach(() => {
  data = dataFolder();
  cache = path.join(data.folder, 'cache');
});
afterEach(() => data.remove());

/** Node tells of each file that it reads and writes, into a file: of what it sends to a pipe some is lost. */
const start = (prepare: string[] = []) =>
  startService(
    data.folder,
    { CACHE_DIRECTORY: cache, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    { through: [...prepare, 'sh', '-c', 'exec "$@" 2>told', 'sh'] },
  );
const told = () => readFileSync(path.join(data.folder, 'told'), 'utf8');

/** Until all is written that is going to be. */
const written = () => eventually(() => told().includes('flushCompileCache() finished'));

/** Of the program's files, how many were found compiled, and how many were not. */
async function read(): Promise<{ found: number; missed: number }> {
  await written();
  const [untilThen = ''] = told().split('flushCompileCache() requested');
  const lines = untilThen.match(/^\[compile cache\] reading .*$/gm) ?? [];
  const found = lines.filter((line) => /success, size=\d+$/.test(line)).length;
  return { found, missed: lines.length - found };
}

const answers = async (service: RunningService) =>
  expect((await (await openChat(service.url)).say('how long is one session')).join(' ')).toMatch(ANSWER);

/** Every kept file, without those that were left in the middle of writing. */
function keptFiles(): string[] {
  return readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile() && !item.name.includes('.'))
    .map((item) => path.join(item.parentPath, item.name));
}

test('a start finds what the one before has compiled, whole or not, and clears up', async () => {
  const first = await start();
  expect(await read()).toEqual({ found: 0, missed: expect.any(Number) });
  await first.kill();
  const second = await start();
  expect(await read()).toEqual({ found: expect.any(Number), missed: 0 });
  await second.kill();

  const files = keptFiles();
  expect(files.length).toBeGreaterThan(1_000);
  files.forEach(damage);
  const half = `${files[0]}.aBcDeF`;
  writeFileSync(half, 'half');
  const otherVersion = path.join(cache, 'compiled', 'v20.0.0-0123456789ab');
  mkdirSync(otherVersion);
  writeFileSync(path.join(otherVersion, '01234567'), 'old');
  const third = await start();
  expect((await read()).missed).toBeGreaterThan(files.length / 2);
  await answers(third);
  await eventually(() => !existsSync(otherVersion) && !existsSync(half));
  await third.kill();
  const fourth = await start();
  expect(await read()).toEqual({ found: files.length, missed: 0 });
  await fourth.kill();
}, 120_000);

/** Empty, torn and changed in one place, as after a power cut; every fourth stays as it is. */
function damage(file: string, at: number): void {
  const bytes = readFileSync(file);
  if (at % 4 === 0) truncateSync(file, 0);
  if (at % 4 === 1) truncateSync(file, Math.floor(bytes.length / 2));
  if (at % 4 === 2) writeFileSync(file, Buffer.concat([bytes.subarray(0, -1), Buffer.of(~bytes.at(-1)!)]));
}

test('killed while it writes, it starts again', async () => {
  const first = await start();
  await eventually(() => keptFiles().length > 0);
  await first.kill();
  const second = await start();
  await answers(second);
  await second.kill();
});

test('with a full disk the service starts, and leaves nothing half-written', async () => {
  const service = await start([
    'unshare',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    'mkdir -p cache && mount -t tmpfs -o size=1m tmpfs cache && exec "$@"',
    'sh',
  ]);
  await written();
  await answers(service);
  const inside = `/proc/${service.process.pid}/root${cache}`;
  const names = () => readdirSync(inside, { recursive: true }).map((name) => path.basename(String(name)));
  await eventually(() => !names().some((name) => /^[0-9a-f]{8}\./.test(name)));
  expect(names().length).toBeGreaterThan(10);
  await service.kill();
});

test('where there is no folder to be had, it starts as it would without', async () => {
  cache = '/proc/nowhere';
  const service = await start();
  await answers(service);
  expect(told()).not.toContain('[compile cache]');
  await service.kill();
});

describe('the folder', () => {
  let folder: string;
  beforeEach(() => (folder = path.join(data.folder, 'compiled')));

  test('is made for its owner alone', () => {
    expect(isOurs(folder)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['0700', true],
    ['0755', true],
    ['0770', false],
    ['0707', false],
  ])('with mode %s is ours: %s', (mode, expected) => {
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(isOurs(folder)).toBe(expected);
  });

  test('of somebody else is not ours', () => {
    // Only root can give a folder away; to everybody else the system's own are somebody else's.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      mkdirSync(folder);
      chownSync(folder, 65_534, 65_534);
    }
    expect(isOurs(isRoot ? folder : '/usr')).toBe(false);
  });

  test('is no link to another, and no file', () => {
    mkdirSync(`${folder}-other`, { mode: 0o700 });
    symlinkSync(`${folder}-other`, folder);
    expect(isOurs(folder)).toBe(false);
    rmSync(folder);
    writeFileSync(folder, '');
    expect(isOurs(folder)).toBe(false);
  });
});
