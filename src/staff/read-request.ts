import { assignees } from './assignees';
import type { Frame } from './pages/layout';
import type { RequestView } from './pages/request-page';
import type { Reach, Review, StaffAccounts } from './ports';
import type { StaffMember } from './sessions';
import type { Speech } from './speech';

/** Of the conversation that stands beside a request: its newest lines. */
const LINES_BESIDE = 60;
const GONE: Reach = { open: false, why: 'Its conversation is deleted already.' };

/** A request as this member may see it now; undefined where there is none. `revealed`: with contact details. */
export type ReadRequest = (
  reference: string,
  member: StaffMember,
  revealed: boolean,
) => Promise<RequestView | undefined>;

export function createRequestReader(parts: {
  accounts: StaffAccounts;
  review: Review;
  speech: Speech;
  randomBytes: (bytes: number) => Buffer;
  /** The address of the request's calendar file. */
  calendarFile: (reference: string) => string;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ReadRequest {
  const { accounts, review, speech, randomBytes, calendarFile, frameOf } = parts;
  return async (reference, member, revealed) => {
    const reading = await review.request(reference);
    if (reading === undefined) return undefined;
    const conversation = await review.conversation(reading.conversationId, LINES_BESIDE);
    return {
      frame: { ...(await frameOf(member)), revealed },
      reading,
      conversation,
      calendarFile: calendarFile(reading.reference),
      staff: await assignees(accounts),
      answer: {
        reach: conversation === undefined ? GONE : await speech.reach(conversation),
        // A letter goes with what is kept in the conversation.
        mails: speech.mails && conversation !== undefined,
        ownName: speech.nameOf(member),
        once: randomBytes(16).toString('base64url'),
      },
    };
  };
}
