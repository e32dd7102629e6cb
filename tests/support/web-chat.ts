import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { createHttpServer, type HttpServer } from '../../src/http/create-server';

/** Bot Framework's own chat, of the version that our Direct Line was made against. */
export const WEB_CHAT = 'botframework-webchat@4.18.1';
/** SHA-512 of its package, as npm prints it. */
const INTEGRITY = '7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg==';
const KEPT = path.resolve(__dirname, '..', '..', '.cache', WEB_CHAT.replace('@', '-'));

/**
 * The folder of its bundles, taken once from the 7 MB package into `.cache`. It is no dependency, because it would
 * bring 425 packages of 486 MB along, of which nothing is used.
 * @throws Error with the remedy where npm cannot get it, or got something else.
 */
export function fetchWebChat(): string {
  if (existsSync(KEPT)) return KEPT;
  mkdirSync(path.dirname(KEPT), { recursive: true });
  const folder = mkdtempSync(`${KEPT}-`);
  try {
    const file = pack(folder);
    const sum = createHash('sha512').update(readFileSync(file)).digest('base64');
    if (sum !== INTEGRITY)
      throw new Error(`${WEB_CHAT} is not the package that it was; its SHA-512 is ${sum}.`);
    const bundles = ['webchat.js', 'webchat-minimal.js'].map((name) => `package/dist/${name}`);
    execFileSync('tar', ['-xzf', file, '-C', folder, ...bundles]);
    renameSync(path.join(folder, 'package', 'dist'), KEPT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return KEPT;
}

function pack(folder: string): string {
  try {
    const printed = execFileSync(
      'npm',
      ['pack', WEB_CHAT, '--silent', '--prefer-offline', '--pack-destination', folder],
      {
        encoding: 'utf8',
        timeout: 120_000,
        // The one thing in the tests that may need a network, once (loopback-only.cjs).
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    return path.join(folder, printed.trim().split('\n').at(-1) ?? '');
  } catch (error) {
    throw new Error(
      `npm could not get ${WEB_CHAT}, the judge of our Direct Line: connect to the network once.`,
      {
        cause: error,
      },
    );
  }
}

/** A page whose button loads Web Chat, asks a service for a token and shows the chat: what its own manual says. */
export interface WebChatSite {
  server: HttpServer;
  origin: string;
  /** From now on it talks to the service at this address. */
  talkTo: (url: string) => void;
}

/** @param bundles of fetchWebChat */
export async function serveWebChat(bundles: string): Promise<WebChatSite> {
  let service = '';
  const html = () => `<!doctype html><html lang="en"><title>Web Chat</title><button>Chat</button>
    <div id="web-chat" style="height:600px"></div><script>
    document.querySelector('button').onclick = () => {
      const script = document.createElement('script');
      script.src = 'webchat.js';
      script.onload = async () => {
        const answer = await fetch('${service}/widget/token', { method: 'POST' });
        window.pass = await answer.json();
        // Its pause before coming back after a cut is 3 to 15 s, drawn here; this makes it 3.
        const { random } = Math;
        Math.random = () => 0;
        const directLine = WebChat.createDirectLine({ token: pass.token, domain: '${service}/v3/directline' });
        Math.random = random;
        WebChat.renderWebChat({ directLine }, document.getElementById('web-chat'));
      };
      document.body.append(script);
    };
    </script>`;
  const script = readFileSync(path.join(bundles, 'webchat.js'));
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

/** Writes into Web Chat as a visitor does. */
export async function sayInWebChat(page: Page, text: string): Promise<void> {
  const box = page.locator('[data-id="webchat-sendbox-input"]');
  await box.fill(text);
  await box.press('Enter');
}

/** Waits until Web Chat shows the words; they stand in the page twice, once for screen readers, and either tells. */
export async function showsInWebChat(page: Page, words: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.getElementById('web-chat')?.textContent?.includes(wanted),
    words,
  );
}
