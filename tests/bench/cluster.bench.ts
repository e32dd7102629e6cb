import { startCluster } from '../support/start-cluster';
import { startPostgres } from '../support/start-postgres';
import { dataFolder } from '../support/start-service';

/** `npm run cluster`: what deploy/compose.yaml sets up, on this machine and without Docker, until Ctrl-C. */
async function main(): Promise<void> {
  const data = dataFolder();
  const postgres = await startPostgres();
  const cluster = await startCluster(data.folder, postgres.url);
  const [one, two] = cluster.instances;
  process.stdout.write(
    `Two instances on one Postgres, behind a proxy. Stop them with Ctrl-C; their data goes with them.\n` +
      `  Through the proxy    ${cluster.url}/\n  First instance       ${one?.url}/\n  Second instance      ${two?.url}/\n`,
  );
  const link = one?.setupLink();
  if (link) process.stdout.write(`  First staff account  ${link}\n`);
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await cluster.stop();
    await postgres.stop();
    data.remove();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
