import type { Collection, CollectionDefinition, Database, StoredDocument } from '../../database/index.ts';

/**
 * The database as one process sees it over a slow network: each operation waits until a test lets it through, in any order.
 * An operation that was sent is applied, even if its process is stopped meanwhile.
 */
export class PausedDatabase implements Database {
  readonly #database: Database;
  #waiting: (() => void)[] = [];
  /** Responses that arrive while the process is stopped; undefined while it runs. */
  #undelivered: (() => void)[] | undefined;
  /** Operations are applied immediately. */
  isOpen = false;

  constructor(database: Database) {
    this.#database = database;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Applies one of the waiting operations. */
  apply(index: number): void {
    const [operation] = this.#waiting.splice(index % Math.max(1, this.#waiting.length), 1);
    operation?.();
  }

  /** The process is stopped: it receives no response before `resume`. */
  stop(): void {
    this.#undelivered ??= [];
  }

  resume(): void {
    const undelivered = this.#undelivered ?? [];
    this.#undelivered = undefined;
    for (const deliver of undelivered) deliver();
  }

  collection<Row extends StoredDocument>(definition: CollectionDefinition<Row>): Collection<Row> {
    const collection = this.#database.collection<Row>(definition);
    return new Proxy(collection, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          const run = (): unknown => Reflect.apply(method, target, args);
          if (this.isOpen) return run();
          const { promise, resolve, reject } = Promise.withResolvers<unknown>();
          this.#waiting.push(() => {
            Promise.resolve(run()).then((value) => this.#deliver(() => resolve(value)), (err: unknown) => this.#deliver(() => reject(err)));
          });
          return promise;
        };
      },
    });
  }

  ready(): Promise<void> {
    return this.#database.ready();
  }

  async close(): Promise<void> {
    this.#waiting = [];
  }

  #deliver(response: () => void): void {
    if (this.#undelivered) this.#undelivered.push(response);
    else response();
  }
}
