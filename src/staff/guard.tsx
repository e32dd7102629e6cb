import { renderToString } from 'preact-render-to-string';
import type { VNode } from 'preact';
import type { Log } from '../http/logger';
import type { HttpRequest, HttpResponse, Route } from '../http/route';
import { PasswordsBusy } from './password';
import { PERMISSIONS, whyNot } from './permissions';
import { isSameSecret } from './sessions';
import type { Sessions, StaffMember } from './sessions';
import { MessagePage } from './pages/message-page';
import { SignInPage } from './pages/sign-in-page';
import { UnsentPage } from './pages/unsent-page';
import { pageOf, unsentIn } from './unsent';

/** A page or a change of the console, before the guard is put in front of it. */
export type ConsoleRoute = { method: 'GET' | 'POST'; path: string } & (
  | { open: (request: ConsoleRequest) => Promise<HttpResponse> }
  | { handle: (request: ConsoleRequest, member: StaffMember) => Promise<HttpResponse> }
);

export interface ConsoleRequest extends HttpRequest {
  /** Empty on a GET. */
  form: URLSearchParams;
}

/** Nothing from anywhere else, and no inline script or style: escaping alone must hold, and this is behind it. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  // "no-referrer" would make browsers send "Origin: null" with our own forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-robots-tag': 'noindex',
};

export function page(status: number, content: VNode, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: { ...PAGE_HEADERS, ...headers },
    body: `<!doctype html>${renderToString(content)}`,
  };
}

/** After a change, so that reloading the page does not repeat it. */
export function seeOther(location: string, headers: Record<string, string> = {}): HttpResponse {
  return { status: 303, headers: { ...headers, location, 'cache-control': 'no-store' } };
}

/** A file to keep; nothing of it stays in the browser's cache. */
export function download(name: string, type: string, body: string): HttpResponse {
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}

export function notFound(): HttpResponse {
  return page(
    404,
    <MessagePage title="Not found" text="It may have been deleted, or the link is incomplete." />,
  );
}

/**
 * Puts the checks in front of every route of the console, in this order: the form comes from our own page;
 * somebody is signed in; their role may do this; the form carries their token. What has no rule is refused.
 * Each refusal of somebody who is signed in, or of a form from elsewhere, is a line in the log: the request's id, the
 * route, the reason and the session's own short name, and nothing of who it is. `onChange` hears of every form that was taken.
 */
export function createGuard(parts: {
  sessions: Sessions;
  log: Log;
  onChange: () => void;
}): (route: ConsoleRoute) => Route {
  const { sessions, onChange } = parts;
  return (route) => ({
    method: route.method,
    path: route.path,
    ...(route.method === 'POST' ? { body: 'form' as const, maxBodyBytes: 16_384 } : {}),
    handle: async (request) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const noteRefusal = (reason: Refusal) =>
        parts.log.warn(
          {
            request: request.id,
            route: `${route.method} ${route.path}`,
            reason,
            session: sessions.idHash(request)?.slice(0, 12),
          },
          'console request refused',
        );
      const answered = await answer({ ...request, form }, route, sessions, noteRefusal);
      if (route.method === 'POST' && answered.status < 400) onChange();
      return answered;
    },
  });
}

type Refusal =
  'foreign-form' | 'old-form' | 'no-rule' | 'role' | 'second-factor' | 'disabled' | 'session-over';

const FOREIGN_FORM = 'The form was not sent from this console. Open the page again and repeat it.';
const OLD_FORM = 'The form is from an earlier sign-in. Open the page again and repeat it.';
const NO_SECOND_FACTOR = 'Everybody here needs a second factor. Set yours up under your account first.';
const DISABLED = 'Your account is disabled. An admin can enable it again.';

async function answer(
  request: ConsoleRequest,
  route: ConsoleRoute,
  sessions: Sessions,
  noteRefusal: (reason: Refusal) => void,
): Promise<HttpResponse> {
  const name = `${route.method} ${route.path}`;
  const refuse = (reason: Refusal, answered: HttpResponse): HttpResponse => {
    noteRefusal(reason);
    return answered;
  };
  try {
    if (route.method === 'POST' && !isFromOwnPage(request))
      return refuse('foreign-form', forbidden(FOREIGN_FORM));
    if ('open' in route)
      return PERMISSIONS[name] === 'anyone' ? await route.open(request) : refuse('no-rule', forbidden());
    const member = await (isByItself(request) ? sessions.stillOpen(request) : sessions.find(request));
    if (member === undefined) {
      if (await sessions.isOfDisabled(request)) return refuse('disabled', signIn(request, DISABLED));
      if (sessions.hasCookie(request)) noteRefusal('session-over');
      return signInFirst(request, sessions);
    }
    const why = whyNot(member, name);
    if (why === 'role') return refuse(why, forbidden());
    if (why === 'second-factor')
      return refuse(why, route.method === 'GET' ? seeOther('/staff/me') : forbidden(NO_SECOND_FACTOR));
    if (route.method === 'POST' && !isSameSecret(request.form.get('csrf') ?? '', member.csrf)) {
      return refuse('old-form', oldForm(request, member));
    }
    return await route.handle(request, member);
  } catch (error) {
    if (error instanceof PasswordsBusy) return busy();
    throw error;
  }
}

/** A page loads itself anew; that keeps nobody signed in who has left it open. */
function isByItself(request: HttpRequest): boolean {
  return request.method === 'GET' && request.headers['x-by-itself'] !== undefined;
}

/**
 * Browsers say where a form comes from: `Sec-Fetch-Site` on https and loopback, `Origin` everywhere. A request
 * with neither is no browser of ours, and is refused too.
 */
function isFromOwnPage(request: HttpRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = request.headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * The sign-in form at the address that was asked for. A link in an e-mail comes without the cookie, because
 * that is SameSite=Strict: the page then opens itself once more, and that request brings the cookie along.
 */
function signInFirst(request: ConsoleRequest, sessions: Sessions): HttpResponse {
  const fromElsewhere = request.headers['sec-fetch-site'] === 'cross-site';
  if (request.method !== 'POST' && fromElsewhere && !sessions.hasCookie(request)) {
    return page(200, <OpenOnceMore />);
  }
  const wasSignedIn = sessions.hasCookie(request) || request.method === 'POST';
  return signIn(request, wasSignedIn ? 'Your session is over. Sign in to go on.' : undefined);
}

function signIn(request: ConsoleRequest, problem: string | undefined): HttpResponse {
  const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
  const next = request.method !== 'POST' ? `${request.path}${query}` : (pageOf(request) ?? '/staff');
  const content = <SignInPage {...{ next, problem, unsent: unsentIn(request) }} />;
  return page(401, content, { 'www-authenticate': 'Session' });
}

/** Signed in anew in another window: what was typed is not lost, and is sent only once it was looked at again. */
function oldForm(request: ConsoleRequest, { csrf }: StaffMember): HttpResponse {
  const unsent = unsentIn(request);
  if (unsent === undefined) return forbidden(OLD_FORM);
  return page(403, <UnsentPage {...{ unsent, csrf, next: pageOf(request) ?? '/staff' }} />);
}

function OpenOnceMore() {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="0" />
        <title>Opening…</title>
      </head>
      <body />
    </html>
  );
}

function forbidden(text = 'Your role does not include this. An admin can change that.'): HttpResponse {
  return page(403, <MessagePage title="Not allowed" text={text} />);
}

function busy(): HttpResponse {
  const text = 'Too many people are signing in at this moment. Try again in a few seconds.';
  return page(429, <MessagePage title="Busy" text={text} />, { 'retry-after': '5' });
}
