import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ConsoleInBrowser, startConsoleInBrowser } from '../support/console-in-browser';
import { bookingRequest, keepConversation } from '../support/staff-console';

/** Another site, opened by somebody who is signed in to the console, in a real browser. */

let desk: ConsoleInBrowser;

beforeAll(async () => {
  desk = await startConsoleInBrowser();
  await keepConversation(desk.database, {
    id: 'talk',
    at: '2026-03-02T14:30:00.000Z',
    turns: [{ said: 'book me', request: bookingRequest() }],
  });
}, 120_000);

afterAll(() => desk.close());

/** Serves one page under another name for this machine, and opens it with a member's cookie in the browser. */
async function openForeign(html: string) {
  const foreign = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(html);
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const { port } = foreign.address() as AddressInfo;
  const { page, context } = await desk.window('admin');
  return {
    page,
    open: () => page.goto(`http://localhost:${port}/`),
    close: async () => {
      await context.close();
      await new Promise((resolve) => foreign.close(resolve));
    },
  };
}

test('a form that another site sends by itself changes nothing', async () => {
  const action = `${desk.site.url}/staff/requests/SA-7K4Q2/status`;
  const { page, open, close } = await openForeign(
    `<form method="post" action="${action}"><input name="status" value="lost"></form>
     <script>document.forms[0].submit()</script>`,
  );
  const answered = page.waitForResponse(action);
  await open();
  expect((await answered).status()).toBe(403);
  expect((await desk.site.review.request('SA-7K4Q2'))?.status).toBe('new');
  await close();
});

test('another site cannot read the console, nor show it in a frame', async () => {
  const { page, open, close } = await openForeign(
    `<iframe src="${desk.site.url}/staff/requests" name="framed"></iframe>`,
  );
  await open();
  const read = await page.evaluate(
    (address) => fetch(address, { credentials: 'include' }).then((answer) => answer.text(), String),
    `${desk.site.url}/staff/requests`,
  );
  expect(read).not.toContain('Jordan');
  await page.waitForLoadState('networkidle');
  for (const frame of page.frames()) expect(await frame.content()).not.toContain('Jordan');
  await close();
});
