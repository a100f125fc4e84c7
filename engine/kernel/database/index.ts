export type {
  Collection,
  DeleteResult,
  FindOneAndUpdateOptions,
  FindOneOptions,
  FindOptions,
  InsertManyResult,
  InsertOneResult,
  Projection,
  StoredDocument,
  UpdateResult,
} from './Collection.ts';
export type { CollectionDefinition, Database, IndexDefinition } from './Database.ts';
export { DatabaseFileError } from './DatabaseFileError.ts';
export type { DatabaseFileReason } from './DatabaseFileError.ts';
export { DuplicateKeyError } from './DuplicateKeyError.ts';
export type { Filter, Sort } from './Filter.ts';
export { databaseFile, openDatabase } from './openDatabase.ts';
export type { OpenDatabaseOptions } from './openDatabase.ts';
export { openSqliteDatabase } from './sqlite/SqliteDatabase.ts';
export type { SqliteDatabaseOptions } from './sqlite/SqliteDatabase.ts';
export type { Update } from './Update.ts';
