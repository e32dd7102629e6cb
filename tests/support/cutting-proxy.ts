import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between client and server like a bad mobile network. */
export interface CuttingProxy {
  port: number;
  /** Cuts every connection that is open now. */
  cut(): void;
  /** Cuts each new connection once the server has sent this many bytes; Infinity lets them live. */
  cutAfter(bytes: () => number): void;
  /** Sends new connections to another server. */
  turnTo(port: number): void;
  /** How many connections it has cut. */
  cuts(): number;
  close(): Promise<void>;
}

/** `onAsked` hears what clients send: all that one sends before the server says something is one round trip. */
export async function startCuttingProxy(
  firstPort: number,
  onAsked: (bytes: Buffer, begins: 'a round trip' | undefined) => void = () => undefined,
): Promise<CuttingProxy> {
  let targetPort = firstPort;
  const pairs = new Set<Socket>();
  let allowance = (): number => Infinity;
  let cuts = 0;
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      target.destroy();
    };
    let left = allowance();
    let isAnswered = true;
    target.on('data', (chunk: Buffer) => {
      isAnswered = true;
      if (left <= 0) return;
      client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      cuts++;
      client.destroySoon();
    });
    client.on('data', (chunk: Buffer) => {
      onAsked(chunk, isAnswered ? 'a round trip' : undefined);
      isAnswered = false;
      target.write(chunk);
    });
    for (const socket of [client, target]) {
      pairs.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        pairs.delete(socket);
        cut();
      });
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      cuts += pairs.size / 2;
      pairs.forEach((socket) => socket.destroy());
    },
    turnTo: (port) => void (targetPort = port),
    cuts: () => cuts,
    cutAfter: (bytes) => void (allowance = bytes),
    async close() {
      for (const socket of pairs) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
