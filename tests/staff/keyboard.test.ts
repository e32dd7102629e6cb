import { type ConsoleInBrowser, startConsoleInBrowser } from '../support/console-in-browser';
import { keepConversation } from '../support/staff-console';

let desk: ConsoleInBrowser;

beforeAll(async () => {
  desk = await startConsoleInBrowser();
}, 120_000);

afterAll(() => desk.close());

async function openConsole() {
  const { page } = await desk.window('agent');
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  return { page, refused };
}

async function keepWaiting(amount: number): Promise<void> {
  for (let index = 0; index < amount; index++)
    await keepConversation(desk.database, {
      id: `wait-${index}`,
      at: new Date(Date.parse('2026-03-02T14:00:00Z') + index * 1000).toISOString(),
      turns: [{ said: `question number ${index}`, review: 'unanswered', decision: { decision: 'none' } }],
    });
}

test('thirty conversations are reviewed with the keyboard alone, a note on the way', async () => {
  await keepWaiting(30);
  const { page, refused } = await openConsole();
  await page.goto('/staff');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/conversations/wait-29');
  await page.keyboard.press('n');
  await page.keyboard.type('jot r this n down');
  await page.keyboard.press('Escape');
  // What is half written is not left behind.
  await page.keyboard.press('r');
  await page.getByText('This is not sent yet').waitFor();
  expect(await page.getByLabel('New note').inputValue()).toBe('jot r this n down');
  await page.keyboard.press('Control+Enter');
  await page.locator('.notes').getByText('jot r this n down').waitFor();
  for (let index = 28; index >= 0; index--) {
    await page.keyboard.press('r');
    await page.waitForURL(`**/conversations/wait-${index}?reviewed=wait-${index + 1}`);
  }
  await page.keyboard.press('r');
  await page.waitForURL('**/staff?reviewed=wait-0');
  // A slip of the finger is mended with a key.
  await page.keyboard.press('u');
  await page.waitForURL('**/conversations/wait-0');
  await page.keyboard.press('r');
  await page.waitForURL('**/staff?reviewed=wait-0');
  expect(await page.locator('h1').textContent()).toBe('Nothing waits for you.');
  // Keys typed into a field are text, and press nothing.
  expect(refused).toEqual([]);
  await page.context().close();
}, 120_000);

test('j and k move through the list, / searches, p teaches, q goes back and ? shows the keys', async () => {
  await keepWaiting(0);
  await keepConversation(desk.database, {
    id: 'keys',
    at: '2026-03-02T15:00:00.000Z',
    turns: [
      { said: 'what is this', review: 'unanswered', decision: { decision: 'none', step: 'fall-back' } },
    ],
  });
  const { page } = await openConsole();
  await page.goto('/staff/conversations');
  await page.keyboard.press('/');
  await page.keyboard.type('nubmer');
  await page.keyboard.press('Enter');
  await page.waitForURL('**search=nubmer**');
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect(await page.evaluate('document.activeElement.textContent')).toContain('question number 29');
  await page.goto('/staff/conversations/keys');
  await page.keyboard.press('v');
  await page.waitForURL('**/conversations/keys/revealed');
  await page.keyboard.press('p');
  await page.waitForURL('**/staff/teach/preview?text=what+is+this**');
  await page.keyboard.press('q');
  await page.waitForURL('**/staff');
  await page.keyboard.press('?');
  expect(await page.locator('#keys').getAttribute('open')).not.toBeNull();
  await page.context().close();
}, 60_000);

test('a page with one purpose has the focus in its first empty field', async () => {
  const page = await (await desk.browser.newContext({ baseURL: desk.site.url })).newPage();
  // The browser gives it with the page's first frame, which may come after its load.
  const hasFocus = (where: typeof page, name: string) => where.locator(`[name="${name}"]:focus`).waitFor();
  await page.goto('/staff/sign-in');
  await hasFocus(page, 'email');
  await page.keyboard.type('ann@clinic.test');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await hasFocus(page, 'password');
  await page.context().close();

  const { page: own, context } = await desk.window('agent');
  await own.goto('/staff/me');
  await own.getByRole('button', { name: 'Set it up' }).click();
  await own.getByText('Scan this').waitFor();
  await hasFocus(own, 'code');
  await own.goto('/staff/teach/draft');
  await hasFocus(own, 'title');
  await context.close();
}, 60_000);
