import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { dataFolder } from './support/start-service';

/**
 * The guards that tests/run.cjs puts into every process of a test run, here in runs of their own. The addresses are those
 * set aside for examples (RFC 5737): nothing answers there.
 */
const data = dataFolder();
const support = path.join(data.folder, 'tests', 'support');
const guard = path.join(support, 'loopback-only.cjs');
const reached = path.join(data.folder, '.cache', 'beyond-loopback.txt');
mkdirSync(support, { recursive: true });
mkdirSync(path.dirname(reached));
for (const name of ['loopback-only.cjs', 'loop-watch.cjs'])
  cpSync(path.resolve(__dirname, 'support', name), path.join(support, name));
afterAll(() => data.remove());

test.each([
  ['a socket', `require('net').connect(443, '192.0.2.1').on('error', tell)`],
  ['fetch', `fetch('http://192.0.2.1/').catch(({ cause }) => tell(cause))`],
  ['a name', `require('https').get('https://192.0.2.1.example/').on('error', tell)`],
  ['TLS', `require('tls').connect({ host: '192.0.2.1', port: 443 }).on('error', tell)`],
  [
    'a thread',
    `new (require('worker_threads').Worker)(\`
    require('net').connect(443, '192.0.2.1').on('error', ({ code }) => console.log(code))\`, { eval: true })`,
  ],
  ['a datagram', `require('dgram').createSocket('udp4').send('x', 53, '192.0.2.1', tell)`],
])('%s to another machine is refused and written down', (_way, script) => {
  const tell = `const tell = ({ code }) => (console.log(code), process.exit());`;
  const printed = execFileSync(process.execPath, ['--require', guard, '-e', tell + script], {
    encoding: 'utf8',
    env: {},
  });
  expect(printed.trim()).toBe('ENETUNREACH');
  expect(
    readFileSync(reached, 'utf8')
      .trim()
      .split('\n')
      .findLast((line) => /^(tcp|udp) /.test(line)),
  ).toContain('192.0.2.1');
});

test('everything on this machine is let through', async () => {
  const before = existsSync(reached) ? readFileSync(reached, 'utf8') : '';
  const server = createServer((socket) => socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const script = `
    fetch('http://127.0.0.1:${port}/').then(() => require('net').connect(${port}).on('close', () =>
      require('net').connect({ port: '${port}', host: 'localhost' }).on('close', () => console.log('all')).resume()).resume())`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', guard, '-e', script], {
    env: {},
  });
  expect(stdout.trim()).toBe('all');
  expect(existsSync(reached) ? readFileSync(reached, 'utf8') : '').toBe(before);
  server.close();
});

test('a service that computes for too long is written down; one that was only stopped is not', () => {
  const main = path.join(data.folder, 'dist', 'src', 'main.js');
  const stalls = path.join(data.folder, '.cache', 'stalls.txt');
  rmSync(stalls, { force: true });
  mkdirSync(path.dirname(main), { recursive: true });
  writeFileSync(
    main,
    `const { connect, createServer } = require('net');
    const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const stopped = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    const computes = (ms) => {
      for (const from = process.cpuUsage(); process.cpuUsage(from).user < ms * 1000;)
        for (let n = 0; n < 1e6; n++);
    };
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1', () =>
      connect(server.address().port, '127.0.0.1').on('close', async () => {
        computes(150);
        await later(2500);
        stopped(300);
        await later(100);
        computes(200);
        await later(100);
        process.exit();
      }));`,
  );
  execFileSync(process.execPath, ['--require', path.join(support, 'loop-watch.cjs'), main], { env: {} });
  // Node 22 does not know the time of one thread, and nothing is watched there.
  if ('threadCpuUsage' in process) expect(readFileSync(stalls, 'utf8')).toMatch(/^\d+ ms, [^\n]*\n$/);
  else expect(existsSync(stalls)).toBe(false);
});
