/** A handle of the File System Access API, which only some browsers have. */
export interface StoredHandle {
  getFile(): Promise<File>;
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

const databaseName = 'lectern';
const storeName = 'uploadFiles';

/**
 * In charge of the handles of files that are uploaded, in IndexedDB, by the URL of their upload. With a handle, an upload goes on after
 * a reload without choosing the file again. Where a browser keeps none, nothing is found.
 */
export class FileHandles {
  private opened: Promise<IDBDatabase | undefined> | undefined;

  keep(url: string, handle: StoredHandle): void {
    void this.within('readwrite', (store) => store.put(handle, url));
  }

  forget(url: string): void {
    void this.within('readwrite', (store) => store.delete(url));
  }

  async find(url: string): Promise<StoredHandle | undefined> {
    return (await this.within('readonly', (store) => store.get(url))) as StoredHandle | undefined;
  }

  /** The file of a handle; undefined if the person has not allowed it, or it is gone. Asking needs a click. */
  async open(handle: StoredHandle, { mayAsk }: { mayAsk: boolean }): Promise<File | undefined> {
    try {
      const known = (await handle.queryPermission?.({ mode: 'read' })) ?? 'granted';
      const permission = known === 'prompt' && mayAsk ? await handle.requestPermission?.({ mode: 'read' }) : known;
      return permission === 'granted' ? await handle.getFile() : undefined;
    } catch {
      return undefined;
    }
  }

  /** Resolves to undefined where there is no storage. */
  private async within(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    this.opened ??= openDatabase();
    const database = await this.opened;
    if (!database) return undefined;
    try {
      return await resultOf(work(database.transaction(storeName, mode).objectStore(storeName)));
    } catch {
      return undefined;
    }
  }
}

function openDatabase(): Promise<IDBDatabase | undefined> {
  if (typeof indexedDB === 'undefined') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
}

function resultOf(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
  });
}
