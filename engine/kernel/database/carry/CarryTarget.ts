// Responsible for the MongoDB database that an embedded one is carried to. Owns the driver's client, and closes it.
import { isDeepStrictEqual } from 'node:util';
import { MongoClient } from 'mongodb';
import type { Collection, Db } from 'mongodb';
import { clientOptions, databaseName } from '../mongo/clientOptions.ts';
import type { MongoSettings } from '../mongo/clientOptions.ts';
import type { CarriedDocument } from './CarrySource.ts';

/** Says where the documents of this database come from. Owned by `npm run carry`. */
export interface CarryMark {
  _id: 'carried';
  databaseId: string;
  /** ISO 8601; null until everything was carried and compared. */
  completedAt: string | null;
}

const PAGE = 500;

export class CarryTarget {
  readonly #client: MongoClient;
  readonly #db: Db;

  constructor(settings: MongoSettings) {
    this.#client = new MongoClient(settings.url, clientOptions(settings));
    this.#db = this.#client.db(databaseName(settings.url));
  }

  async mark(): Promise<CarryMark | null> {
    return this.#marks().findOne({ _id: 'carried' });
  }

  async putMark(mark: CarryMark): Promise<void> {
    await this.#marks().replaceOne({ _id: mark._id }, mark, { upsert: true });
  }

  /** The first of the collections that has a document. */
  async firstFilled(collections: readonly string[]): Promise<string | undefined> {
    for (const name of collections) if ((await this.#documents(name).findOne({})) !== null) return name;
    return undefined;
  }

  /** The documents that are missing here, or different. */
  async differing(collection: string, documents: readonly CarriedDocument[]): Promise<CarriedDocument[]> {
    const found = await this.#documents(collection).find({ _id: { $in: documents.map(({ _id }) => _id) } }).toArray();
    const byId = new Map(found.map((document) => [document._id, document]));
    return documents.filter((document) => !isDeepStrictEqual(byId.get(document._id), document));
  }

  async put(collection: string, documents: readonly CarriedDocument[]): Promise<void> {
    if (documents.length === 0) return;
    const writes = documents.map((document) => ({ replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true } }));
    await this.#documents(collection).bulkWrite(writes, { ordered: false });
  }

  /** The ids of all documents here, in order. */
  async *ids(collection: string): AsyncGenerator<string[]> {
    let after = '';
    for (;;) {
      const found = await this.#documents(collection).find({ _id: { $gt: after } }, { projection: { _id: 1 }, sort: { _id: 1 }, limit: PAGE }).toArray();
      if (found.length === 0) return;
      after = found.at(-1)?._id ?? after;
      yield found.map(({ _id }) => _id);
    }
  }

  async remove(collection: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#documents(collection).deleteMany({ _id: { $in: [...ids] } });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #documents(collection: string): Collection<CarriedDocument> {
    return this.#db.collection<CarriedDocument>(collection);
  }

  #marks(): Collection<CarryMark> {
    return this.#db.collection<CarryMark>('lecternCarried');
  }
}
