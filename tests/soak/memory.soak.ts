import { type DirectLineChat, openChat } from '../support/direct-line-chat';
import { memoryOf, MEMORY_FLAGS } from '../support/service-memory';
import { dataFolder, startService } from '../support/start-service';

const WARM_UP = 2_000;
const CONVERSATIONS = 10_000;
/** 100,000 conversations may cost 20 MB (what they leave in memory when nobody is there any more). */
const MOST_BYTES_EACH = 200;

test(`${CONVERSATIONS} conversations that were opened and left cost no memory, and leave nothing open`, async () => {
  const data = dataFolder();
  // A small heap, so that whatever is kept by mistake shows as an end, too.
  const service = await startService(
    data.folder,
    { TRUST_PROXY: '127.0.0.1' },
    { flags: ['--max-old-space-size=192', ...MEMORY_FLAGS] },
  );
  let opened = 0;
  const leave = async (count: number) => {
    const until = opened + count;
    const visit = async () => {
      while (opened < until) {
        const visitor = opened++;
        const address = `198.${18 + (visitor >> 16)}.${(visitor >> 8) & 255}.${visitor & 255}`;
        const chat = await openOnceLetIn(service.url, address);
        if ((await chat.post('how long does it last')) !== 200) throw new Error('A message was refused.');
      }
    };
    await Promise.all(Array.from({ length: 8 }, visit));
  };
  await leave(WARM_UP);
  await connectionsClosed();
  const before = await memoryOf(service);
  await leave(CONVERSATIONS);
  await connectionsClosed();
  const after = await memoryOf(service);
  const each = (after.bytes - before.bytes) / CONVERSATIONS;
  process.stderr.write(
    `${CONVERSATIONS} conversations: ${(before.bytes / 1e6).toFixed(1)} MB before, ${(after.bytes / 1e6).toFixed(1)} MB after, ${each.toFixed(0)} bytes each; ${before.active} and ${after.active} things open\n`,
  );
  expect(each).toBeLessThan(MOST_BYTES_EACH);
  expect(after.active).toBeLessThanOrEqual(before.active + 5);
  expect(await service.stop()).toBe(0);
  data.remove();
}, 900_000);

/** On a quick machine there are more of them in a second than the service takes of all addresses together. */
async function openOnceLetIn(url: string, address: string): Promise<DirectLineChat> {
  for (;;) {
    try {
      return await openChat(url, address);
    } catch (error) {
      if (!String(error).includes(': 429 ')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** Of this process's own client, which keeps them for some seconds. */
function connectionsClosed(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 7_000));
}
