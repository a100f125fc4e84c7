import { CodedError } from '../contract/index.ts';
import type { Collection, Database, StoredDocument } from '../kernel/database/index.ts';

const writes: ReadonlySet<PropertyKey> = new Set(['insertOne', 'insertMany', 'updateOne', 'updateMany', 'findOneAndUpdate', 'replaceOne', 'deleteOne', 'deleteMany']);

/** A requested write. */
export interface AskedWrite {
  collection: string;
  /** Its first argument: the document, the documents or the filter. */
  subject: unknown;
}

/** A database that refuses some writes with `disk.full`. */
export function refusingDatabase(database: Database, isRefused: (write: AskedWrite) => boolean): Database {
  const guarded = <Row extends StoredDocument>(name: string, collection: Collection<Row>): Collection<Row> =>
    new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          if (writes.has(member) && isRefused({ collection: name, subject: args[0] })) return Promise.reject(new CodedError('disk.full', 'The disk is full.'));
          return Reflect.apply(method, target, args);
        };
      },
    });
  return { collection: (definition) => guarded(definition.name, database.collection(definition)), ready: () => database.ready(), close: () => database.close() };
}
