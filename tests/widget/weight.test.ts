import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildWidget } from '../support/widget-page';

const built = buildWidget();
afterAll(built.remove);

function weight(...files: string[]): number {
  return files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(path.join(built.folder, file)), { level: 9 }).length,
    0,
  );
}

test('a site pays at most 5 kB for the script it embeds', () => {
  expect(weight('widget.js')).toBeLessThanOrEqual(5_000);
});

test('a visitor loads at most 30 kB for the whole chat', () => {
  expect(weight('widget.js', 'chat.js', 'chat.css')).toBeLessThanOrEqual(30_000);
});
