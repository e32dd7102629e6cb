import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../../src/storage/open-database';
import { bundleScript } from '../support/bundle-script';
import { memoryFolder } from '../support/start-service';

const PROJECT = path.resolve(__dirname, '..', '..');
// A killed process leaves its writes to the system, in memory or not; the power stays on here.
const data = memoryFolder();
let script: string;
beforeAll(() => {
  script = bundleScript(path.join(__dirname, 'book-until-killed.ts'), data.folder);
});
afterAll(data.remove);

test('killed at any storage call, a booking is absent and asked again, or complete with its notice', async () => {
  let killed = 0;
  // Two at a time: the machine has two cores.
  for (let call = 1; ; call += 2) {
    const survived = await Promise.all([killAndFinish(call), killAndFinish(call + 1)]);
    killed += survived.filter((survives) => !survives).length;
    if (survived.includes(true)) break;
  }
  // Four turns of about fifteen statements each, and the delivery.
  expect(killed).toBeGreaterThan(50);
}, 900_000);

/** Whether the run came to its end because it has fewer storage calls. */
async function killAndFinish(call: number): Promise<boolean> {
  const file = path.join(data.folder, `${call}.db`);
  const delivered = path.join(data.folder, `${call}.delivered`);
  const survived = await run(file, delivered, call);
  await expectWholeOrNone(file);
  if (!survived && !(await run(file, delivered, 0))) throw new Error(`Not finished after a kill at ${call}.`);
  const { requests, notices } = await kept(file);
  expect({ call, requests: requests.length, notices }).toEqual({
    call,
    requests: 1,
    notices: [{ state: 'sent', idempotency_key: `notice:${requests[0]?.reference}:0` }],
  });
  // At least once; what came twice came under the same key.
  expect(new Set(readFileSync(delivered, 'utf8').trim().split('\n'))).toEqual(
    new Set([`notice:${requests[0]?.reference}:0`]),
  );
  return survived;
}

/** Never a request without its notice, and no notice or delivery of a request that is not there. */
async function expectWholeOrNone(file: string): Promise<void> {
  const { requests, notices } = await kept(file);
  expect(notices.map(({ idempotency_key }) => idempotency_key)).toEqual(
    requests.map(({ reference }) => `notice:${reference}:0`),
  );
  if (requests.length === 0) expect(existsSync(file.replace('.db', '.delivered'))).toBe(false);
}

async function kept(file: string) {
  const database = await openDatabase(`sqlite:${file}`);
  try {
    const requests = await database.kysely.selectFrom('booking_requests').select('reference').execute();
    const notices = await database.kysely.selectFrom('outbox').select(['state', 'idempotency_key']).execute();
    return { requests, notices };
  } finally {
    await database.close();
  }
}

/** Resolves to whether it came to its end; rejects where it ended in another way than by being killed. */
function run(file: string, delivered: string, killAt: number): Promise<boolean> {
  const child = spawn(process.execPath, [script, `sqlite:${file}`, delivered, String(killAt)], {
    cwd: PROJECT,
    env: { ...process.env, NODE_PATH: path.join(PROJECT, 'node_modules') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0 && printed.includes('done')) resolve(true);
      else reject(new Error(`The booking ended with ${code}: ${printed}`));
    });
  });
}
