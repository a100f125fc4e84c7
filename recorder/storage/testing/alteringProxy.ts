import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface AlteringProxy {
  endpoint: string;
  alterations(): number;
  close(): Promise<void>;
}

export interface Alteration {
  from: string;
  /** As long as `from`. */
  to: string;
  /** A free port when absent. */
  port?: number;
}

/** A TCP proxy that replaces a text on its way to the server. */
export async function alteringProxy(endpoint: string, { from, to, port = 0 }: Alteration): Promise<AlteringProxy> {
  const target = new URL(endpoint);
  const sockets = new Set<Socket>();
  let alterations = 0;
  const altering = () =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const at = chunk.indexOf(from);
        if (at >= 0) alterations += chunk.write(to, at) > 0 ? 1 : 0;
        done(null, chunk);
      },
    });
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()));
    client.pipe(altering()).pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    alterations: () => alterations,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
