import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { LIVE_CHANNELS, type Turns } from './bot/ports';
import {
  AZURE,
  azureAuthentication,
  createAzure,
  emulatorAuthentication,
  isAzureConversation,
} from './channels/azure/create-azure';
import { type Inbox, createInbox } from './channels/inbox';
import { type Messenger, createMessenger } from './channels/messenger/create-messenger';
import { MESSENGER } from './channels/messenger/sender';
import type { Foundation } from './foundation';
import type { Route } from './http/route';
import type { Sender } from './notify/ports';
import type { Reach } from './staff/ports';
import { DatabaseStorage } from './storage/bot-storage';
import { createInboxStore } from './storage/inbox-store';
import { createMessengerStore } from './storage/messenger-store';

/** Ways in that are written to rather than read from: acknowledged from the inbox, answered through the outbox. */
export interface RemoteChannels {
  inbox: Inbox;
  messenger: Messenger | undefined;
  routes: Route[];
  senders: Record<string, Sender>;
  /** Whether what staff write now gets to the visitor, on whichever channel. */
  reach: (conversation: { id: string; channel: string; userId: string }) => Promise<Reach>;
}

export function buildRemoteChannels(foundation: Foundation, turns: Turns): RemoteChannels {
  const { config, database, loaded, clock, metrics, log } = foundation;
  const wake = () => inbox.wake();
  const messengerStore = createMessengerStore(database);
  const messenger =
    config.messenger &&
    createMessenger({
      ...config.messenger,
      publicUrl: config.publicUrl,
      clinicName: () => loaded().knowledge.clinic.name,
      turns,
      store: messengerStore,
      wake,
      clock,
      random: Math.random,
      pause: (ms) => setTimeout(ms),
      randomBytes,
      log,
    });
  if (messenger) metrics.gauge('enquiries_messenger_problems', () => messenger.health.problems());
  const inboxStore = createInboxStore(database);
  const azure =
    (config.microsoftApp ?? config.allowEmulator) &&
    createAzure({
      appId: config.microsoftApp?.id,
      authentication: config.microsoftApp
        ? azureAuthentication(config.microsoftApp)
        : emulatorAuthentication(),
      facebookAppId: config.messenger?.appId,
      turns,
      inbox: inboxStore,
      storage: new DatabaseStorage(database),
      markForStaff: (...marked) => messengerStore.markForStaff(...marked),
      wake,
      clock,
      random: Math.random,
      log,
    });
  const inbox = createInbox({
    store: inboxStore,
    alsoForget: (before) => messengerStore.forget(before),
    handlers: {
      ...(messenger && { [MESSENGER]: messenger.handle }),
      ...(azure && { [AZURE]: azure.handle }),
    },
    clock,
    log,
  });
  return {
    inbox,
    messenger,
    routes: [...(messenger?.routes ?? []), ...(azure ? azure.routes : [])],
    reach: async (conversation) => {
      if (LIVE_CHANNELS.includes(conversation.channel)) return { open: true, how: 'chat' };
      if (messenger && conversation.channel === MESSENGER) return messenger.reach(conversation.userId);
      if (azure && isAzureConversation(conversation)) return azure.reach(conversation);
      return { open: false, why: 'The way to this channel is not set up any more.' };
    },
    senders: {
      ...(messenger && { [MESSENGER]: messenger.sender }),
      ...(azure && { [AZURE]: azure.sender }),
    },
  };
}
