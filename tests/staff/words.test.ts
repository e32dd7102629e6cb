import { localTime } from '../../src/staff/words';

test.each([
  ['2026-03-02T14:05:00Z', 'today, 9:05 AM'],
  ['2026-03-02T04:59:00Z', 'yesterday, 11:59 PM'],
  ['2026-03-04T04:59:00Z', 'tomorrow, 11:59 PM'],
  ['2026-03-04T05:00:00Z', 'Wed, Mar 4, 12:00 AM'],
  ['2025-03-04T15:00:00Z', 'Mar 4, 2025, 10:00 AM'],
])('%s reads, on 2 March 2026 at the clinic: %s', (at, words) => {
  expect(localTime(at, new Date('2026-03-02T15:00:00Z'), 'America/New_York')).toBe(words);
});
