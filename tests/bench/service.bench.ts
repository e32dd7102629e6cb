import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PART_NAMES, runServiceBench } from './service';
import { drawGrowth } from './service-plot';

/**
 * `npm run bench -- service [--only throughput,latency,restart,idle,instances,growth] [--seconds 20]
 *   [--sizes 1000,100000,1000000] [--idle 100000] [--plot docs/growth.svg]`, and by itself `--only soak [--minutes 30]`
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PART_NAMES.join(',') },
    seconds: { type: 'string', default: '20' },
    sizes: { type: 'string', default: '1000,100000,1000000' },
    idle: { type: 'string', default: '100000' },
    minutes: { type: 'string', default: '30' },
    plot: { type: 'string' },
  },
});

async function main(): Promise<void> {
  const only = values.only.split(',');
  const known = [...PART_NAMES, 'soak'];
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--only knows ${known.join(', ')}, not ${unknown.join(', ')}.`);
  const growth = await runServiceBench(only, {
    seconds: Number(values.seconds),
    sizes: values.sizes.split(',').map(Number),
    idle: Number(values.idle),
    minutes: Number(values.minutes),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  if (values.plot !== undefined && growth.length > 0) writeFileSync(values.plot, drawGrowth(growth));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  // What it has started would keep it.
  process.exit(1);
});
