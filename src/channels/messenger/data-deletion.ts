import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import type { Log } from '../../http/logger';
import type { MessengerStore } from '../ports';
import { readSignedRequest } from './signature';
import { WEBHOOK_PATH } from './webhook';

export interface DataDeletionParts {
  store: MessengerStore;
  appSecret: string;
  publicUrl: string | undefined;
  clinicName: () => string;
  clock: () => Date;
  randomBytes: (size: number) => Buffer;
  log: Log;
}

export const DELETION_PATH = `${WEBHOOK_PATH}/data-deletion`;

/**
 * Meta's data deletion callback (messenger.md D.4): a signed request in, a status page and a confirmation code out.
 * The id in it is the app's own, not the chat's: Meta gives no way from one to the other, so the page says how to
 * have the chat itself deleted at once, and staff are told of the request.
 */
export function dataDeletionRoutes(parts: DataDeletionParts): Route[] {
  return [
    { method: 'POST', path: DELETION_PATH, body: 'form', handle: (request) => receive(request, parts) },
    { method: 'GET', path: `${DELETION_PATH}/:code`, handle: (request) => status(request, parts) },
  ];
}

async function receive(request: HttpRequest, parts: DataDeletionParts): Promise<HttpResponse> {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const signed = readSignedRequest(form.get('signed_request') ?? '', parts.appSecret);
  if (!signed) throw new HttpError(403, 'Forbidden', 'The request is not signed with the app secret.');
  const appScopedId = 'user_id' in signed ? String(signed.user_id) : '';
  if (!/^\d{1,30}$/.test(appScopedId))
    throw new HttpError(400, 'BadArgument', 'The request names no user_id.');
  const code = parts.randomBytes(10).toString('hex').toUpperCase();
  const at = parts.clock();
  await parts.store.keepDeletion({ code, appScopedId, at });
  await parts.store.note(
    `deletion-${code}`,
    `A person asked through Facebook's settings to have their data deleted (code ${code}). Facebook does not say who it is; in the chat "delete my data" does it at once. If you know who it may be, find and erase them under Data. Then remove this note: their status page says that it is done.`,
    at,
  );
  parts.log.warn({ code }, 'a data deletion request came from Meta');
  const origin = parts.publicUrl ?? `https://${request.headers.host ?? ''}`;
  return { status: 200, body: { url: `${origin}${DELETION_PATH}/${code}`, confirmation_code: code } };
}

async function status({ params }: HttpRequest, parts: DataDeletionParts): Promise<HttpResponse> {
  const code = params['code'] ?? '';
  const request = /^[0-9A-F]{20}$/.test(code) ? await parts.store.deletion(code) : undefined;
  if (!request) throw new HttpError(404, 'NotFound', 'There is no deletion request with this code.');
  const clinic = parts.clinicName();
  const text = [
    `${clinic}: deletion request ${code}`,
    `Received on ${dayOf(request.at)}. ${request.settledAt ? `The team has seen to it on ${dayOf(request.settledAt)}.` : 'The team has been told.'}`,
    `Facebook does not tell us which chat is yours. To have your chat and your details deleted at once, write "delete my data" to ${clinic} in Messenger.`,
    '',
  ].join('\n\n');
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}

/** `2026-03-02` */
function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
