import type { StorageClass } from '../../contract/index.ts';
import type { GetOptions, ObjectHead, ObjectPage, ObjectSource, ObjectStore, PutOptions, StoredObject } from '../ObjectStore.ts';

/** An object store with failures that a test injects into `put`. Without them, it behaves like the store that it wraps. */
export class FaultyObjectStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #released = Promise.withResolvers<void>();
  /** Makes `put` fail. */
  failure: Error | undefined;
  /** Limits `failure` to one key. */
  failingKey: string | undefined;
  /** Keys whose `put` does not settle until `release`. */
  isStalled: (key: string) => boolean = () => false;
  readonly stalledKeys: string[] = [];
  /** Calls of `put`. */
  attempts = 0;
  inFlight = 0;
  mostInFlight = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  get restoreHours(): number {
    return this.#store.restoreHours;
  }

  release(): void {
    this.#released.resolve();
  }

  async put(key: string, source: ObjectSource, options: PutOptions): Promise<void> {
    this.attempts += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      // Lets parallel calls overlap.
      await Promise.resolve();
      if (this.isStalled(key)) await this.#stall(key);
      if (this.failure && (this.failingKey ?? key) === key) throw this.failure;
      await this.#store.put(key, source, options);
    } finally {
      this.inFlight -= 1;
    }
  }

  get(key: string, options?: GetOptions): Promise<StoredObject> {
    return this.#store.get(key, options);
  }

  head(key: string): Promise<ObjectHead> {
    return this.#store.head(key);
  }

  delete(key: string): Promise<void> {
    return this.#store.delete(key);
  }

  deleteMany(keys: readonly string[]): Promise<void> {
    return this.#store.deleteMany(keys);
  }

  deletePrefix(prefix: string): Promise<void> {
    return this.#store.deletePrefix(prefix);
  }

  list(prefix: string, options?: { after?: string; limit?: number }): Promise<ObjectPage> {
    return this.#store.list(prefix, options);
  }

  setClass(key: string, storageClass: StorageClass): Promise<void> {
    return this.#store.setClass(key, storageClass);
  }

  restore(key: string, days: number): Promise<'requested' | 'restored'> {
    return this.#store.restore(key, days);
  }

  presignGet(key: string, lifetimeSeconds: number): Promise<string> | undefined {
    return this.#store.presignGet(key, lifetimeSeconds);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #stall(key: string): Promise<void> {
    this.stalledKeys.push(key);
    return this.#released.promise;
  }
}
