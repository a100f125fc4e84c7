import type { Filter, Sort } from './Filter.ts';
import type { Update } from './Update.ts';

export interface StoredDocument {
  _id: string;
}

export interface FindOptions<T> {
  sort?: Sort<T>;
  skip?: number;
  /** 0 means all, as in MongoDB. */
  limit?: number;
}

/** Top-level fields to keep (`_id` always stays), or fields to leave out. */
export type Projection<T> = { [K in Exclude<keyof T, '_id'>]?: 1 } | { [K in Exclude<keyof T, '_id'>]?: 0 };

export interface FindOneOptions<T> {
  sort?: Sort<T>;
  projection?: Projection<T>;
}

export interface FindOneAndUpdateOptions<T> {
  upsert?: boolean;
  /** 'before' when absent. */
  returnDocument?: 'before' | 'after';
  sort?: Sort<T>;
}

export interface InsertOneResult {
  acknowledged: boolean;
  insertedId: string;
}

export interface InsertManyResult {
  acknowledged: boolean;
  insertedCount: number;
  insertedIds: Record<number, string>;
}

export interface UpdateResult {
  acknowledged: boolean;
  matchedCount: number;
  modifiedCount: number;
  upsertedCount: number;
  upsertedId: string | null;
}

export interface DeleteResult {
  acknowledged: boolean;
  deletedCount: number;
}

/**
 * A small subset of the mongodb driver's Collection: the same names, shapes and semantics.
 * A write is durable when its promise resolves. Documents are JSON: no Date, no bigint, no NaN;
 * a field that is `undefined` is not stored. An update that cannot apply to what is stored (`$inc` of
 * a string, a path through a scalar) rejects and changes nothing.
 */
export interface Collection<T extends StoredDocument> {
  insertOne(document: T): Promise<InsertOneResult>;
  /** In order; a failing document stops it, and those before it stay. */
  insertMany(documents: readonly T[]): Promise<InsertManyResult>;
  findOne(filter: Filter<T>, options?: FindOneOptions<T> & { projection?: undefined }): Promise<T | null>;
  findOne(filter: Filter<T>, options: FindOneOptions<T>): Promise<(Partial<T> & StoredDocument) | null>;
  find(filter: Filter<T>, options?: FindOptions<T>): Promise<T[]>;
  /** For results too many to hold. Other writes go on meanwhile; each document is as it was when it was reached. */
  iterate(filter: Filter<T>, options?: FindOptions<T>): AsyncIterable<T>;
  countDocuments(filter: Filter<T>): Promise<number>;
  updateOne(filter: Filter<T>, update: Update<T>, options?: { upsert?: boolean }): Promise<UpdateResult>;
  updateMany(filter: Filter<T>, update: Update<T>, options?: { upsert?: boolean }): Promise<UpdateResult>;
  /** Find and change are one step that no other write comes between. */
  findOneAndUpdate(filter: Filter<T>, update: Update<T>, options?: FindOneAndUpdateOptions<T>): Promise<T | null>;
  replaceOne(filter: Filter<T>, replacement: Omit<T, '_id'>, options?: { upsert?: boolean }): Promise<UpdateResult>;
  deleteOne(filter: Filter<T>): Promise<DeleteResult>;
  deleteMany(filter: Filter<T>): Promise<DeleteResult>;
}
