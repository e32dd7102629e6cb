import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Frame } from 'playwright-core';
import { startBrowser } from '../support/browser';
import type { FakeDirectLine } from '../support/fake-direct-line';
import { buildWidget, startWidgetSite, visit, type WidgetVisitor } from '../support/widget-page';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const built = buildWidget();
let browser: Browser;
let site: FakeDirectLine;

beforeAll(async () => {
  browser = await startBrowser();
  site = await startWidgetSite({
    folder: built.folder,
    bot: () => [
      {
        text: 'I can help with:\n- sessions\n- care\n\nSee https://example.com/smp.',
        summary: [
          { label: 'Name', value: 'Jo Example', change: { title: 'Change', value: 'change my name' } },
        ],
        quickReplies: [{ title: 'Yes, send it', value: 'yes' }],
      },
    ],
  });
}, 300_000);
afterAll(async () => {
  await site.close();
  await browser.close();
  built.remove();
});

const looks: [string, BrowserContextOptions][] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['320 pixels wide', { viewport: { width: 320, height: 568 } }],
  ['forced colours', { forcedColors: 'active' }],
];

test.each(looks)(
  '%s: no accessibility violation closed, greeting, in conversation, offline',
  async (_, look) => {
    // Fading in, everything has too little contrast for a moment.
    const visitor = await visit(browser, site.url, { ...look, reducedMotion: 'reduce' });
    await visitor.launcher.waitFor();
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    await visitor.open();
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    expect(await violations(chatFrame(visitor))).toEqual([]);
    await visitor.chat.getByRole('button', { name: 'Session length' }).click();
    await visitor.hears('I can help with');
    expect(await violations(chatFrame(visitor))).toEqual([]);
    await visitor.context.setOffline(true);
    await visitor.say('offline');
    await visitor.chat.getByText('Waiting to be sent').waitFor();
    expect(await violations(chatFrame(visitor))).toEqual([]);
    await visitor.context.close();
  },
);

test('at 200 % text and right to left nothing is cut off, and there is no violation', async () => {
  const visitor = await visit(browser, `${site.url}/chat`, {
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
  });
  const { page } = visitor;
  await page.locator('.message.bot').first().waitFor();
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
    document.documentElement.style.fontSize = '200%';
  });
  await page.locator('#text').fill('list');
  await page.keyboard.press('Enter');
  await page.getByText('I can help with').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await page.evaluate(`document.getElementById('log').scrollWidth`)).toBeLessThanOrEqual(390);
  expect(await violations(page.mainFrame())).toEqual([]);
  await visitor.context.close();
});

test.each(['/', '/privacy', '/chat'])('%s has no violation', async (path) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const visitor = await visit(browser, site.url + path, { colorScheme, reducedMotion: 'reduce' });
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    expect(visitor.troubles).toEqual([]);
    await visitor.context.close();
  }
});

test('everything that can be pressed is at least 44 pixels high', async () => {
  const visitor = await visit(browser, site.url);
  await visitor.open();
  await visitor.say('list');
  await visitor.hears('I can help with');
  const heights = await visitor.chat
    .locator('button, textarea')
    .evaluateAll((all) => all.map((one) => [one.textContent || one.id, one.getBoundingClientRect().height]));
  expect(heights.length).toBeGreaterThan(6);
  expect(heights.filter(([, height]) => Number(height) < 44)).toEqual([]);
  await visitor.context.close();
});

function chatFrame(visitor: WidgetVisitor): Frame {
  const frame = visitor.page.frames().find((candidate) => candidate.url().includes('/chat'));
  if (!frame) throw new Error('The chat has no frame.');
  return frame;
}

/** Every rule of WCAG 2.2 A and AA and axe's best practices; one line a violation. */
async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  return frame.evaluate(`axe.run(document, { iframes: false }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html + ' ' + node.failureSummary)))`);
}
