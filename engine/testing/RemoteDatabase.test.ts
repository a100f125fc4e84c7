import { openSqliteDatabase } from '../kernel/database/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { describeLeases } from '../kernel/ownership/testing/leaseConformance.ts';
import { openRemoteDatabase } from './RemoteDatabase.ts';
import { serveDatabase } from './serveDatabase.ts';

describeLeases('a database of another process', async (): Promise<Database> => {
  const database = await openSqliteDatabase({ path: ':memory:' });
  const server = await serveDatabase(database);
  const remote = await openRemoteDatabase(server.url);
  return {
    collection: (definition) => remote.collection(definition),
    ready: () => remote.ready(),
    close: async () => {
      await remote.close();
      await server.close();
      await database.close();
    },
  };
});
