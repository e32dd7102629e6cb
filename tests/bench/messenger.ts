import {
  APP_ID,
  APP_SECRET,
  PAGE_ID,
  PAGE_TOKEN,
  postEvents,
  startFakeGraph,
  written,
} from '../support/fake-graph';
import { dataFolder, startService } from '../support/start-service';

/** Webhook calls a second; each brings one message. A clinic's page has a few a minute. */
const CALLS_A_SECOND = 50;
const PEOPLE = 200;
const QUESTION = 'how long does one session take?';

/**
 * How soon Meta's webhook is acknowledged while the turns behind it run and their replies are sent: calls arrive at a
 * steady pace, whatever the service does with the earlier ones, and wait for it from the moment they were due.
 */
export async function runMessengerBench(seconds: number, print: (line: string) => void): Promise<void> {
  const data = dataFolder();
  const graph = await startFakeGraph();
  const service = await startService(data.folder, {
    MESSENGER_APP_SECRET: APP_SECRET,
    MESSENGER_VERIFY_TOKEN: 'verify-me-please',
    MESSENGER_PAGE_TOKEN: PAGE_TOKEN,
    MESSENGER_PAGE_ID: PAGE_ID,
    MESSENGER_APP_ID: APP_ID,
    MESSENGER_GRAPH_URL: graph.url,
    LOG_LEVEL: 'error',
  });
  try {
    const webhook = { url: service.url, appSecret: APP_SECRET, meta: graph };
    const calls = seconds * CALLS_A_SECOND;
    const started = performance.now();
    const times = await Promise.all(
      Array.from({ length: calls }, async (_, index) => {
        const due = started + (index * 1000) / CALLS_A_SECOND;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        const status = await postEvents(webhook, [written(String(70_000 + (index % PEOPLE)), QUESTION)]);
        if (status !== 200) throw new Error(`The webhook answers ${status}.`);
        return performance.now() - due;
      }),
    );
    const sorted = times.sort((one, other) => one - other);
    const at = (share: number) => `${(sorted[Math.ceil(calls * share) - 1] ?? 0).toFixed(1)} ms`;
    print(`Messenger's webhook, ${calls} calls at ${CALLS_A_SECOND} a second, each with one question:`);
    print(
      `  acknowledged in  p50 ${at(0.5)}, p99 ${at(0.99)}, slowest ${at(1)}   (must be: p99 200 ms, all 5 s)`,
    );
    const ended = performance.now();
    while (graph.delivered.length < calls && performance.now() - ended < 120_000)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const after = ((performance.now() - ended) / 1000).toFixed(1);
    print(
      `  ${graph.delivered.length} replies delivered, the last ${after} s after the last call (20 a second at most)`,
    );
  } finally {
    await service.stop();
    await graph.close();
    data.remove();
  }
}
