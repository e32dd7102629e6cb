import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser';
import type { FakeDirectLine } from '../support/fake-direct-line';
import { eventually } from '../support/eventually';
import { buildWidget, startWidgetSite, visit, type WidgetVisitor } from '../support/widget-page';
import { HOSTILE, hostileTexts } from './hostile-texts';

const built = buildWidget();
let browser: Browser;
let site: FakeDirectLine;
let visitor: WidgetVisitor;

beforeAll(async () => {
  browser = await startBrowser();
}, 300_000);
afterAll(async () => {
  await browser.close();
  built.remove();
});
beforeEach(async () => {
  site = await startWidgetSite({ folder: built.folder, bot });
  visitor = await visit(browser, site.url);
});
afterEach(async () => {
  expect(visitor.troubles).toEqual([]);
  await visitor.context.close();
  await site.close();
});

function bot(text: string) {
  if (text === 'how long?') return [{ text: 'About three to five hours.', isAnswer: true as const }];
  if (text === 'list')
    return [
      {
        text: 'I can help with:\n- sessions\n- care\n\nSee https://example.com/smp, your reference is SA-KJRQF.',
      },
    ];
  if (text === 'book') {
    return [
      {
        text: 'Here it is:\n\n- Name: Jo Example\n- Phone: +1 410 555 0134\n\nIs that right?',
        summary: [
          { label: 'Name', value: 'Jo Example', change: { title: 'Change name', value: 'change my name' } },
          {
            label: 'Phone',
            value: '+1 410 555 0134',
            change: { title: 'Change phone', value: 'change my phone' },
          },
        ],
        quickReplies: [{ title: 'Yes, send it', value: 'yes' }],
      },
    ];
  }
  return [{ text: `You said: ${text}` }];
}

test('before the first click the page asks for nothing but the script, and keeps nothing', async () => {
  const { page, context, launcher } = visitor;
  await launcher.waitFor();
  await page.mouse.wheel(0, 600);
  expect(site.requests.sort()).toEqual(['GET /', 'GET /site.css', 'GET /widget.js']);
  expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
  expect(await context.cookies()).toEqual([]);
  expect(await page.locator('iframe').count()).toBe(0);
});

test('a click brings the greeting, a question brings its answer, and there is still no cookie', async () => {
  await visitor.open();
  expect(await visitor.heard()).toEqual([expect.stringContaining('automated assistant')]);
  // What is meant for browsers without scripts does not show.
  expect(await visitor.chat.locator('body').innerText()).not.toMatch(/[<>]/);
  await visitor.say('how long dose it last');
  await visitor.hears('You said: how long dose it last');
  expect(await visitor.said()).toEqual(['how long dose it last']);
  expect(await visitor.context.cookies()).toEqual([]);
});

test('the greeting can be read before the server has begun the conversation, and stands there once', async () => {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => void (begin = resolve));
  await visitor.context.route('**/widget/token', async (route) => {
    await begun;
    await route.continue();
  });
  await visitor.launcher.click();
  await visitor.chat.locator('.message[inert]').getByText('automated assistant').waitFor();
  await visitor.say('at once');
  begin();
  await visitor.hears('You said: at once');
  expect(await visitor.chat.locator('#log .bubble').allInnerTexts()).toEqual([
    expect.stringContaining('automated assistant'),
    'at once',
    'You said: at once',
  ]);
  expect(await visitor.chat.locator('#log [inert]').count()).toBe(0);
});

test('the header says that it is automated, and links the privacy notice', async () => {
  await visitor.open();
  const header = visitor.chat.locator('header');
  expect(await header.innerText()).toMatch(/Scalp Allure\s+Automated assistant/);
  const [notice] = await Promise.all([
    visitor.context.waitForEvent('page'),
    header.getByRole('link', { name: 'Privacy' }).click(),
  ]);
  await notice.getByRole('heading', { name: 'Privacy notice of the chat' }).waitFor();
  expect(await notice.getByText('Deleted after 180 days').count()).toBe(1);
});

test('a tapped quick reply is said, and the old choices are disabled with the chosen one named', async () => {
  await visitor.open();
  await visitor.chat.getByRole('button', { name: 'Session length' }).click();
  await visitor.hears('You said: How long does one session take?');
  const choices = visitor.chat.locator('.choices button');
  expect(
    await choices.evaluateAll((buttons) => buttons.map((button) => button.matches(':disabled'))),
  ).toEqual([true, true, true]);
  await visitor.chat.getByRole('button', { name: 'Session length (chosen)' }).waitFor();
  expect(site.taken()).toEqual(['How long does one session take?']);
  await visitor.page.reload();
  await visitor.chat.getByRole('button', { name: 'Session length (chosen)' }).waitFor();
  expect(await choices.evaluateAll((all) => all.filter((one) => one.matches(':disabled')).length)).toBe(3);
});

test('the booking summary is a card with one change button a line', async () => {
  await visitor.open();
  await visitor.say('book');
  await visitor.hears('Is that right?');
  const card = visitor.chat.getByRole('group', { name: 'Your request so far' });
  expect(await card.locator('dl > div').first().innerText()).toMatch(/Name\s+Jo Example\s+Change/);
  expect((await card.innerText()).split('+1 410 555 0134')).toHaveLength(2);
  await card.getByRole('button', { name: 'Change phone (Phone)' }).click();
  await visitor.hears('You said: change my phone');
});

test('lists are lists and addresses are links that tell the other side nothing', async () => {
  await visitor.open();
  await visitor.say('list');
  await visitor.hears('I can help with');
  expect(await visitor.chat.locator('.bubble li').allInnerTexts()).toEqual(['sessions', 'care']);
  const link = visitor.chat.getByRole('link', { name: 'https://example.com/smp' });
  expect(await link.getAttribute('href')).toBe('https://example.com/smp');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  // No line ends within it.
  expect(await visitor.chat.locator('.whole').allInnerTexts()).toEqual(['SA-KJRQF']);
});

test('what is written offline waits, says so, and is sent once when the connection is back', async () => {
  await visitor.open();
  await visitor.context.setOffline(true);
  await visitor.chat.getByText('You are offline').waitFor();
  await visitor.say('are you there?');
  await visitor.chat.getByText('Waiting to be sent').waitFor();
  expect(site.taken()).toEqual([]);
  await visitor.context.setOffline(false);
  await visitor.hears('You said: are you there?');
  expect(site.taken()).toEqual(['are you there?']);
  await visitor.chat.locator('#connection').waitFor({ state: 'hidden' });
  expect(await visitor.said()).toEqual(['are you there?']);
});

test('on a slow line that is cut besides, each message says that it is under way and arrives once, in order', async () => {
  await visitor.open();
  let posts = 0;
  await visitor.page.route('**/activities', async (route) => {
    posts++;
    // The line itself: each request is two seconds under way.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    if (posts === 2) return route.abort('connectionreset');
    // Taken, and the answer lost on its way back.
    if (posts === 4) await route.fetch();
    await (posts === 4 ? route.abort('connectionreset') : route.continue());
  });
  const said = ['one', 'two', 'three'];
  const [first = '', ...rest] = said;
  await visitor.say(first);
  await visitor.chat.locator('.message.visitor').first().getByText('Sending').waitFor();
  for (const text of rest) await visitor.say(text);
  await visitor.hears('You said: two');
  site.cutStreams();
  await visitor.hears('You said: three');
  expect(site.taken()).toEqual(said);
  expect(await visitor.said()).toEqual(said);
  expect((await visitor.heard()).slice(1)).toEqual(said.map((text) => `You said: ${text}`));
  expect(posts).toBeGreaterThan(said.length);
});

test('a cut connection comes back by itself, with what was said meanwhile, nothing twice', async () => {
  await visitor.open();
  site.cutStreams();
  site.say({ text: 'While you were gone' });
  await visitor.say('and now?');
  await visitor.hears('You said: and now?');
  await visitor.hears('While you were gone');
  expect((await visitor.heard()).slice(1)).toEqual(['While you were gone', 'You said: and now?']);
  expect(site.taken()).toEqual(['and now?']);
});

test('a message that is not taken stays on the screen with a way to send it again', async () => {
  await visitor.open();
  site.nextPosts(400);
  await visitor.say('please call me');
  await visitor.chat.getByRole('button', { name: 'Not sent – try again' }).click();
  await visitor.hears('You said: please call me');
  expect(site.taken()).toEqual(['please call me']);
});

test('after a reload, and on another page, the conversation is still there', async () => {
  await visitor.open();
  await visitor.say('first visit');
  await visitor.hears('You said: first visit');
  await visitor.page.goto(`${site.url}/?another-page`);
  await visitor.open();
  await visitor.hears('You said: first visit');
  await visitor.say('second page');
  await visitor.hears('You said: second page');
  expect(await visitor.said()).toEqual(['first visit', 'second page']);
});

test('what could not be sent before the page was left is sent by the next one, below what was said before', async () => {
  await visitor.open();
  await visitor.say('first');
  await visitor.hears('You said: first');
  site.nextPosts(...Array<number>(30).fill(503));
  await visitor.say('second');
  await visitor.chat.getByText('Waiting to be sent').waitFor();
  await visitor.page.reload();
  await visitor.chat.getByText('Waiting to be sent').waitFor();
  expect(await visitor.said()).toEqual(['first', 'second']);
  // It is tried again by itself.
  site.nextPosts();
  await visitor.hears('You said: second');
  expect(await visitor.said()).toEqual(['first', 'second']);
  expect(site.taken()).toEqual(['first', 'second']);
});

test('what was said on an earlier day stands under its date', async () => {
  await visitor.open();
  await visitor.say('hello');
  await visitor.hears('You said: hello');
  expect(await visitor.chat.locator('.day').count()).toBe(0);
  const said = await visitor.chat.locator('time').first().getAttribute('datetime');
  const later = await visitor.context.newPage();
  await later.clock.install({ time: Date.parse(said ?? '') + 2 * 24 * 3600_000 });
  await later.goto(`${site.url}/chat`);
  await later.getByText('You said: hello').waitFor();
  const day = new Date(said ?? '').toLocaleDateString('en-US', {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  });
  expect(await later.locator('#log .day').allInnerTexts()).toEqual([day]);
  expect(await later.locator('#log > *').nth(1).innerText()).toBe(day);
});

test('two tabs show the same conversation', async () => {
  await visitor.open();
  const other = await visitor.context.newPage();
  await other.goto(`${site.url}/chat`);
  await other.locator('.message.bot:not([inert])').first().waitFor();
  await visitor.say('from the first tab');
  await other.getByText('You said: from the first tab').waitFor();
  expect(await other.locator('.message.visitor .bubble').allInnerTexts()).toEqual(['from the first tab']);
});

test('the conversation is kept by a secret that is no token, and the menu says until when', async () => {
  await visitor.open();
  const { chat, page } = visitor;
  const stored = await chatStorage();
  expect(Object.keys(stored)).toEqual(['enquiry-bot']);
  // `seen`, how far the visitor has read, comes with the next message at the latest.
  const { seen: _seen, ...kept } = JSON.parse(stored['enquiry-bot'] ?? '') as Record<string, unknown>;
  expect(Object.keys(kept).sort()).toEqual(['conversationId', 'resume', 'until']);
  await chat.getByRole('button', { name: 'More' }).click();
  await chat.getByText(/Kept in this browser until \w+ \d+, \d{4}\./).waitFor();
  await page.keyboard.press('Escape');
  await chat.locator('#menu-items').waitFor({ state: 'hidden' });
  expect(await visitor.launcher.getAttribute('aria-expanded')).toBe('true');
});

test('when the conversation is no longer kept, a new one begins and says so', async () => {
  await visitor.open();
  await visitor.say('remember me');
  await visitor.hears('You said: remember me');
  site.forget();
  await visitor.page.goto(`${site.url}/?later`);
  await visitor.chat.getByText('The earlier conversation has ended. This is a new one.').waitFor();
  await visitor.hears('automated assistant');
  expect(await visitor.said()).toEqual([]);
});

test('forget me: asked once, the server is told, nothing is left here, and a new chat can begin', async () => {
  await visitor.open();
  await visitor.say('my name is Jo');
  await visitor.hears('You said: my name is Jo');
  await chooseFromMenu('Forget me');
  await visitor.chat.getByRole('button', { name: 'No, keep it' }).click();
  expect(site.forgotten()).toBe(0);
  await chooseFromMenu('Forget me');
  await visitor.chat.getByRole('button', { name: 'Yes, forget me' }).click();
  await visitor.chat.getByText('Your receipt is R-1.').waitFor();
  await visitor.chat.getByText('Nothing of this chat is left in this browser').waitFor();
  expect(site.forgotten()).toBe(1);
  expect(await chatStorage()).toEqual({});
  await visitor.chat.getByRole('button', { name: 'Start a new chat' }).click();
  await visitor.hears('automated assistant');
  expect(await visitor.said()).toEqual([]);
});

test('when the server cannot be told, nothing is forgotten and the chat says so', async () => {
  await visitor.open();
  await visitor.page.route('**/widget/forget', (route) => route.abort());
  await chooseFromMenu('Forget me');
  await visitor.chat.getByRole('button', { name: 'Yes, forget me' }).click();
  await visitor.chat.getByText('Nothing has been deleted').waitFor();
  expect(Object.keys(await chatStorage())).toEqual(['enquiry-bot']);
});

test('forgotten in one tab, the conversation is gone from the other one too', async () => {
  await visitor.open();
  const other = await visitor.context.newPage();
  await other.goto(`${site.url}/chat`);
  await visitor.say('my secret');
  await other.getByText('You said: my secret').waitFor();
  await chooseFromMenu('Forget me');
  await visitor.chat.getByRole('button', { name: 'Yes, forget me' }).click();
  await other.getByText('You said: my secret').waitFor({ state: 'detached' });
  await other.locator('.message.bot:not([inert])').first().waitFor();
});

test('two tabs that open in the same instant are in one conversation', async () => {
  const tabs = await Promise.all([1, 2, 3].map(() => visitor.context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(`${site.url}/chat`)));
  await Promise.all(tabs.map((tab) => tab.locator('.message.bot:not([inert])').first().waitFor()));
  await tabs[0]?.locator('#text').fill('from the first');
  await tabs[0]?.locator('#text').press('Enter');
  for (const tab of tabs) await tab.getByText('You said: from the first').waitFor();
});

test('the chat can be taken along as a text file', async () => {
  await visitor.open();
  await visitor.say('hello');
  await visitor.hears('You said: hello');
  const [download] = await Promise.all([
    visitor.page.waitForEvent('download'),
    chooseFromMenu('Download this chat'),
  ]);
  expect(download.suggestedFilename()).toMatch(/^chat-\d{4}-\d\d-\d\d\.txt$/);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toMatch(/Assistant said: Hello! I am the clinic’s automated assistant/);
  expect(text).toMatch(/You said: hello/);
});

test('on paper the whole conversation stands in black on white, without what can be pressed', async () => {
  await visitor.open();
  for (const text of ['how long?', 'book', 'list', 'one more']) await visitor.say(text);
  await visitor.hears('You said: one more');
  // What prints is the frame, by itself.
  const page = await visitor.context.newPage();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${site.url}/chat`);
  await page.getByText('You said: one more').waitFor();
  await page.evaluate(() => {
    window.print = () => void (document.title = 'printed');
  });
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Print this chat' }).click();
  expect(await page.title()).toBe('printed');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const paper = await page.evaluate(() => {
    const log = document.getElementById('log');
    return {
      isWhole: log !== null && log.clientHeight === log.scrollHeight && log.clientHeight > innerHeight,
      heading: document.getElementById('heading')?.checkVisibility(),
      pressable: [...document.querySelectorAll('button, textarea')].filter((one) => one.checkVisibility())
        .length,
      ink: [...new Set([...document.querySelectorAll('.bubble')].map((one) => getComputedStyle(one).color))],
      paper: getComputedStyle(document.body).backgroundColor,
    };
  });
  expect(paper).toEqual({
    isWhole: true,
    heading: true,
    pressable: 0,
    ink: ['rgb(0, 0, 0)'],
    paper: 'rgb(255, 255, 255)',
  });
  // The site's own pages print without the chat.
  await visitor.page.emulateMedia({ media: 'print' });
  expect(await visitor.page.locator('enquiry-bot').isVisible()).toBe(false);
});

test('an answer can be marked as helpful or not; that is kept, and still marked after a reload', async () => {
  await visitor.open();
  await visitor.say('how long?');
  await visitor.hears('three to five hours');
  expect(await visitor.chat.locator('.thumbs').count()).toBe(1);
  const bad = visitor.chat.getByRole('button', { name: 'This did not help' });
  await bad.click();
  await visitor.chat.getByText('Thank you.').waitFor();
  // Taken by the server, without an answer to wait for.
  while (site.events().length === 0) await visitor.page.evaluate('0');
  expect(await visitor.chat.locator('#typing').isVisible()).toBe(false);
  await visitor.page.goto(`${site.url}/?again`);
  await visitor.open();
  await visitor.hears('three to five hours');
  await visitor.chat.locator('.thumbs [aria-pressed="true"][aria-label="This did not help"]').waitFor();
  expect(site.events()).toEqual([
    { name: 'feedback', value: { activityId: expect.any(String), value: 'down' } },
  ]);
  await visitor.chat.getByRole('button', { name: 'This helped' }).click();
  await visitor.chat.locator('.thumbs [aria-pressed="true"][aria-label="This helped"]').waitFor();
});

test('a photo that is dropped or pasted stays with the visitor, who is told why', async () => {
  await visitor.open();
  for (const type of ['drop', 'paste']) {
    await visitor.chat.locator('#text').evaluate((element, name) => {
      const files = new DataTransfer();
      files.items.add(new File(['x'], 'scalp.jpg', { type: 'image/jpeg' }));
      element.dispatchEvent(
        name === 'drop'
          ? new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true })
          : new ClipboardEvent(name, { clipboardData: files, bubbles: true, cancelable: true }),
      );
    }, type);
  }
  await visitor.chat.getByText('Photos and files stay with you').nth(1).waitFor();
  expect(site.taken()).toEqual([]);
});

test('every sentence of the widget comes from the clinic’s wording file', async () => {
  await visitor.open();
  const texts = await visitor.chat.locator('body').getAttribute('data-texts');
  const source = readFileSync(path.resolve(__dirname, '../../src/widget/texts.ts'), 'utf8');
  const names = [...source.matchAll(/^ {2}'(\w+)',$/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(Object.keys(JSON.parse(texts ?? ''))).toEqual(expect.arrayContaining(names));
});

test('a message of 1,000 characters is sent; a longer one is kept, counted and not sent', async () => {
  await visitor.open();
  const { chat } = visitor;
  await chat.locator('#text').fill('x'.repeat(990));
  expect(await chat.locator('#counter').innerText()).toBe('Characters left: 10');
  await chat.locator('#text').fill('x'.repeat(1003));
  expect(await chat.locator('#counter').innerText()).toBe('Too long by 3 characters');
  // Read out once the typing has paused, not at every letter.
  await chat.getByRole('status').getByText('Too long by 3 characters').waitFor({ state: 'attached' });
  await chat.locator('#text').press('Enter');
  expect(await chat.locator('#text').inputValue()).toHaveLength(1003);
  await visitor.say('x'.repeat(1000));
  await visitor.hears(`You said: ${'x'.repeat(1000)}`);
  expect(site.taken().map((text) => text.length)).toEqual([1000]);
});

test('Shift and Enter begin a new line, Enter sends all of them', async () => {
  await visitor.open();
  const text = visitor.chat.locator('#text');
  await text.fill('one');
  await text.press('Shift+Enter');
  await text.pressSequentially('two');
  await text.press('Enter');
  await visitor.hears('You said: one');
  expect(site.taken()).toEqual(['one\ntwo']);
});

test('messages that come while the chat is closed are counted on the button and in the title', async () => {
  await visitor.open();
  const title = await visitor.page.title();
  await visitor.chat.getByRole('button', { name: 'Close the chat' }).click();
  site.say({ text: 'One more thing' });
  site.say({ text: 'And another' });
  await visitor.page.getByRole('button', { name: 'Ask a question, 2 unread messages' }).waitFor();
  expect(await visitor.page.title()).toBe(`(2) ${title}`);
  await visitor.open();
  await visitor.page.getByRole('button', { name: 'Close the chat' }).first().waitFor();
  await visitor.page.waitForFunction((wanted) => document.title === wanted, title);
});

test('everything works by keyboard alone, and the focus comes back', async () => {
  const { page, launcher, chat } = visitor;
  await launcher.focus();
  await page.keyboard.press('Enter');
  await chat.locator('.message.bot:not([inert])').first().waitFor();
  await page.waitForFunction(
    `document.querySelector('enquiry-bot').shadowRoot.activeElement?.tagName === 'IFRAME'`,
  );
  await expectFocus('#text');
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await visitor.hears('You said: by keyboard');
  await page.keyboard.press('Shift+Tab');
  await expectFocus('#log');
  await page.keyboard.press('Escape');
  await chat.locator('#text').waitFor({ state: 'hidden' });
  expect(
    await page.evaluate(
      `document.querySelector('enquiry-bot').shadowRoot.activeElement.getAttribute('aria-label')`,
    ),
  ).toBe('Ask a question');

  async function expectFocus(selector: string): Promise<void> {
    await chat.locator(`${selector}:focus`).waitFor();
  }
});

test('new messages are announced politely, with who said them', async () => {
  await visitor.open();
  const log = visitor.chat.getByRole('log', { name: 'Conversation' });
  expect(await log.getAttribute('aria-live')).toBe('polite');
  await visitor.say('hello');
  await visitor.hears('You said: hello');
  // What a reader gets: the text of each added element, hidden words included, and no more.
  const read = await visitor.chat
    .locator('.message')
    .evaluateAll((all) => all.map((one) => one.textContent ?? ''));
  expect(read.slice(1)).toEqual([
    expect.stringMatching(/^You said:hello/),
    expect.stringMatching(/^Assistant said:You said: hello/),
  ]);
});

const FORBIDDEN =
  'script, img, svg, iframe, object, embed, video, audio, link, base, form, style, meta, math, input, [onerror], [onload], [onfocus], [ontoggle], [onclick]';

test('whatever is written or answered stands there as text: nothing runs, nothing is fetched', async () => {
  const elsewhere: string[] = [];
  visitor.page.on('request', (request) => {
    if (!request.url().startsWith(site.url)) elsewhere.push(request.url());
  });
  visitor.page.on('dialog', (dialog) => {
    elsewhere.push(dialog.message());
    void dialog.dismiss();
  });
  await visitor.open();
  for (const payload of HOSTILE) {
    await visitor.say(payload);
    await visitor.chat.locator('.message.visitor').last().getByText(payload, { exact: true }).waitFor();
    // The fake bot repeats it once behind "You said:" and once by itself, where a link or a list could begin.
    site.say({ text: payload });
  }
  await visitor.hears(`You said: ${HOSTILE.at(-1)}`);
  expect(await visitor.said()).toEqual(HOSTILE);
  // Nobody types 200 messages: the others come ten at a time from the visitor, and each by itself from the clinic.
  const others = hostileTexts(200).slice(HOSTILE.length);
  for (const text of others) site.say({ text });
  for (let i = 0; i < others.length; i += 10) await visitor.say(others.slice(i, i + 10).join('\n'));
  const messages = HOSTILE.length + Math.ceil(others.length / 10);
  await eventually(async () => (await visitor.said()).length === messages);
  await eventually(async () => (await visitor.heard()).length >= 1 + 2 * HOSTILE.length + others.length);
  expect(await visitor.chat.locator(`#log :is(${FORBIDDEN})`).count()).toBe(0);
  const links = await visitor.chat
    .locator('#log a')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((address) => !/^(?:https:\/\/|mailto:|tel:)/.test(address ?? ''))).toEqual([]);
  expect(elsewhere).toEqual([]);
});

async function chooseFromMenu(name: string): Promise<void> {
  await visitor.chat.getByRole('button', { name: 'More' }).click();
  await visitor.chat.locator('#menu-items').getByRole('button', { name }).click();
}

/** What the frame keeps. */
async function chatStorage(): Promise<Record<string, string>> {
  return visitor.chat
    .locator('body')
    .evaluate(() => Object.fromEntries(Object.entries(localStorage)) as Record<string, string>);
}
