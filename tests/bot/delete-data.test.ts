import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { createPersonalData } from '../../src/storage/personal-data';
import { startChat } from '../support/chat';

/** What the visitor tells in this chat and nobody else does. */
const THEIRS = /vanterpool|5550177|quokkafish/i;

test('"delete my data", confirmed, deletes both sides of the chat and the request, and gives a receipt', async () => {
  const chat = await startChat();
  for (const reply of [
    'book a consultation',
    'yes',
    'Quillon Vanterpool',
    '410-555-0177',
    'skip',
    'quokkafish',
    'yes',
  ]) {
    await chat.visitor(reply);
    chat.replies();
  }
  const before = await chat.database.kysely.selectFrom('booking_requests').select('name').execute();
  expect(before).toHaveLength(1);
  await chat.visitor('delete my data');
  chat.bot("can't be undone");
  await chat.visitor('Yes, delete it');
  const receipt = /Your receipt is (DEL-\w{5}-\w{5})/.exec(chat.replies())?.[1] ?? 'none';
  const tables = await chat.database.kysely.introspection.getTables();
  for (const { name } of tables) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(chat.database.kysely);
    expect([name, JSON.stringify(rows).match(THEIRS)]).toEqual([name, null]);
  }
  const [kept] = await createPersonalData(chat.database).receipts(1);
  expect(kept).toMatchObject({ receipt, actor: 'visitor', erased: { requests: 1 } });
  expect(bytesOf(chat.folder)).not.toMatch(THEIRS);

  await chat.visitor('what did I book?');
  expect(chat.replies()).not.toMatch(THEIRS);
}, 120_000);

test('a no keeps everything', async () => {
  const chat = await startChat();
  await chat.visitor('does a quokkafish hurt?');
  chat.replies();
  await chat.visitor('delete my data');
  chat.replies();
  await chat.visitor('No, keep it');
  chat.replies();
  const rows = await chat.database.kysely.selectFrom('activities').select('text').execute();
  expect(JSON.stringify(rows)).toContain('quokkafish');
});

function bytesOf(folder: string): string {
  return readdirSync(folder)
    .map((file) => readFileSync(path.join(folder, file)).toString('latin1'))
    .join('\n');
}
