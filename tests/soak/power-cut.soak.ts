import BetterSqlite3 from 'better-sqlite3';
import path from 'node:path';
import { openDatabase } from '../../src/storage/open-database';
import { seededRandom } from '../http/random-requests';
import { Disk, needRecorder, readRecord, recordingTo } from '../support/power-cut';
import { runScriptThrough } from '../support/run-script';
import { dataFolder } from '../support/start-service';

const CUTS = 150;
const ROWS = 80_000;
const DATABASE = 'enquiries.db';

test(`the power is cut at ${CUTS} moments: what was acknowledged is there, and the database is whole`, async () => {
  needRecorder();
  const data = dataFolder();
  const disk = path.join(data.folder, 'disk');
  const record = path.join(data.folder, 'record');
  // Enough for the log to be copied into the database several times, which is where torn sectors could hurt most.
  const writer = runScriptThrough(
    recordingTo(record),
    'tests/storage/write-until-killed.ts',
    `sqlite:${path.join(disk, DATABASE)}`,
    'x',
    String(ROWS),
  );
  await writer.line(`kept x-${ROWS - 1}`);
  await writer.kill();
  const events = readRecord(record, disk);
  const waits = events.filter((event) => event.is === 'synced' && event.file === DATABASE);
  expect(waits.length).toBeGreaterThan(4);

  const random = seededRandom(20261128);
  const moments = Array.from({ length: CUTS }, () => Math.floor(random() * events.length)).toSorted(
    (one, other) => one - other,
  );
  const before = new Disk();
  const acknowledged: string[] = [];
  for (let moment = 0, at = 0; moment < CUTS; moment++) {
    for (const event of events.slice(at, moments[moment])) {
      before.take(event);
      if (event.is === 'printed')
        acknowledged.push(...[...event.text.matchAll(/^kept (\S+)$/gm)].map(([, key = '']) => key));
    }
    at = moments[moment] ?? 0;
    const left = path.join(data.folder, `left-${moment}`);
    before.cutPower(left, random);
    await expectWhole(path.join(left, DATABASE), acknowledged);
  }
  process.stderr.write(
    `${CUTS} power cuts among ${events.length} writes and waits, ${acknowledged.length} acknowledged at the last, 0 lost\n`,
  );
  data.remove();
}, 600_000);

async function expectWhole(file: string, acknowledged: string[]): Promise<void> {
  const database = await openDatabase(`sqlite:${file}`);
  const rows = await database.kysely.selectFrom('bot_state').select('key').execute();
  const kept = new Set(rows.map(({ key }) => key));
  expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
  await database.write((transaction) =>
    transaction.insertInto('bot_state').values({ key: 'after', value: '{}', etag: '1' }).execute(),
  );
  await database.close();
  const check = new BetterSqlite3(file);
  expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
  check.close();
}
