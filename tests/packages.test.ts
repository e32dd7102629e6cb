import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What `npm ci` would bring: package-lock.json. */
interface LockedPackage {
  integrity?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const read = (name: string) => readFileSync(path.resolve(__dirname, '..', name), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const packages = Object.entries(lock.packages).filter(([place]) => place !== '');
const nameOf = (place: string) => place.split('node_modules/').at(-1) ?? place;

test('every package is known by a hash of its content: another one under its name is not installed', () => {
  expect(packages.length).toBeGreaterThan(100);
  const unknown = packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  expect(unknown.map(([place]) => place)).toEqual([]);
});

test('nothing that a package brings is run while it is installed', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
  // Of what the service itself needs one would want to; it is optional, and never built.
  const wanting = packages.filter(([, { dev, hasInstallScript }]) => !dev && hasInstallScript);
  expect(wanting.map(([place]) => nameOf(place))).toEqual(['dtrace-provider']);
});
