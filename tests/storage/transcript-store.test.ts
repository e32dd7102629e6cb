import type { Activity } from 'botbuilder';
import { DatabaseTranscriptStore } from '../../src/storage/transcript-store';
import { eachDatabase } from '../support/databases';

const START = Date.UTC(2026, 2, 2, 15);

/** As many messages as asked for, a minute apart, visitor and bot in turns. */
function messages(conversationId: string, count: number, channelId = 'test'): Activity[] {
  return Array.from({ length: count }, (_, index) => {
    const visitor = { id: 'ann', name: '', role: 'user' };
    const bot = { id: 'clinic', name: '', role: 'bot' };
    const [from, recipient] = index % 2 === 0 ? [visitor, bot] : [bot, visitor];
    const message: Partial<Activity> = {
      type: 'message',
      id: `${conversationId}-${index}`,
      timestamp: new Date(START + index * 60_000),
      text: `message ${index}`,
      channelId,
      conversation: { id: conversationId, isGroup: false, name: '', conversationType: '' },
      from,
      recipient,
    };
    return message as Activity;
  });
}

eachDatabase("Bot Framework's transcripts", (open) => {
  let store: DatabaseTranscriptStore;
  beforeEach(async () => {
    store = new DatabaseTranscriptStore(await open());
  });

  async function log(activities: Activity[]): Promise<Activity[]> {
    for (const activity of activities) await store.logActivity(activity);
    return activities;
  }

  test('missing arguments throw at once', () => {
    const missing = undefined as unknown as string;
    expect(() => store.logActivity(undefined as unknown as Activity)).toThrow('Missing activity');
    expect(() => store.getTranscriptActivities(missing, 'c')).toThrow('Missing channelId');
    expect(() => store.getTranscriptActivities('test', missing)).toThrow('Missing conversationId');
    expect(() => store.listTranscripts(missing)).toThrow('Missing channelId');
    expect(() => store.deleteTranscript(missing, 'c')).toThrow('Missing channelId');
    expect(() => store.deleteTranscript('test', missing)).toThrow('Missing conversationId');
  });

  test('an activity comes back as it was logged, its time as a Date', async () => {
    const [logged] = await log(messages('c', 1));
    const { items, continuationToken } = await store.getTranscriptActivities('test', 'c');
    expect(items).toEqual([logged]);
    expect(items[0]?.timestamp).toBeInstanceOf(Date);
    expect(continuationToken).toBeUndefined();
  });

  test('an activity logged twice is there once', async () => {
    const [logged] = await log(messages('c', 1));
    if (logged) await store.logActivity(logged);
    expect((await store.getTranscriptActivities('test', 'c')).items).toHaveLength(1);
  });

  test('activities logged at once are all there, in the order of their times', async () => {
    const all = messages('c', 10);
    await Promise.all(all.toReversed().map((activity) => store.logActivity(activity)));
    expect((await store.getTranscriptActivities('test', 'c')).items).toEqual(all);
  });

  test('activities of the same instant are paged without loss', async () => {
    const all = messages('c', 50).map((activity) => ({ ...activity, timestamp: new Date(START) }));
    await log(all);
    expect((await allPages((token) => store.getTranscriptActivities('test', 'c', token))).flat()).toEqual(
      all,
    );
  });

  test('a transcript comes in pages of twenty', async () => {
    const all = await log(messages('c', 45));
    const pages = await allPages((token) => store.getTranscriptActivities('test', 'c', token));
    expect(pages.map((items) => items.length)).toEqual([20, 20, 5]);
    expect(pages.flat()).toEqual(all);
  });

  test('a full page has a token, also where nothing follows', async () => {
    await log(messages('c', 20));
    const first = await store.getTranscriptActivities('test', 'c');
    expect(first.continuationToken).toBe('c-19');
    expect(await store.getTranscriptActivities('test', 'c', first.continuationToken)).toEqual({ items: [] });
  });

  test('a transcript from a date on includes that instant, on every page', async () => {
    const all = await log(messages('c', 45));
    const from = all[10]?.timestamp;
    const pages = await allPages((token) => store.getTranscriptActivities('test', 'c', token, from));
    expect(pages.flat()).toEqual(all.slice(10));
    expect(
      (await store.getTranscriptActivities('test', 'c', undefined, new Date(START + 1e9))).items,
    ).toEqual([]);
  });

  test('an unknown channel, conversation or token is an empty page without a token', async () => {
    await log(messages('c', 25));
    expect(await store.getTranscriptActivities('another', 'c')).toEqual({ items: [] });
    expect(await store.getTranscriptActivities('test', 'another')).toEqual({ items: [] });
    expect(await store.getTranscriptActivities('test', 'c', 'no such token')).toEqual({ items: [] });
    expect(await store.listTranscripts('another')).toEqual({ items: [] });
  });

  test('conversations of a channel are listed in pages of twenty, each with its start', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `c${String(index).padStart(2, '0')}`);
    for (const id of ids) await log(messages(id, 2));
    await log(messages('elsewhere', 1, 'other'));
    const pages = await allPages((token) => store.listTranscripts('test', token));
    expect(pages.map((items) => items.length)).toEqual([20, 5]);
    expect(pages.flat()).toEqual(ids.map((id) => ({ channelId: 'test', id, created: new Date(START) })));
  });

  test('deleting one conversation leaves the others', async () => {
    await log(messages('c1', 3));
    const kept = await log(messages('c2', 3));
    await store.deleteTranscript('test', 'c1');
    await store.deleteTranscript('test', 'no such one');
    await store.deleteTranscript('another', 'c2');
    expect((await store.getTranscriptActivities('test', 'c1')).items).toEqual([]);
    expect((await store.getTranscriptActivities('test', 'c2')).items).toEqual(kept);
    expect((await store.listTranscripts('test')).items.map((info) => info.id)).toEqual(['c2']);
  });
});

async function allPages<T>(
  read: (token?: string) => Promise<{ items: T[]; continuationToken: string }>,
): Promise<T[][]> {
  const pages: T[][] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    pages.push(page.items);
    token = page.continuationToken;
  } while (token && pages.length < 10);
  return pages;
}
