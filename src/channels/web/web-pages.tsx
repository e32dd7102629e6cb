import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Clinic } from '../../answers/knowledge';
import type { HttpRequest, HttpResponse, Route } from '../../http/route';
import { ChatPage } from './chat-page';
import { PrivacyPage } from './privacy-page';
import { SamplePage } from './sample-page';
import { readWebAsset } from './web-assets';

export interface WebPagesOptions {
  /** Asked at each request, so that an edited clinic file shows at once. */
  clinic: () => Clinic;
  /** Origins (`https://www.example.com`) whose pages may embed the chat, beside the service's own. */
  origins: readonly string[];
  /** Where `build-widget.mjs` has put its files. */
  assetsFolder: string;
}

/**
 * The public pages: the launcher and the chat, the privacy notice, and a sample clinic page with the widget on it.
 * None of them sets a cookie; each has the strictest policy under which it works.
 * @throws Error where the widget has not been built.
 */
export function createWebPages(options: WebPagesOptions): Route[] {
  const [launcher, chatScript, chatStyle, siteStyle] = ['widget.js', 'chat.js', 'chat.css', 'site.css'].map(
    (name) => readWebAsset(options.assetsFolder, name),
  ) as [Asset, Asset, Asset, Asset];
  const chatPolicy = policy({
    'script-src': "'self'",
    'style-src': "'self'",
    // The stream's address names the service's public host, which behind a proxy need not be the page's own.
    'connect-src': "'self' ws: wss:",
    'img-src': "'self' data:",
    'frame-ancestors': ["'self'", ...options.origins].join(' '),
    'form-action': "'self'",
  });
  const notice = { 'style-src': "'self'", 'img-src': 'data:' };
  const noticePolicy = policy(notice);
  const samplePolicy = policy({ ...notice, 'script-src': "'self'", 'frame-src': "'self'" });

  return [
    get('/widget.js', launcher.answer),
    get('/chat.js', chatScript.answer),
    get('/chat.css', chatStyle.answer),
    get('/site.css', siteStyle.answer),
    get('/chat', () =>
      page(
        <ChatPage
          clinic={options.clinic()}
          script={chatScript.address}
          style={chatStyle.address}
          origins={options.origins}
        />,
        chatPolicy,
      ),
    ),
    get('/privacy', () =>
      page(<PrivacyPage clinic={options.clinic()} style={siteStyle.address} />, noticePolicy),
    ),
    get('/', () => page(<SamplePage clinic={options.clinic()} style={siteStyle.address} />, samplePolicy)),
  ];
}

type Asset = ReturnType<typeof readWebAsset>;

function get(path: string, answer: (request: HttpRequest) => HttpResponse): Route {
  return { method: 'GET', path, handle: async (request) => answer(request) };
}

function policy(allowed: Record<string, string>): string {
  const all = {
    'default-src': "'none'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'require-trusted-types-for': "'script'",
    ...allowed,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

function page(content: VNode, contentSecurityPolicy: string): HttpResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': contentSecurityPolicy,
    },
    body: `<!doctype html>${renderToString(content)}`,
  };
}
