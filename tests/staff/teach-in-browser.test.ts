import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { openChat } from '../support/direct-line-chat';
import { dataFolder, startService } from '../support/start-service';
import type { RunningService } from '../support/start-service';

const QUESTION = 'is the dot thing on my noggin ouchy';
/** The issue's own figures. */
const MOST_ACTIONS = 8;
const MOST_SECONDS = 60;

const data = dataFolder();
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(data.folder), startBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
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

async function signedIn(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(service.setupLink() ?? '');
  await page.getByLabel('Your e-mail').fill('owner@clinic.test');
  await page.getByLabel('Password').fill('violet harbour teaspoon 9');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.waitForURL('**/staff');
  return page;
}
