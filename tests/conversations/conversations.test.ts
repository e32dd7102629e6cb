import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { TurnOutcome } from '../../src/bot/ports';
import type { BookingNotice } from '../../src/notify/ports';
import type { Database } from '../../src/storage/open-database';
import { type Chat, startChat } from '../support/chat';
import { type ChatScript, type ChatStep, plain, readChatScripts, says } from '../support/chat-script';

/** The conversations of the .chat.txt files beside this one, on the shipped knowledge and a real database. */

const files = readdirSync(__dirname).filter((name) => name.endsWith('.chat.txt'));

const LINKS = {
  privacy: 'https://bot.example.com/privacy',
  calendarFile: (reference: string) => `https://bot.example.com/calendar/${reference}.ics`,
};

describe.each(files)('%s', (file) => {
  const scripts = readChatScripts(file, readFileSync(path.join(__dirname, file), 'utf8'));
  test.each(scripts)('$title', async (script) => {
    const chat = await startChat({ links: LINKS });
    await play(script, chat);
  });
});

test('there are at least 100 conversations, no two with the same title', () => {
  const titles = files.flatMap((file) =>
    readChatScripts(file, readFileSync(path.join(__dirname, file), 'utf8')).map(({ title }) => title),
  );
  expect(titles.length).toBeGreaterThanOrEqual(100);
  expect(new Set(titles).size).toBe(titles.length);
});

async function play(script: ChatScript, chat: Chat): Promise<void> {
  let waiting: string[] = [];
  let all: string[] = [];
  for (const step of script.steps) {
    const where = `${script.file}:${step.line}`;
    if (['clock', 'open', 'say', 'tap'].includes(step.do) && waiting.length > 0)
      throw new Error(`${where}: before this, the bot also said: ${waiting.map(plain).join(' | ')}`);
    if (step.do === 'bot') {
      const message = waiting.shift();
      if (message === undefined || !says(message, step.pieces))
        throw new Error(
          `${where}: the bot should say: ${step.pieces.join(' ... ')}\n  it said: ${plain(message ?? '(nothing more)')}`,
        );
    } else if (step.do === 'unsaid') {
      if (all.some((message) => message.includes(step.words)))
        throw new Error(`${where}: the bot said: ${all.map(plain).join(' | ')}`);
    } else if (step.do === 'buttons') {
      expectButtons(where, step.titles, chat.buttons());
    } else if (step.do === 'staff') {
      await expectNotice(where, step.fields, chat.database);
    } else {
      all = await act(step, chat);
      waiting = [...all];
    }
  }
  if (waiting.length > 0)
    throw new Error(
      `${script.file}:${script.line}: at the end the bot also said: ${waiting.map(plain).join(' | ')}`,
    );
}

/** What the visitor does; resolves to what the bot says to it. */
async function act(step: ChatStep, chat: Chat): Promise<string[]> {
  switch (step.do) {
    case 'clock':
      chat.setNow(step.at);
      return [];
    case 'open':
      return textsOf(await chat.opens(), chat);
    case 'tap':
      return textsOf(await chat.tap(step.title), chat);
    case 'say':
      return textsOf(await chat.visitor(step.text), chat);
    default:
      return [];
  }
}

function textsOf(outcome: TurnOutcome, chat: Chat): string[] {
  // Here the script goes through the replies, so the chat need not.
  chat.replies();
  return outcome.replies.map(({ activity }) => activity.text ?? '');
}

function expectButtons(where: string, wanted: string[], shown: string[]): void {
  const missing = wanted.filter((title) => !shown.includes(title));
  const unwanted = wanted.length === 0 ? shown : [];
  if (missing.length + unwanted.length > 0)
    throw new Error(`${where}: the buttons are: ${shown.join(' | ') || 'none'}`);
}

/** Compares with the newest notice to staff. */
async function expectNotice(where: string, fields: string[], database: Database): Promise<void> {
  const row = await database.kysely
    .selectFrom('outbox')
    .select('payload')
    .where('kind', '=', 'notice')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const notice = row && (JSON.parse(row.payload) as BookingNotice);
  const got = notice ? noticeFields(notice) : [];
  const missing = fields.filter((field) => !got.includes(field));
  if (missing.length > 0 || (fields.length === 0 && got.length > 0))
    throw new Error(`${where}: staff get: ${got.join('; ') || 'nothing'}`);
}

function noticeFields({ change, request }: BookingNotice): string[] {
  const { kind, name, phone, email, contact, forWhom, wish, note, question } = request;
  const values = {
    a: `${change} ${kind}`,
    name,
    phone: phone && `${phone.e164}${phone.extension ? ` ext ${phone.extension}` : ''}`,
    email,
    contact,
    for: forWhom,
    wish: wish?.words,
    date: wish?.date,
    time: wish?.time,
    note,
    question,
  };
  return Object.entries(values).flatMap(([label, value]) => (value ? [`${label} ${plain(value)}`] : []));
}
