import { readFileSync } from 'node:fs';
import { createTeachingStore } from '../../src/storage/teaching-store';
import { type ConsoleInBrowser, startConsoleInBrowser } from '../support/console-in-browser';
import { bookingRequest, keepConversation } from '../support/staff-console';

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
  '/staff/data/due?what=transcripts&when=week',
  '/staff/accounts',
  '/staff/audit?check',
  '/staff/me',
  '/staff/conversations/none',
];

let desk: ConsoleInBrowser;

beforeAll(async () => {
  desk = await startConsoleInBrowser({
    entries: () => [{ id: 'pain', title: 'Pain and numbing' }],
    contactPromise: () => ({ hours: 0 }),
  });
  await keepConversation(desk.database, {
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
  await desk.site.review.addNote('talk', 'Rang twice.', BY);
  await desk.site.review.setTag('talk', 'vip', true, BY);
  await desk.site.review.saveView({ name: 'To do', query: 'show=waiting' }, BY);
  const draft = { entry: 'gift-cards', title: 'Gift cards', phrasings: ['gift cards'], answer: 'Yes.' };
  await createTeachingStore(desk.database).addDraft(draft, BY);
  await createTeachingStore(desk.database).add({ text: 'ouchy', entry: 'pain' }, BY);
}, 120_000);

afterAll(() => desk.close());

test.each([
  ['on a desktop', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' as const }],
  [
    'on the narrowest phone, in the dark',
    { viewport: { width: 320, height: 740 }, colorScheme: 'dark' as const },
  ],
])(
  'every page passes every rule of axe, with all details open and nothing wider than the screen, %s',
  async (_how, look) => {
    // The policy lets no script of ours in from here either.
    const { page, context } = await desk.window('admin', { ...look, bypassCSP: true });
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
