import type { Filter, Sort } from './Filter.ts';
import type { Update } from './Update.ts';

export interface StoredDocument {
  /** Unique within the collection; not empty. */
  _id: string;
}

export interface FindOptions<T> {
  sort?: Sort<T>;
  /** Number of matching documents to leave out at the start. Default: 0. */
  skip?: number;
  /** Largest number of documents to return. 0, the default, means all, as in MongoDB. */
  limit?: number;
}

/** Top-level fields to keep (1) or to leave out (0). `_id` is always kept. */
export type Projection<T> = { [K in Exclude<keyof T, '_id'>]?: 1 } | { [K in Exclude<keyof T, '_id'>]?: 0 };

export interface FindOneOptions<T> {
  sort?: Sort<T>;
  projection?: Projection<T>;
}

export interface FindOneAndUpdateOptions<T> {
  /** Inserts a document when none matches. Default: false. */
  upsert?: boolean;
  /** Which version of the document to return. Default: 'before'. */
  returnDocument?: 'before' | 'after';
  /** Decides which document is updated when several match. */
  sort?: Sort<T>;
}

export interface InsertOneResult {
  /** Always true. Present for compatibility with the mongodb driver, here and below. */
  acknowledged: boolean;
  insertedId: string;
}

export interface InsertManyResult {
  acknowledged: boolean;
  insertedCount: number;
  /** The `_id` of each document, by its position in the argument. */
  insertedIds: Record<number, string>;
}

export interface UpdateResult {
  acknowledged: boolean;
  matchedCount: number;
  /** Documents that the update has changed. One that already had the new values is not counted. */
  modifiedCount: number;
  /** 1 when an upsert has inserted a document, otherwise 0. */
  upsertedCount: number;
  /** `_id` of the document that an upsert has inserted, otherwise null. */
  upsertedId: string | null;
}

export interface DeleteResult {
  acknowledged: boolean;
  deletedCount: number;
}

/**
 * A small subset of the mongodb driver's Collection, with its names, shapes and semantics.
 *
 * A write is on the disk when its promise resolves. It is atomic: when it rejects, nothing has changed, except that
 * `insertMany` keeps the documents before the failing one. Writes reject with
 * - `DuplicateKeyError` when a unique index already has the key,
 * - `CodedError` `disk.full` or `database.unavailable` when the database file cannot be written,
 * - `TypeError` when the document, the filter or the update is invalid or does not fit the stored document (`$inc` of a
 *   string, a path through a scalar).
 *
 * A filter needs a declared index that serves it: the index begins with a field that has an equality, an `$in` or a range in the
 * filter, or an `$exists: true` if it is sparse. Each branch of an `$or` needs one. All other filters are a `TypeError`, so that no
 * query reads a collection from end to end by mistake. `{}` says that this is wanted; a sort with it must be the order of an index.
 *
 * Reads reject with `TypeError` when the filter is invalid, and with `CodedError` `database.unavailable`.
 *
 * Documents are JSON: no Date, no bigint, no NaN. A field that is `undefined` is not stored.
 */
export interface Collection<T extends StoredDocument> {
  insertOne(document: T): Promise<InsertOneResult>;
  /** Inserts in order and stops at the first document that fails. The documents before it stay. */
  insertMany(documents: readonly T[]): Promise<InsertManyResult>;
  findOne(filter: Filter<T>, options?: FindOneOptions<T> & { projection?: undefined }): Promise<T | null>;
  findOne(filter: Filter<T>, options: FindOneOptions<T>): Promise<(Partial<T> & StoredDocument) | null>;
  find(filter: Filter<T>, options?: FindOptions<T>): Promise<T[]>;
  /**
   * Yields the documents one by one, for results too large for memory. Writes may happen in between. The documents are those
   * that match at the start; they are read in batches, and left out if they no longer match.
   */
  iterate(filter: Filter<T>, options?: FindOptions<T>): AsyncIterable<T>;
  countDocuments(filter: Filter<T>): Promise<number>;
  updateOne(filter: Filter<T>, update: Update<T>, options?: { upsert?: boolean }): Promise<UpdateResult>;
  /** Updates all matching documents, or none of them when one update fails. */
  updateMany(filter: Filter<T>, update: Update<T>, options?: { upsert?: boolean }): Promise<UpdateResult>;
  /** Finds and updates one document in a single atomic step. Resolves to null when there is no document to return. */
  findOneAndUpdate(filter: Filter<T>, update: Update<T>, options?: FindOneAndUpdateOptions<T>): Promise<T | null>;
  /** Replaces all fields except `_id`. */
  replaceOne(filter: Filter<T>, replacement: Omit<T, '_id'>, options?: { upsert?: boolean }): Promise<UpdateResult>;
  deleteOne(filter: Filter<T>): Promise<DeleteResult>;
  deleteMany(filter: Filter<T>): Promise<DeleteResult>;
}
