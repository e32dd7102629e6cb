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
  site = await startWidgetSite({ folder: built.folder, bot });
}, 300_000);
afterAll(async () => {
  await site.close();
  await browser.close();
  built.remove();
});

function bot(text: string) {
  if (text === 'my phone is 12') return [{ text: 'That number is too short. Which one can we call?' }];
  return [
    {
      text: 'Three to five hours.\n- sessions\n- care\n\nSee https://example.com/smp.',
      isAnswer: true as const,
    },
    {
      text: 'Here it is:\n\n- Name: Jo Example\n\nIs that right?',
      summary: [{ label: 'Name', value: 'Jo Example', change: { title: 'Change', value: 'change my name' } }],
      quickReplies: [{ title: 'Yes, send it', value: 'yes' }],
    },
  ];
}

const looks: [string, BrowserContextOptions, { rightToLeft?: true; textSize?: string }][] = [
  ['light', {}, {}],
  ['dark', { colorScheme: 'dark' }, {}],
  ['320 pixels wide', { viewport: { width: 320, height: 568 } }, {}],
  ['forced colours', { forcedColors: 'active' }, {}],
  ['right to left', {}, { rightToLeft: true }],
  ['200 % text', { viewport: { width: 390, height: 844 } }, { textSize: '200%' }],
];

test.each(looks)(
  '%s: no accessibility violation closed, greeting, quick replies, answer, card, booking error, menu, offline',
  async (_, look, page) => {
    // Fading in, everything has too little contrast for a moment.
    const visitor = await visit(browser, site.url, { ...look, reducedMotion: 'reduce' });
    await visitor.launcher.waitFor();
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    await visitor.open();
    await visitor.chat.locator('html').evaluate((html, { rightToLeft, textSize }) => {
      if (rightToLeft) html.setAttribute('dir', 'rtl');
      if (textSize) html.style.fontSize = textSize;
    }, page);
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    await expectFine(visitor);

    await visitor.chat.getByRole('button', { name: 'Session length' }).click();
    await visitor.hears('Is that right?');
    await expectFine(visitor);
    await visitor.say('my phone is 12');
    await visitor.hears('too short');
    await expectFine(visitor);
    await visitor.chat.locator('#text').fill('x'.repeat(1001));
    await expectFine(visitor);

    await visitor.chat.getByRole('button', { name: 'More' }).click();
    await expectFine(visitor);
    await visitor.chat.getByRole('button', { name: 'Forget me' }).click();
    await expectFine(visitor);
    await visitor.chat.getByRole('button', { name: 'No, keep it' }).click();

    await visitor.context.setOffline(true);
    await visitor.say('offline');
    await visitor.chat.getByText('Waiting to be sent').waitFor();
    await expectFine(visitor);
    expect(visitor.troubles).toEqual([]);
    await visitor.context.close();
  },
);

test.each(['/', '/privacy', '/chat'])('%s has no violation', async (path) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const visitor = await visit(browser, site.url + path, { colorScheme, reducedMotion: 'reduce' });
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    expect(visitor.troubles).toEqual([]);
    await visitor.context.close();
  }
});

test('everything that can be pressed is at least 44 pixels high and wide', async () => {
  const visitor = await visit(browser, site.url);
  await visitor.open();
  await visitor.say('how long?');
  await visitor.hears('Is that right?');
  await visitor.chat.getByRole('button', { name: 'More' }).click();
  const measure = () =>
    visitor.chat.locator('button:visible, textarea:visible').evaluateAll((all) =>
      all.map((one) => {
        const { height, width } = one.getBoundingClientRect();
        return [one.textContent || one.ariaLabel || one.id, Math.min(height, width)] as const;
      }),
    );
  const sizes = await measure();
  await visitor.chat.getByRole('button', { name: 'Forget me' }).click();
  sizes.push(...(await measure()));
  expect(sizes.length).toBeGreaterThan(14);
  expect(sizes.filter(([, size]) => size < 44)).toEqual([]);
  await visitor.context.close();
});

/** No violation, nothing wider than the window. */
async function expectFine(visitor: WidgetVisitor): Promise<void> {
  const frame = chatFrame(visitor);
  expect(await violations(frame)).toEqual([]);
  expect(
    await frame.evaluate(
      `[document.documentElement, document.getElementById('log')].map((one) => one.scrollWidth - one.clientWidth)`,
    ),
  ).toEqual([0, 0]);
}

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
