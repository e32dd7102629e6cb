/** The server could not be opened; the message says what to do. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** Says in words why `listen` failed. */
export function listenErrorOf(error: NodeJS.ErrnoException, port: number, host: string): ListenError {
  return new ListenError(`Cannot listen on ${host}:${port}: ${remedyOf(error, port, host)}`, {
    cause: error,
  });
}

function remedyOf(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `another program uses this port. Stop it, or set PORT to a free one (PORT=${port + 1} npm start).`;
    case 'EACCES':
      return 'this user may not open this port. Set PORT to 1024 or above, and let a proxy serve 80 and 443.';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${host}. Set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.`;
    default:
      return `${error.message}. Check HOST and PORT.`;
  }
}
