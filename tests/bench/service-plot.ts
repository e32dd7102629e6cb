import { scaleLinear, scaleLog } from 'd3-scale';
import type { Growth } from './service';

const WIDTH = 480;
const HEIGHT = 260;
const MARGIN = 56;

/** Latency of a turn over the number of stored activities, as a whole SVG document. */
export function drawGrowth(growth: readonly Growth[]): string {
  const [first] = growth;
  const last = growth.at(-1);
  if (!first || !last) return '';
  const most = Math.max(...growth.map(({ p99 }) => p99));
  const x = scaleLog()
    .domain([first.activities, last.activities])
    .range([MARGIN, MARGIN + WIDTH]);
  const y = scaleLinear()
    .domain([0, most * 1.1])
    .range([MARGIN + HEIGHT, MARGIN]);
  const line = (name: string, color: string, value: (at: Growth) => number) => [
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${growth.map((at) => `${x(at.activities).toFixed(1)},${y(value(at)).toFixed(1)}`).join(' ')}"/>`,
    ...growth.map(
      (at) =>
        `<circle cx="${x(at.activities).toFixed(1)}" cy="${y(value(at)).toFixed(1)}" r="3" fill="${color}"/>` +
        `<text x="${x(at.activities).toFixed(1)}" y="${(y(value(at)) - 8).toFixed(1)}" text-anchor="middle" fill="${color}">${value(at).toFixed(1)}</text>`,
    ),
    `<text x="${MARGIN + WIDTH - 4}" y="${(y(value(last)) + 30).toFixed(1)}" text-anchor="end" fill="${color}">${name}</text>`,
  ];
  const size = { width: WIDTH + 2 * MARGIN, height: HEIGHT + 2 * MARGIN };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="24" font-size="14">Milliseconds of a turn, eight at once, by activities stored before</text>`,
    ...y
      .ticks(5)
      .flatMap((ms) => [
        `<path d="M${MARGIN} ${y(ms)}H${MARGIN + WIDTH}" stroke="#ddd"/>`,
        `<text x="${MARGIN - 8}" y="${y(ms) + 4}" text-anchor="end">${ms}</text>`,
      ]),
    ...growth.map(
      ({ activities, megabytes }) =>
        `<text x="${x(activities)}" y="${MARGIN + HEIGHT + 18}" text-anchor="middle">${activities.toLocaleString('en')}</text>` +
        `<text x="${x(activities)}" y="${MARGIN + HEIGHT + 34}" text-anchor="middle" fill="#666">${megabytes.toFixed(0)} MB</text>`,
    ),
    ...line('half are quicker', '#1b6ca8', ({ p50 }) => p50),
    ...line('99 of 100 are quicker', '#c2571a', ({ p99 }) => p99),
    '</svg>',
    '',
  ].join('\n');
}
