import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The built service in a process of its own, as an operator runs it: it can be killed, and started again on the same data. */
export interface RunningService {
  url: string;
  /** Everything it printed so far. */
  output: () => string;
  /** The one-use link for the first staff account, where it printed one. */
  setupLink: () => string | undefined;
  /** Milliseconds from spawn to the printed address. */
  readyAfter: number;
  process: ChildProcess;
  kill: () => Promise<void>;
  /** SIGTERM; resolves to the exit code. */
  stop: () => Promise<number | null>;
}

/** A failed test leaves its services running, which would keep jest from ending; measurements run without jest. */
const left = new Set<ChildProcess>();
const killLeft = () => left.forEach((child) => child.kill('SIGKILL'));
if (process.env['JEST_WORKER_ID'] === undefined) process.once('exit', killLeft);
else afterAll(killLeft);

const MAIN = path.resolve(__dirname, '..', '..', 'dist', 'src', 'main.js');

/** A folder of its own for the data of one test, removed by `remove`. */
export function dataFolder(parent = tmpdir()): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(parent, 'enquiries-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * In memory where the system has a place for that: hundreds of small databases whose every commit would wait for the
 * disk, in tests that are not about what survives a power cut.
 */
export function memoryFolder(): ReturnType<typeof dataFolder> {
  return dataFolder(existsSync(MEMORY) ? MEMORY : tmpdir());
}

const MEMORY = '/dev/shm';

/**
 * `through` is a command that ends by running the one it is given, in the same process; `flags` are Node's.
 * @throws with everything it printed when it ends before it is ready.
 */
export async function startService(
  folder: string,
  env: Record<string, string> = {},
  { through = [], flags = [] }: { through?: string[]; flags?: string[] } = {},
): Promise<RunningService> {
  const started = performance.now();
  const child = spawnService(folder, env, through, flags);
  const printed = collect(child);
  const ended = exitOf(child);
  const url = await Promise.race([
    waitFor(() => /Sample clinic page\s+(http:\/\/[^\s/]+)/.exec(printed())?.[1], child),
    ended.then((code) => {
      throw new Error(`The service ended with ${code} before it was ready:\n${printed()}`);
    }),
  ]);
  return {
    url,
    output: printed,
    setupLink: () => /(http:\S+\/staff\/setup\?code=\S+)/.exec(printed())?.[1],
    readyAfter: performance.now() - started,
    process: child,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Starts the service where it is expected to refuse; resolves to what it printed and its exit code. */
export async function startRefused(
  folder: string,
  env: Record<string, string>,
  meanwhile?: (child: ChildProcess) => void,
): Promise<{ code: number | null; output: string }> {
  const child = spawnService(folder, env);
  meanwhile?.(child);
  const printed = collect(child);
  const code = await exitOf(child);
  return { code, output: printed() };
}

function spawnService(
  folder: string,
  env: Record<string, string>,
  through: string[] = [],
  flags: string[] = [],
): ChildProcess {
  const [program, ...args] = [...through, process.execPath, ...flags, MAIN];
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      // It too stays on this machine (loopback-only.cjs).
      NODE_OPTIONS: process.env['NODE_OPTIONS'],
      PORT: '0',
      LOG_LEVEL: 'warn',
      KNOWLEDGE_DIR: path.resolve(__dirname, '..', '..', 'knowledge'),
      DATABASE_URL: `sqlite:${path.join(folder, 'enquiries.db')}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  left.add(child);
  child.once('exit', () => left.delete(child));
  return child;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

/** Resolves as soon as something printed makes `look` find it. */
function waitFor<T>(look: () => T | undefined, child: ChildProcess): Promise<T> {
  return new Promise((resolve) => {
    const check = () => {
      const found = look();
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', check);
    check();
  });
}
