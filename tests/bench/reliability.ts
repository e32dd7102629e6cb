import { scaleLinear } from 'd3-scale';

/** Messages at nearly the same confidence. */
export interface Reliability {
  /** Mean confidence, and the share of messages whose first entry was right; both 0 to 1. */
  confidence: number;
  right: number;
  messages: number;
}

const BINS = 10;

/** Ten steps of confidence, those without a message left out. Out-of-scope messages are never right. */
export function reliabilityOf(judged: readonly { confidence: number; isRight: boolean }[]): Reliability[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const inBin = judged.filter(
      ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin,
    );
    const mean = (value: (one: (typeof inBin)[number]) => number) =>
      inBin.reduce((sum, one) => sum + value(one), 0) / inBin.length;
    return {
      confidence: mean(({ confidence }) => confidence),
      right: mean(({ isRight }) => (isRight ? 1 : 0)),
      messages: inBin.length,
    };
  }).filter(({ messages }) => messages > 0);
}

/** Mean distance between confidence and share right, each message counted alike; 0 is perfect. */
export function calibrationError(bins: readonly Reliability[]): number {
  const messages = bins.reduce((sum, bin) => sum + bin.messages, 0);
  return bins.reduce((sum, bin) => sum + bin.messages * Math.abs(bin.confidence - bin.right), 0) / messages;
}

export function describeReliability(name: string, bins: readonly Reliability[]): string[] {
  const line = (title: string, value: (bin: Reliability) => string) =>
    `  ${title.padEnd(12)}${bins.map((bin) => value(bin).padStart(7)).join('')}`;
  return [
    `${name}: off by ${percent(calibrationError(bins))} on average`,
    line('confidence', ({ confidence }) => percent(confidence)),
    line('right', ({ right }) => percent(right)),
    line('messages', ({ messages }) => String(messages)),
  ];
}

const SIZE = 320;
const MARGIN = 48;
const COLORS = ['#1b6ca8', '#c2571a', '#2d8a4e', '#8a4fb0', '#a8323e'];

/** One line a data set against the diagonal of a perfect confidence, as a whole SVG document. */
export function drawReliability(sets: readonly { name: string; bins: readonly Reliability[] }[]): string {
  const x = scaleLinear()
    .domain([0, 1])
    .range([MARGIN, MARGIN + SIZE]);
  const y = scaleLinear()
    .domain([0, 1])
    .range([MARGIN + SIZE, MARGIN]);
  const width = SIZE + 2 * MARGIN;
  const legend = SIZE + 2 * MARGIN + 18;
  const height = legend + 18 * sets.length;
  const ticks = x
    .ticks(5)
    .flatMap((share) => [
      `<text x="${x(share)}" y="${y(0) + 18}" text-anchor="middle">${share * 100}</text>`,
      `<text x="${x(0) - 8}" y="${y(share) + 4}" text-anchor="end">${Math.round(share * 100)}</text>`,
      `<path d="M${x(0)} ${y(share)}H${x(1)}" stroke="#ddd"/>`,
    ]);
  const lines = sets.flatMap(({ name, bins }, at) => {
    const color = COLORS[at % COLORS.length]!;
    const points = bins.map(({ confidence, right }) => `${x(confidence).toFixed(1)},${y(right).toFixed(1)}`);
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
      ...bins.map(
        ({ confidence, right, messages }) =>
          `<circle cx="${x(confidence).toFixed(1)}" cy="${y(right).toFixed(1)}" r="3" fill="${color}"><title>${messages} messages</title></circle>`,
      ),
      `<text x="${MARGIN}" y="${legend + 18 * at}" fill="${color}">${escaped(name)}, off by ${percent(calibrationError(bins))}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="24" font-size="14">How far the confidence can be trusted</text>`,
    `<text x="${MARGIN + SIZE / 2}" y="${y(0) + 36}" text-anchor="middle">confidence (%)</text>`,
    `<text transform="translate(12 ${MARGIN + SIZE / 2}) rotate(-90)" text-anchor="middle">right of these messages (%)</text>`,
    ...ticks,
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#999" stroke-dasharray="4 4"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
