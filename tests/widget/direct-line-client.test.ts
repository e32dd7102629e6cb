import { keepInMemory, type ConversationKeep } from '../../src/widget/kept-conversation';
import { startDirectLine } from '../channels/direct-line/start-direct-line';
import { startFakeDirectLine, type FakeDirectLine } from '../support/fake-direct-line';
import { widgetClient, type WidgetClient } from '../support/widget-client';

let site: FakeDirectLine;
const clients: WidgetClient[] = [];

beforeEach(async () => {
  site = await startFakeDirectLine({
    greeting: { text: 'Hello' },
    bot: (text) => [{ text: `You said: ${text}` }],
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  await site.close();
});

test('a message is taken once although its answer got lost on the way', async () => {
  const visitor = await openChat();
  site.nextPosts('lost', 'lost');
  visitor.say('Is it permanent?');
  await visitor.hears('You said: Is it permanent?');
  await visitor.delivers('Is it permanent?');
  expect(site.taken()).toEqual(['Is it permanent?']);
  expect(visitor.texts()).toEqual(['Hello', 'Is it permanent?', 'You said: Is it permanent?']);
});

test('a busy or broken server is asked again, and messages keep their order', async () => {
  const visitor = await openChat();
  site.nextPosts(503, 429, 500);
  for (const text of ['one', 'two', 'three']) visitor.say(text);
  await visitor.hears('You said: three');
  expect(site.taken()).toEqual(['one', 'two', 'three']);
});

test('a message that the server will never take is given back, and can be tried again', async () => {
  const visitor = await openChat();
  site.nextPosts(400);
  visitor.say('hello?');
  await visitor.delivers('hello?', 'refused');
  expect(site.taken()).toEqual([]);
  visitor.retry('hello?');
  await visitor.hears('You said: hello?');
});

test('through 200 cuts of the stream nothing is lost, doubled or out of order', async () => {
  const visitor = await openChat();
  const wanted = ['Hello'];
  for (let round = 0; round < 200; round++) {
    const text = `message ${round}`;
    visitor.say(text);
    if (round % 3 === 0) site.cutStreams();
    if (round % 3 === 1) site.say({ text: `meanwhile ${round}` });
    await visitor.hears(`You said: ${text}`);
    if (round % 3 !== 0) site.cutStreams();
    if (round % 3 === 1) wanted.push(`meanwhile ${round}`);
    wanted.push(text, `You said: ${text}`);
  }
  expect(visitor.texts().sort()).toEqual(wanted.sort());
  expect(new Set(visitor.ids()).size).toBe(visitor.ids().length);
  expect(visitor.ids()).toEqual([...visitor.ids()].sort());
}, 60_000);

test('after a reload the conversation goes on where it was', async () => {
  const keep = keepInMemory();
  const before = await openChat(keep);
  before.say('How many sessions?');
  await before.hears('You said: How many sessions?');
  before.leave();

  const after = await openChat(keep);
  expect(after.texts()).toEqual(['Hello', 'How many sessions?', 'You said: How many sessions?']);
  expect(after.pastCount()).toBe(3);
  after.say('And how long?');
  await after.hears('You said: And how long?');
  expect(after.pastCount()).toBe(3);
});

test('a long history is past in each of its frames', async () => {
  const service = await startDirectLine();
  const keep = keepInMemory();
  const before = newVisitor(service.base, keep);
  await before.hears('Welcome');
  for (let count = 0; count < 40; count++) before.say(`question ${count}`);
  await before.hears('You said question 39');
  before.leave();
  service.passTime(60_000);

  const after = newVisitor(service.base, keep);
  await after.hears('You said question 39');
  expect(after.texts()).toEqual(before.texts());
  expect(after.pastCount()).toBe(81);
  after.leave();
  await service.close();
});

test('a message written just before the page was left is sent by the next page, once', async () => {
  const keep = keepInMemory();
  const before = await openChat(keep);
  site.nextPosts('lost');
  before.say('my number is 410 555 0134');
  await before.hears('You said: my number');
  before.leave();
  before.say('and call in the evening');

  const after = await openChat(keep);
  await after.hears('You said: and call in the evening');
  expect(site.taken()).toEqual(['my number is 410 555 0134', 'and call in the evening']);
});

test('an expired token, as after a night of sleep, is renewed and the conversation goes on', async () => {
  const visitor = await openChat();
  site.expireTokens();
  visitor.say('still there?');
  await visitor.hears('You said: still there?');
  site.expireTokens();
  site.cutStreams();
  site.say({ text: 'Yes.' });
  await visitor.hears('Yes.');
  expect(visitor.texts()).toEqual(['Hello', 'still there?', 'You said: still there?', 'Yes.']);
});

test('where the conversation was erased a new one begins, and what was just written is not lost', async () => {
  const visitor = await openChat();
  site.forget();
  visitor.say('hello again');
  await visitor.hears('You said: hello again');
  expect(visitor.startedOver()).toBe(1);
});

test('a page that may not have a chat stops asking', async () => {
  const elsewhere = await startFakeDirectLine({ greeting: { text: 'Hello' }, bot: () => [] });
  const visitor = newVisitor(`${elsewhere.url}/not-here`, keepInMemory());
  await visitor.connection('unavailable');
  const asked = elsewhere.requests.length;
  visitor.say('anybody?');
  expect(elsewhere.requests.length).toBe(asked);
  await elsewhere.close();
});

/** A visitor who has been greeted, or who sees the earlier conversation again. */
async function openChat(keep: ConversationKeep = keepInMemory()) {
  const visitor = newVisitor(site.url, keep);
  await visitor.hears('Hello');
  return visitor;
}

function newVisitor(base: string, keep: ConversationKeep): WidgetClient {
  const client = widgetClient(base, { keep, leastBackOffMs: 2 });
  clients.push(client);
  return client;
}
