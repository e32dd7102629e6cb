import { openChat } from '../support/direct-line-chat';
import { killUnderLoad } from '../support/kill-under-load';
import { type RunningService, dataFolder, startService } from '../support/start-service';

const data = dataFolder();
let service: RunningService | undefined;
afterEach(async () => service?.kill());
afterAll(data.remove);

test('a booking goes on at the same field after the service was killed', async () => {
  service = await startService(data.folder);
  const chat = await openChat(service.url);
  await chat.say('I would like to book a consultation');
  await chat.say('yes');
  const [asked] = await chat.say('Ann Lee');

  await service.kill();
  service = await startService(data.folder);

  const again = chat.at(service.url);
  const replies = await again.say('how long does one session take?');
  expect(replies[0]).toContain('3 to 5 hours');
  expect(replies.at(-1)).toContain(lastSentence(asked ?? ''));
});

test('20 kills at random moments under load lose and double no acknowledged message', async () => {
  const own = dataFolder();
  expect(await killUnderLoad(own.folder, 20)).toBeGreaterThan(200);
  own.remove();
}, 600_000);

function lastSentence(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
