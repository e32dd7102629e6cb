import type { InboxEntry } from '../../src/channels/ports';
import { createInboxStore } from '../../src/storage/inbox-store';
import { createMessengerStore } from '../../src/storage/messenger-store';
import { eachDatabase } from '../support/databases';

const START = Date.parse('2026-03-02T15:00:00.000Z');
const at = (seconds: number) => new Date(START + seconds * 1000);

function entry(key: string, conversationId: string, happened: number): InboxEntry {
  return { kind: 'test', key, conversationId, happenedAt: at(happened), payload: { said: key } };
}

eachDatabase('the inbox', (open) => {
  test('gives the oldest of each conversation, one at a time, whatever order they came in', async () => {
    const store = createInboxStore(await open());
    await store.add([entry('b2', 'b', 5), entry('a2', 'a', 4), entry('a1', 'a', 1)], at(10));
    const first = await store.take(at(10), at(70));
    const second = await store.take(at(10), at(70));
    expect([first?.key, second?.key]).toEqual(['a1', 'b2']);
    expect(await store.take(at(10), at(70))).toBeUndefined();
    await store.done(first?.id ?? 0);
    expect((await store.take(at(10), at(70)))?.key).toBe('a2');
  });

  test('an older message that comes late waits until the newer one that is under way is done', async () => {
    const store = createInboxStore(await open());
    await store.add([entry('late', 'a', 5)], at(10));
    const taken = await store.take(at(10), at(70));
    await store.add([entry('early', 'a', 1)], at(11));
    expect(await store.take(at(11), at(70))).toBeUndefined();
    await store.done(taken?.id ?? 0);
    expect((await store.take(at(11), at(70)))?.key).toBe('early');
  });

  test('a key is taken in once, also after it was handled, and its words are not kept', async () => {
    const database = await open();
    const store = createInboxStore(database);
    await store.add([entry('a1', 'a', 1), entry('a1', 'a', 1)], at(2));
    const taken = await store.take(at(2), at(70));
    expect(taken?.payload).toEqual({ said: 'a1' });
    await store.done(taken?.id ?? 0);
    await store.add([entry('a1', 'a', 1)], at(3));
    expect(await store.take(at(3), at(70))).toBeUndefined();
    expect(await database.kysely.selectFrom('inbox').select(['state', 'payload']).execute()).toEqual([
      { state: 'done', payload: '' },
    ]);
    expect(await store.waiting()).toEqual({ count: 0, oldest: undefined });
  });

  test('what failed comes again at its time, and one that a lost process had taken comes again too', async () => {
    const store = createInboxStore(await open());
    await store.add([entry('a1', 'a', 1)], at(2));
    const taken = await store.take(at(2), at(62));
    await store.retry(taken?.id ?? 0, at(5), 'Error');
    expect(await store.take(at(4), at(64))).toBeUndefined();
    expect((await store.take(at(5), at(65)))?.attempts).toBe(1);
    expect(await store.take(at(64), at(124))).toBeUndefined();
    expect((await store.take(at(65), at(125)))?.key).toBe('a1');
  });

  test('calls to Meta are told apart: the first, one of unknown outcome, one that arrived', async () => {
    const store = createMessengerStore(await open());
    const nothing = { entries: [], opened: [], arrived: [], notes: [] };
    expect(await store.beginSend('k', at(1))).toEqual({ state: 'first' });
    expect(await store.beginSend('k', at(2))).toEqual({ state: 'tried', at: at(1) });
    await store.sendAgain('k', at(3));
    expect(await store.beginSend('k', at(4))).toEqual({ state: 'tried', at: at(3) });
    await store.accept({ ...nothing, arrived: [{ key: 'k', mid: 'm' }] }, at(5));
    expect(await store.beginSend('k', at(6))).toEqual({ state: 'arrived' });
    expect(await store.beginSend('other', at(6))).toEqual({ state: 'first' });
    await store.sendRefused('other');
    expect(await store.beginSend('other', at(7))).toEqual({ state: 'first' });
  });

  test('a person who writes opens the window again, and may be written to again', async () => {
    const store = createMessengerStore(await open());
    const opened = (when: Date) => ({
      entries: [],
      opened: [{ psid: '1', conversationId: 'c', at: when }],
      arrived: [],
      notes: [],
    });
    await store.accept(opened(at(1)), at(1));
    await store.stopThread('1', 'blocked');
    expect(await store.thread('1')).toEqual({ conversationId: 'c', openedAt: at(1), stopped: 'blocked' });
    // What Meta brings once more is older than that, and no sign that the person is there again.
    await store.accept(opened(at(1)), at(8));
    expect(await store.thread('1')).toEqual({ conversationId: 'c', openedAt: at(1), stopped: 'blocked' });
    await store.accept(opened(at(9)), at(10));
    expect(await store.thread('1')).toEqual({ conversationId: 'c', openedAt: at(9), stopped: undefined });
  });
});
