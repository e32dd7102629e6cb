import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { dataFolder, type RunningService, startService } from '../support/start-service';

/** The built service, its shipped knowledge and a real browser: what a visitor of a clinic's page meets. */

const data = dataFolder();
let browser: Browser;
let service: RunningService;

beforeAll(async () => {
  [browser, service] = await Promise.all([startBrowser(), startService(data.folder)]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await service.kill();
  data.remove();
});

test('without scripts the page answers, offers choices, and books to the end', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${service.url}/chat`);
  await page.getByText('automated assistant').waitFor();

  await sayPlainly(page, 'how long dose one sesion take');
  await page.getByText('3 to 5 hours').waitFor();
  await page.locator('.choices').getByRole('button', { name: 'Book a consultation' }).click();
  await page.locator('.message.visitor', { hasText: 'Book a consultation' }).waitFor();
  await page.locator('.choices').getByRole('button', { name: 'Yes' }).click();
  await sayPlainly(page, 'Jo Example');
  await sayPlainly(page, '410 555 0134');
  await sayPlainly(page, 'next tuesday afternoon');
  await page.locator('.choices').getByRole('button', { name: 'Skip' }).click();
  const card = page.locator('.summary').last();
  await card.getByRole('button', { name: 'Change name (Name)' }).click();
  await sayPlainly(page, 'Jo Sample');
  expect(await page.locator('.summary dl').last().innerText()).toContain('Jo Sample');
  await page.locator('.choices').getByRole('button', { name: 'Send it' }).click();
  await page
    .locator('.message.bot')
    .last()
    .getByText(/reference/i)
    .waitFor();

  await page.reload();
  expect(await page.locator('.message.visitor', { hasText: 'Send it' }).count()).toBe(1);
  expect(await context.cookies()).toEqual([]);
  await context.close();
});

async function sayPlainly(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('.message.visitor').last().getByText(text).waitFor();
}
