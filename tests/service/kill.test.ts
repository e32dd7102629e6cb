import { randomInt, randomUUID } from 'node:crypto';
import { type DirectLineChat, openChat } from '../support/direct-line-chat';
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
  const acknowledged = new Map<DirectLineChat, string[]>();
  service = await startService(data.folder);
  const chats = await Promise.all(Array.from({ length: 8 }, () => openChat(service!.url)));
  for (let kills = 0; kills < 20; kills++) {
    const { url } = service;
    let running = true;
    const writers = chats.map((chat) => writeUntil(chat.at(url), () => !running, noteIn(acknowledged, chat)));
    await new Promise((resolve) => setTimeout(resolve, randomInt(20, 400)));
    // On a slow machine the random moment can come before any load: each kill waits for its share of it.
    const share = 11 * (kills + 1);
    while (countOf(acknowledged) < share) await new Promise((resolve) => setTimeout(resolve, 5));
    await service.kill();
    running = false;
    await Promise.all(writers);
    service = await startService(data.folder);
  }

  for (const chat of chats) {
    const activities = await chat.at(service.url).activities();
    const kept = activities.flatMap((activity) => activity.channelData?.clientActivityID ?? []);
    expect(kept).toEqual([...new Set(kept)]);
    expect(kept).toEqual(expect.arrayContaining(acknowledged.get(chat) ?? []));
    const replied = new Set(activities.map((activity) => activity.replyToId));
    expect(
      activities.filter((activity) => activity.channelData?.clientActivityID && !replied.has(activity.id)),
    ).toEqual([]);
  }
  expect(countOf(acknowledged)).toBeGreaterThan(200);
}, 180_000);

function noteIn(acknowledged: Map<DirectLineChat, string[]>, chat: DirectLineChat): (id: string) => void {
  const ids = acknowledged.get(chat) ?? [];
  acknowledged.set(chat, ids);
  return (id) => ids.push(id);
}

/** Sends questions one after the other; notes the id of each that was acknowledged; ends when the service is gone. */
async function writeUntil(
  chat: DirectLineChat,
  over: () => boolean,
  note: (id: string) => void,
): Promise<void> {
  while (!over()) {
    const id = randomUUID();
    try {
      if ((await chat.post('how long does it last', id)) === 200) note(id);
    } catch {
      return;
    }
  }
}

function countOf(acknowledged: Map<DirectLineChat, string[]>): number {
  return [...acknowledged.values()].reduce((sum, ids) => sum + ids.length, 0);
}

function lastSentence(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
