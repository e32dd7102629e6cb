import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HttpRequest, HttpResponse } from '../../http/route';

/** One file for browsers, read once. */
export interface WebAsset {
  /** Its address with its content's hash, for our own pages: cached for a year, and new as soon as it changes. */
  address: string;
  answer: (request: HttpRequest) => HttpResponse;
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/plain; charset=utf-8',
};
/** The launcher's address stands in other people's pages and never changes, so it must be asked for again soon. */
const UNVERSIONED_SECONDS = 300;
const VERSIONED_SECONDS = 365 * 24 * 3600;

/**
 * The build has compressed it: at the start it would take a twelfth of a second.
 * @throws Error naming the file and what to do where the widget has not been built.
 */
export function readWebAsset(folder: string, name: string): WebAsset {
  const file = path.join(folder, name);
  const plain = readBuilt(file);
  const coded = { br: readBuilt(`${file}.br`), gzip: readBuilt(`${file}.gz`) };
  const version = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  return {
    address: `${name}?v=${version}`,
    answer: (request) => {
      const etag = `"${version}"`;
      const seconds = request.query.get('v') === version ? VERSIONED_SECONDS : UNVERSIONED_SECONDS;
      const headers = {
        'content-type': TYPES[path.extname(name)] ?? 'application/octet-stream',
        'cache-control': `public, max-age=${seconds}${seconds === VERSIONED_SECONDS ? ', immutable' : ''}`,
        // The launcher runs in the clinic's pages, some of which isolate themselves from what does not say this.
        'cross-origin-resource-policy': 'cross-origin',
        etag,
        vary: 'accept-encoding',
      };
      if (request.headers['if-none-match'] === etag) return { status: 304, headers };
      const coding = chooseCoding(request.headers['accept-encoding']);
      if (coding === undefined) return { status: 200, headers, body: plain };
      return { status: 200, headers: { ...headers, 'content-encoding': coding }, body: coded[coding] };
    },
  };
}

function readBuilt(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read. Build it: node src/cli/build-widget.mjs`, { cause: error });
  }
}

function chooseCoding(accepted: string | string[] | undefined): 'br' | 'gzip' | undefined {
  const codings = String(accepted ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => !/;\s*q=0(\.0*)?$/.test(coding))
    .map((coding) => coding.split(';')[0]);
  return (['br', 'gzip'] as const).find((coding) => codings.includes(coding));
}
