import { randomInt, randomUUID } from 'node:crypto';
import { type DirectLineChat, openChat } from './direct-line-chat';
import { startService } from './start-service';

/**
 * Kills the service (SIGKILL) at random moments while eight visitors write, and starts it again on the same data.
 * Resolves to how many messages were acknowledged.
 * @throws where one of them is lost, doubled or without an answer.
 */
export async function killUnderLoad(folder: string, kills: number): Promise<number> {
  const acknowledged = new Map<DirectLineChat, string[]>();
  let service = await startService(folder);
  try {
    const chats = await Promise.all(Array.from({ length: 8 }, () => openChat(service.url)));
    for (let killed = 0; killed < kills; killed++) {
      const { url } = service;
      let running = true;
      const writers = chats.map((chat) =>
        writeUntil(chat.at(url), () => !running, noteIn(acknowledged, chat)),
      );
      await new Promise((resolve) => setTimeout(resolve, randomInt(20, 400)));
      // On a slow machine the random moment can come before any load: each kill waits for its share of it.
      const share = 11 * (killed + 1);
      while (countOf(acknowledged) < share) await new Promise((resolve) => setTimeout(resolve, 5));
      await service.kill();
      running = false;
      await Promise.all(writers);
      service = await startService(folder);
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
  } finally {
    await service.kill();
  }
  return countOf(acknowledged);
}

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
