import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** What Caddy or nginx is in front of several instances: each request goes to the next one that takes it. */
export interface RoundRobinProxy {
  url: string;
  close: () => Promise<void>;
}

/** @param ports of the instances at the moment of each request: they change with a restart */
export async function startRoundRobinProxy(ports: () => number[]): Promise<RoundRobinProxy> {
  let next = 0;
  /** All of them, the one whose turn it is first. */
  const inTurn = (): number[] => {
    const all = ports();
    const first = next++ % Math.max(1, all.length);
    return [...all.slice(first), ...all.slice(0, first)];
  };
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => forward(incoming, Buffer.concat(chunks), response, inTurn()));
  });
  server.on('upgrade', (incoming, socket, head) => tunnel(incoming, socket, head, inTurn()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** To the first that can be reached; one that breaks off after it was reached may have done it, and is not asked twice. */
function forward(incoming: IncomingMessage, body: Buffer, response: ServerResponse, ports: number[]): void {
  const [port, ...others] = ports;
  if (port === undefined) return void response.writeHead(502).end();
  const outgoing = request(
    {
      port,
      host: '127.0.0.1',
      // One connection a request, as nginx does unless told: a kept one may be closed by a restart while it is written to.
      agent: false,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, 'x-forwarded-for': incoming.socket.remoteAddress },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') return forward(incoming, body, response, others);
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  outgoing.end(body);
}

function tunnel(incoming: IncomingMessage, client: Duplex, head: Buffer, ports: number[]): void {
  const [port, ...others] = ports;
  if (port === undefined) return void client.destroy();
  const target = connect(port, '127.0.0.1', () => {
    const lines = incoming.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
    );
    target.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    target.write(head);
    target.pipe(client).pipe(target);
  });
  target.on('error', (error: NodeJS.ErrnoException) =>
    error.code === 'ECONNREFUSED' ? tunnel(incoming, client, head, others) : client.destroy(),
  );
  client.on('error', () => target.destroy());
  client.on('close', () => target.destroy());
}
