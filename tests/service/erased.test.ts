import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openChat } from '../support/direct-line-chat';
import { dataFolder, startService } from '../support/start-service';

/** Words that only this visitor has. */
const CANARY = /quillon|vanterpool|5550177|555-0177|zebrafinch/i;

test('who has their data deleted in the chat is in no byte of the files, and never was in the log', async () => {
  const data = dataFolder();
  const service = await startService(data.folder, { LOG_LEVEL: 'debug' });
  const bytes = () =>
    readdirSync(data.folder)
      .map((file) => readFileSync(path.join(data.folder, file)).toString('latin1'))
      .join('\n');
  try {
    const chat = await openChat(service.url);
    for (const said of [
      'do you know my zebrafinch',
      "I'd like to book a consultation",
      'yes',
      'Quillon Vanterpool',
      '410-555-0177',
      'any weekend',
      'no',
      'yes',
    ])
      await chat.say(said);
    expect(bytes()).toMatch(CANARY);
    await chat.say('delete my data');
    expect((await chat.say('yes')).join()).toMatch(/DEL-\w+-\w+/);
    expect(bytes()).not.toMatch(CANARY);
  } finally {
    await service.stop();
  }
  expect(bytes()).not.toMatch(CANARY);
  expect(service.output()).not.toMatch(CANARY);
  data.remove();
}, 120_000);
