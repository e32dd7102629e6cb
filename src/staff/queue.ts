import { REVIEW_REASONS } from '../bot/ports';
import type { ConversationRow, RequestFilter, RequestRow, Review, UndeliveredNotice, Waiting } from './ports';
import { reasonsByNeed, reasonTitle } from './words';

/** One thing that waits for staff. */
export type QueueItem =
  | { kind: 'conversation'; row: ConversationRow }
  | { kind: 'request'; row: RequestRow }
  | { kind: 'notice'; row: UndeliveredNotice };

/** What the queue holds beside conversations; those go by their review reason. */
export const REQUEST_NEED = 'request';
export const OVERDUE_NEED = 'overdue';
export const NOTICE_NEED = 'undelivered';

/** Before people who want to be called come those who may be in danger, and what broke. */
const BEFORE_REQUESTS: readonly string[] = REVIEW_REASONS.slice(0, REVIEW_REASONS.indexOf('person-joined'));

/** The needs that wait now, most pressing first, with how many wait for each. */
export function needsOf(waiting: Waiting): { need: string; amount: number }[] {
  const reasons = reasonsByNeed(Object.keys(waiting.reasons));
  const first = reasons.filter((reason) => BEFORE_REQUESTS.includes(reason));
  const rest = reasons.filter((reason) => !BEFORE_REQUESTS.includes(reason));
  const conversations = (list: string[]) =>
    list.map((need) => ({ need, amount: waiting.reasons[need] ?? 0 }));
  return [
    ...conversations(first),
    { need: NOTICE_NEED, amount: waiting.undelivered },
    { need: OVERDUE_NEED, amount: waiting.overdueRequests },
    { need: REQUEST_NEED, amount: waiting.newRequests - waiting.overdueRequests },
    ...conversations(rest),
  ].filter(({ amount }) => amount > 0);
}

export function needTitle(need: string): string {
  if (need === REQUEST_NEED) return 'New requests';
  if (need === OVERDUE_NEED) return 'Overdue requests';
  return need === NOTICE_NEED ? 'Not delivered' : reasonTitle(need);
}

/** The first `limit` things of the queue, or of one need in it. */
export async function readQueue(
  review: Review,
  waiting: Waiting,
  overdueSince: string,
  limit: number,
  only?: string,
): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  for (const { need } of needsOf(waiting)) {
    if (only !== undefined && need !== only) continue;
    if (items.length >= limit) break;
    items.push(...(await itemsOf(review, need, overdueSince, limit - items.length)));
  }
  return items;
}

async function itemsOf(
  review: Review,
  need: string,
  overdueSince: string,
  limit: number,
): Promise<QueueItem[]> {
  if (need === NOTICE_NEED) return (await review.undelivered(limit)).map((row) => ({ kind: 'notice', row }));
  if (need === OVERDUE_NEED) return requests({ status: 'new', waitsSince: overdueSince });
  if (need === REQUEST_NEED) return requests({ status: 'new', waitsAfter: overdueSince });
  return (await review.conversations({ reason: need }, limit)).rows.map((row) => ({
    kind: 'conversation',
    row,
  }));

  async function requests(filter: RequestFilter): Promise<QueueItem[]> {
    return (await review.requests(filter, limit)).rows.map((row) => ({ kind: 'request', row }));
  }
}
