import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCollectionConformance } from '../testing/collectionConformance.ts';
import { openSqliteDatabase } from './SqliteDatabase.ts';

describeCollectionConformance('A SQLite file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-database-'));
  const path = join(folder, 'lectern.sqlite');
  let database = await openSqliteDatabase({ path });
  return {
    database,
    reopen: async () => {
      await database.close();
      return (database = await openSqliteDatabase({ path }));
    },
    cleanup: async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describeCollectionConformance('SQLite in memory', async () => {
  const database = await openSqliteDatabase({ path: ':memory:' });
  return { database, cleanup: () => database.close() };
});
