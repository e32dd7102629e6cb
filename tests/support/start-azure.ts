import { createSign, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  ConfigurationBotFrameworkAuthentication,
  type ConfigurationBotFrameworkAuthenticationOptions,
} from 'botbuilder';
import { DateTime } from 'luxon';
import type { BookingLinks } from '../../dialogs/dialog';
import { createTurns } from '../../src/bot/turn';
import {
  type BotFrameworkAuthentication,
  azureMessages,
  createAzure,
  emulatorAuthentication,
} from '../../src/channels/azure/create-azure';
import { createInbox } from '../../src/channels/inbox';
import { createHttpServer } from '../../src/http/create-server';
import { createOutbox } from '../../src/notify/outbox';
import { DatabaseStorage } from '../../src/storage/bot-storage';
import { createInboxStore } from '../../src/storage/inbox-store';
import { createMessengerStore } from '../../src/storage/messenger-store';
import { type Database, openDatabase } from '../../src/storage/open-database';
import { createOutboxStore } from '../../src/storage/outbox-store';
import { createTurnStore } from '../../src/storage/turn-store';
import { type FakeConnector, startFakeConnector } from './fake-connector';
import { APP_ID as FACEBOOK_APP_ID, PAGE_ID } from './fake-graph';
import { shippedBot } from './shipped-bot';
import { shippedKnowledge } from './shipped-knowledge';
import { memoryFolder } from './start-service';

export const BOT_APP_ID = '11111111-2222-3333-4444-555555555555';
export const ISSUER = 'https://api.botframework.com';
export const SERVICE_URL = 'https://facebook.botframework.com/';
export const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The Azure channel on a real server, database, bot and outbox; only Microsoft is a stand-in, and the clock is ours. */
export interface AzureService {
  database: Database;
  connector: FakeConnector;
  /** Azure brings an activity; resolves to the status once it was worked off and the replies are sent or put off. */
  post(activity: object, token?: string): Promise<number>;
  settle(): Promise<void>;
  pass(ms: number): void;
  setNow(ms: number): void;
  now(): number;
}

export interface AzureServiceOptions {
  /** Who signs the calls to us; undefined: the Emulator, without credentials. */
  metadataUrl: string | undefined;
  start?: number;
  facebookAppId?: string | undefined;
  links?: BookingLinks;
  /** What the token endpoint gives, one after the other; the last one from then on. */
  tokens?: string[];
}

const opened: (() => Promise<void>)[] = [];
export async function closeAzures(): Promise<void> {
  for (const close of opened.splice(0)) await close();
}

export async function startAzure(options: AzureServiceOptions): Promise<AzureService> {
  const data = memoryFolder();
  const database = await openDatabase(`sqlite:${path.join(data.folder, 'azure.db')}`);
  const connector = await startFakeConnector();
  const { clinic } = shippedKnowledge().knowledge;
  let now = options.start ?? Date.now();
  const clock = () => new Date(now);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const bot = shippedBot({
    now: () => DateTime.fromMillis(now, { zone: clinic.timeZone }),
    ...(options.links && { links: options.links }),
  });
  const turns = createTurns({
    store: createTurnStore(database, ['notice']),
    bot,
    botName: () => 'assistant',
    clock,
    deliver: azureMessages,
    onError: (error) => {
      throw error;
    },
  });
  const store = createInboxStore(database);
  const inbox = createInbox({ store, handlers: { azure: (entry) => azure.handle(entry) }, clock, log });
  const azure = createAzure({
    appId: options.metadataUrl === undefined ? undefined : BOT_APP_ID,
    authentication: authenticationBy(options, connector),
    facebookAppId: 'facebookAppId' in options ? options.facebookAppId : FACEBOOK_APP_ID,
    turns,
    inbox: store,
    storage: new DatabaseStorage(database),
    markForStaff: (...marked) => createMessengerStore(database).markForStaff(...marked),
    wake: () => inbox.wake(),
    clock,
    random: () => 0,
    log,
  });
  const outbox = createOutbox({
    store: createOutboxStore(database),
    senders: { azure: azure.sender },
    clock,
    random: () => 0,
    log,
  });
  const server = createHttpServer({ routes: azure.routes, upgrades: [], trustProxy: [], log });
  const { port } = await server.listen(0, '127.0.0.1');
  opened.push(async () => {
    await server.close();
    await inbox.close();
    await outbox.close();
    await connector.close();
    await database.close();
    data.remove();
  });
  const settle = async () => {
    inbox.wake();
    await inbox.idle();
    outbox.wake();
    await outbox.idle();
  };
  return {
    database,
    connector,
    settle,
    async post(activity, token) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(activity),
      });
      await answer.arrayBuffer();
      await settle();
      return answer.status;
    },
    pass: (ms) => void (now += ms),
    setNow: (ms) => void (now = ms),
    now: () => now,
  };
}

function authenticationBy(
  { metadataUrl, tokens = ['first'] }: AzureServiceOptions,
  connector: FakeConnector,
): BotFrameworkAuthentication {
  if (metadataUrl === undefined) return emulatorAuthentication();
  const settings = {
    MicrosoftAppId: BOT_APP_ID,
    MicrosoftAppPassword: 'secret',
    ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
    ToChannelFromBotOAuthScope: ISSUER,
    ToBotFromChannelTokenIssuer: ISSUER,
    OAuthUrl: ISSUER,
    ToBotFromChannelOpenIdMetadataUrl: metadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: metadataUrl,
    CallerId: 'urn:botframework:azure',
  };
  return new LoopbackAuthentication(settings, connector.url, credentialsOf(tokens));
}

type CredentialsFactory = NonNullable<
  ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]
>;

/** What MSAL keeps: a token until a new one is asked for. */
function credentialsOf(tokens: string[]): CredentialsFactory {
  let index = 0;
  const credentials = {
    async getToken(forceRefresh = false) {
      if (forceRefresh) index = Math.min(index + 1, tokens.length - 1);
      return tokens[index] ?? '';
    },
    async signRequest<Request extends { headers: { set(name: string, value: string): void } }>(
      request: Request,
    ) {
      request.headers.set('authorization', `Bearer ${await credentials.getToken()}`);
      return request;
    },
  };
  return {
    isValidAppId: async (appId: string) => appId === BOT_APP_ID,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => credentials,
  } as CredentialsFactory;
}

/** The SDK's own way in and out, but that the connector's address leads to this machine. */
class LoopbackAuthentication extends ConfigurationBotFrameworkAuthentication {
  constructor(
    settings: ConfigurationBotFrameworkAuthenticationOptions,
    private readonly url: string,
    credentials: CredentialsFactory,
  ) {
    super(settings, credentials);
  }

  override createConnectorFactory(
    identity: Parameters<ConfigurationBotFrameworkAuthentication['createConnectorFactory']>[0],
  ) {
    const real = super.createConnectorFactory(identity);
    const { url } = this;
    return { create: (_serviceUrl: string, audience: string) => real.create(url, audience) };
  }
}

/** Microsoft's published keys, with ours in their place. */
export async function startMetadata(how: 'works' | 'fails' | 'hangs' = 'works') {
  const heard: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    heard.push(request.url ?? '');
    const { port } = server.address() as AddressInfo;
    const key = {
      ...keys.publicKey.export({ format: 'jwk' }),
      kid: 'ours',
      endorsements: ['facebook', 'msteams'],
    };
    const body =
      request.url === '/keys'
        ? { keys: [key] }
        : { issuer: ISSUER, jwks_uri: `http://127.0.0.1:${port}/keys` };
    if (how === 'hangs') return;
    response.writeHead(how === 'works' ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(how === 'works' ? body : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, heard, close };
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The Bot Connector's token for this bot, with something else in it where told. */
export function connectorToken(
  claims: object = {},
  header: object = {},
  key: KeyObject = keys.privateKey,
): string {
  const now = Math.floor(Date.now() / 1000);
  const content = `${base64({ alg: 'RS256', typ: 'JWT', kid: 'ours', ...header })}.${base64({ iss: ISSUER, aud: BOT_APP_ID, serviceurl: SERVICE_URL, nbf: now - 10, exp: now + 3600, ...claims })}`;
  return `${content}.${createSign('sha256').update(content).sign(key).toString('base64url')}`;
}

let activities = 0;

/** An activity as the Facebook channel makes it. */
export function facebookActivity(more: object = {}): Record<string, unknown> {
  return {
    type: 'message',
    id: `mid-${++activities}`,
    timestamp: new Date().toISOString(),
    channelId: 'facebook',
    serviceUrl: SERVICE_URL,
    from: { id: '42' },
    recipient: { id: PAGE_ID },
    conversation: { id: `42-${PAGE_ID}` },
    ...more,
  };
}
