import * as net from 'node:net';

export type RawServer = {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything that came in so far, over all connections. */
  readonly received: () => string;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** A TCP server on loopback for what a real HTTP server would never say. `hear` is called with every chunk. */
export async function rawServer({
  hear = () => {},
  greet = () => {},
}: {
  readonly hear?: (socket: net.Socket) => void;
  readonly greet?: (socket: net.Socket) => void;
}): Promise<RawServer> {
  let received = '';
  let connections = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      hear(socket);
    });
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received: () => received,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
