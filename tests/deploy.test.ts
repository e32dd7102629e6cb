import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../src/config';
import { dataFolder } from './support/start-service';

/** What deploy/ and the Dockerfile name is there, and the service takes the settings that they give it. */
const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

interface Compose {
  services: Record<string, ComposeService>;
  networks: { inner: { ipam: { config: { subnet: string }[] } } };
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
}

interface ComposeService {
  build?: string;
  image?: string;
  environment: Record<string, string>;
  secrets?: string[];
  volumes: string[];
  read_only?: boolean;
  tmpfs?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

const compose = parse(read('deploy/compose.yaml'), { merge: true }) as Compose;
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
const lastStage = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith('FROM')));
const instructions = (name: string, lines = lastStage) =>
  lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1).trim()] : []));
const imageSettings = Object.fromEntries(
  instructions('ENV').flatMap((line) => line.split(/\s+/).map((pair) => pair.split(/=(.*)/).slice(0, 2))),
) as Record<string, string>;
const bots = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);

/** The address that the compose file's first lines have the operator write into that secret. */
const secretText = (file: string) =>
  file.endsWith('database-url')
    ? 'postgres://bot:0123456789abcdef@postgres:5432/enquiries'
    : '0123456789abcdef'.repeat(4);

test('the image starts the service as npm start does, as its own user, and asks it whether it is ready', () => {
  const [, run = ''] = /start: \{\s*build: true,\s*run: \[(.*)\]/.exec(read('src/cli/bootstrap.cjs')) ?? [];
  const started = [...run.matchAll(/'([^']+)'/g)].map(([, argument]) => argument);
  expect(started).toContain('dist/src/main.js');
  expect(JSON.parse(instructions('CMD').find((line) => line.startsWith('[')) ?? '')).toEqual([
    'node',
    ...started,
  ]);
  expect(read('deploy/enquiry-bot.service')).toContain(`ExecStart=node ${started.join(' ')}\n`);
  // What Node has compiled is of use to the same flags only.
  expect(instructions('RUN').join('\n')).toMatch(new RegExp(` node ${started.join(' ')} && `));
  expect(instructions('USER')).toEqual(['node']);
  expect(instructions('EXPOSE')).toEqual([imageSettings['PORT']]);
  expect(instructions('HEALTHCHECK').join('')).toContain(`http://127.0.0.1:${imageSettings['PORT']}/readyz`);
});

test('what the image is made of is in the repository', () => {
  const copied = instructions('COPY', dockerfile).flatMap((line) => {
    const names = line.split(/\s+/);
    return names[0]?.startsWith('--')
      ? names.slice(1, -1).map((name) => name.slice('/app/'.length))
      : names.slice(0, -1);
  });
  const made = ['node_modules', 'dist'];
  expect(copied.filter((name) => !made.includes(name) && !existsSync(path.join(ROOT, name)))).toEqual([]);
  expect(read('.dockerignore').split('\n')).toEqual(
    expect.arrayContaining(['deploy/secrets', '.git', 'data']),
  );
});

test('the commands work with what the image has, and change nothing in it', () => {
  const image = dataFolder();
  const app = path.join(image.folder, 'app');
  for (const line of instructions('COPY').filter((copied) => copied.startsWith('--from=build'))) {
    const [, from = '', to = ''] = line.split(/\s+/);
    const name = from.slice('/app/'.length);
    const target = path.join(app, to, to.endsWith('/') ? path.basename(name) : '');
    mkdirSync(path.dirname(target), { recursive: true });
    if (['dist', 'node_modules'].includes(name)) symlinkSync(path.join(ROOT, name), target);
    else cpSync(path.join(ROOT, name), target, { recursive: true });
  }
  const before = readdirSync(app, { recursive: true });
  const said = execFileSync(process.execPath, ['src/cli/bootstrap.cjs', 'staff', 'list'], {
    cwd: app,
    env: {
      ...imageSettings,
      PATH: process.env['PATH'],
      KNOWLEDGE_DIR: path.join(app, 'knowledge'),
      DATABASE_URL: `sqlite:${path.join(image.folder, 'enquiries.db')}`,
    },
    encoding: 'utf8',
  });
  expect(said).toContain('No account yet');
  expect(readdirSync(app, { recursive: true })).toEqual(before);
  image.remove();
});

test('the unit finds the program, and may write its data and nothing else', () => {
  const unit = read('deploy/enquiry-bot.service');
  const [, folder = ''] = /^WorkingDirectory=(.*)$/m.exec(unit) ?? [];
  // systemd looks for a name without a slash in /usr/local/bin and /usr/bin; Node may be in either.
  expect(unit).toMatch(/^ExecStart=node /m);
  expect(unit).toMatch(/^ProtectSystem=strict$/m);
  expect(unit).toContain(`ReadWritePaths=${folder}/data\n`);
  // What is kept there is run as the service.
  expect(unit).toMatch(/^CacheDirectory=enquiry-bot\nCacheDirectoryMode=0700$/m);
  const guide = read('docs/operating.md');
  expect(guide).toContain(`git clone ADDRESS-OF-THE-REPOSITORY ${folder} `);
  expect(guide).toContain(`useradd --system --home-dir ${folder} `);
});

test('with the image alone the service takes its settings, and may write where they point', () => {
  const config = readConfig(imageSettings, noFile);
  expect(config).toMatchObject({ databaseUrl: 'sqlite:/data/enquiries.db', host: '0.0.0.0' });
  expect(ownFolders()).toContain('/data');
});

test.each(bots)('%s takes the settings of the compose file', (_name, service) => {
  const given = Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [
      name,
      String(value)
        .replaceAll(/\$\{SITE[^}]*\}/g, 'chat.example.com')
        .replaceAll(/\$\{\w+:-\}/g, ''),
    ]),
  );
  const config = readConfig({ ...imageSettings, ...given }, (file) => {
    const [, name = ''] = /^\/run\/secrets\/([\w-]+)$/.exec(file) ?? [];
    if (!service.secrets?.includes(name)) return noFile(file);
    return secretText(compose.secrets[name]?.file ?? '');
  });
  expect(config.databaseUrl).toMatch(/^postgres:\/\/bot:/);
  expect(config.publicUrl).toBe('https://chat.example.com');
  expect(config.trustProxy).toEqual([compose.networks.inner.ipam.config[0]?.subnet]);
  expect(service).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
  for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
    expect(condition).toBe('service_healthy');
    expect(compose.services[dependency]?.healthcheck).toBeDefined();
  }
  // A named volume belongs to root unless the image has the folder for another user.
  const named = service.volumes
    .map((volume) => volume.split(':'))
    .filter(([source = '']) => source in compose.volumes);
  for (const [, target] of named) expect(ownFolders()).toContain(target);
  if (config.backupFolder) expect(named.map(([, target]) => target)).toContain(config.backupFolder);
});

test('the proxy sends to the instances that there are, on the port that they listen on, and keeps the figures in', () => {
  const caddyfile = read('deploy/Caddyfile');
  const [, upstreams = ''] = /reverse_proxy (.*) \{/.exec(caddyfile) ?? [];
  expect(upstreams.split(' ')).toEqual(bots.map(([name]) => `${name}:${imageSettings['PORT']}`));
  expect(caddyfile).toContain('health_uri /readyz');
  expect(caddyfile).toContain('respond /metrics 404');
});

test('volumes, secrets and files of the compose file are there', () => {
  for (const service of Object.values(compose.services)) {
    for (const name of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(name);
    for (const volume of service.volumes) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) expect(existsSync(path.join(ROOT, 'deploy', source))).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
  const told = read('deploy/compose.yaml')
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .join('\n');
  for (const { file } of Object.values(compose.secrets)) {
    expect(told).toContain(`> ${path.basename(file)}`);
    expect(path.dirname(file)).toBe('./secrets');
  }
});

function noFile(file: string): never {
  throw Object.assign(new Error(`${file} is not there`), { code: 'ENOENT' });
}

/** Made in the image for its own user. */
function ownFolders(): string[] {
  const [, folders = ''] = /chown node:node (.*)$/m.exec(instructions('RUN').join('\n')) ?? [];
  return folders.split(' ');
}
