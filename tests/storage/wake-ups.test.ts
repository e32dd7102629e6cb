import { Client } from 'pg';
import { createWakeUps, type WakeUps } from '../../src/storage/wake-ups';
import { postgresPlace } from '../support/databases';

let place: Awaited<ReturnType<typeof postgresPlace>>;
const instances: Instance[] = [];

beforeEach(async () => {
  place = await postgresPlace();
});

afterEach(async () => {
  for (const { wakeUps } of instances.splice(0)) await wakeUps.close();
  await place.remove();
});

interface Instance {
  wakeUps: WakeUps;
  heard: string[];
  connections: () => number;
  until: (done: () => boolean) => Promise<void>;
}

/** Resolves once it listens. */
async function startInstance(): Promise<Instance> {
  const heard: string[] = [];
  let connected = 0;
  let wake = (): void => undefined;
  const wakeUps = createWakeUps({
    url: place.url,
    onMoved: (ids) => {
      heard.push(...ids);
      wake();
    },
    onConnected: () => {
      connected++;
      wake();
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => void (wake = resolve));
  };
  const instance = { wakeUps, heard, connections: () => connected, until };
  instances.push(instance);
  await until(() => connected > 0);
  return instance;
}

async function ask(statement: string): Promise<number> {
  const client = new Client({ connectionString: place.url });
  await client.connect();
  const { rowCount } = await client.query(statement);
  await client.end();
  return rowCount ?? 0;
}

test('what one instance keeps wakes the others, and not itself', async () => {
  const [one, two, three] = [await startInstance(), await startInstance(), await startInstance()];
  one.wakeUps.tell('talk-1');
  one.wakeUps.tell('talk-1');
  one.wakeUps.tell('talk-2');
  await two.until(() => two.heard.length >= 2);
  await three.until(() => three.heard.length >= 2);
  two.wakeUps.tell('talk-3');
  await one.until(() => one.heard.length >= 1);
  expect(two.heard).toEqual(['talk-1', 'talk-2']);
  expect(three.heard.slice(0, 2)).toEqual(['talk-1', 'talk-2']);
  expect(one.heard).toEqual(['talk-3']);
});

test('more conversations than fit into one notice are all heard of', async () => {
  const [one, two] = [await startInstance(), await startInstance()];
  const ids = Array.from({ length: 1_000 }, (_, n) => `conversation-with-a-long-name-${n}`);
  for (const id of ids) one.wakeUps.tell(id);
  await two.until(() => two.heard.length >= ids.length);
  expect(two.heard).toEqual(ids);
});

test('an instance whose connection is cut connects again, says so, and hears the next ones', async () => {
  const [one, two] = [await startInstance(), await startInstance()];
  const cut = await ask(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%wake-ups'",
  );
  expect(cut).toBeGreaterThanOrEqual(2);
  await one.until(() => one.connections() === 2);
  await two.until(() => two.connections() === 2);
  one.wakeUps.tell('talk-1');
  await two.until(() => two.heard.length > 0);
  expect(two.heard).toEqual(['talk-1']);
});
