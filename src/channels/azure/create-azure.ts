import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  type Storage,
  type TurnContext,
} from 'botbuilder';
import { z } from 'zod';
import type { KeptActivity, OutboxMessage, TurnRecord, Turns } from '../../bot/ports';
import type { Log } from '../../http/logger';
import { HttpError, type HttpRequest, type HttpResponse, type Route } from '../../http/route';
import type { SendOutcome, Sender, TakenMessage } from '../../notify/ports';
import type { Reach } from '../../staff/ports';
import { presentForMessenger } from '../messenger/present-reply';
import {
  type Author,
  type SendingTerms,
  authorOf,
  reachByTerms,
  sendingTerms,
} from '../messenger/sending-terms';
import type { InboxStore, MessengerStore, TakenEntry } from '../ports';
import {
  AZURE_CONVERSATION,
  type TrustedActivity,
  azureConversationId,
  isAllowedServiceUrl,
  readTrusted,
} from './trusted-activity';
import { type AzureTurn, turnsOf } from './turn-activities';

/** The inbox's and the outbox's kind of what goes through Azure Bot Service. */
export const AZURE = 'azure';

/** The SDK's seam for who may call and who we are. */
export type BotFrameworkAuthentication = NonNullable<ConstructorParameters<typeof CloudAdapter>[0]>;

export interface AzureOptions {
  /** Undefined: the Emulator on this machine, without credentials. */
  appId: string | undefined;
  authentication: BotFrameworkAuthentication;
  /** Meta's id of the app that the Facebook channel uses, where it is known. */
  facebookAppId: string | undefined;
  turns: Turns;
  inbox: InboxStore;
  /** Remembers where each conversation is answered. */
  storage: Storage;
  markForStaff: MessengerStore['markForStaff'];
  wake: () => void;
  clock: () => Date;
  random: () => number;
  log: Log;
}

export interface Azure {
  routes: Route[];
  sender: Sender;
  handle: (entry: TakenEntry) => Promise<void>;
  /** Whether what staff write now gets to the visitor of this conversation. */
  reach: (conversation: { id: string; channel: string }) => Promise<Reach>;
}

/** An Azure bot registration's settings as the SDK wants them. */
export function azureAuthentication(app: {
  id: string;
  password: string | undefined;
  type: string;
  tenantId: string | undefined;
}): BotFrameworkAuthentication {
  return new ConfigurationBotFrameworkAuthentication({
    MicrosoftAppId: app.id,
    MicrosoftAppType: app.type,
    ...(app.password !== undefined && { MicrosoftAppPassword: app.password }),
    ...(app.tenantId !== undefined && { MicrosoftAppTenantId: app.tenantId }),
  });
}

/** No credentials at all: the SDK then asks nobody who they are, so this is for the Emulator on loopback only. */
export function emulatorAuthentication(): BotFrameworkAuthentication {
  return new ConfigurationBotFrameworkAuthentication({});
}

const MOST_BODY_BYTES = 256 * 1024;
/** The SDK waits for ever for Microsoft's keys (reliability-security F14). */
const SIGN_IN_MS = 5_000;
const LONGEST_BACKOFF_MS = 30_000;
/** A fresh token that is refused too, and once more later, means wrong credentials. */
const MOST_REFUSED_TOKENS = 1;
/** Fewest of the channels that show them (messenger.md D.5). */
const MOST_SUGGESTED_ACTIONS = 10;

/** The SDK's adapter, with its error instead of an HTTP answer that tells the error's text. */
class ConnectorAdapter extends CloudAdapter {
  async receive(
    authorization: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<void> {
    await this.processActivity(authorization, activity, logic);
  }
}

/** `POST /api/messages`: Azure Bot Service's channels, acknowledged from the inbox and answered through the outbox. */
export function createAzure(options: AzureOptions): Azure {
  const adapter = new ConnectorAdapter(options.authentication);
  const isEmulator = options.appId === undefined;

  async function receive(request: HttpRequest): Promise<HttpResponse> {
    const incoming = readTrusted(request.body);
    if (!incoming || (isEmulator && incoming.channelId !== 'emulator'))
      throw new HttpError(400, 'BadArgument', 'This is no activity that is taken here.');
    if (!isAllowedServiceUrl(incoming.serviceUrl, isEmulator))
      throw new HttpError(403, 'Forbidden', 'The serviceUrl is none of the Bot Connector.');
    await signedIn(request.headers.authorization ?? '', request.body as Activity);
    await keep(incoming);
    options.wake();
    return { status: 200 };
  }

  async function signedIn(authorization: string, activity: Activity): Promise<void> {
    const limit = new AbortController();
    const tooLong = new Promise<'too-long'>((resolve) => {
      const timer = setTimeout(() => resolve('too-long'), SIGN_IN_MS);
      limit.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    try {
      // Nothing runs inside: what is let in is kept below and worked on later.
      const done = adapter.receive(authorization, activity, async () => undefined);
      if ((await Promise.race([done, tooLong])) === 'too-long') throw unavailable();
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (isMicrosoftsFault(error)) throw unavailable();
      throw new HttpError(401, 'Unauthorized', 'The token is none of the Bot Connector for this bot.');
    } finally {
      limit.abort();
    }
  }

  async function keep(incoming: TrustedActivity): Promise<void> {
    const turns = turnsOf(incoming, options.clock(), options.facebookAppId);
    if (turns.length === 0) return;
    const conversationId = azureConversationId(incoming);
    try {
      // In an echo the page stands where the visitor does: it says nothing of where the visitor is answered.
      const opening = turns.find(({ opensWindow }) => opensWindow);
      if (opening) {
        const now = options.clock();
        const heardAt = (opening.at < now ? opening.at : now).toISOString();
        const reference = { ...referenceOf(incoming), heardAt };
        await options.storage.write({ [referenceKey(conversationId)]: reference });
      }
      await options.inbox.add(
        turns.map((turn) => ({
          kind: AZURE,
          key: `${AZURE}:${conversationId}:${turn.id}`,
          conversationId,
          happenedAt: turn.at,
          payload: {
            channel: incoming.channelId,
            userId: turn.userId,
            id: turn.id,
            activity: turn.activity,
          } satisfies KeptTurn,
        })),
        options.clock(),
      );
    } catch (error) {
      options.log.error({ err: error }, 'an activity could not be kept');
      throw unavailable();
    }
  }

  async function handle(entry: TakenEntry): Promise<void> {
    const kept = entry.payload as KeptTurn;
    await options.turns.handle({
      conversationId: entry.conversationId,
      channel: kept.channel,
      userId: kept.userId,
      incomingId: kept.id,
      activity: kept.activity,
    });
  }

  async function send(message: TakenMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { conversationId, activity, author } = payloadShape.parse(message.payload);
    const stored = await referenceTo(conversationId);
    if (!stored) return { outcome: 'dead', reason: 'nobody knows where this conversation is answered' };
    // Once more: a stored address is only as good as whoever could write to the store.
    if (!isAllowedServiceUrl(stored.serviceUrl ?? '', isEmulator))
      return { outcome: 'dead', reason: 'the serviceUrl is none of the Bot Connector' };
    const terms = termsOf(stored, author);
    if (terms && !terms.allowed) {
      await options.markForStaff(conversationId, 'window-closed', options.clock());
      return { outcome: 'dead', reason: terms.reason };
    }
    try {
      await Promise.race([
        adapter.continueConversationAsync(options.appId ?? '', stored, async (context) => {
          await sendWithGoodToken(context, onTerms(activity, terms));
        }),
        aborted(signal),
      ]);
      return { outcome: 'sent' };
    } catch (error) {
      return outcomeOf(error, message, options.random());
    }
  }

  async function referenceTo(conversationId: string): Promise<KeptReference | undefined> {
    const key = referenceKey(conversationId);
    return (await options.storage.read([key]))[key];
  }

  /** Facebook's rules hold on this way too, and Azure knows nothing of who wrote a message. */
  function termsOf({ channelId, heardAt }: KeptReference, author: Author): SendingTerms | undefined {
    if (channelId !== 'facebook') return undefined;
    return sendingTerms(author, heardAt === undefined ? undefined : sinceMs(heardAt));
  }

  const sinceMs = (at: string) => options.clock().getTime() - Date.parse(at);

  async function reach(conversation: { id: string; channel: string }): Promise<Reach> {
    const stored = await referenceTo(conversation.id);
    if (!stored) return { open: false, why: 'Nobody knows any more where this conversation is answered.' };
    const terms = termsOf(stored, 'staff');
    return terms ? reachByTerms(terms, stored.heardAt) : { open: true, how: 'message' };
  }

  /** After idle hours the SDK may go on with a token that has expired (botbuilder-js 3914): then with a new one. */
  async function sendWithGoodToken(context: TurnContext, activity: Partial<Activity>): Promise<void> {
    try {
      await context.sendActivity(activity);
    } catch (error) {
      const { credentials } = context.turnState.get<{ credentials: unknown }>(adapter.ConnectorClientKey);
      if (statusOf(error) !== 401 || !canRefresh(credentials)) throw error;
      await credentials.getToken(true);
      await context.sendActivity(activity);
    }
  }

  return {
    reach,
    routes: [
      {
        method: 'POST',
        path: '/api/messages',
        body: 'json',
        maxBodyBytes: MOST_BODY_BYTES,
        handle: receive,
      },
    ],
    sender: { send },
    handle,
  };
}

interface KeptTurn extends Omit<AzureTurn, 'at' | 'opensWindow'> {
  channel: string;
}

const payloadShape = z.object({
  conversationId: z.string(),
  activity: z.looseObject({}),
  author: z.enum(['bot', 'staff']).default('bot'),
});

/** Where a conversation is answered, and when the visitor was last heard there (ISO 8601 UTC). */
type KeptReference = Partial<ConversationReference> & { heardAt?: string };

/** The messages that bring a turn's replies, or what staff wrote, back through the Bot Connector. */
export function azureMessages(
  conversation: TurnRecord['conversation'],
  outgoing: KeptActivity[],
): OutboxMessage[] {
  return outgoing.flatMap(({ activity }) =>
    presented(conversation.channel, activity).map((each, part) => ({
      kind: AZURE,
      payload: {
        conversationId: conversation.id,
        activity: each,
        author: authorOf(activity),
      },
      idempotencyKey: `${AZURE}:${activity.id}:${part}`,
      orderKey: conversation.id,
    })),
  );
}

export function isAzureConversation({ id }: TurnRecord['conversation']): boolean {
  return id.startsWith(AZURE_CONVERSATION);
}

/** On Facebook Messenger's own payloads, which override Azure's mapping; elsewhere text and suggested actions. */
function presented(channel: string, activity: Partial<Activity>): Partial<Activity>[] {
  if (channel === 'facebook') {
    return presentForMessenger(activity).map(({ text, ...native }) => ({
      type: 'message',
      ...(text !== undefined && { text }),
      ...(Object.keys(native).length > 0 && { channelData: native }),
    }));
  }
  if (activity.type !== 'message') return [];
  const actions = activity.suggestedActions?.actions.slice(0, MOST_SUGGESTED_ACTIONS);
  return [
    {
      type: 'message',
      text: activity.text,
      textFormat: 'plain',
      inputHint: activity.inputHint,
      ...(actions && { suggestedActions: { to: [], actions } }),
    } as Partial<Activity>,
  ];
}

/** Meta's own fields go through in `channelData` (messenger.md D.5). */
function onTerms(activity: { channelData?: unknown }, terms: SendingTerms | undefined): Partial<Activity> {
  if (!terms?.allowed || !('tag' in terms)) return activity;
  const { messaging_type, tag } = terms;
  return {
    ...activity,
    channelData: { ...(activity.channelData as object | undefined), messaging_type, tag },
  };
}

function referenceKey(conversationId: string): string {
  return `azure-reference/${conversationId}`;
}

function referenceOf({ from, recipient, conversation, channelId, serviceUrl }: TrustedActivity): object {
  return { user: from, bot: recipient, conversation, channelId, serviceUrl, eTag: '*' };
}

function unavailable(): HttpError {
  return new HttpError(503, 'ServiceUnavailable', 'Try again.', { 'retry-after': '5' });
}

/** Its keys could not be fetched: that says nothing about the caller. */
function isMicrosoftsFault(error: unknown): boolean {
  return (error instanceof Error && error.name === 'FetchError') || statusOf(error) >= 500;
}

function canRefresh(
  credentials: unknown,
): credentials is { getToken(forceRefresh: boolean): Promise<string> } {
  return typeof credentials === 'object' && credentials !== null && 'getToken' in credentials;
}

/** The SDK's errors carry an HTTP status; 0 where there is none. */
function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 0;
}

function outcomeOf(error: unknown, message: TakenMessage, random: number): SendOutcome {
  const status = statusOf(error);
  const reason = status === 0 ? 'the Bot Connector cannot be reached' : `the Bot Connector answers ${status}`;
  if (status === 401 && message.attempts >= MOST_REFUSED_TOKENS) return { outcome: 'stop-all', reason };
  if (status === 404) return { outcome: 'stop-key', reason };
  if (status >= 400 && status < 500 && ![401, 408, 412, 429].includes(status))
    return { outcome: 'dead', reason };
  const step = Math.min(1_000 * 2 ** Math.min(message.attempts, 10), LONGEST_BACKOFF_MS);
  return { outcome: 'retry', reason, afterMs: step * (0.5 + random / 2) };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(new Error('the time for this attempt is over'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
