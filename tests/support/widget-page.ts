import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  FrameLocator,
  Locator,
  Page,
} from 'playwright-core';
import { parse } from 'yaml';
import type { Clinic } from '../../src/answers/knowledge';
import { createWebPages, type WebPagesOptions } from '../../src/channels/web/web-pages';
import type { Say } from '../../src/conversation/reply';
import { makeSay } from '../../src/conversation/say';
import type { Route } from '../../src/http/route';
import { startFakeDirectLine, type FakeBot, type FakeDirectLine, type FakeReply } from './fake-direct-line';
import { createMemoryTurns, type MemoryTurns } from './memory-turns';

/** Builds what browsers load, as `npm start` does, into a folder of the test's own. */
export function buildWidget(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'widget-'));
  execFileSync(process.execPath, [path.resolve(__dirname, '../../src/cli/build-widget.mjs'), folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const TEST_CLINIC: Clinic = {
  name: 'Scalp Allure',
  location: 'Maryland, USA',
  timeZone: 'America/New_York',
  country: 'US',
  details: new Map(),
  unknown: [],
  consent: {
    version: '2026-11-01',
    text: 'The clinic keeps your name and contact details to answer your enquiry.',
  },
  privacyUrl: '',
  retention: { unfinishedChats: 30, transcripts: 180, requests: 730 },
  contactWithinHours: 24,
};

const GREETING: FakeReply = {
  text: 'Hello! I am the clinic’s automated assistant. What would you like to know?',
  quickReplies: [
    { title: 'What is SMP?', value: 'What is SMP?' },
    { title: 'Session length', value: 'How long does one session take?' },
    { title: 'Book a consultation', value: 'I want to book' },
  ],
};

/** The widget's sentences as shipped; the clinic's other ones have variables in them that nobody fills here. */
export function shippedWidgetWording(): Say {
  const file = path.resolve(__dirname, '../../knowledge/wording.yaml');
  const { widget } = parse(readFileSync(file, 'utf8')) as { widget: Record<string, string> };
  return makeSay(new Map(Object.entries(widget).map(([name, text]) => [`widget.${name}`, text])));
}

/** Everything that the pages need; the page without scripts talks to a bot that says back what it hears. */
export function pagesOf(
  folder: string,
  options: { origins?: string[]; memory?: MemoryTurns; plain?: Partial<WebPagesOptions['plainChat']> } = {},
): Route[] {
  const { turns, log } = options.memory ?? createMemoryTurns();
  const say = shippedWidgetWording();
  return createWebPages({
    clinic: () => TEST_CLINIC,
    say: () => say,
    origins: options.origins ?? [],
    assetsFolder: folder,
    plainChat: {
      turns,
      log,
      greeting: () => [GREETING],
      signingKey: randomBytes(32),
      clock: Date.now,
      monotonic: () => performance.now(),
      randomBytes,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      ...options.plain,
    },
  });
}

/** The real pages and the real widget on a fake bot, which repeats what it hears unless told otherwise. */
export async function startWidgetSite(options: {
  folder: string;
  bot?: FakeBot;
  origins?: string[];
  routes?: Route[];
}): Promise<FakeDirectLine> {
  return startFakeDirectLine({
    greeting: GREETING,
    bot: options.bot ?? ((text) => [{ text: `You said: ${text}` }]),
    routes: [...pagesOf(options.folder, { origins: options.origins ?? [] }), ...(options.routes ?? [])],
  });
}

/** A visitor on a page with the widget. */
export interface WidgetVisitor {
  page: Page;
  context: BrowserContext;
  chat: FrameLocator;
  launcher: Locator;
  messages: Locator;
  /** Presses the launcher, unless the chat is open already, and waits for the greeting. */
  open: () => Promise<void>;
  say: (text: string) => Promise<void>;
  /** Waits until the bot has said it. */
  hears: (text: string) => Promise<void>;
  /** What the bot said, in order. */
  heard: () => Promise<string[]>;
  /** What stands on the screen as said by the visitor, in order. */
  said: () => Promise<string[]>;
  /** Script errors and violations of the Content-Security-Policy, which no test may cause. */
  troubles: string[];
}

/** What stands on the screen is measured where it stands: pages move for the eye only, and tests do not wait for that. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepared?: BrowserContext,
): Promise<WidgetVisitor> {
  const context = prepared ?? (await browser.newContext({ reducedMotion: 'reduce', ...options }));
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      troubles.push(message.text());
    }
  });
  await page.goto(url);
  const chat = page.frameLocator('enquiry-bot iframe');
  const texts = (side: string) => chat.locator(`.message.${side} .bubble`).allInnerTexts();
  return {
    page,
    context,
    chat,
    launcher: page.locator('enquiry-bot .launch'),
    messages: chat.locator('.message'),
    open: async () => {
      const launcher = page.locator('enquiry-bot .launch');
      if ((await launcher.getAttribute('aria-expanded')) === 'false') await launcher.click();
      await chat.locator('.message.bot:not([inert])').first().waitFor();
    },
    say: async (text) => {
      await chat.locator('#text').fill(text);
      await chat.locator('#text').press('Enter');
    },
    hears: (text) => chat.locator('.message.bot', { hasText: text }).first().waitFor(),
    heard: () => texts('bot'),
    said: () => texts('visitor'),
    troubles,
  };
}
