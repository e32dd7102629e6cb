import { DateTime } from 'luxon';
import type { Clinic, OpeningHours, Weekday } from '../answers/knowledge';
import type { ClinicShape } from './entry-schema';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** clinic.yaml as the rest of the house uses it. */
export function toClinic(shape: ClinicShape): Clinic {
  const details = Object.entries(shape.details ?? {});
  const hours = openingHours(shape.hours ?? {});
  const { name, location, timeZone, country, consent, retention, contactWithinHours, notify } = shape;
  return {
    name,
    location,
    timeZone,
    country,
    ...(hours !== undefined && { hours }),
    ...(shape.closedOn && shape.closedOn.length > 0 && { closedOn: shape.closedOn.flatMap(daysOf) }),
    details: new Map(details.filter(([, value]) => value !== '')),
    unknown: [
      ...(hours === undefined ? ['hours'] : []),
      ...details.filter(([, value]) => value === '').map(([detail]) => detail),
    ],
    consent,
    privacyUrl: shape.privacyUrl ?? '',
    retention,
    contactWithinHours: contactWithinHours ?? A_DAY,
    ...(notify !== undefined && { notify }),
  };
}

/** Hours: what visitors expect where nothing is promised. */
const A_DAY = 24;

/** `2026-12-24 to 2026-12-26`: each of these days. */
function daysOf(stretch: string): string[] {
  const [from = '', until = from] = stretch.split(/ to /u);
  const days: string[] = [];
  for (let day = DateTime.fromISO(from, { zone: 'utc' }); ; day = day.plus({ days: 1 })) {
    const date = day.toFormat('yyyy-MM-dd');
    if (!day.isValid || date > until) return days;
    days.push(date);
  }
}

/** Undefined while not one day is filled in: closed all week is written with `closed`. */
function openingHours(days: NonNullable<ClinicShape['hours']>): OpeningHours | undefined {
  if (WEEKDAYS.every((day) => (days[day] ?? '') === '')) return undefined;
  const hours: OpeningHours = {};
  for (const [index, day] of WEEKDAYS.entries()) {
    const text = days[day] ?? '';
    if (text === '' || text === 'closed') continue;
    hours[weekday(index)] = text
      .split(',')
      .map((part) => part.split(/[-–]/u).map((time) => time.trim()))
      .map(([opens = '', closes = '']) => ({ opens, closes }));
  }
  return hours;
}

function weekday(index: number): Weekday {
  const days: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
  return days[index] ?? 1;
}

/** Every detail by the name that `{{clinic.NAME}}` and `needs` use: its text, or '' while it is not filled in. */
export function clinicVariables(clinic: Clinic): Map<string, string> {
  return new Map([
    ...clinic.unknown.map((name): [string, string] => [name, '']),
    ...clinic.details,
    ['hours', clinic.hours === undefined ? '' : spokenHours(clinic.hours)],
    ['name', clinic.name],
    ['location', clinic.location],
  ]);
}

/** `Monday to Friday 9 am to 5 pm, Saturday 10 am to 2 pm; closed on Sunday` */
export function spokenHours(hours: OpeningHours): string {
  const open: string[] = [];
  const closed: string[] = [];
  for (const { from, to, times } of alikeDays(hours)) {
    const days =
      from === to
        ? name(from)
        : to === from + 1
          ? `${name(from)} and ${name(to)}`
          : `${name(from)} to ${name(to)}`;
    if (times === '') closed.push(days);
    else open.push(`${days} ${times}`);
  }
  if (open.length === 0) return 'closed all week';
  return [open.join(', '), ...(closed.length > 0 ? [`closed on ${closed.join(' and ')}`] : [])].join('; ');
}

function name(index: number): string {
  return DAY_NAMES[index] ?? '';
}

/** Days in a row with the same times, as indexes into the week. */
function alikeDays(hours: OpeningHours): { from: number; to: number; times: string }[] {
  const runs: { from: number; to: number; times: string }[] = [];
  for (const index of WEEKDAYS.keys()) {
    const times = (hours[weekday(index)] ?? [])
      .map(({ opens, closes }) => `${spokenTime(opens)} to ${spokenTime(closes)}`)
      .join(' and ');
    const last = runs.at(-1);
    if (last !== undefined && last.times === times) last.to = index;
    else runs.push({ from: index, to: index, times });
  }
  return runs;
}

/** `09:00` is `9 am`, `12:00` noon, `24:00` midnight. */
function spokenTime(clock: string): string {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  if (minute === 0 && hour === 12) return 'noon';
  if (minute === 0 && hour % 24 === 0) return 'midnight';
  return `${hour % 12 || 12}${minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`} ${hour % 24 < 12 ? 'am' : 'pm'}`;
}
