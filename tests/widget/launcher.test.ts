import type { Browser } from 'playwright-core';
import type { Route } from '../../src/http/route';
import { startBrowser } from '../support/browser';
import { startFakeDirectLine, type FakeDirectLine } from '../support/fake-direct-line';
import { buildWidget, startWidgetSite, visit } from '../support/widget-page';

const built = buildWidget();
let browser: Browser;
const open: FakeDirectLine[] = [];

beforeAll(async () => {
  browser = await startBrowser();
}, 300_000);
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(async () => {
  await browser.close();
  built.remove();
});

/** A clinic's own site, of another origin than the bot: `localhost` there, `127.0.0.1` here. */
async function startClinicSite(html: string, policy = "default-src * 'unsafe-inline'") {
  const page: Route = {
    method: 'GET',
    path: '/',
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'text/html', 'content-security-policy': policy },
      body: `<!doctype html><html lang="en"><title>Clinic</title><body><h1>Clinic</h1>${html}</body></html>`,
    }),
  };
  const server = await startFakeDirectLine({ greeting: { text: '' }, bot: () => [], routes: [page] });
  open.push(server);
  return { ...server, url: server.url.replace('127.0.0.1', 'localhost') };
}

async function startBot(origins: string[] = [], bot?: (text: string) => { text: string }[]) {
  const site = await startWidgetSite({ folder: built.folder, origins, ...(bot && { bot }) });
  open.push(site);
  return site;
}

test('one script tag is enough on a clinic site with the strictest policy', async () => {
  // The clinic's address must be known before the bot starts, and the bot's before the page is written.
  let html = '';
  let policy = '';
  const page: Route = {
    method: 'GET',
    path: '/',
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'text/html', 'content-security-policy': policy },
      body: html,
    }),
  };
  const clinic = await startFakeDirectLine({ greeting: { text: '' }, bot: () => [], routes: [page] });
  open.push(clinic);
  const origin = `http://localhost:${clinic.port}`;
  const bot = await startBot([origin]);
  policy = `default-src 'none'; script-src ${bot.url}; frame-src ${bot.url}; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'`;
  html =
    '<!doctype html><html lang="en"><title>Clinic</title><link rel="icon" href="data:,"><h1>Clinic</h1>' +
    `<script src="${bot.url}/widget.js" data-colour="#ffd400" data-position="left" async></script>`;
  const visitor = await visit(browser, origin);
  await visitor.open();
  await visitor.say('does it work here?');
  await visitor.hears('You said: does it work here?');
  expect(visitor.troubles).toEqual([]);
  const box = await visitor.page.locator('enquiry-bot .panel').boundingBox();
  expect(box?.x).toBe(20);
  // Yellow cannot carry white text.
  expect(await visitor.launcher.evaluate((button) => getComputedStyle(button).color)).toBe('rgb(0, 0, 0)');
  await visitor.context.close();
});

test('a site that is not on the list gets no chat, and its visitors a way to it', async () => {
  const bot = await startBot([]);
  const clinic = await startClinicSite(
    `<a href="#here">Clinic</a><script src="${bot.url}/widget.js" data-timeout="500"></script>`,
  );
  const visitor = await visit(browser, clinic.url, { viewport: { width: 390, height: 844 } });
  await visitor.launcher.click();
  const [chat] = await Promise.all([
    visitor.context.waitForEvent('page'),
    visitor.page.getByRole('link', { name: 'Open it in a new tab' }).click(),
  ]);
  await chat.locator('.message.bot:not([inert])').first().waitFor();
  expect(chat.url()).toBe(`${bot.url}/chat`);
  // The tab's own; the page that is not on the list had none.
  expect(bot.requests.filter((request) => request === 'POST /widget/token')).toHaveLength(1);
  // The page can be used beside it, also on a phone, and it can be put away.
  await visitor.page.getByRole('link', { name: 'Clinic' }).click();
  await visitor.launcher.click();
  await visitor.page.getByText('could not be loaded').waitFor({ state: 'hidden' });
  await visitor.context.close();
});

test('a chat that could not be loaded is tried again when it is opened again', async () => {
  const bot = await startBot();
  const context = await browser.newContext();
  await context.clock.install();
  await context.route('**/chat?**', (route) => route.abort());
  const visitor = await visit(browser, bot.url, {}, context);
  await visitor.launcher.click();
  await visitor.page.locator('enquiry-bot[data-state=loading]').waitFor({ state: 'attached' });
  await context.clock.fastForward(12_000);
  await visitor.page.getByText('could not be loaded').waitFor();
  await visitor.launcher.click();
  await context.unroute('**/chat?**');
  await visitor.open();
  expect(await visitor.page.getByText('could not be loaded').count()).toBe(0);
  await context.close();
});

test('pages may call EnquiryBot before the script has loaded, and hear of what happens', async () => {
  const bot = await startBot();
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const calls: unknown[][] = [
      ['on', 'open', () => happened.push('open')],
      ['on', 'ready', () => happened.push('ready')],
      ['send', 'from the page'],
      ['no such command'],
    ];
    const happened: unknown[] = [];
    if (window.parent !== window) return;
    Object.assign(window, { EnquiryBot: Object.assign(() => undefined, { q: calls }), happened });
    window.addEventListener('enquirybot:message', () => happened.push('message event'));
  });
  await page.goto(bot.url);
  await page.frameLocator('enquiry-bot iframe').getByText('You said: from the page').waitFor();
  expect(bot.taken()).toEqual(['from the page']);
  expect(await page.evaluate('happened')).toEqual(expect.arrayContaining(['open', 'ready', 'message event']));
  await page.evaluate(`EnquiryBot('destroy')`);
  expect(await page.locator('enquiry-bot').count()).toBe(0);
  expect(await page.evaluate('typeof EnquiryBot')).toBe('undefined');
  await page.context().close();
});

test('the chat survives a site that swaps the whole page, and can be destroyed and put there again', async () => {
  const bot = await startBot();
  const clinic = await startClinicSite('<main>First page</main>');
  const tag = { url: `${bot.url}/widget.js` };
  const page = await browser.newPage();
  await page.goto(clinic.url);
  await page.addScriptTag(tag);
  const launchers = page.locator('enquiry-bot .launch');
  await page.evaluate(() => {
    const next = document.createElement('body');
    next.innerHTML = '<main>Second page</main>';
    document.body.replaceWith(next);
  });
  await launchers.waitFor();
  await page.addScriptTag(tag);
  expect(await launchers.count()).toBe(1);
  for (let round = 0; round < 2; round++) {
    await page.evaluate(`EnquiryBot('destroy')`);
    expect(await page.locator('enquiry-bot').count()).toBe(0);
    await page.addScriptTag(tag);
    await page.evaluate(`EnquiryBot('open'); EnquiryBot('close'); EnquiryBot('toggle')`);
    expect(await launchers.count()).toBe(1);
    expect(await launchers.getAttribute('aria-expanded')).toBe('true');
  }
  await page.context().close();
});

test('a button is not moved by messages from other windows and origins, of any form', async () => {
  const bot = await startBot();
  const clinic = await startClinicSite(`<script src="${bot.url}/widget.js"></script>`);
  const visitor = await visit(browser, clinic.url);
  await visitor.launcher.click();
  await visitor.page.evaluate(() => {
    const forged = [
      { 'enquiry-bot': 1, type: 'close' },
      { 'enquiry-bot': 1, type: 'unread', count: 77 },
      { 'enquiry-bot': 1, type: 'unread', count: 'many' },
      { type: 'close' },
      'close',
      null,
      7,
    ];
    for (let round = 0; round < 1000; round++) forged.forEach((message) => window.postMessage(message, '*'));
  });
  // Queued behind all of them.
  await visitor.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(await visitor.launcher.getAttribute('aria-expanded')).toBe('true');
  expect(await visitor.page.title()).toBe('Clinic');
  await visitor.context.close();
});

test('the chat obeys only the page that its address names, and only if that is on the list', async () => {
  const bot = await startBot(['https://clinic.example']);
  const visitor = await visit(browser, `${bot.url}/`);
  for (const parent of ['https://clinic.example', 'https://stranger.example', bot.url]) {
    await visitor.page.evaluate(async (claimed) => {
      const frame = document.createElement('iframe');
      frame.className = 'forged';
      frame.src = `/chat?parent=${encodeURIComponent(claimed)}`;
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await loaded;
      frame.contentWindow?.postMessage({ 'enquiry-bot': 1, type: 'send', text: `as ${claimed}` }, '*');
    }, parent);
  }
  // The last one is true: the page is of the bot's own origin.
  await visitor.page.frameLocator('.forged').last().getByText(`You said: as ${bot.url}`).waitFor();
  expect(bot.taken()).toEqual([`as ${bot.url}`]);
  await visitor.context.close();
});

test('the embedding page can find no token anywhere it can reach', async () => {
  const clinic = await startClinicSite('');
  const bot = await startBot([clinic.url]);
  const visitor = await visit(browser, clinic.url);
  await visitor.page.addScriptTag({ url: `${bot.url}/widget.js` });
  await visitor.open();
  const reachable = await visitor.page.evaluate(() => {
    const frame = document.querySelector('enquiry-bot')?.shadowRoot?.querySelector('iframe');
    return [document.cookie, JSON.stringify(localStorage), frame?.src, frame?.name, window.name].join(' ');
  });
  expect(reachable).toContain('/chat?parent=');
  expect(reachable).not.toMatch(/token|conversation|[0-9a-f]{8}-[0-9a-f]{4}/i);
  await visitor.context.close();
});

test('on a phone the chat fills the screen, and the page under it cannot be reached', async () => {
  const bot = await startBot();
  const visitor = await visit(browser, bot.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await visitor.launcher.tap();
  await visitor.chat.locator('.message.bot:not([inert])').first().waitFor();
  expect(await visitor.page.locator('enquiry-bot iframe').boundingBox()).toEqual({
    x: 0,
    y: 0,
    width: 390,
    height: 844,
  });
  expect(await visitor.page.locator('main').getAttribute('inert')).toBe('');
  // A keyboard of 340 pixels, for which iOS has moved what is seen of the page up by 120.
  await visitor.page.evaluate(() => {
    const seen = window.visualViewport;
    if (!seen) return;
    Object.defineProperties(seen, { height: { value: 504 }, offsetTop: { value: 120 } });
    seen.dispatchEvent(new Event('resize'));
  });
  expect(await visitor.page.locator('enquiry-bot .panel').boundingBox()).toEqual({
    x: 0,
    y: 120,
    width: 390,
    height: 504,
  });
  await visitor.chat.getByRole('button', { name: 'Close the chat' }).tap();
  await visitor.launcher.waitFor();
  expect(await visitor.page.locator('main').getAttribute('inert')).toBeNull();
  await visitor.context.close();
});

test('on a phone with a notch and a home bar nothing lies under them', async () => {
  const bot = await startBot();
  const visitor = await visit(browser, bot.url, { viewport: { width: 390, height: 844 }, isMobile: true });
  const device = await visitor.context.newCDPSession(visitor.page);
  const insets = { top: 47, bottom: 34, left: 0, right: 0 };
  await device.send('Emulation.setSafeAreaInsetsOverride', { insets });
  const button = await visitor.launcher.boundingBox();
  expect((button?.y ?? 844) + (button?.height ?? 0)).toBeLessThanOrEqual(844 - insets.bottom);
  await visitor.open();
  const heading = await visitor.chat.locator('#heading').boundingBox();
  expect(heading?.y).toBeGreaterThanOrEqual(insets.top);
  const send = await visitor.chat.locator('#send').boundingBox();
  expect((send?.y ?? 844) + (send?.height ?? 0)).toBeLessThanOrEqual(844 - insets.bottom);
  await visitor.context.close();
});

test('on a phone the back button closes the chat and stays on the page', async () => {
  const bot = await startBot();
  const visitor = await visit(browser, `${bot.url}/privacy`, { viewport: { width: 390, height: 844 } });
  await visitor.page.goto(bot.url);
  await visitor.open();
  await visitor.page.goBack();
  await visitor.launcher.waitFor();
  expect(await visitor.launcher.getAttribute('aria-expanded')).toBe('false');
  expect(visitor.page.url()).toBe(`${bot.url}/`);
  // Closed by its own button, it leaves nothing in the history behind.
  await visitor.launcher.click();
  await visitor.chat.getByRole('button', { name: 'Close the chat' }).click();
  await visitor.launcher.waitFor();
  await visitor.page.waitForFunction('history.state === null');
  await visitor.page.goBack();
  expect(visitor.page.url()).toBe(`${bot.url}/privacy`);
  await visitor.context.close();
});

test('an open chat is open on the next page too, without taking the focus; a closed one is not', async () => {
  const bot = await startBot();
  const visitor = await visit(browser, bot.url);
  await visitor.open();
  await visitor.say('one');
  await visitor.hears('You said: one');
  await visitor.page.goto(`${bot.url}/?next`);
  await visitor.hears('You said: one');
  expect(await visitor.page.evaluate('document.activeElement.tagName')).toBe('BODY');
  await visitor.launcher.click();
  await visitor.page.goto(`${bot.url}/?last`);
  await visitor.launcher.waitFor();
  expect(await visitor.page.locator('enquiry-bot iframe').count()).toBe(0);
  await visitor.context.close();
});

test('a greeting shows itself once a page, keeps nothing until it is answered, and then leaves one alone', async () => {
  const bot = await startBot();
  const clinic = await startClinicSite(
    `<script src="${bot.url}/widget.js" data-greeting="Any questions?" data-greeting-after="0"></script>`,
  );
  const visitor = await visit(browser, clinic.url);
  const greeting = visitor.page.getByRole('button', { name: 'Any questions?' });
  for (let view = 0; view < 2; view++) {
    await greeting.waitFor();
    expect(await visitor.page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
    await visitor.page.reload();
  }
  await visitor.page.getByRole('button', { name: 'Close', exact: true }).click();
  await greeting.waitFor({ state: 'detached' });
  await visitor.page.reload();
  await visitor.launcher.waitFor();
  expect(await greeting.count()).toBe(0);
  await visitor.context.close();
});

test('name, logo and language are the owner’s; a logo from elsewhere is not shown', async () => {
  const clinic = await startClinicSite('', "default-src * 'unsafe-inline' data:");
  const bot = await startBot([clinic.url]);
  for (const [logo, shown] of [
    ['/logo.svg', 1],
    ['https://elsewhere.example/logo.svg', 0],
  ] as const) {
    const visitor = await visit(browser, clinic.url);
    await visitor.page.evaluate(
      ([src, image]) => {
        const script = document.createElement('script');
        Object.assign(script.dataset, {
          name: 'Dr. Example',
          logo: image,
          locale: 'ar',
          label: 'Ask',
          unreadLabel: '{count} new',
        });
        script.src = src;
        document.body.append(script);
      },
      [`${bot.url}/widget.js`, logo] as const,
    );
    await visitor.launcher.click();
    await visitor.chat.getByRole('heading', { name: 'Dr. Example' }).waitFor();
    expect(await visitor.chat.locator('.mark img').count()).toBe(shown);
    expect(await visitor.chat.locator('html').getAttribute('dir')).toBe('rtl');
    await visitor.chat.locator('.message.bot:not([inert])').first().waitFor();
    await visitor.chat.getByRole('button', { name: 'Close the chat' }).click();
    bot.say({ text: 'News' });
    await visitor.page.getByRole('button', { name: 'Ask, 1 new' }).waitFor();
    await visitor.context.close();
  }
});

test('with storage blocked the chat works as long as the page is open', async () => {
  const bot = await startBot();
  const visitor = await visit(browser, `${bot.url}/privacy`);
  // What Chromium does in a frame where it blocks third-party storage, as its private windows do for everybody.
  await visitor.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
    navigator.locks.request = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
  });
  await visitor.page.goto(bot.url);
  await visitor.open();
  await visitor.say('no storage');
  await visitor.hears('You said: no storage');
  // And it does not say that it is kept.
  await visitor.chat.getByRole('button', { name: 'More' }).click();
  await visitor.chat.getByText('Not kept: it ends when you leave this page.').waitFor();
  expect(visitor.troubles).toEqual([]);
  await visitor.context.close();
});
