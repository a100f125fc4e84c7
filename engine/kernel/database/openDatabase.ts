import { join } from 'node:path';
import type { ProcessConfig } from '../config.ts';
import type { Logger } from '../Logger.ts';
import type { Database } from './Database.ts';
import { openSqliteDatabase } from './sqlite/SqliteDatabase.ts';

export interface OpenDatabaseOptions {
  config: Pick<ProcessConfig, 'LECTERN_DATABASE_URL' | 'LECTERN_DATABASE_POOL' | 'LECTERN_DATABASE_TIMEOUT_SECONDS'>;
  /** Where the embedded database is, if there is no URL. */
  dataFolder: string;
  logger: Logger;
}

/** The file of the embedded database. */
export function databaseFile(dataFolder: string): string {
  return join(dataFolder, 'lectern.db');
}

/**
 * Opens the database that the settings name.
 * @throws DatabaseFileError when the file of the embedded database cannot be used
 * @throws CodedError `database.unavailable` when no MongoDB server answers
 */
export async function openDatabase({ config, dataFolder, logger }: OpenDatabaseOptions): Promise<Database> {
  const { LECTERN_DATABASE_URL: url, LECTERN_DATABASE_POOL: poolSize, LECTERN_DATABASE_TIMEOUT_SECONDS: seconds } = config;
  if (url === undefined) return openSqliteDatabase({ path: databaseFile(dataFolder), logger });
  // Loaded only where it is used: the driver takes a quarter of a second.
  const { openMongoDatabase } = await import('./mongo/MongoDatabase.ts');
  return openMongoDatabase({ url, poolSize, timeoutMs: seconds * 1000, logger });
}
