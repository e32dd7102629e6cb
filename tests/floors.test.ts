import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Who may import whom (see "The house" in the README). Every offending line is listed. */

const ROOT = path.resolve(__dirname, '..');

type Floor = { folders: string[]; ours: RegExp; oursTypesOnly?: RegExp; packages: RegExp };

const PURE_PACKAGES = /^(luxon|fuse\.js|chrono-node\/en|libphonenumber-js(\/.*)?|wink-porter2-stemmer|zod)$/;
const EDGE_PORTS = /^src\/\w+\/(ports|route|logger)$/;

const FLOORS: Floor[] = [
  { folders: ['src/answers'], ours: /^src\/answers\//, packages: PURE_PACKAGES },
  {
    folders: ['src/booking'],
    ours: /^src\/(booking|answers)\//,
    oursTypesOnly: /^src\/conversation\/reply$/,
    packages: PURE_PACKAGES,
  },
  { folders: ['src/conversation'], ours: /^src\/(conversation|booking|answers)\//, packages: PURE_PACKAGES },
  {
    folders: ['dialogs'],
    ours: /^(dialogs|src\/(conversation|booking|answers))\//,
    packages: new RegExp(`${PURE_PACKAGES.source}|^botbuilder$`),
  },
  {
    folders: ['src/bot'],
    ours: /^(dialogs|src\/(bot|conversation|booking|answers))\//,
    packages: /^(botbuilder|luxon|node:crypto)$/,
  },
  ...['http', 'curation', 'channels', 'staff', 'storage', 'notify'].map((name) => ({
    folders: [`src/${name}`],
    // The turn's port also holds the errors that the edges throw and catch.
    ours: new RegExp(`^src/((${name}|conversation|booking|answers|http)/|bot/ports$)`),
    oursTypesOnly: EDGE_PORTS,
    packages: name === 'channels' || name === 'storage' ? /./ : /^(?!botbuilder)/,
  })),
  { folders: ['src/widget'], ours: /^src\/widget\//, packages: /^$/ },
];

test.each(FLOORS)('$folders.0 imports only what its floor allows', (floor) => {
  const offenders = floor.folders.flatMap(filesBelow).flatMap((file) =>
    importsOf(file)
      .filter((line) => !isAllowed(file, line, floor))
      .map((line) => `${file}: ${line.text}`),
  );
  expect(offenders).toEqual([]);
});

test.each(['src/answers', 'src/booking', 'src/conversation', 'dialogs'])(
  '%s is pure: no clock, no environment, no output',
  (folder) => {
    const impure =
      /\bDate\.now\(|new Date\(\)|DateTime\.(now|local|utc)\(\)|\bprocess\.|\bconsole\.|Math\.random|performance\.now|setTimeout|\bfetch\(/;
    const offenders = filesBelow(folder).flatMap((file) =>
      readFileSync(path.join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          impure.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line)
            ? [`${file}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
    expect(offenders).toEqual([]);
  },
);

test('every source folder stands on a floor', () => {
  const known = new Set(FLOORS.flatMap((floor) => floor.folders));
  const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter((item) =>
    item.isDirectory(),
  );
  expect(
    folders.map((item) => `src/${item.name}`).filter((folder) => folder !== 'src/cli' && !known.has(folder)),
  ).toEqual([]);
});

type ImportLine = { text: string; from: string; typeOnly: boolean };

function importsOf(file: string): ImportLine[] {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const statements = source.matchAll(/^\s*(import|export)\s+(type\s+)?([^;'"]*?from\s+)?['"]([^'"]+)['"]/gm);
  const dynamic = source.matchAll(/\b(?:require|import)\(\s*['"]([^'"]+)['"]/g);
  return [
    ...[...statements].map((match) => ({
      text: match[0].trim(),
      from: match[4] ?? '',
      typeOnly: match[2] !== undefined,
    })),
    ...[...dynamic].map((match) => ({ text: match[0], from: match[1] ?? '', typeOnly: false })),
  ];
}

function isAllowed(file: string, line: ImportLine, floor: Floor): boolean {
  if (!line.from.startsWith('.')) return floor.packages.test(line.from);
  const target = path.posix.join(path.posix.dirname(file), line.from);
  return floor.ours.test(target) || (line.typeOnly && (floor.oursTypesOnly?.test(target) ?? false));
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((item) => {
    const name = `${folder}/${item.name}`;
    if (item.isDirectory()) return filesBelow(name);
    return /\.tsx?$/.test(item.name) && !item.name.endsWith('.d.ts') ? [name] : [];
  });
}
