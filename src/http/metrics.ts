/** Figures in Prometheus' text form. Label values come from a small fixed set, never from what a stranger sent. */
export interface Metrics {
  /** Counts one; the name ends in `_total`. */
  count(name: string, labels?: Record<string, string>): void;
  /** Read when asked: memory, open sockets. */
  gauge(name: string, read: () => number): void;
  render(): string;
}

/** A registry with the process's own figures in it. */
export function createMetrics(): Metrics {
  /** By name, and by the labels' values. */
  const counters = new Map<string, Map<string, { labels: string; count: number }>>();
  const gauges = new Map<string, () => number>([
    ['process_resident_memory_bytes', () => process.memoryUsage.rss()],
    ['process_uptime_seconds', () => process.uptime()],
  ]);
  return {
    count(name, labels = {}) {
      const series = counters.get(name) ?? new Map<string, { labels: string; count: number }>();
      counters.set(name, series);
      const key = Object.values(labels).join('\n');
      const counter = series.get(key) ?? { labels: labelText(labels), count: 0 };
      series.set(key, counter);
      counter.count++;
    },
    gauge: (name, read) => void gauges.set(name, read),
    render: () =>
      [
        ...[...counters].flatMap(([name, series]) => [
          `# TYPE ${name} counter`,
          ...[...series.values()].map(({ labels, count }) => `${name}${labels} ${count}`),
        ]),
        ...[...gauges].flatMap(([name, read]) => [`# TYPE ${name} gauge`, `${name} ${read()}`]),
        '',
      ].join('\n'),
  };
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
