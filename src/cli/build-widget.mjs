/**
 * Bundles what browsers load: `src/widget` and the styles of the web pages, into `dist/widget` or the
 * folder that is named, each beside what is sent of it: `chat.js.br` and `chat.js.gz`. Needs no earlier build. Prints
 * the sizes as sent (gzip).
 */
import { build } from 'esbuild';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

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

for (const name of ['widget.js', 'widget.d.ts', 'chat.js', 'chat.css', 'site.css']) {
  const file = path.join(folder, name);
  const plain = readFileSync(file);
  const gzip = gzipSync(plain, { level: 9 });
  writeFileSync(`${file}.gz`, gzip);
  writeFileSync(`${file}.br`, brotliCompressSync(plain));
  process.stderr.write(`${name} ${gzip.length} bytes\n`);
}
