import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import { bookingDialog } from '../dialogs/booking-dialog';
import type { BookingLinks } from '../dialogs/dialog';
import { receiptCode, referenceCode } from './booking/reference-code';
import { EnquiryBot } from './bot/enquiry-bot';
import { type KeptActivity, STAFF_ID, type Turns } from './bot/ports';
import { createTurns } from './bot/turn';
import { azureMessages, isAzureConversation } from './channels/azure/create-azure';
import { MESSENGER, messengerMessages } from './channels/messenger/sender';
import { calendarPath } from './channels/web/calendar-route';
import type { Say } from './conversation/reply';
import type { Foundation } from './foundation';
import { createTurnStore } from './storage/turn-store';

/** The bot, and the turn that keeps what it says; `noticeKinds` are told of each request. */
export function buildTurns(
  { database, loaded, url, clock, metrics, log }: Foundation,
  noticeKinds: string[],
  calendarKey: Buffer,
): Turns {
  const links: BookingLinks = {
    get privacy() {
      return `${url()}/privacy`;
    },
    calendarFile: (reference) => `${url()}${calendarPath(calendarKey, reference)}`,
  };
  const bot = new EnquiryBot({
    loaded,
    booking: bookingDialog,
    now: () => DateTime.fromJSDate(clock(), { zone: loaded().knowledge.clinic.timeZone }),
    links,
    newReference: () => referenceCode(randomBytes(32), loaded().knowledge.clinic.name),
    newReceipt: newReceiptCode,
  });
  const turns = createTurns({
    store: createTurnStore(database, noticeKinds),
    bot,
    botName: () => loaded().say('conversation.botName', { clinic: loaded().knowledge.clinic.name }),
    clock,
    deliver: (conversation, outgoing) => {
      const named = outgoing.map((kept) => withName(kept, loaded().say));
      if (isAzureConversation(conversation)) return azureMessages(conversation, named);
      return conversation.channel === MESSENGER ? messengerMessages(conversation, named) : [];
    },
    onError: (error, errorId, conversationId) =>
      log.error({ err: error, errorId, conversationId }, 'a turn failed'),
  });
  turns.subscribe(() => metrics.count('enquiries_turns_total'));
  return turns;
}

/** Channels that are written to show the page's name at every message, so that a person's stands in the message. */
function withName(kept: KeptActivity, say: Say): KeptActivity {
  const { from, text } = kept.activity;
  if (from?.id !== STAFF_ID || !text) return kept;
  const named = say('conversation.personSays', { name: from.name, text });
  return { ...kept, activity: { ...kept.activity, text: named } };
}

/** Of every erasure, whoever asks for it. */
export function newReceiptCode(): string {
  return receiptCode(randomBytes(16));
}
