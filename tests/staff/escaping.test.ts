import { type ConsoleInBrowser, startConsoleInBrowser } from '../support/console-in-browser';
import { bookingRequest, keepConversation } from '../support/staff-console';
import { createTeachingStore } from '../../src/storage/teaching-store';

/** Each would call alert() or load something, were it not shown as the text it is. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '<img src=https://evil.test/x onerror=alert(1)>',
  '</title><script>alert(1)</script>',
  '</textarea><svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<body onload=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="https://evil.test/x">',
  '<link rel=stylesheet href=https://evil.test/x.css>',
  '<meta http-equiv=refresh content="0;url=https://evil.test/">',
  '<base href=https://evil.test/>',
  '<form action=https://evil.test/><button autofocus>go</button></form>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<style>@import "https://evil.test/x.css";</style>',
  '<a href="javascript:alert(1)" autofocus onfocus=alert(1)>x</a>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '" onmouseover="alert(1)" x="',
  "' autofocus onfocus='alert(1)",
  '` onfocus=alert(1) autofocus `',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u003cscript\u003ealert(1)\u003c/script\u003e',
  '<scr\0ipt>alert(1)</scr\0ipt>',
  '<ScRiPt >alert(1)</sCrIpT>',
  '\u202e<script>alert(1)</script>',
  '﹤script﹥alert(1)﹤/script﹥',
  '<template><script>alert(1)</script></template>',
  '<portal src=https://evil.test/>',
].map((payload) => payload.replaceAll('\0', ''));

/** Nothing of these is on a page but the plots of ours. */
const NOT_OURS =
  'main script, main img, main iframe, main svg:not(.plot, .share, .legend *), main object, main embed';

let desk: ConsoleInBrowser;

beforeAll(async () => {
  desk = await startConsoleInBrowser({
    entries: () => PAYLOADS.map((payload) => ({ id: payload, title: payload })),
  });
  for (const [index, payload] of PAYLOADS.entries()) await keepPayload(payload, index);
}, 120_000);

afterAll(() => desk.close());

/** In every field that a visitor, a channel or the knowledge can fill. */
async function keepPayload(payload: string, index: number): Promise<void> {
  const candidate = { entry: payload, topic: payload, confidence: 0.5 };
  const why = {
    corrections: [[payload, payload]] as [string, string][],
    phrasing: payload,
    terms: [[payload, 0.5]] as [string, number][],
    unknownWords: [payload],
    sentence: payload,
  };
  await keepConversation(desk.database, {
    id: `talk-${index}`,
    channel: payload,
    at: new Date(Date.parse('2026-03-02T14:00:00Z') + index).toISOString(),
    turns: [
      { said: payload, decision: { decision: 'none' } },
      {
        said: payload,
        replied: payload,
        offered: [payload],
        review: 'unanswered',
        errorId: payload,
        decision: { decision: 'answer', entry: payload, candidates: [candidate], second: candidate, why },
        request: bookingRequest({
          reference: `SA-${index}`,
          name: payload,
          phone: { e164: payload, extension: payload, typed: payload },
          email: payload,
          wish: { typed: payload, words: payload, zone: payload },
          note: payload,
          question: payload,
          consent: { text: payload, version: payload, at: '2026-03-02T14:00:00.000Z' },
        }),
      },
    ],
  });
}

test.each([
  ['with the content security policy', false],
  ['with the policy switched off', true],
])(
  'nothing that a visitor writes runs or loads anything, %s',
  async (_how, bypassCSP) => {
    const { page, context } = await desk.window('admin', { bypassCSP });
    const happened: string[] = [];
    page.on('dialog', (dialog) => {
      happened.push(`${page.url()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(`${desk.site.url}/staff`) || request.url() === 'data:,';
      if (!isOurs) happened.push(`${page.url()}: ${request.url()}`);
    });
    for (const payload of PAYLOADS.slice(0, 5)) {
      const by = { at: '2026-03-02T14:00:00.000Z', actor: payload };
      await desk.site.review.addNote('talk-0', payload, { at: '2026-03-02T14:00:00.000Z', actor: payload });
      await desk.site.review.saveView({ name: payload, query: `search=${encodeURIComponent(payload)}` }, by);
      await createTeachingStore(desk.database).addDraft(
        { entry: payload, title: payload, phrasings: [payload], answer: payload },
        by,
      );
      await desk.site.review.assignRequest('SA-0', payload, by);
      await desk.site.review.setTag('talk-0', payload, true, {
        at: '2026-03-02T14:00:00.000Z',
        actor: payload,
      });
    }
    const first = encodeURIComponent(PAYLOADS[0] ?? '');
    const paths = [
      '/staff',
      '/staff/conversations',
      `/staff/conversations?search=${first}&tag=${first}`,
      '/staff/teach',
      `/staff/teach/preview?text=${first}&entry=${first}`,
      '/staff/audit',
      '/staff/insight',
      '/staff/accounts',
      `/staff/teach/draft?text=${first}`,
      '/staff/conversations/talk-0/revealed',
      '/staff/requests/SA-0/revealed',
      '/staff/me',
      `/staff/data?find=SA-0`,
      '/staff/requests',
      '/staff/sign-in?next="><script>alert(1)</script>',
    ];
    for (const index of PAYLOADS.keys())
      paths.push(`/staff/conversations/talk-${index}`, `/staff/requests/SA-${index}`);
    for (const path of paths) {
      await page.goto(path, { waitUntil: 'load' });
      await page.evaluate(() =>
        document.querySelectorAll('details').forEach((details) => (details.open = true)),
      );
      expect(await page.locator(NOT_OURS).count()).toBe(0);
    }
    expect(happened).toEqual([]);
    await page.goto('/staff/conversations/talk-0');
    expect(await page.locator('.visitor .text').first().textContent()).toBe(PAYLOADS[0]);
    await context.close();
  },
  120_000,
);
