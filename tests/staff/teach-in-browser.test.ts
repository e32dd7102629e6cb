import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { openChat } from '../support/direct-line-chat';
import { dataFolder, startService } from '../support/start-service';
import type { RunningService } from '../support/start-service';

const QUESTION = 'is the dot thing on my noggin ouchy';
/** The issue's own figures. */
const MOST_ACTIONS = 8;
const MOST_SECONDS = 60;

let data: ReturnType<typeof dataFolder>;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
}, 120_000);

afterAll(() => browser.close());

// Each on a service of its own, a second try of the same test too: what is taught once is understood from then on.
beforeEach(async () => {
  data = dataFolder();
  service = await startService(data.folder);
}, 120_000);

afterEach(async () => {
  await service.stop();
  data.remove();
});

test('from an unanswered question to a live phrasing that was tried, within a minute and eight actions', async () => {
  const visitor = await openChat(service.url);
  await visitor.say(QUESTION);
  const page = await signedIn();
  let actions = 0;
  const act = async (does: Promise<unknown>) => {
    actions++;
    await does;
  };
  const began = performance.now();
  await act(page.getByRole('link', { name: 'Teach', exact: true }).click());
  const cluster = page.locator('.cluster-row', { hasText: QUESTION });
  await act(cluster.getByLabel('It means').selectOption('pain'));
  await act(cluster.getByRole('button', { name: 'See what it changes' }).click());
  await page.waitForURL('**/staff/teach/preview**', { timeout: MOST_SECONDS * 1000 });
  const summary = page.getByRole('region', { name: 'Summary' });
  expect(await summary.textContent()).toMatch(/1 better/);
  // The labelled questions of the tests are asked as well. The limits move a little with every phrasing, and one of them
  // may stand right at a limit.
  expect(await summary.textContent()).toMatch(/On 6\d\d labelled test questions: .* [01] worse/);
  await act(page.getByRole('button', { name: 'Put it live' }).click());
  await page.waitForURL('**/staff/teach?done=**', { timeout: MOST_SECONDS * 1000 });
  const seconds = (performance.now() - began) / 1000;
  expect(actions).toBeLessThanOrEqual(MOST_ACTIONS);
  expect(seconds).toBeLessThan(MOST_SECONDS);

  const replies = (await (await openChat(service.url)).say(QUESTION)).join('\n');
  expect(replies).toContain('Does the treatment hurt?');
  // One click takes it back.
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByText('Taken back', { exact: true }).waitFor({ timeout: MOST_SECONDS * 1000 });
  const before = (await (await openChat(service.url)).say(QUESTION)).join('\n');
  expect(before).not.toContain('Does the treatment hurt?');
}, 240_000);

test('and with the keyboard alone, from making the account on', async () => {
  await (await openChat(service.url)).say(QUESTION);
  const page = await signedIn();
  const { keyboard } = page;
  await tabTo(page, 'Teach');
  await keyboard.press('Enter');
  await page.waitForURL('**/staff/teach');
  await keyboard.press('j');
  expect(await focused(page)).toContain(QUESTION);
  // Its choice is gone to, made by its first letters, and left: one is where one was in the list.
  await tabTo(page, 'It means');
  await keyboard.type('Pain');
  await keyboard.press('Escape');
  expect(await focused(page)).toContain(QUESTION);
  await keyboard.press('p');
  await page.waitForURL('**/staff/teach/preview?**entry=pain', { timeout: MOST_SECONDS * 1000 });
  // The result has the focus, and not the button: a second Enter, pressed too early, puts nothing live.
  expect(await focused(page)).toMatch(/^Tried on the newest/);
  await keyboard.press('Enter');
  await tabTo(page, 'Put it live');
  await keyboard.press('Enter');
  await page.waitForURL('**/staff/teach?done=**', { timeout: MOST_SECONDS * 1000 });
  const replies = (await (await openChat(service.url)).say(QUESTION)).join('\n');
  expect(replies).toContain('Does the treatment hurt?');
}, 240_000);

/** What the focused element is called or says. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    '((here) => (here.labels?.[0]?.querySelector("span") ?? here).textContent.trim())(document.activeElement)',
  );
}

const MOST_TABS = 30;

async function tabTo(page: Page, name: string): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`${MOST_TABS} presses of Tab did not lead to "${name}".`);
}

/** The fields of these pages are for one thing, and the first one has the focus. */
async function signedIn(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(service.setupLink() ?? '');
  await page.keyboard.type('owner@clinic.test');
  await page.keyboard.press('Tab');
  await page.keyboard.type('violet harbour teaspoon 9');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/staff');
  return page;
}
