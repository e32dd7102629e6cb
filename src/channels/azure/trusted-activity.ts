import { z } from 'zod';

/** What is used of an incoming activity; everything else is dropped. */
const shape = z.looseObject({
  type: z.string().min(1).max(100),
  id: z.string().max(256).optional(),
  timestamp: z.string().optional(),
  channelId: z.string(),
  serviceUrl: z.string().max(2048),
  from: z.looseObject({ id: z.string() }),
  recipient: z.looseObject({ id: z.string() }),
  conversation: z.looseObject({ id: z.string() }),
  text: z.string().max(28_000).nullish(),
  name: z.string().max(200).nullish(),
  attachments: z.array(z.looseObject({ contentType: z.string().max(200).catch('unknown') })).nullish(),
  membersAdded: z.array(z.looseObject({ id: z.string() })).nullish(),
});
export type TrustedActivity = z.infer<typeof shape>;

/** Ids as channels really make them; a slash in one would be the key of another conversation's state. */
const ID = /^[A-Za-z0-9_.:|-]{1,256}$/;
const CHANNEL = /^[a-z][a-z0-9]{1,30}$/;
/** Channels that this service carries itself, or that sign in by other rules. */
const RESERVED = new Set(['directline', 'messenger', 'asechannel']);

/**
 * An activity whose ids can be trusted to name what they say; undefined where it must be refused, before anything of
 * it is used.
 */
export function readTrusted(body: unknown): TrustedActivity | undefined {
  const { data } = shape.safeParse(body);
  if (!data || !CHANNEL.test(data.channelId) || RESERVED.has(data.channelId)) return undefined;
  const ids = [
    data.from.id,
    data.recipient.id,
    data.conversation.id,
    ...(data.id === undefined ? [] : [data.id]),
  ];
  return ids.every((id) => ID.test(id)) ? data : undefined;
}

/**
 * Whether replies, and with them this service's own token, may go to this address: Microsoft's connectors over https
 * and nothing else (reliability-security F13, row 57). For the Emulator, this machine and nothing else.
 */
export function isAllowedServiceUrl(serviceUrl: string, emulator: boolean): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, port, username, password, search, hash } = new URL(serviceUrl);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  if (emulator) return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  const isMicrosoft = hostname === 'smba.trafficmanager.net' || hostname.endsWith('.botframework.com');
  return protocol === 'https:' && port === '' && isMicrosoft;
}

/** No other channel's conversation can have this id. */
export function azureConversationId({ channelId, conversation }: TrustedActivity): string {
  return `${AZURE_CONVERSATION}${channelId}-${conversation.id}`;
}

export const AZURE_CONVERSATION = 'azure-';
