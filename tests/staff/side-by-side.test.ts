import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { dataFolder, type RunningService, startService } from '../support/start-service';
import { visit } from '../support/widget-page';

/** The built service and two windows: a visitor's, with the widget, and one of the console. */

const data = dataFolder();
let browser: Browser;
let service: RunningService;
let staff: Page;
const troubles: string[] = [];
const SHOTS = process.env['SCREENSHOTS'];

beforeAll(async () => {
  [browser, service] = await Promise.all([startBrowser(), startService(data.folder)]);
  staff = await (await browser.newContext()).newPage();
  staff.on('pageerror', (error) => troubles.push(error.message));
  staff.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await staff.goto(service.setupLink() ?? '');
  await staff.locator('input[name=email]').fill('anna@clinic.test');
  for (const field of await staff.locator('input[type=password]').all())
    await field.fill('violet harbour teaspoon 9');
  await staff.locator('main button').click();
  await staff.goto(`${service.url}/staff/me`);
  await staff.locator('input[name=name]').fill('Anna');
  await staff.getByRole('button', { name: 'Save' }).click();
}, 300_000);
afterAll(async () => {
  await browser.close();
  await service.kill();
  data.remove();
});

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

test('a visitor who wants a person gets one: seen in the queue, taken over, talked to, handed back', async () => {
  await staff.goto(`${service.url}/staff`);
  await staff.getByRole('heading', { name: 'Nothing waits' }).waitFor();

  const visitor = await visit(browser, service.url);
  await visitor.open();
  await visitor.say('can I talk to a person?');
  // Nobody has touched the console since.
  await staff.getByRole('link', { name: /can I talk to a person/ }).waitFor();
  await shot(staff, 'queue-live');
  await staff.getByRole('link', { name: /can I talk to a person/ }).click();

  await staff.getByRole('button', { name: 'Take over' }).click();
  await visitor.hears('Anna is in this chat now');
  await staff.locator('#speak textarea').waitFor();
  await staff.keyboard.press('t');
  await staff.keyboard.type('Hi, this is Anna.\n');
  await visitor.hears('Hi, this is Anna.');
  expect(await visitor.chat.locator('.message.person .speaker').last().innerText()).toBe('Anna:');
  expect(await staff.locator('#speak textarea').inputValue()).toBe('');

  // What is half written survives what comes in between.
  await staff.keyboard.type('About four');
  await visitor.say('How long will I sit there?');
  await staff.locator('.transcript .visitor', { hasText: 'How long will I sit there?' }).waitFor();
  await staff.keyboard.type(' hours.');
  await shot(staff, 'conversation-live');
  await staff.keyboard.press('Enter');
  await visitor.hears('About four hours.');
  expect(await visitor.chat.locator('#typing').isVisible()).toBe(false);
  expect(await visitor.chat.locator('#who').innerText()).toBe('Anna');
  await shot(visitor.page, 'widget-person');

  // Markup is text on both sides, also where it is added to an open page.
  const markup = '<img src=x onerror=alert(1)><b>bold</b>';
  await visitor.say(markup);
  await staff.locator('.transcript .visitor', { hasText: markup }).waitFor();
  await staff.locator('#speak textarea').fill(markup);
  await staff.keyboard.press('Enter');
  await visitor.chat.locator('.message.person', { hasText: markup }).waitFor();
  expect(await staff.locator('.transcript :is(img, b)').count()).toBe(0);
  expect(await visitor.chat.locator('#log :is(img, b)').count()).toBe(0);

  await staff.getByRole('button', { name: 'Hand back' }).click();
  await visitor.hears('automated assistant again');
  expect(await visitor.chat.locator('#who').innerText()).toBe('Automated assistant');
  await visitor.say('how long does it last');
  await visitor.hears('years');
  await staff.locator('.transcript .visitor', { hasText: 'how long does it last' }).waitFor();
  expect(await staff.locator('.transcript .staff .text').allInnerTexts()).toEqual([
    'Hi, this is Anna.',
    'About four hours.',
    markup,
  ]);
  expect([...troubles, ...visitor.troubles]).toEqual([]);
  await visitor.context.close();
});

test('who has left finds the message on coming back', async () => {
  const visitor = await visit(browser, service.url);
  await visitor.open();
  await visitor.say('talk to a human please');
  await staff.goto(`${service.url}/staff`);
  await staff.getByRole('link', { name: /talk to a human/ }).click();
  await visitor.page.goto('about:blank');

  await staff.getByRole('button', { name: 'Take over' }).click();
  await staff.locator('#speak textarea').fill('We are here until six.');
  await staff.getByRole('button', { name: 'Send', exact: true }).click();
  await staff.locator('.transcript .staff', { hasText: 'We are here until six.' }).waitFor();

  await visitor.page.goto(service.url);
  await visitor.open();
  await visitor.hears('We are here until six.');
  const log = await visitor.chat.locator('#log').innerText();
  expect(log).toMatch(/talk to a human please[^]*New since you were last here[^]*We are here until six\./);
  expect(log.match(/New since you were last here/g)).toHaveLength(1);
  await shot(visitor.page, 'widget-back');
  await visitor.context.close();
});

test('without scripts both sides do the same, page by page', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const visitor = await plain.newPage();
  await visitor.goto(`${service.url}/chat`);
  await visitor.locator('#text').fill('may I speak to a human');
  await visitor.getByRole('button', { name: 'Send', exact: true }).click();
  await visitor.locator('.message.visitor').last().waitFor();

  const desk = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await staff.context().storageState(),
    viewport: { width: 390, height: 844 },
  });
  const console = await desk.newPage();
  await console.goto(`${service.url}/staff`);
  await console.getByRole('link', { name: /may I speak to a human/ }).click();
  await console.getByRole('button', { name: 'Take over' }).click();
  await console.locator('#speak textarea').fill('Of course.');
  await console.getByRole('button', { name: 'Send', exact: true }).click();
  await console.locator('.transcript .staff', { hasText: 'Of course.' }).waitFor();
  await shot(console, 'conversation-phone');

  await visitor.locator('#text').fill('half a sentence');
  await visitor.getByRole('button', { name: 'Show new messages' }).click();
  await visitor.locator('.message.person', { hasText: 'Of course.' }).waitFor();
  expect(await visitor.locator('#text').inputValue()).toBe('half a sentence');
  expect(await visitor.locator('.message.visitor').count()).toBe(1);
  await shot(visitor, 'plain-person');
  await plain.close();
  await desk.close();
});
