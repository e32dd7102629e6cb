import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Without these Chromium wants a sandbox, a graphics card, or to call home; by the last it finds this machine only. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];
const DEBIAN_CHROMIUM = '/usr/bin/chromium';
/** What the packaged Chromium wants of the system, under Debian's names. */
const DEBIAN_LIBRARIES = ['libnss3', 'libnspr4', 'libexpat1', 'fontconfig', 'fonts-dejavu-core'];
const INSTALL = `apt-get update && apt-get install -y ${DEBIAN_LIBRARIES.join(' ')}`;
const CACHE = path.resolve(__dirname, '..', '..', '.cache');

/**
 * A real Chromium: the one that CHROMIUM_PATH names, Debian's, or the one inside `@sparticuz/chromium`. Start one
 * for a test file and close it at its end. Where the system's libraries are missing they are installed on Debian
 * by root, which is said on standard error.
 * @throws Error naming the one command to run where that is not possible.
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  const missing = missingLibraries(executablePath);
  if (missing.length > 0) installLibraries(missing);
  return chromium.launch({ executablePath, args: FLAGS, env: fontsFor(executablePath) });
}

function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  return existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : unpackChromium();
}

/**
 * The package unpacks 200 MB into a temporary folder and takes a half-written file for a finished one; test files
 * run side by side, so each unpacks into a folder of its own and the first one to be done is kept.
 */
function unpackChromium(): string {
  const root = path.resolve(__dirname, '..', '..', 'node_modules', '@sparticuz', 'chromium');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const kept = path.join(CACHE, `chromium-${version}`);
  const executable = path.join(kept, 'chromium');
  if (existsSync(executable)) return executable;
  mkdirSync(CACHE, { recursive: true });
  const own = mkdtempSync(path.join(CACHE, 'chromium-unpacking-'));
  // In a process of its own: the package is an ES module, which jest cannot load, and it unpacks into TMPDIR.
  execFileSync(
    process.execPath,
    ['-e', "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())"],
    {
      cwd: path.resolve(CACHE, '..'),
      env: { ...process.env, TMPDIR: own },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  try {
    renameSync(own, kept);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(executable)) throw error;
  }
  return executable;
}

function missingLibraries(executable: string): string[] {
  const { stdout, status } = spawnSync('ldd', [executable], { encoding: 'utf8' });
  if (status !== 0) return [];
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map((found) => found[1] ?? '');
}

function installLibraries(missing: string[]): void {
  const what = `Chromium needs libraries that this system lacks (${missing.join(', ')})`;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(`${what}. Run once as root: ${INSTALL} (or set CHROMIUM_PATH to a browser that works).`);
  }
  process.stderr.write(`${what}; installing them: ${INSTALL}\n`);
  // The lock's time-out lets test files that start side by side wait for each other.
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', INSTALL.replace('apt-get install', 'apt-get -o DPkg::Lock::Timeout=300 install')],
    { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } },
  );
  if (status !== 0) throw new Error(`${what}, and they could not be installed by: ${INSTALL}\n${stderr}`);
}

/** A machine without any font setup gets the package's own fonts: Chromium does not start without one. */
function fontsFor(executable: string): Record<string, string> {
  const own = path.join(path.dirname(executable), 'fonts');
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return existsSync('/etc/fonts/fonts.conf') || !existsSync(own) ? env : { ...env, FONTCONFIG_PATH: own };
}
