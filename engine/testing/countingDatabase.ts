import type { Collection, Database, StoredDocument } from '../kernel/database/index.ts';

const reads: ReadonlySet<PropertyKey> = new Set(['find', 'findOne', 'countDocuments', 'iterate']);

/** A database that counts its reads by collection, and the documents that they return or count. */
export interface CountingDatabase extends Database {
  readonly reads: Map<string, number>;
  readonly readCount: number;
  readonly documentCount: number;
  /** Every document of every collection that was declared. */
  allDocuments(): Promise<{ collection: string; document: StoredDocument }[]>;
}

export function countingDatabase(database: Database): CountingDatabase {
  const counts = new Map<string, number>();
  const collections = new Map<string, Collection<StoredDocument>>();
  let documentCount = 0;
  async function* countEach(documents: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const document of documents) {
      documentCount += 1;
      yield document;
    }
  }
  const countAll = async (reading: Promise<unknown>): Promise<unknown> => {
    const found = await reading;
    documentCount += typeof found === 'number' ? found : [found].flat().length;
    return found;
  };
  const counted = <Row extends StoredDocument>(name: string, collection: Collection<Row>): Collection<Row> =>
    new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(method, target, args);
          if (!reads.has(member)) return result;
          counts.set(name, (counts.get(name) ?? 0) + 1);
          return result instanceof Promise ? countAll(result) : countEach(result as AsyncIterable<unknown>);
        };
      },
    });
  return {
    reads: counts,
    get readCount() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
    get documentCount() {
      return documentCount;
    },
    collection: (definition) => {
      const collection = database.collection(definition);
      collections.set(definition.name, collection);
      return counted(definition.name, collection);
    },
    allDocuments: async () => {
      const found = await Promise.all([...collections].map(async ([name, collection]) => (await collection.find({})).map((document) => ({ collection: name, document }))));
      return found.flat();
    },
    ready: () => database.ready(),
    close: () => database.close(),
  };
}
