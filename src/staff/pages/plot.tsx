/** One line or one layer of bars. */
export interface Series {
  name: string;
  values: number[];
}

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 44;
const BOTTOM = 28;
const TOP = 14;

/**
 * Bars on top of each other, one bar for each label, drawn on the server; the figures are also in the table that
 * goes with it. At most four series have colours that tell apart.
 */
export function StackedBars(props: {
  title: string;
  labels: string[];
  series: Series[];
  /** What the bar of each label opens. */
  links: string[];
}) {
  const { labels, series } = props;
  const totals = labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const top = niceTop(Math.max(1, ...totals));
  const width = (WIDTH - LEFT - 8) / Math.max(1, labels.length);
  const height = (value: number) => (value / top) * (HEIGHT - BOTTOM - TOP);
  const every = Math.ceil(labels.length / 8);
  return (
    <figure>
      <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={props.title}>
        {[0, 0.5, 1].map((share) => {
          const y = HEIGHT - BOTTOM - height(top * share);
          return (
            <g key={share}>
              <line class="axis" x1={LEFT} x2={WIDTH - 8} y1={y} y2={y} />
              <text x={LEFT - 6} y={y + 4} text-anchor="end">
                {shortNumber(top * share)}
              </text>
            </g>
          );
        })}
        {labels.map((label, index) => {
          const x = LEFT + index * width;
          let below = 0;
          return (
            <a
              key={label}
              href={props.links[index]}
              aria-label={`${label}: ${spoken(series, index)}`}
              tabIndex={-1}
            >
              {series.map(({ name, values }, layer) => {
                const value = values[index] ?? 0;
                const y = HEIGHT - BOTTOM - height(below + value);
                below += value;
                return value === 0 ? null : (
                  <rect
                    key={name}
                    class={`s${layer}`}
                    x={x + width * 0.1}
                    y={y}
                    width={Math.max(1, width * 0.8)}
                    height={height(value)}
                    stroke="none"
                  >
                    <title>{`${label}: ${name} ${value}`}</title>
                  </rect>
                );
              })}
              {index % every === 0 && (
                <text x={x + width / 2} y={HEIGHT - 8} text-anchor="middle">
                  {label}
                </text>
              )}
            </a>
          );
        })}
      </svg>
      {series.length > 1 && (
        <ul class="legend">
          {series.map(({ name }, layer) => (
            <li key={name}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect class={`s${layer}`} width="10" height="10" rx="2" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

/** "conversations 11", "answered 3, not understood 1": right for any number. */
function spoken(series: Series[], index: number): string {
  return series.map(({ name, values }) => `${name} ${values[index] ?? 0}`).join(', ');
}

/** A bar beside a figure in a table, as a share of the largest. */
export function Bar(props: { value: number; largest: number }) {
  const share = props.largest === 0 ? 0 : (props.value / props.largest) * 100;
  return (
    <svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar" width={share} height="10" rx="1" />
    </svg>
  );
}

/** The next of 2, 4, 6, 8, 10, 12, 16, 20, 30, 40 ... so that the axis has whole numbers at its middle, too. */
function niceTop(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest));
  const factors = power === 1 ? [2, 4, 6, 8] : [1, 1.2, 1.6, 2, 3, 4, 6, 8];
  return (factors.find((factor) => factor * power >= largest) ?? 10) * power;
}

function shortNumber(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1000)}k` : String(Math.round(value));
}
