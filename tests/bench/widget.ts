import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { dataFolder, startService } from '../support/start-service';
import { fetchWebChat, serveWebChat } from '../support/web-chat';

/** Each with an empty cache, in turns; the median is printed. */
const RUNS = 7;
const SLOWDOWNS = [1, 4];
const GREETING = 'automated assistant';

/**
 * Sizes, and the time from the click to the greeting, beside stock Web Chat on the same service. Loopback: what is
 * measured is the reading and running of the scripts, not the network, which would be to our advantage.
 */
export async function runWidgetBench(print: (line: string) => void): Promise<void> {
  const webChat = fetchWebChat();
  printSizes(print, webChat);
  const data = dataFolder();
  const page = await serveWebChat(webChat);
  const browser = await startBrowser();
  const service = await startService(data.folder, { WIDGET_ORIGINS: page.origin });
  page.talkTo(service.url);
  try {
    for (const slowdown of SLOWDOWNS) {
      await printTimes(print, browser, service.url, page.origin, slowdown);
    }
  } finally {
    await browser.close();
    await service.stop();
    await page.server.close();
    data.remove();
  }
}

function printSizes(print: (line: string) => void, webChat: string): void {
  const size = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;
  const own = (...names: string[]) =>
    names.reduce((sum, name) => sum + size(path.resolve('dist', 'widget', name)), 0);
  const row = (name: string, bytes: number) =>
    print(`  ${name.padEnd(38)}${(bytes / 1000).toFixed(1).padStart(8)} kB`);
  print('Sizes, gzip');
  row('this widget, on every page', own('widget.js'));
  row('this widget, a whole chat', own('widget.js', 'chat.js', 'chat.css'));
  row('Web Chat 4.18.1', size(path.join(webChat, 'webchat.js')));
  row('Web Chat 4.18.1, minimal bundle', size(path.join(webChat, 'webchat-minimal.js')));
}

async function printTimes(
  print: (line: string) => void,
  browser: Browser,
  service: string,
  webChatPage: string,
  slowdown: number,
): Promise<void> {
  const own: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    own.push(await timeToGreeting(browser, service, slowdown, 'enquiry-bot'));
    theirs.push(await timeToGreeting(browser, webChatPage, slowdown, '#web-chat'));
  }
  print(`From click to greeting, processor ${slowdown} times slower, median of ${RUNS}`);
  print(`  this widget   ${median(own).toFixed(0).padStart(6)} ms`);
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

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
