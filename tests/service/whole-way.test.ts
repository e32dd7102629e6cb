import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { type RunningService, dataFolder, startService } from '../support/start-service';
import { type WidgetVisitor, visit } from '../support/widget-page';

/** The product's first sentence, on the built service in a real browser: ask, book, be found by staff. */

const data = dataFolder();
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  service = await startService(data.folder);
  browser = await startBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.kill();
  data.remove();
});

const WHAT_IT_IS = /microneedles/;
const NOT_TATTOOING = /not the same as tattooing/;
const SESSION_LENGTH = /3 to 5 hours/;
const LONGEVITY = /couple of years.*touch-ups/s;

test.each<[string, RegExp, string[]]>([
  [
    'what SMP is',
    WHAT_IT_IS,
    [
      'what is smp',
      'Whats scalp micropigmentaton exactly?',
      'wat is smp',
      'hi there, could you tell me what SMP is please',
      'explain scalp micro pigmentation to me',
    ],
  ],
  [
    'how it differs from tattooing',
    NOT_TATTOOING,
    [
      'is it a tattoo?',
      'how is this diffrent from a tatoo',
      'so its basically just a tattoo on my head right',
      'SMP vs tattoo',
      "what's the difference between smp and normal tattooing",
    ],
  ],
  [
    'how long a session takes',
    SESSION_LENGTH,
    [
      'how long does one session take',
      'how long is a sesion',
      'How many hours will I be in the chair?',
      'hello! quick question, how long does a session last? thanks so much',
      'session length',
    ],
  ],
  [
    'how long it lasts',
    LONGEVITY,
    [
      'how long does it last',
      'how lng does it last',
      'is it permanent?',
      'Will it wear off after a few years?',
      'do i need touch ups later',
    ],
  ],
])(
  'a visitor who asks %s, in five ways, gets the approved answer',
  async (_name, answer, ways) => {
    const visitor = await visit(browser, service.url);
    await visitor.open();
    for (const question of ways) {
      expect([question, await ask(visitor, question)]).toEqual([question, expect.stringMatching(answer)]);
    }
    await visitor.context.close();
  },
  60_000,
);

test('what is not approved is said plainly and can be passed on; a health question never gets a yes', async () => {
  const visitor = await visit(browser, service.url);
  await visitor.open();
  for (const question of ['how much is it', 'does it hurt']) {
    const reply = await ask(visitor, question);
    expect(reply).toContain('no approved answer');
    expect(reply).toContain('Shall I pass your question on');
    expect(reply).not.toMatch(/\$|\d+ dollars|painless/);
  }
  const health = await ask(visitor, 'I have lupus, can I get it');
  expect(health).toMatch(/your doctor and the clinic/);
  expect(health).not.toMatch(/suited|suits|\byes, /i);
  expect(await ask(visitor, 'florbing the wizzle snarks')).toMatch(/no approved answer/);
  await visitor.context.close();
}, 60_000);

test('a whole booking in the widget, with a question in the middle, is found by staff in the console', async () => {
  const visitor = await visit(browser, service.url);
  await visitor.open();
  await ask(visitor, 'I would like to book a consultation');
  await ask(visitor, 'yes');
  await ask(visitor, 'Ann Lee');
  const middle = await ask(visitor, 'how long does a session take?');
  expect(middle).toMatch(SESSION_LENGTH);
  await ask(visitor, '410 555 0134');
  await ask(visitor, 'a tuesday afternoon');
  await ask(visitor, 'skip');
  const sent = await ask(visitor, 'send it');
  const [reference] = /SA-\w{5}/.exec(sent) ?? [''];
  expect(reference).not.toBe('');
  await visitor.context.close();

  const staff = await (await browser.newContext()).newPage();
  await staff.goto(service.setupLink() ?? '');
  await staff.fill('#email', 'office@clinic.example');
  await staff.fill('#password', 'seven quiet lamps glow');
  await staff.click('main button');
  await staff.goto(`${service.url}/staff/requests`);
  await staff.click(`text=${reference}`);
  const request = await staff.innerText('main');
  expect(request).toContain('Ann Lee');
  expect(request).toContain('Tuesday');
  expect(request).not.toMatch(/410 555 0134/);
  await staff.click('text=Show them');
  await staff.getByText('+1 410 555 0134').waitFor();
  await staff.click('text=The conversation');
  const transcript = await staff.innerText('main');
  expect(transcript).toContain('how long does a session take?');
  expect(transcript).toMatch(/How long one session takes/);
  await staff.context().close();
}, 90_000);

/** Sends a message; resolves to what the bot says to it, once it has said all. */
async function ask(visitor: WidgetVisitor, text: string): Promise<string> {
  const before = (await visitor.heard()).length;
  await visitor.say(text);
  for (let last = before, tries = 0; tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    const heard = await visitor.heard();
    if (heard.length > before && heard.length === last) return heard.slice(before).join('\n');
    last = heard.length;
  }
  throw new Error(`No answer to "${text}" within 5 seconds.`);
}
