import { MongoClient } from 'mongodb';
import { silentLogger } from '../../../testing/silentLogger.ts';
import type { Database } from '../index.ts';
import { openMongoDatabase } from '../mongo/MongoDatabase.ts';

export function openMongoTestDatabase(url: string): Promise<Database> {
  return openMongoDatabase({ url, poolSize: 20, timeoutMs: 30_000, logger: silentLogger });
}

/** Deletes the database that the URL names. */
export async function dropMongoDatabase(url: string): Promise<void> {
  await using client = await MongoClient.connect(url);
  await client.db().dropDatabase();
}
