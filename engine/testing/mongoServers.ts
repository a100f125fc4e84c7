import { mongoServers, urlOfNewDatabase } from '../kernel/database/testing/mongoServers.ts';
import { TcpProxy } from './TcpProxy.ts';

export { mongoServers };

/** A new database on a server, behind a network that a test can cut. */
export async function proxiedMongoDatabase(server: string): Promise<{ url: string; network: TcpProxy; close(): Promise<void> }> {
  const direct = urlOfNewDatabase(server);
  const { hostname, port, pathname, search } = new URL(direct);
  const network = await TcpProxy.open({ host: hostname, port: Number(port) });
  const close = async () => {
    await network.close();
    const { dropMongoDatabase } = await import('../kernel/database/testing/mongoTestDatabase.ts');
    await dropMongoDatabase(direct);
  };
  return { url: `mongodb://127.0.0.1:${network.port}${pathname}${search}`, network, close };
}
