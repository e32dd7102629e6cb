import type { Browser } from 'playwright-core';
import { startDirectLine, type TestDirectLine } from '../channels/direct-line/start-direct-line';
import { startBrowser } from '../support/browser';
import { buildWidget, pagesOf, visit, type WidgetVisitor } from '../support/widget-page';

/** Time goes on for the page and for the tokens alike, while the page's connection goes dead without a word. */

const MINUTE = 60_000;
const built = buildWidget();
let browser: Browser;
let service: TestDirectLine;
let visitor: WidgetVisitor;

beforeAll(async () => {
  browser = await startBrowser();
}, 300_000);
afterAll(async () => {
  await browser.close();
  built.remove();
});
beforeEach(async () => {
  // So that the server does not find by itself what another instance has kept, and the page has to come for it.
  service = await startDirectLine({ limits: { heartbeatMs: 600_000 } }, pagesOf(built.folder));
  const context = await browser.newContext();
  await context.clock.install();
  visitor = await visit(browser, service.base, {}, context);
  await visitor.open();
  await visitor.say('good night');
  await visitor.hears('You said good night');
});
afterEach(async () => {
  expect(visitor.troubles).toEqual([]);
  await visitor.context.close();
  await service.close();
});

test.each([
  ['31 minutes', 31 * MINUTE],
  ['23 hours', 23 * 60 * MINUTE],
  ['three days', 3 * 24 * 60 * MINUTE],
])(
  'a laptop that slept for %s goes on with its conversation, with what was said meanwhile',
  async (_how, asleep) => {
    const { conversationId } = await visitor.chat
      .locator('body')
      .evaluate(() => JSON.parse(localStorage.getItem('enquiry-bot') ?? '') as { conversationId: string });
    service.passTime(asleep);
    // The old stream does not bring it.
    await service.keepElsewhere(conversationId, 'from the clinic');
    await visitor.context.clock.fastForward(asleep);
    await visitor.hears('You said from the clinic');
    await visitor.say('good morning');
    await visitor.hears('You said good morning');
    expect(await visitor.heard()).toEqual([
      'Welcome',
      'You said good night',
      'You said from the clinic',
      'You said good morning',
    ]);
    expect(await visitor.said()).toEqual(['good night', 'from the clinic', 'good morning']);
    expect(await visitor.chat.locator('#connection').isVisible()).toBe(false);
  },
);

test('a chat that is left open is given a new token before the old one has run out', async () => {
  const answers: string[] = [];
  visitor.page.on('response', (answer) => {
    answers.push(`${answer.status()} ${new URL(answer.url()).pathname.split('/').at(-1)}`);
  });
  for (let quarter = 1; quarter <= 3; quarter++) {
    const refreshed = visitor.page.waitForResponse('**/tokens/refresh');
    service.passTime(15 * MINUTE);
    // In steps that are not taken for sleep.
    for (let step = 0; step < 18; step++) await visitor.context.clock.fastForward(MINUTE * (15 / 18));
    await refreshed;
  }
  await visitor.say('still here');
  await visitor.hears('You said still here');
  expect(answers.filter((answer) => answer === '200 refresh')).toHaveLength(3);
  expect(answers.filter((answer) => answer.startsWith('4'))).toEqual([]);
});
