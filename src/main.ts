/** Starts the service: read the settings, build, listen, close cleanly; nothing else. */

/** sysexits.h EX_CONFIG: a supervisor should not try again before somebody has mended something. */
const EXIT_CONFIGURATION = 78;
const LEAST_NODE = 22;

void main();

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
    return refuse(
      `Node ${LEAST_NODE} or newer is needed; this is ${process.version}. Start with "npm start", which brings one.`,
    );
  }
  try {
    // Loaded only now: better-sqlite3 crashes an older Node without a word.
    const { readConfig } = await import('./config.js');
    const { buildService } = await import('./build-service.js');
    const service = await buildService(readConfig(process.env));
    const addresses = await service.listen();
    process.stdout.write(addresses);
    closeOnSignals(() => service.close());
  } catch (error) {
    refuse(
      isExpected(error)
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error),
    );
  }
}

/** The first signal finishes the turns under way; a second one ends at once. */
function closeOnSignals(close: () => Promise<void>): void {
  let closing = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1);
      closing = true;
      close().then(
        () => process.exit(0),
        (error: unknown) => refuse(String(error)),
      );
    });
  }
}

/** Problems that say themselves what to do; a stack would only hide it. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof Error && /^(ConfigError|KnowledgeFileError|DatabaseError|ListenError)$/.test(error.name)
  );
}

function refuse(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exit(EXIT_CONFIGURATION);
}
