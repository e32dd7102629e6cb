import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** Bot Framework's own chat, of the version that our Direct Line was made against. */
const PACKAGE = 'botframework-webchat@4.18.1';

/** The folder of its bundles, fetched once into `.cache`; undefined where it cannot be fetched. Not a dependency. */
export function fetchWebChat(): string | undefined {
  const folder = path.resolve('.cache', 'web-chat');
  const bundles = path.join(folder, 'package', 'dist');
  if (existsSync(path.join(bundles, 'webchat.js'))) return bundles;
  mkdirSync(folder, { recursive: true });
  const packed = spawnSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const file = packed.stdout?.trim().split('\n').at(-1) ?? '';
  if (packed.status !== 0 || file === '') return undefined;
  const unpacked = spawnSync('tar', ['-xzf', path.join(folder, file), '-C', folder]);
  return unpacked.status === 0 ? bundles : undefined;
}
