'use strict';
/* `npm run bench -- NAME [options]`: bundles the measurement and runs it; results go to standard output. */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const [name = 'answers', ...options] = process.argv.slice(2);
const entry = path.join(__dirname, `${name}.bench.ts`);
const known = fs
  .readdirSync(__dirname)
  .flatMap((file) => (file.endsWith('.bench.ts') ? file.slice(0, -9) : []));
if (name === '--help' || name === '-h') {
  console.log(
    `npm run bench -- NAME [options]\nMeasurements: ${known.join(', ')}. The README tells what each is; its options stand at the top of tests/bench/NAME.bench.ts.`,
  );
  process.exit(0);
}
if (!known.includes(name)) {
  console.error(`There is no measurement "${name}". Known: ${known.join(', ')}.`);
  process.exit(2);
}
const bundle = path.join('.cache', 'bench', `${name}.cjs`);
esbuild.buildSync({
  entryPoints: [entry],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  packages: 'external',
  sourcemap: 'inline',
});
const done = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...options], {
  stdio: 'inherit',
  env: { ...process.env, NODE_PATH: path.resolve('node_modules') },
});
process.exit(done.status ?? 1);
