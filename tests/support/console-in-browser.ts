import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { StaffConsoleParts } from '../../src/staff/console';
import type { Role } from '../../src/staff/ports';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { startBrowser } from './browser';
import { sqlitePlace } from './databases';
import { startConsole, type StaffConsole } from './staff-console';

/** The console on a database of its own, and a real Chromium to look at it with. */
export interface ConsoleInBrowser {
  database: Database;
  site: StaffConsole;
  browser: Browser;
  /** A window of a member of this role who has signed in. */
  window: (role: Role, look?: BrowserContextOptions) => Promise<{ page: Page; context: BrowserContext }>;
  close: () => Promise<void>;
}

export async function startConsoleInBrowser(
  settings: Partial<StaffConsoleParts> = {},
): Promise<ConsoleInBrowser> {
  const place = await sqlitePlace();
  const database = await openDatabase(place.url);
  const site = await startConsole(database, settings);
  const browser = await startBrowser();
  return {
    database,
    site,
    browser,
    async window(role, look = {}) {
      const member = await site.member(role, `${role}-${randomUUID()}@clinic.test`);
      const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: site.url, ...look });
      await context.addCookies([{ name: 'sid', value: member.cookies.get('sid') ?? '', url: site.url }]);
      return { context, page: await context.newPage() };
    },
    async close() {
      await browser.close();
      await site.close();
      await database.close();
      await place.remove();
    },
  };
}
