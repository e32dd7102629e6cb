/**
 * Bundles what browsers load: `src/widget` and the styles of the web pages, into `dist/widget` or the
 * folder that is named. Needs no earlier build. Prints the sizes as sent (gzip).
 */
import { build } from 'esbuild';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'dist/widget'));

await build({
  entryPoints: [
    { in: path.join(root, 'src/widget/launcher.ts'), out: 'widget' },
    { in: path.join(root, 'src/widget/chat.ts'), out: 'chat' },
    { in: path.join(root, 'src/widget/chat.css'), out: 'chat' },
    { in: path.join(root, 'src/channels/web/site.css'), out: 'site' },
  ],
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  tsconfigRaw: '{}',
  logLevel: 'warning',
  legalComments: 'none',
});

copyFileSync(path.join(root, 'src/widget/widget.d.ts'), path.join(folder, 'widget.d.ts'));

for (const file of ['widget.js', 'chat.js', 'chat.css', 'site.css']) {
  const size = gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).length;
  process.stderr.write(`${file} ${size} bytes\n`);
}
