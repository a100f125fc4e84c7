import type { Collection, Database, StoredDocument } from '#engine/kernel';

/** A database whose calls wait for a number of turns before they are made, as `turns` says: processes with one each overtake one another. */
export function interleavedDatabase(database: Database, turns: () => number): Database {
  const slowed = <Row extends StoredDocument>(collection: Collection<Row>): Collection<Row> =>
    new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function' || member === 'iterate') return typeof method === 'function' ? (method.bind(target) as unknown) : method;
        return async (...args: unknown[]): Promise<unknown> => {
          for (let left = turns(); left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
          return Reflect.apply(method, target, args) as unknown;
        };
      },
    });
  return { collection: (definition) => slowed(database.collection(definition)), ready: () => database.ready(), close: () => database.close() };
}

/** Numbers from 0 to 1, the same for the same seed. https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
