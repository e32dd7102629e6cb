import { runMessengerCommand } from '../../src/cli/messenger';
import { shippedKnowledge } from '../support/shipped-knowledge';
import {
  APP_ID,
  APP_SECRET,
  type FakeGraph,
  PAGE_ID,
  PAGE_TOKEN,
  startFakeGraph,
} from '../support/fake-graph';

let graph: FakeGraph;
// Reading the knowledge blocks this process, and with it the stand-in, for longer than a connection is kept.
beforeAll(() => void shippedKnowledge());
beforeEach(async () => void (graph = await startFakeGraph()));
afterEach(() => graph.close());

async function run(command: string, settings: { pageToken?: string; pageId?: string } = {}): Promise<string> {
  const lines: string[] = [];
  await runMessengerCommand([command], {
    settings: {
      appSecret: APP_SECRET,
      verifyToken: 'verify',
      pageToken: settings.pageToken ?? PAGE_TOKEN,
      pageId: settings.pageId ?? PAGE_ID,
      appId: APP_ID,
      graphUrl: graph.url,
    },
    knowledge: () => shippedKnowledge().knowledge,
    print: (line) => lines.push(line),
  });
  return lines.join('\n');
}

test('the set-up puts the knowledge folder’s questions on the page, within Meta’s limits, and shows it', async () => {
  expect(await run('status')).toMatch(/greeting: not set[\s\S]*unsubscribed/);
  const shown = await run('setup');
  expect(shown).toContain('Scalp Allure');
  expect(shown).toContain('How long does one session take?');
  expect(shown).toContain('every event that is needed comes in');
  const profile = graph.profile as {
    greeting: { text: string }[];
    ice_breakers: { call_to_actions: { question: string; payload: string }[] }[];
    persistent_menu: { call_to_actions: { title: string; payload: string }[] }[];
  };
  expect(profile.greeting[0]?.text.length).toBeLessThanOrEqual(160);
  expect(profile.greeting[0]?.text).toMatch(/automated assistant.*\.$/);
  expect(profile.ice_breakers[0]?.call_to_actions.length).toBe(4);
  expect(profile.ice_breakers[0]?.call_to_actions.every(({ question }) => question.length <= 80)).toBe(true);
  expect(profile.persistent_menu[0]?.call_to_actions.length).toBeLessThanOrEqual(5);
  expect(profile.persistent_menu[0]?.call_to_actions.every(({ title }) => title.length <= 30)).toBe(true);
  expect(graph.subscribedFields).toEqual(expect.arrayContaining(['messages', 'message_echoes', 'standby']));
});

test('a dead token, a token of another page and a lost event are said with what to do', async () => {
  await expect(run('status', { pageToken: 'expired' })).rejects.toThrow(/MESSENGER_PAGE_TOKEN/);
  await expect(run('status', { pageId: '4711' })).rejects.toThrow(/use the token of that page/);
  graph.subscribedFields = ['messages'];
  expect(await run('status')).toMatch(/does not send these events.*message_echoes.*messenger -- setup/);
  await expect(run('dance')).rejects.toThrow(/setup .*/);
});
