import type { BookingNotice } from '../../src/notify/ports';
import type { Database } from '../../src/storage/open-database';
import { type ChatScript, type ChatStep, plain, says } from './chat-script';

/** A chat on any channel, as far as the scripts need it; what the visitor does resolves to what the bot says to it. */
export interface ScriptedChat {
  /** Moves the clock, to a local time in the clinic's zone. */
  setNow: (local: string) => void;
  opens: () => Promise<string[]>;
  says: (text: string) => Promise<string[]>;
  /** Taps the button of this title under the last message. */
  tap: (title: string) => Promise<string[]>;
  /** Titles of the buttons under the last message. */
  buttons: () => string[];
  database: Database;
}

/** The links that the scripts name. */
export const SCRIPT_LINKS = {
  privacy: 'https://bot.example.com/privacy',
  calendarFile: (reference: string) => `https://bot.example.com/calendar/${reference}.ics`,
};

/** Plays a script; @throws Error naming file and line of the first thing that is not as written. */
export async function playScript(script: ChatScript, chat: ScriptedChat): Promise<void> {
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
async function act(step: ChatStep, chat: ScriptedChat): Promise<string[]> {
  switch (step.do) {
    case 'clock':
      chat.setNow(step.at);
      return [];
    case 'open':
      return chat.opens();
    case 'tap':
      return chat.tap(step.title);
    case 'say':
      return chat.says(step.text);
    default:
      return [];
  }
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
