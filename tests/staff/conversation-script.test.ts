import { conversationScript } from '../../src/staff/conversation-script';
import { createReviewStore } from '../../src/storage/review-store';
import type { Database } from '../../src/storage/open-database';
import { startChat } from '../support/chat';
import type { Chat } from '../support/chat';
import { readChatScripts } from '../support/chat-script';
import { SCRIPT_LINKS, playScript } from '../support/play-script';

const PARTS = { zone: 'America/New_York', asksName: 'What name should I put down?' };

async function savedScript(database: Database): Promise<string> {
  const review = createReviewStore(database);
  const [row] = (await review.conversations({}, 1)).rows;
  const reading = await review.conversation(row?.id ?? '', 500);
  if (reading === undefined) throw new Error('There is no conversation.');
  return conversationScript(reading, PARTS);
}

/** Plays a saved script as the tests of tests/conversations are played. */
async function replay(script: string): Promise<void> {
  const [read] = readChatScripts('saved.chat.txt', script);
  if (read === undefined) throw new Error('The script has no conversation.');
  const chat = await startChat({ links: SCRIPT_LINKS });
  const texts = (outcome: Awaited<ReturnType<Chat['visitor']>>) => {
    chat.replies();
    return outcome.replies.map(({ activity }) => activity.text ?? '');
  };
  await playScript(read, {
    ...chat,
    opens: async () => texts(await chat.opens()),
    says: async (text) => texts(await chat.visitor(text)),
    tap: async (title) => texts(await chat.tap(title)),
  });
}

async function say(chat: Chat, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    await chat.visitor(line);
    chat.replies();
  }
}

test('a whole booking is saved as a test that passes, with somebody else in it', async () => {
  const chat = await startChat({ links: SCRIPT_LINKS });
  await chat.opens();
  chat.replies();
  await say(chat, 'how long does one session take', "I'd like to book a consultation", 'yes');
  await say(chat, 'Quillon Vanterpool', '443-555-0177', 'actually quillon@vanterpool.test', 'friday at 4pm');
  await say(chat, 'no', 'yes');
  const script = await savedScript(chat.database);
  expect(script).not.toMatch(/quillon|vanterpool|0177/i);
  expect(script).toContain('visitor: Ann Lee');
  expect(script).toContain('visitor: 410-555-0134');
  expect(script).toContain('clock: 2026-03-02T10:00');
  await replay(script);
});

test('a name that was typed into a booking which was left is replaced as well', async () => {
  const chat = await startChat({ links: SCRIPT_LINKS });
  await say(chat, "I'd like to book a consultation", 'yes', 'Quillon Vanterpool', 'no idea');
  const script = await savedScript(chat.database);
  expect(script).not.toMatch(/quillon|vanterpool/i);
  expect(script).toContain('visitor: Ann Lee');
});
