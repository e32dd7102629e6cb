import type { DateTime } from 'luxon';
import type { OpeningHours } from '../answers/knowledge';

/** How soon the clinic means to answer a request. */
export interface ContactPromise {
  /** Hours that are counted. */
  hours: number;
  /** Days on which it is closed do not count; all days do where its hours are unknown. */
  openingHours?: OpeningHours | undefined;
  /** Local dates of holidays, which do not count either. */
  closedOn?: readonly string[] | undefined;
}

/** Until when a request that was received then should be answered, in the zone of `received`. */
export function contactDeadline(received: DateTime, promise: ContactPromise): DateTime {
  let left = promise.hours * HOUR_MS;
  let at = received;
  for (;;) {
    const midnight = at.startOf('day').plus({ days: 1 });
    if (counts(at, promise)) {
      const rest = midnight.toMillis() - at.toMillis();
      if (left <= rest) return at.plus({ milliseconds: left });
      left -= rest;
    }
    at = midnight;
  }
}

/** The newest moment at which a request received then is due by now: those received later still have time. */
export function overdueSince(now: DateTime, promise: ContactPromise): DateTime {
  let left = promise.hours * HOUR_MS;
  let at = now;
  for (;;) {
    const morning = at.minus({ milliseconds: 1 }).startOf('day');
    if (counts(morning, promise)) {
      const passed = at.toMillis() - morning.toMillis();
      if (left <= passed) return at.minus({ milliseconds: left });
      left -= passed;
    }
    at = morning;
  }
}

const HOUR_MS = 3_600_000;

function counts(day: DateTime, { openingHours, closedOn = [] }: ContactPromise): boolean {
  if (closedOn.includes(day.toFormat('yyyy-MM-dd'))) return false;
  if (openingHours === undefined || Object.keys(openingHours).length === 0) return true;
  return Object.entries(openingHours).some(
    ([weekday, times]) => Number(weekday) === day.weekday && times.length > 0,
  );
}
