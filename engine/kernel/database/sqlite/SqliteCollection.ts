// Responsible for the Collection port on one SQLite table. Reads are immediate; writes go through the commit queue.
// Owns nothing that needs closing.
import { setImmediate } from 'node:timers';
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
import { applyChanges, compileUpdate } from '../query/compileUpdate.ts';
import type { CompiledUpdate } from '../query/compileUpdate.ts';
import { parseFilter } from '../query/parseFilter.ts';
import { projectDocument } from '../query/projectDocument.ts';
import { storableDocument } from '../query/storableDocument.ts';
import type { JsonObject } from '../query/storableDocument.ts';
import { upsertedDocument } from '../query/upsertedDocument.ts';
import type { Update } from '../Update.ts';
import type { CommitQueue } from './CommitQueue.ts';
import type { DocumentTable, Selection } from './DocumentTable.ts';

/** Documents that an iteration reads before it yields to the event loop: about 1 ms of work. */
const ITERATION_BATCH = 100;
const nextTurn = setImmediate;

interface WriteTarget {
  selection: Selection;
  upsert?: boolean;
}

/** The result of an update, and the first document before and after it, as JSON. */
interface Written {
  result: UpdateResult;
  before?: string;
  after?: string;
}

export class SqliteCollection<T extends StoredDocument> implements Collection<T> {
  readonly #name: string;
  readonly #table: DocumentTable<T>;
  readonly #queue: CommitQueue;

  constructor(name: string, table: DocumentTable<T>, queue: CommitQueue) {
    this.#name = name;
    this.#table = table;
    this.#queue = queue;
  }

  async insertOne(document: T): Promise<InsertOneResult> {
    const storable = storableDocument(document, this.#name);
    await this.#queue.write(() => this.#table.insert(storable));
    return { acknowledged: true, insertedId: storable._id };
  }

  async insertMany(documents: readonly T[]): Promise<InsertManyResult> {
    const storables = documents.map((document) => storableDocument(document, this.#name));
    const failure = await this.#queue.write(() => {
      for (const storable of storables) {
        try {
          this.#table.insert(storable);
        } catch (error) {
          return { error };
        }
      }
      return undefined;
    });
    if (failure !== undefined) throw failure.error;
    const ids = storables.map(({ _id }, i) => [i, _id] as const);
    return { acknowledged: true, insertedCount: ids.length, insertedIds: Object.fromEntries(ids) };
  }

  findOne(filter: Filter<T>, options?: FindOneOptions<T> & { projection?: undefined }): Promise<T | null>;
  findOne(filter: Filter<T>, options: FindOneOptions<T>): Promise<(Partial<T> & StoredDocument) | null>;
  async findOne(filter: Filter<T>, { sort, projection }: FindOneOptions<T> = {}): Promise<T | null> {
    const [row] = this.#table.select({ filter, sort, limit: 1 });
    if (row === undefined) return null;
    projectDocument(row.document, projection);
    return row.document;
  }

  async find(filter: Filter<T>, options: FindOptions<T> = {}): Promise<T[]> {
    return this.#table.select({ filter, ...options }).map(({ document }) => document);
  }

  async *iterate(filter: Filter<T>, { sort, skip = 0, limit = 0 }: FindOptions<T> = {}): AsyncGenerator<T> {
    const { seqs, read } = this.#table.scan({ filter, sort });
    let matched = 0;
    for (const [i, seq] of seqs.entries()) {
      if (i > 0 && i % ITERATION_BATCH === 0) await new Promise<void>((resolve) => nextTurn(resolve));
      const document = read(seq);
      if (document === undefined) continue;
      matched += 1;
      if (matched > skip) yield document;
      if (limit > 0 && matched >= skip + limit) return;
    }
  }

  async countDocuments(filter: Filter<T>): Promise<number> {
    return this.#table.count(filter);
  }

  async updateOne(filter: Filter<T>, update: Update<T>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { result } = await this.#update({ selection: { filter, limit: 1 }, upsert }, update);
    return result;
  }

  async updateMany(filter: Filter<T>, update: Update<T>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const { result } = await this.#update({ selection: { filter }, upsert }, update);
    return result;
  }

  async findOneAndUpdate(filter: Filter<T>, update: Update<T>, options: FindOneAndUpdateOptions<T> = {}): Promise<T | null> {
    const { sort, upsert, returnDocument = 'before' } = options;
    const { before, after } = await this.#update({ selection: { filter, sort, limit: 1 }, upsert }, update);
    const json = returnDocument === 'after' ? after : before;
    return json === undefined ? null : (JSON.parse(json) as T);
  }

  async replaceOne(filter: Filter<T>, replacement: Omit<T, '_id'>, { upsert }: { upsert?: boolean } = {}): Promise<UpdateResult> {
    const given: JsonObject = { ...replacement };
    if (Object.keys(given).some((field) => field.startsWith('$'))) throw new TypeError('a replacement must not contain operators');
    const { result } = await this.#write({ selection: { filter, limit: 1 }, upsert }, (document) => {
      const { _id } = document ?? upsertedDocument(parseFilter(filter), compileUpdate({ $set: {} }));
      if (document !== undefined && given._id !== undefined && given._id !== _id) throw new TypeError('_id cannot change');
      return { _id, ...given };
    });
    return result;
  }

  async deleteOne(filter: Filter<T>): Promise<DeleteResult> {
    return this.#delete({ filter, limit: 1 });
  }

  async deleteMany(filter: Filter<T>): Promise<DeleteResult> {
    return this.#delete({ filter });
  }

  #update(target: WriteTarget, update: Update<T>): Promise<Written> {
    const compiled: CompiledUpdate = compileUpdate(update);
    return this.#write(target, (document) => {
      if (document === undefined) return upsertedDocument(parseFilter(target.selection.filter), compiled);
      applyChanges(document, compiled.changes);
      return document;
    });
  }

  /** `change` receives each matching document and returns the new one. It receives undefined when an upsert inserts. */
  #write({ selection, upsert }: WriteTarget, change: (document: JsonObject | undefined) => JsonObject): Promise<Written> {
    return this.#queue.write(() => {
      const rows = this.#table.select(selection);
      if (rows.length === 0 && upsert === true) return this.#upsert(change(undefined));
      const result: UpdateResult = { ...unchanged, matchedCount: rows.length };
      const after = rows.map((row) => this.#table.update(row, storableDocument(change(row.document), this.#name)));
      result.modifiedCount = rows.filter(({ json }, i) => json !== after[i]).length;
      return { result, before: rows[0]?.json, after: after[0] };
    });
  }

  #upsert(inserted: JsonObject): Written {
    const document = storableDocument(inserted, this.#name);
    const after = this.#table.insert(document);
    return { result: { ...unchanged, upsertedCount: 1, upsertedId: document._id }, after };
  }

  #delete(selection: Selection): Promise<DeleteResult> {
    return this.#queue.write(() => {
      const rows = this.#table.select(selection);
      for (const row of rows) this.#table.delete(row);
      return { acknowledged: true, deletedCount: rows.length };
    });
  }
}

const unchanged: UpdateResult = {
  acknowledged: true,
  matchedCount: 0,
  modifiedCount: 0,
  upsertedCount: 0,
  upsertedId: null,
};
