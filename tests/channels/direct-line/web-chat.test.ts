import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser';
import { type CuttingProxy, startCuttingProxy } from '../../support/cutting-proxy';
import { dataFolder, type RunningService, startService } from '../../support/start-service';
import {
  fetchWebChat,
  sayInWebChat,
  serveWebChat,
  showsInWebChat,
  type WebChatSite,
} from '../../support/web-chat';

/** Microsoft's own chat as the judge, in Chromium, on the service as it is run: it could take our widget's place. */

const data = dataFolder();
let browser: Browser;
let service: RunningService;
let site: WebChatSite;
let proxy: CuttingProxy;

beforeAll(async () => {
  site = await serveWebChat(fetchWebChat());
  [browser, service] = await Promise.all([
    startBrowser(),
    startService(data.folder, { WIDGET_ORIGINS: site.origin }),
  ]);
  proxy = await startCuttingProxy(Number(new URL(service.url).port));
  site.talkTo(`http://127.0.0.1:${proxy.port}`);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await proxy.close();
  await service.kill();
  await site.server.close();
  data.remove();
});

test('Web Chat holds a whole booking, with the connection cut in the middle of it', async () => {
  const page = await browser.newPage();
  await page.goto(site.origin);
  await page.getByRole('button', { name: 'Chat' }).click();
  await showsInWebChat(page, 'automated assistant');
  const chat: [said: string, answered: string][] = [
    ['how long dose one sesion take', '3 to 5 hours'],
    ['I want to book a consultation', 'all right?'],
    ['yes', 'name should I put down'],
    ['Jo Example', 'reach you'],
    ['410 555 0134', 'day and time'],
    ['next tuesday afternoon', 'know beforehand'],
    ['skip', '(410) 555-0134'],
    ['yes, send it', 'reference'],
  ];
  for (const [said, answered] of chat) {
    if (said === '410 555 0134') proxy.cut();
    await sayInWebChat(page, said);
    await showsInWebChat(page, answered);
  }
  expect(await page.getByText('Send failed').count()).toBe(0);
  expect(await saidByVisitor(page)).toEqual(chat.map(([said]) => said));
  // What it shows as the visitor's own, each once and in order.
  expect(
    await page.locator('#web-chat .webchat__bubble--from-user .webchat__text-content').allInnerTexts(),
  ).toEqual(chat.map(([said]) => said));
  await page.context().close();
}, 120_000);

/** What the service has kept of the conversation that the page holds. */
async function saidByVisitor(page: Page): Promise<(string | undefined)[]> {
  const { conversationId, token } = await page.evaluate<{ conversationId: string; token: string }>('pass');
  const answer = await fetch(`${service.url}/v3/directline/conversations/${conversationId}/activities`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { activities } = (await answer.json()) as {
    activities: { type: string; text?: string; from: { role: string } }[];
  };
  return activities
    .filter(({ type, from }) => type === 'message' && from.role === 'user')
    .map(({ text }) => text);
}
