import type { Clinic } from '../../answers/knowledge';
import type { Say } from '../../conversation/reply';
import type { HttpRequest, HttpResponse, Route } from '../../http/route';
import { chatRoutes, type PlainChatParts } from './chat-routes';
import { page, policy } from './page';
import { PrivacyPage } from './privacy-page';
import { SamplePage } from './sample-page';
import { readWebAsset } from './web-assets';

export interface WebPagesOptions {
  /** Asked at each request, so that an edited clinic file shows at once. */
  clinic: () => Clinic;
  /** Origins (`https://www.example.com`) whose pages may embed the chat, beside the service's own. */
  origins: readonly string[];
  /** The widget's sentences, asked for at each request as well. */
  say: () => Say;
  /** Where `build-widget.mjs` has put its files. */
  assetsFolder: string;
  /** For visitors without scripts. */
  plainChat: PlainChatParts;
}

/**
 * The public pages: the launcher and the chat, the privacy notice, and a sample clinic page with the widget on it.
 * None of them sets a cookie; each has the strictest policy under which it works.
 * @throws Error where the widget has not been built.
 */
export function createWebPages(options: WebPagesOptions): Route[] {
  const asset = (name: string) => readWebAsset(options.assetsFolder, name);
  const [chatScript, chatStyle, siteStyle] = [asset('chat.js'), asset('chat.css'), asset('site.css')];
  const notice = { 'style-src': "'self'", 'img-src': 'data:' };
  const noticePolicy = policy(notice);
  const samplePolicy = policy({ ...notice, 'script-src': "'self'", 'frame-src': "'self'" });

  return [
    get('/widget.js', asset('widget.js').answer),
    get('/widget.d.ts', asset('widget.d.ts').answer),
    get('/chat.js', chatScript.answer),
    get('/chat.css', chatStyle.answer),
    get('/site.css', siteStyle.answer),
    ...chatRoutes({
      ...options.plainChat,
      clinic: options.clinic,
      say: options.say,
      origins: options.origins,
      script: chatScript.address,
      style: chatStyle.address,
    }),
    get('/privacy', () =>
      page(<PrivacyPage clinic={options.clinic()} style={siteStyle.address} />, noticePolicy),
    ),
    get('/', () => page(<SamplePage clinic={options.clinic()} style={siteStyle.address} />, samplePolicy)),
  ];
}

function get(path: string, answer: (request: HttpRequest) => HttpResponse): Route {
  return { method: 'GET', path, handle: async (request) => answer(request) };
}
