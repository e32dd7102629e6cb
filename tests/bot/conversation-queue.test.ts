import { ConversationQueue } from '../../src/bot/conversation-queue';
import { TurnsBusy } from '../../src/bot/ports';

/** A queue whose works end when told to, under a clock that is moved by hand. */
function heldQueue() {
  let now = 0;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const queue = new ConversationQueue(() => now);
  let conversations = 0;
  const ask = () => queue.run(`talk ${conversations++}`, false, () => held);
  const begin = () => queue.run(`talk ${conversations++}`, true, () => held);
  const under: Promise<unknown>[] = [];
  return {
    wait: (ms: number) => (now += ms),
    ask,
    begin,
    take: (amount: number) => under.push(...Array.from({ length: amount }, ask)),
    end: async () => {
      letGo();
      await Promise.all(under);
    },
  };
}

test('150 turns are taken at a time, and the next once one of them has ended', async () => {
  const queue = heldQueue();
  queue.take(150);
  await expect(queue.ask()).rejects.toBeInstanceOf(TurnsBusy);
  await queue.end();
  await queue.ask();
});

test('a conversation that begins is let in while fewer than 100 turns are under way, one that goes on takes its place', async () => {
  const queue = heldQueue();
  queue.take(99);
  const last = queue.begin();
  await expect(queue.begin()).rejects.toBeInstanceOf(TurnsBusy);
  queue.take(50);
  await expect(queue.ask()).rejects.toBeInstanceOf(TurnsBusy);
  await queue.end();
  await last;
  await queue.begin();
});

test('where the oldest has waited for half a second 100 are enough', async () => {
  const queue = heldQueue();
  queue.take(99);
  queue.wait(501);
  queue.take(1);
  await expect(queue.ask()).rejects.toBeInstanceOf(TurnsBusy);
  await queue.end();
  await queue.ask();
});

test('few turns are never refused, however long one of them takes', async () => {
  const queue = heldQueue();
  queue.take(10);
  queue.wait(60_000);
  queue.take(89);
  await queue.end();
});
