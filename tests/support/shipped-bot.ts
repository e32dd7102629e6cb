import { randomBytes } from 'node:crypto';
import type { DateTime } from 'luxon';
import { bookingDialog } from '../../dialogs/booking-dialog';
import type { BookingLinks } from '../../dialogs/dialog';
import { receiptCode, referenceCode } from '../../src/booking/reference-code';
import { EnquiryBot, type LoadedKnowledge } from '../../src/bot/enquiry-bot';
import { shippedKnowledge } from './shipped-knowledge';

/** The bot as it is shipped, on the test's clock; `now` is in the clinic's zone. */
export function shippedBot(options: {
  now: () => DateTime;
  knowledge?: LoadedKnowledge;
  links?: BookingLinks;
}): EnquiryBot {
  const { now, knowledge = shippedKnowledge(), links } = options;
  return new EnquiryBot({
    loaded: () => knowledge,
    booking: bookingDialog,
    now,
    newReference: () => referenceCode(randomBytes(32), knowledge.knowledge.clinic.name),
    newReceipt: () => receiptCode(randomBytes(16)),
    ...(links && { links }),
  });
}
