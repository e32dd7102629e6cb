import { createHmac, timingSafeEqual } from 'node:crypto';
import { calendarFile } from '../../booking/calendar-file';
import type { Say } from '../../conversation/reply';
import { HttpError, type Route } from '../../http/route';
import type { RequestLog } from '../ports';

export interface CalendarOptions {
  requests: RequestLog;
  /** 32 bytes, kept with the data, so that addresses given earlier go on working. */
  key: Buffer;
  say: () => Say;
  clinicName: () => string;
}

/** The path of a request's calendar file. It cannot be guessed from the reference, and gives away nothing but the wish. */
export function calendarPath(key: Buffer, reference: string): string {
  return `/calendar/${encodeURIComponent(reference)}/${tokenOf(key, reference)}.ics`;
}

/** Serves a request's wish as a calendar file, as it stands now; 404 where there is none, or none with a day and time. */
export function calendarRoute({ requests, key, say, clinicName }: CalendarOptions): Route {
  return {
    method: 'GET',
    path: '/calendar/:reference/:file',
    handle: async ({ params }) => {
      const { reference = '', file = '' } = params;
      const kept = isOurs(key, reference, file) ? await requests.findRequest(reference) : undefined;
      const places = { clinic: clinicName(), reference };
      const body =
        kept?.request.wish &&
        calendarFile({
          reference,
          wish: kept.request.wish,
          revision: kept.revision,
          withdrawn: kept.withdrawn,
          changedAt: kept.changedAt,
          title: say()('booking.calendarTitle', places),
          text: say()('booking.calendarText', places),
        });
      if (!body) throw new HttpError(404, 'NotFound', 'There is no calendar file here.');
      return {
        status: 200,
        headers: {
          'content-type': 'text/calendar; charset=utf-8',
          'content-disposition': `attachment; filename="${reference}.ics"`,
          'cache-control': 'no-store',
          'x-robots-tag': 'noindex',
        },
        body,
      };
    },
  };
}

/** 128 bits of HMAC-SHA256: not to be guessed. */
function tokenOf(key: Buffer, reference: string): string {
  return createHmac('sha256', key).update(reference).digest().subarray(0, 16).toString('base64url');
}

function isOurs(key: Buffer, reference: string, file: string): boolean {
  const expected = Buffer.from(`${tokenOf(key, reference)}.ics`);
  const given = Buffer.from(file);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
