import { ConversationState, TestAdapter } from 'botbuilder';
import { DatabaseStorage } from '../../src/storage/bot-storage';
import { eachDatabase } from '../support/databases';

const CONFLICT = 'Storage: error writing "visit" due to eTag conflict.';

eachDatabase("Bot Framework's storage", (open) => {
  async function storage(): Promise<DatabaseStorage> {
    return new DatabaseStorage(await open());
  }

  test('an unknown key is absent from the answer', async () => {
    expect(await (await storage()).read(['nobody'])).toEqual({});
  });

  test('nothing asked for is nothing read, written or deleted', async () => {
    const store = await storage();
    const nothing = null as unknown as string[];
    expect(await store.read(nothing)).toEqual({});
    expect(await store.read([])).toEqual({});
    await store.write(nothing as unknown as Record<string, object>);
    await store.write({});
    await store.delete(nothing);
    await store.delete([]);
  });

  test('what was written is read back, each with an eTag of its own', async () => {
    const store = await storage();
    await store.write({ a: { step: 1, list: [1, { deep: true }] }, b: { step: 2 } });
    const { a, b } = await store.read(['a', 'b', 'c']);
    expect(a).toEqual({ step: 1, list: [1, { deep: true }], eTag: expect.any(String) });
    expect(b).toEqual({ step: 2, eTag: expect.any(String) });
    expect(a.eTag).not.toBe(b.eTag);
  });

  test('each write gives a new eTag', async () => {
    const store = await storage();
    await store.write({ visit: { count: 1 } });
    const before = (await store.read(['visit'])).visit;
    await store.write({ visit: { ...before, count: 2 } });
    const after = (await store.read(['visit'])).visit;
    expect(after.count).toBe(2);
    expect(after.eTag).not.toBe(before.eTag);
  });

  test('whoever writes from an old copy is refused', async () => {
    const store = await storage();
    await store.write({ visit: { count: 1 } });
    const copy = (await store.read(['visit'])).visit;
    await store.write({ visit: { ...copy, count: 2 } });
    await expect(store.write({ visit: { ...copy, count: 3 } })).rejects.toThrow(CONFLICT);
    expect((await store.read(['visit'])).visit.count).toBe(2);
  });

  test.each([undefined, '*'])('with the eTag %s the last writer wins', async (eTag) => {
    const store = await storage();
    await store.write({ visit: { count: 1 } });
    await store.write({ visit: { count: 2, ...(eTag && { eTag }) } });
    await store.write({ visit: { count: 3, ...(eTag && { eTag }) } });
    expect((await store.read(['visit'])).visit.count).toBe(3);
  });

  test('of two writers from the same copy, one is refused', async () => {
    const store = await storage();
    await store.write({ visit: { count: 1 } });
    const copy = (await store.read(['visit'])).visit;
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((count) => store.write({ visit: { ...copy, count } })),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  test('a write of several items that is refused for one keeps none', async () => {
    const store = await storage();
    await store.write({ visit: { count: 1 } });
    await expect(store.write({ another: {}, visit: { count: 2, eTag: 'old' }, zebra: {} })).rejects.toThrow(
      CONFLICT,
    );
    expect(Object.keys(await store.read(['another', 'visit', 'zebra']))).toEqual(['visit']);
  });

  test('any key will do', async () => {
    const store = await storage();
    const key = '!@#$%^&*()~/\\><,.?\';"`~ ünï\u{1F488}';
    await store.write({ [key]: { found: true } });
    expect((await store.read([key]))[key]).toMatchObject({ found: true });
  });

  test('what was deleted is gone, and deleting what is not there is no error', async () => {
    const store = await storage();
    await store.write({ a: {}, b: {} });
    await store.delete(['a', 'nobody']);
    expect(Object.keys(await store.read(['a', 'b']))).toEqual(['b']);
  });

  test("the SDK's own conversation state lives in it", async () => {
    const state = new ConversationState(await storage());
    const visits = state.createProperty<number>('visits');
    const adapter = new TestAdapter(async (context) => {
      const count = (await visits.get(context, 0)) + 1;
      await visits.set(context, count);
      await state.saveChanges(context);
      await context.sendActivity(`visit ${count}`);
    });
    await adapter.test('hi', 'visit 1').test('hi', 'visit 2').startTest();
  });
});
