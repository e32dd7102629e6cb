import type { BookingRequest } from '../booking/booking-request';
import type { RequestLog } from '../channels/ports';
import type { Database } from './open-database';

/** Kept requests by their reference. */
export function createRequestLog({ kysely }: Database): RequestLog {
  return {
    async findRequest(reference) {
      const row = await kysely
        .selectFrom('booking_requests')
        .select(['request', 'revision', 'status', 'updated_at'])
        .where('reference', '=', reference)
        .executeTakeFirst();
      if (!row) return undefined;
      const request: BookingRequest = JSON.parse(row.request);
      return {
        request,
        revision: row.revision,
        withdrawn: row.status === 'withdrawn',
        changedAt: row.updated_at,
      };
    },
  };
}
