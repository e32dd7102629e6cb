import BetterSqlite3 from 'better-sqlite3';
import path from 'node:path';
import { LARGEST_LOG_BYTES } from '../../src/storage/sqlite';
import { openDatabase } from '../../src/storage/open-database';
import { openChat } from '../support/direct-line-chat';
import { memoryFolder, startService } from '../support/start-service';

const MEGABYTE = 1024 * 1024;

test('a shell left open in the database is told on /readyz while visitors are served, and is no harm afterwards', async () => {
  const data = memoryFolder();
  // Without the watch over its event loop: to bring so long a log into the database takes a tenth of a second.
  const service = await startService(data.folder, { NODE_OPTIONS: '' });
  const file = path.join(data.folder, 'enquiries.db');
  const databaseSays = async () => {
    const answer = await fetch(`${service.url}/readyz`);
    const { checks } = (await answer.json()) as { checks: { database: string } };
    return { status: answer.status, database: checks.database };
  };
  const chat = await openChat(service.url);
  const shell = new BetterSqlite3(file, { readonly: true });
  shell.exec('BEGIN');
  shell.prepare('SELECT count(*) FROM activities').all();
  expect(await databaseSays()).toEqual({ status: 200, database: 'ok' });

  const beside = await openDatabase(`sqlite:${file}`, 'command');
  for (let written = 0; written <= LARGEST_LOG_BYTES; written += 8 * MEGABYTE)
    await beside.write((transaction) =>
      transaction
        .insertInto('bot_state')
        .values({ key: `large ${written}`, value: 'x'.repeat(8 * MEGABYTE), etag: '1' })
        .execute(),
    );
  expect(await databaseSays()).toEqual({ status: 200, database: 'long-reader' });
  expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(
    /^enquiries_database_log_bytes \d{8,}$/m,
  );
  expect((await chat.say('how long does one session take?')).join(' ')).toContain('3 to 5 hours');

  shell.exec('ROLLBACK');
  shell.close();
  // One turn brings the log into the database, the next one begins it anew.
  for (let turn = 0; turn < 2; turn++) await chat.post('hello');
  expect(await databaseSays()).toEqual({ status: 200, database: 'ok' });
  await beside.close();
  await service.kill();
  data.remove();
});
