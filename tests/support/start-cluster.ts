import { type RoundRobinProxy, startRoundRobinProxy } from './round-robin-proxy';
import { type RunningService, startService } from './start-service';

/** What deploy/compose.yaml sets up, without Docker: instances on one Postgres behind a proxy. */
export interface Cluster {
  /** Of the proxy. */
  url: string;
  instances: RunningService[];
  /** Ends one instance as a supervisor does, and starts it again. Resolves to its exit code. */
  restart: (index: number) => Promise<number | null>;
  stop: () => Promise<void>;
}

export async function startCluster(
  folder: string,
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<Cluster> {
  const instances: RunningService[] = [];
  const proxy: RoundRobinProxy = await startRoundRobinProxy(() =>
    instances.map(({ url }) => Number(new URL(url).port)),
  );
  const start = () =>
    startService(folder, {
      ...settings,
      DATABASE_URL: databaseUrl,
      TRUST_PROXY: '127.0.0.1',
    });
  for (let index = 0; index < 2; index++) instances.push(await start());
  return {
    url: proxy.url,
    instances,
    restart: async (index) => {
      const code = await instances[index]?.stop();
      instances[index] = await start();
      return code ?? null;
    },
    stop: async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
      await proxy.close();
    },
  };
}
