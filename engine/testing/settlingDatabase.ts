import type { Collection, Database, StoredDocument } from '../kernel/database/index.ts';

/** A database of which a test can wait until no call is under way, as those that code makes in the background. */
export interface SettlingDatabase extends Database {
  /** Resolves when all calls have ended, those included that follow from them. */
  settled(): Promise<void>;
}

export function settlingDatabase(database: Database): SettlingDatabase {
  const running = new Set<Promise<unknown>>();
  const tracked = <Row extends StoredDocument>(collection: Collection<Row>): Collection<Row> =>
    new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(method, target, args);
          if (!(result instanceof Promise)) return result;
          const ended: Promise<unknown> = Promise.allSettled([result]).then(() => running.delete(ended));
          running.add(ended);
          return result;
        };
      },
    });
  const settled = async (): Promise<void> => {
    do {
      await Promise.all(running);
      await new Promise((resolve) => setImmediate(resolve));
    } while (running.size > 0);
  };
  return { settled, collection: (definition) => tracked(database.collection(definition)), ready: () => database.ready(), close: () => database.close() };
}
