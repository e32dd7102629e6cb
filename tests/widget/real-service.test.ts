import { randomInt } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createHttpServer, type HttpServer } from '../../src/http/create-server';
import { startBrowser } from '../support/browser';
import { startCuttingProxy } from '../support/cutting-proxy';
import { dataFolder, type RunningService, startService } from '../support/start-service';
import { visit, type WidgetVisitor } from '../support/widget-page';

/** The built service, its shipped knowledge and a real browser: what a visitor of a clinic's page meets. */

const data = dataFolder();
let browser: Browser;
let service: RunningService;
let clinic: ClinicSite;

beforeAll(async () => {
  clinic = await startClinicSite();
  [browser, service] = await Promise.all([
    startBrowser(),
    startService(data.folder, { WIDGET_ORIGINS: clinic.listed }),
  ]);
  clinic.embed(service.url);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await service.kill();
  await clinic.server.close();
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

test('a whole booking by keyboard alone, and every message is read out once, with who said it', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  await listenLikeAScreenReader(context);
  const page = await context.newPage();
  await page.goto(service.url);
  const chat = page.frameLocator('enquiry-bot iframe');
  const focusedInPage = () => page.evaluate('document.activeElement.tagName');
  await press(page, 'Tab', async () => (await focusedInPage()) === 'ENQUIRY-BOT');
  await page.keyboard.press('Enter');
  await chat.locator('.message.bot:not([inert])').first().waitFor();
  await chat.locator('#text:focus').waitFor();

  const bot = chat.locator('.message.bot');
  const answered = async (act: () => Promise<void>) => {
    const before = await bot.count();
    await act();
    await bot.nth(before).waitFor();
  };
  const type = (text: string) =>
    answered(async () => {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    });
  const choose = (name: string) =>
    answered(async () => {
      const choice = chat.locator('.choices').last().getByRole('button', { name, exact: true });
      await press(page, 'Shift+Tab', () => choice.evaluate((button) => button.matches(':focus')));
      await page.keyboard.press('Enter');
      await chat.locator('#text:focus').waitFor();
    });

  await type('I want to book a consultation');
  await choose('Yes');
  await type('Jo Example');
  await type('12');
  await type('410 555 0134');
  await type('next tuesday afternoon');
  await choose('Skip');
  await choose('Send it');
  await bot
    .last()
    .getByText(/reference/i)
    .waitFor();

  const { heard, shown } = await chat.locator('body').evaluate(() => ({
    heard: (window as unknown as { heard: string[] }).heard,
    shown: [...document.querySelectorAll('.message')].map((message) => ({
      speaker: message.querySelector('.for-readers')?.textContent ?? '',
      words: [...message.querySelectorAll('.bubble :is(p, li, dt, dd:not(:has(button)))')].map(
        (part) => part.textContent ?? '',
      ),
    })),
  }));
  const messages = heard.filter((words) => /^(You|Assistant) said:/.test(words));
  expect(messages).toHaveLength(shown.length);
  for (const [index, { speaker, words }] of shown.entries()) {
    for (const part of [speaker, ...words]) expect(messages[index]).toContain(part.trim());
  }
  expect(messages.filter((words) => words.startsWith('You said: Jo Example'))).toHaveLength(1);
  const card = messages.findIndex((words) => words.includes('(410) 555-0134') && words.includes('Name'));
  expect(messages[card]).toMatch(/^Assistant said: .*Name Jo Example Change name.*Phone/s);
  // The choices are read after the question they belong to.
  expect(heard[heard.indexOf(messages[card] ?? '') + 1]).toMatch(/^Send it Add email Add a note/);

  await page.keyboard.press('Escape');
  await page.waitForFunction(
    `document.querySelector('enquiry-bot').shadowRoot.activeElement?.getAttribute('aria-expanded') === 'false'`,
  );
  await context.close();
});

test('the service is killed and started again in mid-booking, and the visitor just goes on', async () => {
  const own = dataFolder();
  let mortal = await startService(own.folder);
  const { port } = new URL(mortal.url);
  const context = await browser.newContext();
  await shortenPauses(context, 10);
  const visitor = await visit(browser, mortal.url, {}, context);
  await visitor.open();
  await visitor.say('I want to book a consultation');
  await visitor.chat.locator('.choices').last().getByRole('button', { name: 'Yes' }).click();
  await visitor.hears('What name');
  await visitor.say('Jo Example');
  await visitor.hears('reach you');
  await mortal.kill();
  await visitor.say('410 555 0134');
  await visitor.chat.getByText('Waiting to be sent').waitFor();
  mortal = await startService(own.folder, { PORT: port });
  await visitor.hears('Which day');
  await visitor.page.goto(`${mortal.url}/?another`);
  await visitor.hears('Which day');
  expect((await visitor.said()).filter((text) => text === '410 555 0134')).toHaveLength(1);
  expect(visitor.troubles).toEqual([]);
  await visitor.context.close();
  await mortal.kill();
  own.remove();
}, 60_000);

test('200 cuts at random bytes while messages flow: nothing lost, nothing doubled, the order kept', async () => {
  const proxy = await startCuttingProxy(Number(new URL(service.url).port));
  const context = await browser.newContext();
  await shortenPauses(context, 500);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${proxy.port}/chat`);
  await page.locator('.message.bot:not([inert])').first().waitFor();
  // Within a handshake, within an answer, within a frame of the stream, between frames.
  proxy.cutAfter(() => randomInt(1, randomInt(4) === 0 ? 20_000 : 2_000));
  const settled = proxy.cuts();
  proxy.cut();
  const opened = proxy.cuts() - settled;
  const wanted: string[] = [];
  for (let count = 0; proxy.cuts() - opened < 200; count++) {
    const text = `what is smp ${count}`;
    wanted.push(text);
    const before = await page.locator('.message.bot').count();
    await page.locator('#text').fill(text);
    await page.locator('#text').press('Enter');
    // One after the other, or two at once.
    if (count % 2 === 0) await page.locator('.message.bot').nth(before).waitFor();
  }
  proxy.cutAfter(() => Infinity);
  await page.waitForFunction(
    ([selector, count]) => document.querySelectorAll(String(selector)).length >= Number(count),
    ['.message.bot', wanted.length + 1] as const,
  );
  const shown = () => page.locator('.message.visitor .bubble').allInnerTexts();
  expect(await shown()).toEqual(wanted);
  expect(await page.locator('.message.bot').count()).toBe(wanted.length + 1);
  expect(await keptOf(page, service.url)).toEqual(wanted);
  // And all of it is there again for whoever comes back.
  await page.reload();
  await page
    .locator('.message.visitor')
    .nth(wanted.length - 1)
    .waitFor();
  expect(await shown()).toEqual(wanted);
  await context.close();
  await proxy.close();
}, 120_000);

test('from click to answer nothing on the page moves, and no task takes longer than 50 ms', async () => {
  const { shifts, longest } = await measureOpening();
  expect(shifts).toBe(0);
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThanOrEqual(50);
});

test('on a site with the strictest policy a booking begins without one violation', async () => {
  const visitor = await visit(browser, clinic.listed);
  await visitor.open();
  await visitor.say('I want to book');
  await visitor.chat.locator('.choices').last().getByRole('button', { name: 'Yes' }).waitFor();
  expect(visitor.troubles).toEqual([]);
  expect(await visitor.context.cookies()).toEqual([]);
  await visitor.context.close();
});

test('a site that is not on the list gets neither frame nor token', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(clinic.stranger);
  await page.locator('enquiry-bot .launch').click();
  await page.getByRole('link', { name: 'Open it in a new tab' }).waitFor();
  expect(await page.frameLocator('enquiry-bot iframe').locator('#text').count()).toBe(0);
  const token = await fetch(`${service.url}/widget/token`, {
    method: 'POST',
    headers: { origin: clinic.stranger, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(token.status).toBe(403);
  await context.close();
});

/** The client's pauses between attempts, so many times as short: a test need not wait for them. */
async function shortenPauses(context: BrowserContext, times: number): Promise<void> {
  await context.addInitScript((factor) => {
    const wait = window.setTimeout.bind(window);
    const quick = (work: () => void, ms = 0) => wait(work, ms / factor);
    window.setTimeout = quick as typeof window.setTimeout;
  }, times);
}

/** Presses the key until it is so; 60 times at most. */
async function press(page: Page, key: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key);
    if (await isSo()) return;
  }
  throw new Error(`60 times ${key} did not get there.`);
}

/** Collects in the chat's `window.heard` what a polite live region has a screen reader say. */
async function listenLikeAScreenReader(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (!location.pathname.endsWith('/chat')) return;
    const heard: string[] = [];
    Object.assign(window, { heard });
    const speak = (node: Node): string => {
      if (node instanceof Text) return node.data.trim();
      if (!(node instanceof HTMLElement) || node.hidden) return '';
      if (node.matches('[aria-hidden="true"], [aria-live="off"], [inert], noscript')) return '';
      // Words that are links or kept together are read on without a pause.
      if (node.matches('p, li')) return node.innerText.trim();
      return node.ariaLabel && node.matches('button')
        ? node.ariaLabel
        : [...node.childNodes].map(speak).filter(Boolean).join(' ');
    };
    document.addEventListener('DOMContentLoaded', () => {
      const log = document.getElementById('log');
      if (!log) return;
      new MutationObserver((changes) => {
        for (const { addedNodes, target } of changes) {
          const live = target instanceof Element ? target.closest('[aria-live]') : null;
          if (live?.getAttribute('aria-live') !== 'polite') continue;
          for (const node of addedNodes) heard.push(speak(node));
        }
      }).observe(log, { childList: true, subtree: true });
    });
  });
}

/** What the service has kept of the visitor's messages, in order. */
async function keptOf(page: Page, url: string): Promise<string[]> {
  const kept = await page.evaluate(() => localStorage.getItem('enquiry-bot'));
  const { resume, conversationId } = JSON.parse(kept ?? '{}') as { resume: string; conversationId: string };
  const issued = await fetch(`${url}/widget/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resume }),
  });
  const { token } = (await issued.json()) as { token: string };
  const texts: string[] = [];
  for (let watermark = ''; ;) {
    const answer = await fetch(
      `${url}/v3/directline/conversations/${conversationId}/activities?watermark=${watermark}`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    const set = (await answer.json()) as {
      activities: { type: string; text?: string; from: { role: string } }[];
      watermark: string;
    };
    if (set.activities.length === 0) return texts;
    for (const { type, text, from } of set.activities) {
      if (type === 'message' && from.role === 'user') texts.push(text ?? '');
    }
    watermark = set.watermark;
  }
}

/**
 * Opens the chat and asks something: how much the layout shifted, in page and frame together, and the longest task of
 * their threads in milliseconds of processor time, which does not count what else the machine is busy with.
 */
async function measureOpening(): Promise<{ shifts: number; longest: number }> {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const seen = { shifts: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value = 0, hadRecentInput } = entry as PerformanceEntry & {
          value?: number;
          hadRecentInput?: boolean;
        };
        if (!hadRecentInput) seen.shifts += value;
      }
    }).observe({ type: 'layout-shift' });
  });
  const visitor: WidgetVisitor = await visit(browser, service.url, {}, context);
  await visitor.launcher.waitFor();
  await browser.startTracing(visitor.page, { categories: ['toplevel', '__metadata'] });
  await visitor.open();
  await visitor.say('how long does one session take');
  await visitor.hears('3 to 5 hours');
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const shifts = await Promise.all(
    visitor.page
      .frames()
      .map((frame) => frame.evaluate(() => (window as unknown as { seen: { shifts: number } }).seen.shifts)),
  );
  await context.close();
  return { shifts: shifts.reduce((sum, shift) => sum + shift, 0), longest: longestTask(trace.traceEvents) };
}

/** One entry of Chromium's trace; `tdur` is in microseconds of the thread's processor time. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  tdur?: number;
  args?: { name?: string };
}

function longestTask(events: TraceEvent[]): number {
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread),
  );
  const tasks = events.filter((event) => main.has(thread(event))).map(({ tdur = 0 }) => tdur);
  return Math.max(0, ...tasks) / 1000;
}

interface ClinicSite {
  server: HttpServer;
  /** The same page under two origins: one that the service's list has, and one that it has not. */
  listed: string;
  stranger: string;
  /** Puts the widget of this service on it. */
  embed: (url: string) => void;
}

async function startClinicSite(): Promise<ClinicSite> {
  let bot = '';
  const page = () =>
    '<!doctype html><html lang="en"><title>Clinic</title><link rel="icon" href="data:,"><h1>Clinic</h1>' +
    `<script src="${bot}/widget.js" data-timeout="3000" async></script>`;
  const policy = () =>
    `default-src 'none'; script-src ${bot}; frame-src ${bot}; img-src data:; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'";
  const server = createHttpServer({
    routes: [
      {
        method: 'GET',
        path: '/',
        handle: async () => ({
          status: 200,
          headers: { 'content-type': 'text/html', 'content-security-policy': policy() },
          body: page(),
        }),
      },
    ],
    upgrades: [],
    trustProxy: [],
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const { port } = await server.listen(0, '127.0.0.1');
  return {
    server,
    listed: `http://localhost:${port}`,
    stranger: `http://127.0.0.1:${port}`,
    embed: (url) => void (bot = url),
  };
}
