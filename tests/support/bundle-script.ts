import path from 'node:path';
import { buildSync } from 'esbuild';

/** A script in one file and compiled once, for tests that start it some hundred times: `folder/NAME.cjs`. */
export function bundleScript(entryPoint: string, folder: string): string {
  const outfile = path.join(folder, `${path.basename(entryPoint, '.ts')}.cjs`);
  buildSync({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: 'node',
    external: ['better-sqlite3', 'pg-native'],
    banner: {
      js: `require('node:module').enableCompileCache(${JSON.stringify(path.join(folder, 'compiled'))});`,
    },
  });
  return outfile;
}
