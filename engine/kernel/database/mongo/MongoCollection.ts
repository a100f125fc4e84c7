// Responsible for the Collection port on one collection of MongoDB: checks each call as the embedded adapter does, and passes it to
// the driver. Owns nothing that needs closing.
import { BSON } from 'mongodb';
import type { Collection as DriverCollection, UpdateResult as DriverUpdateResult } from 'mongodb';
import type {
  Collection,
  DeleteResult,
  FindOneAndUpdateOptions,
  FindOneOptions,
  FindOptions,
  InsertManyResult,
  InsertOneResult,
  StoredDocument,
  UpdateResult,
} from '../Collection.ts';
import { documentTooLarge, MAX_DOCUMENT_BYTES } from '../documentTooLarge.ts';
import { DuplicateKeyError } from '../DuplicateKeyError.ts';
import type { Filter } from '../Filter.ts';
import { compileUpdate } from '../query/compileUpdate.ts';
import type { CompiledUpdate } from '../query/compileUpdate.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import { IndexedPaths } from '../query/IndexedPaths.ts';
import { parseSelection } from '../query/parseSelection.ts';
import type { Query, Selection } from '../query/parseSelection.ts';
import { projectDocument } from '../query/projectDocument.ts';
import { ServedQueries } from '../query/ServedQueries.ts';
import { storableDocument, storableReplacement } from '../query/storableDocument.ts';
import type { JsonObject } from '../query/storableDocument.ts';
import { upsertedId } from '../query/upsertedDocument.ts';
import type { Update } from '../Update.ts';
import { mongoFilter, mongoSort, mongoUpdate } from './mongoQuery.ts';
import type { MongoDocument } from './mongoQuery.ts';

/** Runs a call on the driver's collection: converts its errors, and lets `close` wait for it. */
export type MongoRun = <R>(kind: 'read' | 'write', call: (collection: DriverCollection<MongoDocument>) => Promise<R>) => Promise<R>;

/** Documents that an iteration reads with one call. */
const ITERATION_BATCH = 100;
/**
 * Two upserts of one new key may both find nothing and insert: the server refuses the second, which finds the document when it is
 * repeated. https://www.mongodb.com/docs/manual/reference/method/db.collection.update/#upsert-with-unique-index
 */
const UPSERT_ATTEMPTS = 3;

export class MongoCollection<T extends StoredDocument> implements Collection<T> {
  readonly #name: string;
  readonly #paths: IndexedPaths;
  readonly #served: ServedQueries;
  readonly #run: MongoRun;

  constructor(declaration: CollectionDeclaration, run: MongoRun) {
    this.#name = declaration.name;
    this.#paths = new IndexedPaths(declaration);
    this.#served = new ServedQueries(declaration);
    this.#run = run;
  }

  async insertOne(document: T): Promise<InsertOneResult> {
    const storable = this.#storable(document);
    await this.#run('write', (collection) => collection.insertOne(storable));
    return { acknowledged: true, insertedId: storable._id };
  }

  async insertMany(documents: readonly T[]): Promise<InsertManyResult> {
    const storables = documents.map((document) => this.#storable(document));
    // The driver refuses an empty list.
    if (storables.length > 0) await this.#run('write', (collection) => collection.insertMany(storables, { ordered: true }));
    return { acknowledged: true, insertedCount: storables.length, insertedIds: Object.fromEntries(storables.map(({ _id }, i) => [i, _id] as const)) };
  }

  findOne(filter: Filter<T>, options?: FindOneOptions<T> & { projection?: undefined }): Promise<T | null>;
  findOne(filter: Filter<T>, options: FindOneOptions<T>): Promise<(Partial<T> & StoredDocument) | null>;
  async findOne(filter: Filter<T>, { sort, projection }: FindOneOptions<T> = {}): Promise<T | null> {
    const [document] = await this.#select(this.#query({ filter, sort, limit: 1 }));
    if (document === undefined) return null;
    projectDocument(document, projection);
    return document;
  }

  async find(filter: Filter<T>, options: FindOptions<T> = {}): Promise<T[]> {
    return this.#select(this.#query({ filter, ...options }));
  }

  async *iterate(filter: Filter<T>, options: FindOptions<T> = {}): AsyncGenerator<T> {
    const query = this.#query({ filter, ...options });
    const { skip, limit } = query;
    const matching = mongoFilter(query.filter);
    const found = await this.#run('read', (collection) => collection.find(matching, { sort: mongoSort(query), skip, limit, projection: { _id: 1 } }).toArray());
    const ids = found.map(({ _id }) => _id);
    for (let i = 0; i < ids.length; i += ITERATION_BATCH) {
      const batch = ids.slice(i, i + ITERATION_BATCH);
      const documents = await this.#run('read', (collection) => collection.find({ $and: [matching, { _id: { $in: batch } }] }).toArray());
      const byId = new Map(documents.map((document) => [document._id, document]));
      for (const id of batch) {
        const document = byId.get(id);
        if (document !== undefined) yield toDocument<T>(document);
      }
    }
  }

  /** With the count command, which the driver deprecates in favour of an aggregation. The port uses no aggregations. */
  async countDocuments(filter: Filter<T>): Promise<number> {
    const matching = mongoFilter(this.#query({ filter }).filter);
    return this.#run('read', (collection) => collection.count(matching));
  }

  async updateOne(filter: Filter<T>, update: Update<T>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { query, changes } = this.#change({ filter }, update, upsert);
    return toResult(await this.#upserting(upsert, (collection) => collection.updateOne(mongoFilter(query.filter), changes, { upsert: upsert === true })));
  }

  async updateMany(filter: Filter<T>, update: Update<T>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { query, changes } = this.#change({ filter }, update, upsert);
    return toResult(await this.#upserting(upsert, (collection) => collection.updateMany(mongoFilter(query.filter), changes, { upsert: upsert === true })));
  }

  async findOneAndUpdate(filter: Filter<T>, update: Update<T>, options: FindOneAndUpdateOptions<T> = {}): Promise<T | null> {
    const { sort, upsert, returnDocument = 'before' } = options;
    const { query, changes } = this.#change({ filter, sort }, update, upsert);
    const settings = { upsert: upsert === true, returnDocument, sort: mongoSort(query), includeResultMetadata: false } as const;
    const document = await this.#upserting(upsert, (collection) => collection.findOneAndUpdate(mongoFilter(query.filter), changes, settings));
    return document === null ? null : toDocument<T>(document);
  }

  async replaceOne(filter: Filter<T>, replacement: Omit<T, '_id'>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const query = this.#query({ filter });
    const storable = storableReplacement(replacement, this.#name);
    this.#paths.assertIndexable(storable);
    this.#assertSize(storable);
    if (upsert === true) upsertedId(query.filter, storable._id, this.#name);
    return toResult(await this.#upserting(upsert, (collection) => collection.replaceOne(mongoFilter(query.filter), storable, { upsert: upsert === true })));
  }

  async deleteOne(filter: Filter<T>): Promise<DeleteResult> {
    const matching = mongoFilter(this.#query({ filter }).filter);
    const { deletedCount } = await this.#run('write', (collection) => collection.deleteOne(matching));
    return { acknowledged: true, deletedCount };
  }

  async deleteMany(filter: Filter<T>): Promise<DeleteResult> {
    const matching = mongoFilter(this.#query({ filter }).filter);
    const { deletedCount } = await this.#run('write', (collection) => collection.deleteMany(matching));
    return { acknowledged: true, deletedCount };
  }

  async #select(query: Query): Promise<(T & JsonObject)[]> {
    const { skip, limit } = query;
    const documents = await this.#run('read', (collection) => collection.find(mongoFilter(query.filter), { sort: mongoSort(query), skip, limit }).toArray());
    return documents.map(toDocument<T>);
  }

  /** @throws TypeError when the selection is invalid or no declared index serves it */
  #query(selection: Selection): Query {
    const query = parseSelection(selection);
    this.#served.assertServed(query);
    return query;
  }

  #change(selection: Selection, update: Update<T>, upsert: boolean | undefined) {
    const query = this.#query(selection);
    const compiled: CompiledUpdate = compileUpdate(update);
    this.#paths.assertChangesIndexable(compiled.changes);
    if (upsert === true) upsertedId(query.filter, compiled.insertedId, this.#name);
    return { query, changes: mongoUpdate(compiled, upsert === true) };
  }

  async #upserting<R>(isUpsert: boolean | undefined, call: (collection: DriverCollection<MongoDocument>) => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#run('write', call);
      } catch (error) {
        if (isUpsert !== true || attempt >= UPSERT_ATTEMPTS || !(error instanceof DuplicateKeyError)) throw error;
      }
    }
  }

  #storable(document: T): MongoDocument {
    const storable = storableDocument(document, this.#name);
    this.#paths.assertIndexable(storable);
    this.#assertSize(storable);
    return storable;
  }

  /** The server closes the connection of a message that is much too large. @throws CodedError `request.tooLarge` */
  #assertSize(document: JsonObject): void {
    if (BSON.calculateObjectSize(document) > MAX_DOCUMENT_BYTES) throw documentTooLarge(this.#name);
  }
}

function toDocument<T>(document: MongoDocument): T & JsonObject {
  return document as unknown as T & JsonObject;
}

function toResult({ matchedCount, modifiedCount, upsertedCount, upsertedId }: DriverUpdateResult<MongoDocument>): UpdateResult {
  return { acknowledged: true, matchedCount, modifiedCount, upsertedCount, upsertedId: upsertedId ?? null };
}
