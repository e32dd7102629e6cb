import { watchClock } from '../src/clock-watch';

const HOUR = 3_600_000;
let wall: number;
let ticks: number;
const pass = (hours: number) => {
  wall += hours * HOUR;
  ticks += hours * HOUR;
};
const watch = () =>
  watchClock(
    () => new Date(wall),
    () => ticks,
  );

beforeEach(() => {
  wall = Date.parse('2026-03-02T15:00:00.000Z');
  ticks = 0;
});

test('a clock that only goes on, and one that a time server corrects by minutes, are believed', () => {
  const watched = watch();
  for (let day = 0; day < 400; day++) pass(24);
  wall += 30 * 60_000;
  expect(watched.isSteady()).toBe(true);
});

test.each([-400 * 24, -2, 2, 24, 400 * 24])('a clock set by %d hours is doubted for a day', (hours) => {
  const watched = watch();
  expect(watched.isSteady()).toBe(true);
  wall += hours * HOUR;
  expect(watched.isSteady()).toBe(false);
  pass(23);
  expect(watched.isSteady()).toBe(false);
  pass(2);
  expect(watched.isSteady()).toBe(true);
});

test('one that is set right again within the day is believed at once', () => {
  const watched = watch();
  wall += 400 * 24 * HOUR;
  expect(watched.isSteady()).toBe(false);
  wall -= 400 * 24 * HOUR;
  expect(watched.isSteady()).toBe(true);
  pass(25);
  expect(watched.isSteady()).toBe(true);
});
