import type { Collection, Database, StoredDocument } from '#engine/kernel';

/** A call on a collection, before it is made. */
export interface AwaitedCall {
  collection: string;
  method: string;
}

/** A database whose calls wait for `before`: processes with one each overtake one another, or stop where a test wants them to. */
export function interleavedDatabase(database: Database, before: (call: AwaitedCall) => Promise<void>): Database {
  const slowed = <Row extends StoredDocument>(name: string, collection: Collection<Row>): Collection<Row> =>
    new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function' || member === 'iterate') return typeof method === 'function' ? (method.bind(target) as unknown) : method;
        return async (...args: unknown[]): Promise<unknown> => {
          await before({ collection: name, method: String(member) });
          return Reflect.apply(method, target, args) as unknown;
        };
      },
    });
  return { collection: (definition) => slowed(definition.name, database.collection(definition)), ready: () => database.ready(), close: () => database.close() };
}

/** Waits for a number of turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Numbers from 0 to 1, the same for the same seed. https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
