/** Starts the service: read the settings, build, listen, close cleanly; nothing else. */
import { keepCompiled } from './compile-cache';

/** sysexits.h EX_CONFIG: a supervisor should not try again before somebody has mended something. */
const EXIT_CONFIGURATION = 78;
/** EX_TEMPFAIL: a supervisor tries again, as where the database comes up later than this machine after a power cut. */
const EXIT_TRY_AGAIN = 75;
const LEAST_NODE = 22;

void main();

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
    return refuse(
      `Node ${LEAST_NODE} or newer is needed; this is ${process.version}. Start with "npm start", which brings one.`,
      EXIT_CONFIGURATION,
    );
  }
  const stopWith = listenForSignals();
  const writeCompiled = keepCompiled();
  try {
    // Loaded only now: better-sqlite3 crashes an older Node without a word.
    const { readConfig } = await import('./config.js');
    const { buildService } = await import('./build-service.js');
    const service = await buildService(readConfig(process.env));
    // While nobody waits for an answer yet.
    await writeCompiled();
    const addresses = await service.listen();
    process.stdout.write(addresses);
    stopWith(() => service.close());
  } catch (error) {
    refuse(
      isExpected(error)
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error),
      isMendedByHand(error) ? EXIT_CONFIGURATION : EXIT_TRY_AGAIN,
    );
  }
}

/**
 * The first signal finishes the turns under way; a second one ends at once. Until there is something to finish, the
 * first does: as a container's first process it would otherwise not be heard at all. Returns where to say what that is.
 */
function listenForSignals(): (close: () => Promise<void>) => void {
  let stop = async (): Promise<void> => undefined;
  let closing = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1);
      closing = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => refuse(String(error), EXIT_TRY_AGAIN),
      );
    });
  }
  return (close) => (stop = close);
}

/** Problems that say themselves what to do; a stack would only hide it. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof Error && /^(ConfigError|KnowledgeFileError|DatabaseError|ListenError)$/.test(error.name)
  );
}

function isMendedByHand(error: unknown): boolean {
  return error instanceof Error && /^(ConfigError|KnowledgeFileError)$/.test(error.name);
}

function refuse(reason: string, code: number): void {
  process.stderr.write(`${reason}\n`);
  process.exit(code);
}
