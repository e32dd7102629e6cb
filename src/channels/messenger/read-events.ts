import { z } from 'zod';

/**
 * What a page's webhook tells, one event each, in this service's words. `at` is Meta's own time of it; `key` the
 * same at every delivery of the same event.
 */
export type PageEvent = { psid: string; at: Date; key: string } & EventContent;

export type EventContent =
  /** Written or tapped: `text` is what the bot reads. `edited`: the person changed an earlier message to this. */
  | { kind: 'said'; text: string; attachments: string[]; edited?: true }
  /** Get Started, an m.me link, an opt-in: the person came in without saying anything. */
  | { kind: 'came'; ref?: string }
  | { kind: 'reacted'; reaction: string; mid: string }
  | { kind: 'rated'; good: boolean; mid: string }
  /** Another app or a person in the page's inbox wrote to the visitor. */
  | { kind: 'page-wrote' }
  /** An echo of a message of ours; `sendKey` is what we marked it with. */
  | { kind: 'own-echo'; sendKey: string; mid: string }
  | { kind: 'thread-given' }
  | { kind: 'thread-taken' }
  | { kind: 'thread-wanted'; appId: string }
  /** Said while another app has the thread: to be kept, not to be answered. */
  | { kind: 'overheard'; text: string; attachments: string[] };

export interface ReadWebhook {
  events: PageEvent[];
  /** What Meta says of the page itself. */
  pageNotes: { name: string; text: string }[];
  /** Items that are of no known form: counted and logged, never a reason to refuse the others. */
  malformed: number;
}

/** Own sends are marked with this and their key, so that their echoes can be told from a person's messages. */
export const OWN_MARK = 'enquiry-bot:';

const id = z.string().regex(/^\d{1,30}$/);
const appId = z.union([z.number(), z.string()]).optional();
const attachment = z.object({
  type: z.string().max(50).catch('unknown'),
  payload: z.looseObject({ sticker_id: z.number().optional() }).nullish().catch(undefined),
});
const message = z.object({
  mid: z.string().min(1).max(300),
  text: z.string().optional(),
  is_echo: z.boolean().optional(),
  app_id: appId,
  metadata: z.string().optional(),
  is_deleted: z.boolean().optional(),
  quick_reply: z.object({ payload: z.string() }).optional(),
  sticker_id: z.number().optional(),
  attachments: z.array(attachment).optional(),
});
const referral = z.looseObject({ ref: z.string().max(2100).optional() });
const control = z.looseObject({ new_owner_app_id: appId, requested_owner_app_id: appId });
const item = z.looseObject({
  sender: z.object({ id }),
  recipient: z.object({ id }),
  timestamp: z.number().int().min(0).max(8_640_000_000_000_000),
  message: message.optional(),
  message_edit: z.object({ mid: z.string(), text: z.string(), num_edit: z.number().int() }).optional(),
  postback: z
    .object({
      title: z.string().optional(),
      payload: z.string().optional(),
      mid: z.string().max(300).optional(),
      referral: referral.optional(),
    })
    .optional(),
  referral: referral.optional(),
  optin: z.looseObject({ ref: z.string().optional(), type: z.string().optional() }).optional(),
  reaction: z
    .looseObject({ mid: z.string(), action: z.string(), reaction: z.string().optional() })
    .optional(),
  response_feedback: z.looseObject({ mid: z.string().optional(), feedback: z.string() }).optional(),
  pass_thread_control: control.optional(),
  take_thread_control: control.optional(),
  request_thread_control: control.optional(),
  // Meta's pages write it both ways.
  'policy-enforcement': z.looseObject({ action: z.string(), reason: z.string().optional() }).optional(),
  policy_enforcement: z.looseObject({ action: z.string(), reason: z.string().optional() }).optional(),
});
type Item = z.infer<typeof item>;

const envelope = z.looseObject({
  object: z.literal('page'),
  entry: z.array(
    z.looseObject({
      id,
      messaging: z.array(z.unknown()).optional(),
      standby: z.array(z.unknown()).optional(),
    }),
  ),
});

/**
 * Every event of every entry of a webhook body that is about this page, oldest first. Undefined where the body is
 * no page webhook at all.
 */
export function readEvents(
  body: unknown,
  page: { pageId: string; appId: string | undefined },
): ReadWebhook | undefined {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return undefined;
  const read: ReadWebhook = { events: [], pageNotes: [], malformed: 0 };
  for (const entry of parsed.data.entry) {
    if (entry.id !== page.pageId) continue;
    for (const each of entry.messaging ?? []) readItem(each, page, false, read);
    for (const each of entry.standby ?? []) readItem(each, page, true, read);
  }
  read.events.sort((a, b) => a.at.getTime() - b.at.getTime());
  return read;
}

function readItem(
  raw: unknown,
  page: { pageId: string; appId: string | undefined },
  standby: boolean,
  read: ReadWebhook,
): void {
  // Policy items have no sender who could be answered.
  const note = policyNote(raw);
  if (note) return void read.pageNotes.push(note);
  const parsed = item.safeParse(raw);
  if (!parsed.success) return void read.malformed++;
  const event = eventOf(parsed.data, page, standby);
  if (event) read.events.push(event);
}

function policyNote(raw: unknown): ReadWebhook['pageNotes'][number] | undefined {
  const shape = z.looseObject({
    policy_enforcement: item.shape.policy_enforcement,
    'policy-enforcement': item.shape.policy_enforcement,
  });
  const parsed = shape.safeParse(raw);
  const policy = parsed.data?.policy_enforcement ?? parsed.data?.['policy-enforcement'];
  if (!policy) return undefined;
  const reason = policy.reason === undefined ? '' : ` Meta's reason: ${policy.reason.slice(0, 500)}`;
  return { name: 'policy', text: `Meta enforces its policy on the page: ${policy.action}.${reason}` };
}

/**
 * One item as Azure Bot Service hands it on in `channelData`; undefined where it is of no known form or asks for
 * nothing.
 */
export function readItemOf(
  raw: unknown,
  page: { pageId: string; appId: string | undefined },
  standby: boolean,
): PageEvent | undefined {
  const parsed = item.safeParse(raw);
  return parsed.success ? eventOf(parsed.data, page, standby) : undefined;
}

/** Undefined for what asks for nothing: deliveries, reads, deleted messages, and what Meta may add. */
function eventOf(
  data: Item,
  page: { pageId: string; appId: string | undefined },
  standby: boolean,
): PageEvent | undefined {
  const isEcho = data.message?.is_echo === true;
  const psid = isEcho || data.sender.id === page.pageId ? data.recipient.id : data.sender.id;
  const found = contentOf(data, page, standby);
  if (!found || psid === page.pageId) return undefined;
  const own = found.id ?? `${found.content.kind}:${psid}:${data.timestamp}`;
  return { psid, at: new Date(data.timestamp), key: `messenger:${page.pageId}:${own}`, ...found.content };
}

type Found = { content: EventContent; id?: string } | undefined;

function contentOf(data: Item, page: { appId: string | undefined }, standby: boolean): Found {
  if (data.message) return messageContent(data.message, page.appId, standby);
  if (data.message_edit) {
    const { mid, text, num_edit } = data.message_edit;
    return { id: `${mid}:edit:${num_edit}`, content: said(text, [], standby, true) };
  }
  if (data.postback) return standby ? overheardTap(data.postback) : postbackContent(data.postback);
  if (data.referral) return standby ? undefined : { content: came(data.referral.ref) };
  // Those with a type are about news to be sent, which nobody sends here.
  if (data.optin)
    return standby || data.optin.type !== undefined ? undefined : { content: came(data.optin.ref) };
  if (data.reaction) return reactionContent(data.reaction);
  if (data.response_feedback) {
    const { feedback, mid = '' } = data.response_feedback;
    return { content: { kind: 'rated', good: /^good/i.test(feedback), mid } };
  }
  if (data.pass_thread_control) return owned(data.pass_thread_control, page.appId, 'thread-given');
  if (data.take_thread_control) return owned(data.take_thread_control, page.appId, 'thread-taken');
  if (data.request_thread_control) {
    const appId = String(data.request_thread_control.requested_owner_app_id ?? '');
    return /^\d+$/.test(appId) ? { content: { kind: 'thread-wanted', appId } } : undefined;
  }
  return undefined;
}

/** The new owner counts where it is named: an app also hears of what others pass between them. */
function owned(
  { new_owner_app_id: owner }: z.infer<typeof control>,
  ours: string | undefined,
  otherwise: 'thread-given' | 'thread-taken',
): Found {
  if (owner === undefined || ours === undefined) return { content: { kind: otherwise } };
  return { content: { kind: String(owner) === ours ? 'thread-given' : 'thread-taken' } };
}

function messageContent(
  message: NonNullable<Item['message']>,
  appId: string | undefined,
  standby: boolean,
): Found {
  const { mid } = message;
  if (message.is_echo) return { id: `${mid}:echo`, content: echoContent(message, appId) };
  if (message.is_deleted) return undefined;
  const attachments = message.attachments ?? [];
  const text = message.quick_reply ? tapped(message.quick_reply.payload, message.text) : (message.text ?? '');
  if (text === '' && isSticker(message)) return { id: mid, content: said(THUMBS_UP, [], standby) };
  return {
    id: mid,
    content: said(
      text,
      attachments.map(({ type }) => type),
      standby,
    ),
  };
}

/** A kind word, whatever the sticker shows: nobody asks a question with one. */
const THUMBS_UP = '👍';

/** As attachment `sticker` since August 2026, as an image with a `sticker_id` before (messenger.md D.0, 10). */
function isSticker(message: NonNullable<Item['message']>): boolean {
  return (
    message.sticker_id !== undefined ||
    (message.attachments ?? []).some(
      ({ type, payload }) => type === 'sticker' || payload?.sticker_id !== undefined,
    )
  );
}

/**
 * Meta prints two different ids for its own inbox, so everything that is not marked as ours, and not of our app, was
 * written by a person or another app (messenger.md D.0, 9).
 */
function echoContent(message: NonNullable<Item['message']>, appId: string | undefined): EventContent {
  const { metadata = '', mid } = message;
  if (metadata.startsWith(OWN_MARK))
    return { kind: 'own-echo', sendKey: metadata.slice(OWN_MARK.length), mid };
  const isOurApp = appId !== undefined && String(message.app_id ?? '') === appId;
  return isOurApp ? { kind: 'own-echo', sendKey: `unmarked:${mid}`, mid } : { kind: 'page-wrote' };
}

/** What buttons of ours send: `say:` and the words, as if typed. */
export const SAY = 'say:';
/** What Get Started sends. */
export const START = 'start';

/** Buttons of another tool, and the phone and e-mail chips, send what their text says. */
function tapped(payload: string, title: string | undefined): string {
  return payload.startsWith(SAY) ? payload.slice(SAY.length) : (title ?? payload);
}

function postbackContent(postback: NonNullable<Item['postback']>): Found {
  const { payload = '', title, mid } = postback;
  const isStart = payload === START || /^get[ _-]?started$/i.test(payload);
  const content = isStart ? came(postback.referral?.ref) : said(tapped(payload, title), [], false);
  return { content, ...(mid !== undefined && { id: mid }) };
}

/** On standby Meta leaves the payload out: the title is what the person meant. */
function overheardTap({ title = '', mid }: NonNullable<Item['postback']>): Found {
  if (title === '') return undefined;
  return { content: said(title, [], true), ...(mid !== undefined && { id: mid }) };
}

function reactionContent({ mid, action, reaction }: NonNullable<Item['reaction']>): Found {
  return action === 'react'
    ? { content: { kind: 'reacted', reaction: reaction ?? 'other', mid } }
    : undefined;
}

function came(ref: string | undefined): EventContent {
  return { kind: 'came', ...(ref !== undefined && { ref }) };
}

function said(text: string, attachments: string[], standby: boolean, edited?: true): EventContent {
  if (standby) return { kind: 'overheard', text, attachments };
  return { kind: 'said', text, attachments, ...(edited && { edited }) };
}

/** Whether the event opens Meta's window of 24 hours (messenger.md D.2): a rating, a read and an edit do not. */
export function opensWindow(event: EventContent): boolean {
  if (event.kind === 'said') return event.edited === undefined;
  return event.kind === 'came' || event.kind === 'reacted' || event.kind === 'overheard';
}
