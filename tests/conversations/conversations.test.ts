import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { TurnOutcome } from '../../src/bot/ports';
import { startAzureChat } from '../support/azure-chat';
import { startChat } from '../support/chat';
import { readChatScripts } from '../support/chat-script';
import { closeAzures } from '../support/start-azure';
import { closeMessengers } from '../support/start-messenger';
import { startMessengerChat } from '../support/messenger-chat';
import { SCRIPT_LINKS, type ScriptedChat, playScript } from '../support/play-script';

/**
 * The conversations of the .chat.txt files beside this one, on the shipped knowledge and a real database: as the
 * website's chat has them, over Messenger's webhook and Send API, and over Azure's Facebook channel.
 */

const files = readdirSync(__dirname).filter((name) => name.endsWith('.chat.txt'));

afterEach(async () => {
  await closeMessengers();
  await closeAzures();
});

describe.each(files)('%s', (file) => {
  const scripts = readChatScripts(file, readFileSync(path.join(__dirname, file), 'utf8'));
  test.each(scripts)('$title', async (script) => playScript(script, await startWebChat()));
  test.each(scripts)('on Messenger: $title', async (script) =>
    playScript(script, await startMessengerChat()),
  );
  // A question and its answer differ from the way above in nothing that a booking does not show as well.
  if (file !== 'questions.chat.txt')
    test.each(scripts)('through Azure: $title', async (script) => playScript(script, await startAzureChat()));
});

async function startWebChat(): Promise<ScriptedChat> {
  const chat = await startChat({ links: SCRIPT_LINKS });
  const textsOf = ({ replies }: TurnOutcome) => {
    // Here the script goes through the replies, so the chat need not.
    chat.replies();
    return replies.map(({ activity }) => activity.text ?? '');
  };
  return {
    ...chat,
    opens: async () => textsOf(await chat.opens()),
    says: async (text) => textsOf(await chat.visitor(text)),
    tap: async (title) => textsOf(await chat.tap(title)),
  };
}

test('there are at least 100 conversations, no two with the same title', () => {
  const titles = files.flatMap((file) =>
    readChatScripts(file, readFileSync(path.join(__dirname, file), 'utf8')).map(({ title }) => title),
  );
  expect(titles.length).toBeGreaterThanOrEqual(100);
  expect(new Set(titles).size).toBe(titles.length);
});
