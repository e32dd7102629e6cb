import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { createHttpServer, type HttpServer } from '../../src/http/create-server';
import { startBrowser } from '../support/browser';
import { dataFolder, startService } from '../support/start-service';
import { fetchWebChat } from './web-chat';

/** Each with an empty cache, in turns; the median is printed. */
const RUNS = 7;
const SLOWDOWNS = [1, 4];
const GREETING = 'automated assistant';

/**
 * Sizes, and the time from the click to the greeting, beside stock Web Chat on the same service; and Web Chat as the
 * judge of our Direct Line: it holds a conversation with a booking. Loopback: what is measured is the reading and
 * running of the scripts, not the network, which would be to our advantage.
 */
export async function runWidgetBench(print: (line: string) => void): Promise<void> {
  const webChat = fetchWebChat();
  printSizes(print, webChat);
  const data = dataFolder();
  const page = await serveWebChatPage(webChat);
  const browser = await startBrowser();
  const service = await startService(data.folder, { WIDGET_ORIGINS: page.origin });
  page.talkTo(service.url);
  try {
    for (const slowdown of SLOWDOWNS) {
      await printTimes(print, browser, service.url, webChat && page.origin, slowdown);
    }
    if (webChat) print(`Web Chat 4.18.1 as the judge: ${await bookWithWebChat(browser, page.origin)}`);
  } finally {
    await browser.close();
    await service.stop();
    await page.server.close();
    data.remove();
  }
}

function printSizes(print: (line: string) => void, webChat: string | undefined): void {
  const size = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;
  const own = (...names: string[]) =>
    names.reduce((sum, name) => sum + size(path.resolve('dist', 'widget', name)), 0);
  const row = (name: string, bytes: number) =>
    print(`  ${name.padEnd(38)}${(bytes / 1000).toFixed(1).padStart(8)} kB`);
  print('Sizes, gzip');
  row('this widget, on every page', own('widget.js'));
  row('this widget, a whole chat', own('widget.js', 'chat.js', 'chat.css'));
  if (webChat === undefined) {
    print('  Web Chat 4.18.1 could not be fetched with npm pack: it is left out.');
    return;
  }
  row('Web Chat 4.18.1', size(path.join(webChat, 'webchat.js')));
  row('Web Chat 4.18.1, minimal bundle', size(path.join(webChat, 'webchat-minimal.js')));
}

async function printTimes(
  print: (line: string) => void,
  browser: Browser,
  service: string,
  webChatPage: string | undefined,
  slowdown: number,
): Promise<void> {
  const own: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    own.push(await timeToGreeting(browser, service, slowdown, 'enquiry-bot'));
    if (webChatPage) theirs.push(await timeToGreeting(browser, webChatPage, slowdown, '#web-chat'));
  }
  print(`From click to greeting, processor ${slowdown} times slower, median of ${RUNS}`);
  print(`  this widget   ${median(own).toFixed(0).padStart(6)} ms`);
  if (theirs.length === 0) return;
  print(`  Web Chat      ${median(theirs).toFixed(0).padStart(6)} ms`);
  print(`  ${(median(theirs) / median(own)).toFixed(1)} times as quick`);
}

async function timeToGreeting(
  browser: Browser,
  url: string,
  slowdown: number,
  chat: string,
): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(`(${buttonOf})(${JSON.stringify(chat)})`);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const time = await page.evaluate<number>(
    `(${clickAndWait})(${JSON.stringify(chat)}, ${JSON.stringify(GREETING)})`,
  );
  await context.close();
  return time;
}

/** In the page: the launcher of ours, or the button of the page with Web Chat on it. */
const buttonOf = `(chat) => chat === '#web-chat'
  ? document.querySelector('button')
  : document.querySelector(chat)?.shadowRoot.querySelector('.launch')`;

/** In the page: milliseconds from the click until the greeting is painted. Our frame is of the page's own origin here. */
const clickAndWait = `(chat, greeting) => new Promise((resolve) => {
  const text = () => {
    if (chat === '#web-chat') return document.querySelector(chat).textContent;
    const frame = document.querySelector(chat).shadowRoot.querySelector('iframe');
    return [...(frame?.contentDocument?.querySelectorAll('.message.bot') ?? [])].map((one) => one.textContent).join();
  };
  const started = performance.now();
  (${buttonOf})(chat).click();
  const look = () => {
    if (text().includes(greeting)) requestAnimationFrame(() => resolve(performance.now() - started));
    else requestAnimationFrame(look);
  };
  look();
})`;

/** A page whose button loads Web Chat, asks the service for a token and shows the chat: what its own manual says. */
async function serveWebChatPage(
  bundles: string | undefined,
): Promise<{ server: HttpServer; origin: string; talkTo: (url: string) => void }> {
  let service = '';
  const html = () => `<!doctype html><html lang="en"><title>Web Chat</title><button>Chat</button>
    <div id="web-chat" style="height:600px"></div><script>
    document.querySelector('button').onclick = () => {
      const script = document.createElement('script');
      script.src = 'webchat.js';
      script.onload = async () => {
        const answer = await fetch('${service}/widget/token', { method: 'POST' });
        const { token } = await answer.json();
        const directLine = WebChat.createDirectLine({ token, domain: '${service}/v3/directline' });
        WebChat.renderWebChat({ directLine }, document.getElementById('web-chat'));
      };
      document.body.append(script);
    };
    </script>`;
  const script = bundles === undefined ? '' : readFileSync(path.join(bundles, 'webchat.js'));
  const answer = (type: string, body: () => string | Buffer) => async () => ({
    status: 200,
    headers: {
      'content-type': type,
      'content-security-policy': "default-src * 'unsafe-inline' 'unsafe-eval' data: blob:",
    },
    body: body(),
  });
  const server = createHttpServer({
    routes: [
      { method: 'GET', path: '/', handle: answer('text/html', html) },
      { method: 'GET', path: '/webchat.js', handle: answer('text/javascript', () => script) },
    ],
    upgrades: [],
    trustProxy: [],
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const { port } = await server.listen(0, '127.0.0.1');
  return { server, origin: `http://127.0.0.1:${port}`, talkTo: (url) => void (service = url) };
}

/** The last thing it heard, or what went wrong. */
async function bookWithWebChat(browser: Browser, url: string): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Chat' }).click();
  await heard(page, GREETING);
  const steps: [string, string][] = [
    ['how long dose one sesion take', '3 to 5 hours'],
    ['I want to book a consultation', 'all right?'],
    ['yes', 'name'],
    ['Jo Example', 'reach you'],
    ['410 555 0134', 'day and time'],
    ['next tuesday afternoon', 'know beforehand'],
    ['skip', '(410) 555-0134'],
    ['yes, send it', 'reference'],
  ];
  for (const [text, wanted] of steps) {
    const box = page.locator('[data-id="webchat-sendbox-input"]');
    await box.fill(text);
    await box.press('Enter');
    await heard(page, wanted);
  }
  const failed = await page.getByText('Send failed').count();
  await context.close();
  return failed === 0
    ? `booked to the end, ${steps.length} messages, none failed`
    : `${failed} messages failed`;
}

/** Its messages stand in the page twice, once for screen readers; either tells that it has come. */
async function heard(page: Page, words: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.getElementById('web-chat')?.textContent?.includes(wanted),
    words,
    { timeout: 30_000 },
  );
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
