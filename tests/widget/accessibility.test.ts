import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Frame, Locator } from 'playwright-core';
import { startBrowser } from '../support/browser';
import type { Route } from '../../src/http/route';
import type { FakeDirectLine } from '../support/fake-direct-line';
import { buildWidget, startWidgetSite, visit, type WidgetVisitor } from '../support/widget-page';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const built = buildWidget();
let browser: Browser;
let site: FakeDirectLine;

/** A clinic's page that greets. */
const GREETING_PAGE: Route = {
  method: 'GET',
  path: '/greeting',
  handle: async () => ({
    status: 200,
    headers: { 'content-type': 'text/html', 'content-security-policy': "default-src 'self' data:" },
    body:
      '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">' +
      '<meta name="color-scheme" content="light dark"><title>Clinic</title><main><h1>Clinic</h1></main>' +
      '<script src="/widget.js" data-greeting="Any questions about the treatment? Ask us here." data-greeting-after="0"></script>',
  }),
};

beforeAll(async () => {
  browser = await startBrowser();
  site = await startWidgetSite({ folder: built.folder, bot, routes: [GREETING_PAGE] });
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
  '%s: no violation closed, greeting, open, quick replies, card, booking error, menu, offline',
  async (_, look, page) => {
    // Fading in, everything has too little contrast for a moment.
    const visitor = await visit(browser, site.url, { ...look });
    await visitor.launcher.waitFor();
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    await visitor.page.goto(`${site.url}/greeting`);
    await turn(visitor.page.locator('html'), page);
    await visitor.page.getByRole('button', { name: 'Any questions' }).waitFor();
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    expect(await outOfTheWindow(visitor.page.mainFrame())).toEqual([]);
    await visitor.open();
    await turn(visitor.chat.locator('html'), page);
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

test.each(['/', '/privacy', '/chat'])('%s has no violation, and fits into 320 pixels', async (path) => {
  for (const look of [{}, { colorScheme: 'dark' }, { viewport: { width: 320, height: 568 } }] as const) {
    const visitor = await visit(browser, site.url + path, { ...look });
    expect(await violations(visitor.page.mainFrame())).toEqual([]);
    expect(await outOfTheWindow(visitor.page.mainFrame())).toEqual([]);
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
    visitor.chat.locator('button:visible, textarea:visible, header a').evaluateAll((all) =>
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

/** No violation, nothing out of the window. */
async function expectFine(visitor: WidgetVisitor): Promise<void> {
  const frame = chatFrame(visitor);
  expect(await violations(frame)).toEqual([]);
  expect(await outOfTheWindow(frame)).toEqual([]);
}

/** What is cut off at a side of the window, or would have to be scrolled to. */
async function outOfTheWindow(frame: Frame): Promise<string[]> {
  return frame.evaluate(() =>
    [...document.querySelectorAll('body, body *:not(.for-readers)')]
      .filter((one) => one.checkVisibility())
      .filter((one) => {
        const { left, right } = one.getBoundingClientRect();
        return left < -0.5 || right > document.documentElement.clientWidth + 0.5;
      })
      .map((one) => one.outerHTML),
  );
}

/** The reader's own settings, for the document. */
async function turn(html: Locator, page: { rightToLeft?: true; textSize?: string }): Promise<void> {
  await html.evaluate((element, { rightToLeft, textSize }) => {
    if (rightToLeft) element.setAttribute('dir', 'rtl');
    if (textSize) element.style.fontSize = textSize;
  }, page);
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
