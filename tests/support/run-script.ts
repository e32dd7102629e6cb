import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const PROJECT = resolve(__dirname, '../..');

/** A script of the tests in a process of its own, so that it can be killed. */
export interface RunningScript {
  process: ChildProcess;
  /** The lines it has printed so far. */
  lines: string[];
  /** Resolves with the first line that begins so; rejects with its errors if it ends before. */
  line: (beginning: string) => Promise<string>;
  /** kill -9; resolves once the process is gone and all its output is read. */
  kill: () => Promise<void>;
}

/** Runs a TypeScript file, named from the project's folder, with the rest as its arguments. */
export function runScript(file: string, ...args: string[]): RunningScript {
  return runScriptThrough([], file, ...args);
}

/** `through` is a command that ends by running the one behind it. */
export function runScriptThrough(through: string[], file: string, ...args: string[]): RunningScript {
  const folder = mkdtempSync(join(tmpdir(), 'enquiry-script-'));
  const outfile = join(folder, 'script.cjs');
  buildSync({
    entryPoints: [join(PROJECT, file)],
    outfile,
    bundle: true,
    platform: 'node',
    packages: 'external',
  });
  const environment = { ...process.env, NODE_PATH: join(PROJECT, 'node_modules') };
  const [program = process.execPath, ...rest] = [...through, process.execPath, outfile, ...args];
  const child = spawn(program, rest, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.once('close', () => rmSync(folder, { recursive: true, force: true }));
  return follow(child);
}

function follow(child: ChildProcess): RunningScript {
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let unfinished = '';
  let errors = '';
  let ended = false;
  const wake = () => {
    for (const go of waiting.splice(0)) go();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (unfinished + chunk.toString()).split('\n');
    unfinished = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const closed = new Promise<void>((resolveClosed) => {
    child.once('close', () => {
      ended = true;
      wake();
      resolveClosed();
    });
  });
  return {
    process: child,
    lines,
    async line(beginning) {
      for (;;) {
        const found = lines.find((line) => line.startsWith(beginning));
        if (found !== undefined) return found;
        if (ended) throw new Error(`The script ended without a line "${beginning}": ${errors}`);
        await new Promise<void>((go) => waiting.push(go));
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
