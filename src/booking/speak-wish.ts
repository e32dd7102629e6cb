import { DateTime } from 'luxon';
import type { Say } from '../conversation/reply';
import type { Days, Portion } from './booking-request';
import type { WishRead } from './read-when';

/** The wish in words: "Thursday, December 24 at 6 pm", "any weekend in the morning"; as typed where no more is known. */
export function speakWish(wish: WishRead, now: DateTime, say: Say): string {
  const day =
    wish.date === undefined ? wish.days && speakDays(wish.days, now, say) : speakDate(wish.date, now);
  const clock = speakClock(wish, say);
  if (day !== undefined && clock !== undefined) return say('booking.when.dayAndTime', { day, time: clock });
  if (clock !== undefined)
    return say('booking.when.dayAndTime', { day: say('booking.when.any'), time: clock });
  return day ?? say('booking.when.typed', { typed: wish.typed });
}

/** "Tuesday, March 10"; with the year where it is not this one. */
export function speakDate(isoDate: string, now: DateTime): string {
  const date = DateTime.fromISO(isoDate, { zone: now.zone, locale: 'en-US' });
  return date.toFormat(date.year === now.year ? 'cccc, LLLL d' : 'cccc, LLLL d, yyyy');
}

/** "March"; with the year where it is not this one. */
function speakMonth(month: DateTime, now: DateTime): string {
  return month.toFormat(month.year === now.year ? 'LLLL' : 'LLLL yyyy');
}

/** `18:30` -> "6:30 pm" */
export function speakTime(time: string): string {
  const [hour, minutes] = [Number(time.slice(0, 2)), time.slice(3)];
  const half = hour < 12 ? 'am' : 'pm';
  return `${hour % 12 || 12}${minutes === '00' ? '' : `:${minutes}`} ${half}`;
}

function speakDays(days: Days, now: DateTime, say: Say): string {
  const weekday = (number: number): string =>
    now
      .setLocale('en-US')
      .set({ weekday: 1 })
      .plus({ days: number - 1 })
      .toFormat('cccc');
  switch (days.kind) {
    case 'week':
      return portioned(days.portion, say('booking.when.week', { day: speakDate(days.monday, now) }), say);
    case 'month':
      return portioned(
        days.portion,
        say('booking.when.month', {
          month: speakMonth(DateTime.fromISO(`${days.month}-01`, { locale: 'en-US' }), now),
        }),
        say,
      );
    case 'dates':
      return either(
        days.dates.map((date) => speakDate(date, now)),
        say,
      );
    case 'every':
      return say('booking.when.every', { day: either(days.weekdays.map(weekday), say) });
    default:
      return say(`booking.when.${days.kind}`);
  }
}

function either(names: string[], say: Say): string {
  return names.reduce((first, second) => say('booking.when.or', { first, second }));
}

/** "late in March", "early in the week of Monday, March 9" */
function portioned(portion: Portion | undefined, stretch: string, say: Say): string {
  return portion === undefined ? stretch : say(`booking.when.${portion}`, { stretch });
}

function speakClock(wish: WishRead, say: Say): string | undefined {
  if (wish.time === undefined) {
    if (wish.part === undefined && wish.portion === undefined) return undefined;
    return portioned(wish.portion, say(`booking.when.${wish.part ?? 'day'}`), say);
  }
  const time = speakTime(wish.time);
  if (wish.until !== undefined) return say('booking.when.between', { time, until: speakTime(wish.until) });
  return say(`booking.when.${wish.bound ?? 'at'}`, { time });
}
