/** Whether the wall clock can be believed with what cannot be undone, such as deleting what is too old. */
export interface ClockWatch {
  /** False for a day after the clock was set by more than an hour: long enough for somebody to notice and set it right. */
  isSteady(): boolean;
}

const MOST_OFF_MS = 3_600_000;
const WAIT_MS = 24 * 3_600_000;

/**
 * @param clock the wall clock, which an operator, a time server or a dead battery can set
 * @param monotonic milliseconds of a clock that nobody can set
 */
export function watchClock(clock: () => Date, monotonic: () => number): ClockWatch {
  const distance = () => clock().getTime() - monotonic();
  let believed = distance();
  let doubtedSince: number | undefined;
  return {
    isSteady() {
      if (Math.abs(distance() - believed) <= MOST_OFF_MS) {
        doubtedSince = undefined;
        return true;
      }
      doubtedSince ??= monotonic();
      if (monotonic() - doubtedSince < WAIT_MS) return false;
      believed = distance();
      doubtedSince = undefined;
      return true;
    },
  };
}
