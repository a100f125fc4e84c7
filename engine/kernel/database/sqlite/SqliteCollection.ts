// Responsible for the Collection port on one SQLite table: checks each call and sends it to the thread that holds the file.
// Owns nothing that needs closing.
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
import type { Filter } from '../Filter.ts';
import { compileUpdate } from '../query/compileUpdate.ts';
import { IndexedPaths } from '../query/IndexedPaths.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import { parseSelection } from '../query/parseSelection.ts';
import type { Query, Selection } from '../query/parseSelection.ts';
import { projectDocument } from '../query/projectDocument.ts';
import { ServedQueries } from '../query/ServedQueries.ts';
import { storableDocument, storableReplacement } from '../query/storableDocument.ts';
import type { JsonObject, StorableText } from '../query/storableDocument.ts';
import { upsertedId } from '../query/upsertedDocument.ts';
import type { Update } from '../Update.ts';
import type { RowChange, SqliteChannel, Written } from './SqliteCall.ts';

/** Documents that an iteration reads with one call: about 1 ms of work for the thread. */
const ITERATION_BATCH = 100;

export class SqliteCollection<T extends StoredDocument> implements Collection<T> {
  readonly #name: string;
  readonly #paths: IndexedPaths;
  readonly #served: ServedQueries;
  readonly #channel: SqliteChannel;

  constructor(declaration: CollectionDeclaration, channel: SqliteChannel) {
    this.#name = declaration.name;
    this.#paths = new IndexedPaths(declaration);
    this.#served = new ServedQueries(declaration);
    this.#channel = channel;
  }

  async insertOne(document: T): Promise<InsertOneResult> {
    const storable = this.#storable(document);
    await this.#channel.call({ kind: 'insert', collection: this.#name, documents: [storable] });
    return { acknowledged: true, insertedId: storable._id };
  }

  async insertMany(documents: readonly T[]): Promise<InsertManyResult> {
    const storables = documents.map((document) => this.#storable(document));
    await this.#channel.call({ kind: 'insert', collection: this.#name, documents: storables });
    const ids = storables.map(({ _id }, i) => [i, _id] as const);
    return { acknowledged: true, insertedCount: ids.length, insertedIds: Object.fromEntries(ids) };
  }

  findOne(filter: Filter<T>, options?: FindOneOptions<T> & { projection?: undefined }): Promise<T | null>;
  findOne(filter: Filter<T>, options: FindOneOptions<T>): Promise<(Partial<T> & StoredDocument) | null>;
  async findOne(filter: Filter<T>, { sort, projection }: FindOneOptions<T> = {}): Promise<T | null> {
    const [document] = await this.#select({ filter, sort, limit: 1 });
    if (document === undefined) return null;
    projectDocument(document, projection);
    return document;
  }

  async find(filter: Filter<T>, options: FindOptions<T> = {}): Promise<T[]> {
    return this.#select({ filter, ...options });
  }

  async *iterate(filter: Filter<T>, options: FindOptions<T> = {}): AsyncGenerator<T> {
    const query = this.#query({ filter, ...options });
    const collection = this.#name;
    const seqs = await this.#channel.call({ kind: 'scan', collection, query });
    for (let i = 0; i < seqs.length; i += ITERATION_BATCH) {
      const texts = await this.#channel.call({ kind: 'read', collection, seqs: seqs.slice(i, i + ITERATION_BATCH), filter: query.filter });
      for (const text of texts) yield JSON.parse(text) as T;
    }
  }

  async countDocuments(filter: Filter<T>): Promise<number> {
    return this.#channel.call({ kind: 'count', collection: this.#name, filter: this.#query({ filter }).filter });
  }

  async updateOne(filter: Filter<T>, update: Update<T>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { result } = await this.#write({ filter, limit: 1 }, { kind: 'update', update: compileUpdate(update) }, upsert);
    return result;
  }

  async updateMany(filter: Filter<T>, update: Update<T>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { result } = await this.#write({ filter }, { kind: 'update', update: compileUpdate(update) }, upsert);
    return result;
  }

  async findOneAndUpdate(filter: Filter<T>, update: Update<T>, options: FindOneAndUpdateOptions<T> = {}): Promise<T | null> {
    const { sort, upsert, returnDocument = 'before' } = options;
    const { before, after } = await this.#write({ filter, sort, limit: 1 }, { kind: 'update', update: compileUpdate(update) }, upsert);
    const json = returnDocument === 'after' ? after : before;
    return json === undefined ? null : (JSON.parse(json) as T);
  }

  async replaceOne(filter: Filter<T>, replacement: Omit<T, '_id'>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { result } = await this.#write({ filter, limit: 1 }, { kind: 'replace', replacement: storableReplacement(replacement, this.#name) }, upsert);
    return result;
  }

  async deleteOne(filter: Filter<T>): Promise<DeleteResult> {
    return this.#delete({ filter, limit: 1 });
  }

  async deleteMany(filter: Filter<T>): Promise<DeleteResult> {
    return this.#delete({ filter });
  }

  async #select(selection: Selection): Promise<(T & JsonObject)[]> {
    const texts = await this.#channel.call({ kind: 'select', collection: this.#name, query: this.#query(selection) });
    return texts.map((text) => JSON.parse(text) as T & JsonObject);
  }

  async #write(selection: Selection, change: RowChange, upsert: boolean | undefined): Promise<Written> {
    const query = this.#query(selection);
    const given = change.kind === 'update' ? change.update.insertedId : change.replacement._id;
    const newId = upsert === true ? upsertedId(query.filter, given, this.#name) : undefined;
    return this.#channel.call({ kind: 'write', collection: this.#name, query, change, upsertedId: newId });
  }

  async #delete(selection: Selection): Promise<DeleteResult> {
    const deletedCount = await this.#channel.call({ kind: 'delete', collection: this.#name, query: this.#query(selection) });
    return { acknowledged: true, deletedCount };
  }

  /** @throws TypeError when the selection is invalid or no declared index serves it */
  #query(selection: Selection): Query {
    const query = parseSelection(selection);
    this.#served.assertServed(query);
    return query;
  }

  #storable(document: T): StorableText {
    const storable = storableDocument(document, this.#name);
    this.#paths.assertIndexable(storable);
    return { _id: storable._id, json: JSON.stringify(storable) };
  }
}
