import { connect } from 'node:net';

/** What came back on one raw socket until it closed. */
export interface RawAnswer {
  /** 0 where nothing came back. */
  status: number;
  text: string;
  headers: Map<string, string>;
  body: string;
}

/** Writes the bytes as they are and reads until the server closes the socket or `patienceMs` have passed. */
export async function sendRaw(port: number, bytes: string | Buffer, patienceMs = 5_000): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const done = (): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve(received);
    };
    const patience = setTimeout(done, patienceMs);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.once('close', done);
    socket.on('error', () => undefined);
  });
  return parse(text);
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1] ?? 0), text, headers, body: rest.join('\r\n\r\n') };
}
