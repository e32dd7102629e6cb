import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { openDatabase } from '../../src/storage/open-database';
import type { Database } from '../../src/storage/open-database';
import { createTeachingStore } from '../../src/storage/teaching-store';
import { startBrowser } from '../support/browser';
import { sqlitePlace } from '../support/databases';
import { bookingRequest, keepConversation, startConsole } from '../support/staff-console';
import type { StaffConsole } from '../support/staff-console';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const AT = '2026-03-02T14:30:00.000Z';
const BY = { at: AT, actor: 'ann@clinic.test' };

const PATHS = [
  '/staff',
  '/staff/conversations',
  '/staff/conversations?show=waiting',
  '/staff/conversations?tag=nothing',
  '/staff/conversations/talk',
  '/staff/conversations/talk/revealed',
  '/staff/requests',
  '/staff/requests?status=overdue',
  '/staff/requests/SA-7K4Q2',
  '/staff/requests/SA-7K4Q2/revealed',
  '/staff/teach',
  '/staff/teach/draft?text=gift+cards',
  '/staff/teach/preview?text=gift+cards&entry=pain',
  '/staff/insight',
  '/staff/data?find=SA-7K4Q2',
  '/staff/accounts',
  '/staff/audit?check',
  '/staff/me',
  '/staff/conversations/none',
];

let database: Database;
let removeDatabase: () => Promise<void>;
let site: StaffConsole;
let browser: Browser;

beforeAll(async () => {
  const place = await sqlitePlace();
  removeDatabase = place.remove;
  database = await openDatabase(place.url);
  site = await startConsole(database, {
    entries: () => [{ id: 'pain', title: 'Pain and numbing' }],
    contactPromise: () => ({ hours: 0 }),
  });
  await keepConversation(database, {
    id: 'talk',
    at: AT,
    turns: [
      {
        said: 'do you sell gift cards',
        review: 'unanswered',
        decision: { decision: 'none', step: 'fall-back' },
      },
      {
        said: 'does it hurt, call me on 410 555 0134',
        offered: ['Yes', 'No'],
        decision: {
          decision: 'answer',
          entry: 'pain',
          confidence: 0.9,
          candidates: [{ entry: 'pain', topic: 'pain', confidence: 0.9 }],
        },
        request: bookingRequest({ note: 'Mornings only' }),
      },
    ],
  });
  await site.review.addNote('talk', 'Rang twice.', BY);
  await site.review.setTag('talk', 'vip', true, BY);
  await site.review.saveView({ name: 'To do', query: 'show=waiting' }, BY);
  const draft = { entry: 'gift-cards', title: 'Gift cards', phrasings: ['gift cards'], answer: 'Yes.' };
  await createTeachingStore(database).addDraft(draft, BY);
  await createTeachingStore(database).add({ text: 'ouchy', entry: 'pain' }, BY);
  browser = await startBrowser();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
  await database.close();
  await removeDatabase();
});

test.each([
  ['on a desktop', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' as const }],
  ['on a phone, in the dark', { viewport: { width: 375, height: 740 }, colorScheme: 'dark' as const }],
])(
  'every page passes every rule of axe, with all details open and nothing wider than the screen, %s',
  async (_how, look) => {
    const member = await site.member('admin', `admin-${look.colorScheme}@clinic.test`);
    // The policy lets no script of ours in from here either.
    const context = await browser.newContext({ ...look, baseURL: site.url, bypassCSP: true });
    await context.addCookies([{ name: 'sid', value: member.cookies.get('sid') ?? '', url: site.url }]);
    const page = await context.newPage();
    const wrong: string[] = [];
    for (const path of [...PATHS, '/staff/sign-in']) {
      await page.goto(path);
      await page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })",
      );
      await page.evaluate(AXE);
      const found: string[] = await page.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
      );
      wrong.push(...found.map((violation) => `${path}: ${violation}`));
      const width: number = await page.evaluate('document.documentElement.scrollWidth');
      if (width > look.viewport.width) wrong.push(`${path} is ${width} wide`);
    }
    expect(wrong).toEqual([]);
    await context.close();
  },
  180_000,
);
