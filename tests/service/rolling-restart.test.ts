import { postgresPlace } from '../support/databases';
import { openChat } from '../support/direct-line-chat';
import { type Cluster, startCluster } from '../support/start-cluster';
import { dataFolder } from '../support/start-service';

/** Between two messages of one conversation; four of them write at once from one address. */
const PACE_MS = 500;

const data = dataFolder();
let place: Awaited<ReturnType<typeof postgresPlace>>;
let cluster: Cluster;
beforeAll(async () => {
  place = await postgresPlace();
  cluster = await startCluster(data.folder, place.url);
}, 60_000);
afterAll(async () => {
  await cluster?.stop();
  await place?.remove();
  data.remove();
});

test('behind a proxy both instances are restarted one after the other: no message is lost or doubled, no booking dropped', async () => {
  const chats = await Promise.all(Array.from({ length: 4 }, () => openChat(cluster.url)));
  const booking = await openChat(cluster.url);
  await booking.say('I would like to book a consultation');
  await booking.say('yes');
  const [asked = ''] = await booking.say('Ann Lee');
  const refusals = new Set<number>();
  let restarting = true;
  // Each is sent again until it is acknowledged, as the widget does.
  const writing = chats.map(async (chat, own) => {
    const ids: string[] = [];
    while (restarting) {
      const id = `${own}-${ids.length}`;
      for (let status = 0; status !== 200;) {
        // Quicker ones would be asked to slow down (429), and rightly.
        await new Promise((resolve) => setTimeout(resolve, PACE_MS));
        status = await chat.post('how long does it last', id);
        if (status !== 200) refusals.add(status);
      }
      ids.push(id);
    }
    return ids;
  });
  expect(await cluster.restart(0)).toBe(0);
  expect(await cluster.restart(1)).toBe(0);
  restarting = false;
  const sent = await Promise.all(writing);
  // A proxy's own answer where an instance ends at that very moment.
  expect([...refusals].filter((status) => status !== 502)).toEqual([]);
  for (const [own, chat] of chats.entries()) {
    const kept = (await chat.activities()).flatMap(({ channelData }) => channelData?.clientActivityID ?? []);
    expect(kept).toEqual(sent[own]);
  }
  const replies = await booking.say('how long does one session take?');
  expect(replies.at(-1)).toContain(asked.trim().split('\n').at(-1));
}, 120_000);
