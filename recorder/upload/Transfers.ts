import type { Transfer } from './Transfer.ts';

/** Responsible for which transfer brings the bytes of an upload now, in this process. */
export class Transfers {
  readonly #byStoreId = new Map<string, Transfer>();

  /** The upload is locked during a request, so there is one for each. */
  async run<T>(storeId: string, transfer: Transfer, task: () => Promise<T>): Promise<T> {
    this.#byStoreId.set(storeId, transfer);
    try {
      return await task();
    } finally {
      this.#byStoreId.delete(storeId);
    }
  }

  of(storeId: string): Transfer | undefined {
    return this.#byStoreId.get(storeId);
  }

  all(): Transfer[] {
    return [...this.#byStoreId.values()];
  }
}
