import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { eventually } from '../support/eventually';
import { type RunningService, dataFolder, startService } from '../support/start-service';

/** The built service while its disk takes nothing: the fault is the system's own, not a stub's. */

interface BrokenDisk {
  start: (folder: string) => Promise<RunningService>;
  breakIt: (service: RunningService, folder: string) => void;
  mend: (service: RunningService, folder: string) => void;
}

/** A small file system of the service's own, which is filled to the last byte. */
const full: BrokenDisk = {
  start: (folder) =>
    startService(
      folder,
      { DATABASE_URL: `sqlite:${path.join(folder, 'disk', 'enquiries.db')}` },
      {
        through: [
          'unshare',
          '--map-root-user',
          '--mount',
          'sh',
          '-c',
          'mkdir -p disk && mount -t tmpfs -o size=24m tmpfs disk && exec "$@"',
          'sh',
        ],
      },
    ),
  breakIt(service, folder) {
    const file = insideOf(service, folder);
    for (let size = 1 << 22; size >= 1; size >>= 1) {
      try {
        for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
      } catch {
        // Full for pieces of this size; on to smaller ones.
      }
    }
  },
  mend: (service, folder) => rmSync(insideOf(service, folder)),
};

function insideOf(service: RunningService, folder: string): string {
  return `/proc/${service.process.pid}/root${path.join(folder, 'disk', 'fill')}`;
}

/** The system refuses every write to a file (EFBIG), as a failing disk does. */
const refusing: BrokenDisk = {
  start: (folder) => startService(folder),
  breakIt: (service) => limitFiles(service, '1'),
  mend: (service) => limitFiles(service, 'unlimited'),
};

function limitFiles(service: RunningService, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(service.process.pid), `--fsize=${bytes}:unlimited`]);
}

/** Containers may forbid it; the other fault runs everywhere. */
const mayMount =
  spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

const data = dataFolder();
let service: RunningService | undefined;
afterEach(async () => service?.kill());
afterAll(data.remove);

test.each<[string, BrokenDisk]>([
  ...(mayMount ? ([['the disk is full', full]] as [string, BrokenDisk][]) : []),
  ['the disk takes no writes', refusing],
])(
  'while %s messages are refused and not lost, the rest goes on, and it mends by itself',
  async (_name, disk) => {
    const { folder } = data;
    const running = (service = await disk.start(folder));
    const chat = await openChat(running.url);
    expect((await chat.say('how long does one session take?')).join(' ')).toContain('3 to 5 hours');

    disk.breakIt(running, folder);
    const acknowledged: string[] = [];
    const refused = await firstRefusal(chat, acknowledged);
    expect(refused.status).toBe(503);
    // What was kept is still read, and staff's sign-in page is there.
    expect((await chat.activities()).length).toBeGreaterThan(1);
    expect((await fetch(`${running.url}/staff`)).status).toBeLessThan(500);
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    await eventually(async () => (await fetch(`${running.url}/readyz`)).status === 503);
    expect(await (await fetch(`${running.url}/readyz`)).json()).toMatchObject({
      status: 'failing',
      checks: { database: 'failing', knowledge: 'ok' },
    });

    disk.mend(running, folder);
    await eventually(async () => (await chat.post('how long does it last', refused.id)) === 200);
    expect(await chat.post('how long does it last', refused.id)).toBe(200);
    await eventually(async () => (await fetch(`${running.url}/readyz`)).status === 200);
    const kept = (await chat.activities()).flatMap(({ channelData }) => channelData?.clientActivityID ?? []);
    for (const id of [...acknowledged, refused.id]) expect(kept.filter((each) => each === id)).toEqual([id]);
    expect(running.process.exitCode).toBeNull();
  },
  120_000,
);

/** A full disk may have a little room left in pages that SQLite has already. */
async function firstRefusal(
  chat: DirectLineChat,
  acknowledged: string[],
): Promise<{ id: string; status: number }> {
  for (let n = 0; n < 2_000; n++) {
    const id = `message-${n}`;
    const status = await chat.post('how long does it last', id);
    if (status !== 200) return { id, status };
    acknowledged.push(id);
  }
  throw new Error('The disk took everything.');
}
