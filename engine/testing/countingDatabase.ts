import type { Collection, Database, StoredDocument } from '../kernel/database/index.ts';

const reads: ReadonlySet<PropertyKey> = new Set(['find', 'findOne', 'countDocuments', 'iterate']);

/** A database that counts its reads, by collection. */
export function countingDatabase(database: Database): Database & { readonly reads: Map<string, number>; readonly readCount: number } {
  const counts = new Map<string, number>();
  const counted = <Row extends StoredDocument>(name: string, collection: Collection<Row>): Collection<Row> =>
    new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          if (reads.has(member)) counts.set(name, (counts.get(name) ?? 0) + 1);
          return Reflect.apply(method, target, args);
        };
      },
    });
  return {
    reads: counts,
    get readCount() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
    collection: (definition) => counted(definition.name, database.collection(definition)),
    close: () => database.close(),
  };
}
