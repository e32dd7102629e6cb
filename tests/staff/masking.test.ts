import { maskEmail, maskPhone, maskText } from '../../src/staff/masking';

test.each([
  ['call 410-555-0134 please', 'call … 34 please'],
  ['call (410) 555 0134', 'call … 34'],
  ['+1 410.555.0134 or me@example.com', '… 34 or m…@example.com'],
  ['me@example.com, you@example.com', 'm…@example.com, y…@example.com'],
  ['it took 3 to 5 hours on 2026', 'it took 3 to 5 hours on 2026'],
  ['', ''],
])('%j is read as %j by those who may not see contact details', (text, masked) => {
  expect(maskText(text)).toBe(masked);
});

test('an address or number that is none is hidden whole', () => {
  expect(maskEmail('@example.com')).toBe('…');
  expect(maskPhone('')).toBe('… ');
});

test('no text makes the masking slow', () => {
  const started = process.cpuUsage();
  for (const piece of ['1 ', 'a@', '@', '1-', 'a', '(1)']) maskText(piece.repeat(1_000));
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(250);
});
