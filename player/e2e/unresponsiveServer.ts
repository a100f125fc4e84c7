import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface UnresponsiveServer {
  url: string;
  close(): Promise<void>;
}

/** A server that accepts connections and requests and never responds. */
export async function openUnresponsiveServer(): Promise<UnresponsiveServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
