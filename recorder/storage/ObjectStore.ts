import type { Readable } from 'node:stream';
import type { StorageClass } from '../contract/index.ts';

/** Of an object in the archive class. `restored`: it can be read, for the days that were asked for. */
export type RestoreState = 'none' | 'requested' | 'restored';

export interface ObjectHead {
  key: string;
  bytes: number;
  /** Opaque; changes when the content does. */
  etag: string;
  contentType: string;
  /** Lower-case hex; null when the store does not keep it. */
  sha256: string | null;
  storageClass: StorageClass;
  /** `none` in the other classes. */
  restore: RestoreState;
}

/** A file that does not change until `put` settles, or bytes in memory. */
export type ObjectSource = { file: string } | { bytes: Uint8Array };

export interface PutOptions {
  contentType: string;
  /** Lower-case hex of the whole content. Both the source and what the store received are checked against it. */
  sha256: string;
}

/** Both ends are included and count from 0. */
export interface ByteRange {
  first: number;
  last: number;
}

export interface GetOptions {
  range?: ByteRange;
  /** Expected hash of the whole object. Without a range, a body with other content fails with `object.corrupt` before its end. */
  sha256?: string;
}

export interface StoredObject {
  head: ObjectHead;
  /** The requested range, or the whole object. The caller reads it to its end or destroys it. */
  body: Readable;
}

export interface ListedObject {
  key: string;
  bytes: number;
  storageClass: StorageClass;
  /** When the object was stored or changed its class last. */
  modifiedAtMs: number;
}

export interface ObjectPage {
  /** Ordered by key, byte by byte. */
  objects: ListedObject[];
  /** The `after` of the next page; null on the last page. */
  next: string | null;
}

/**
 * Stores recordings. Keys are names joined by `/` (`isObjectKey`); any other key is a bug and throws a plain Error.
 * Expected failures: `object.notFound`, `object.corrupt`, `object.archived` for reading what has to be restored first, and
 * `store.unavailable` for everything that may succeed later.
 */
export interface ObjectStore {
  /** How long a restore takes at most. 0: minutes, or no time. */
  readonly restoreHours: number;
  /** Stores the object atomically, in the standard class; replaces an existing one. @throws CodedError `object.corrupt`; the store is unchanged */
  put(key: string, source: ObjectSource, options: PutOptions): Promise<void>;
  get(key: string, options?: GetOptions): Promise<StoredObject>;
  head(key: string): Promise<ObjectHead>;
  /** Succeeds when there is no such object. */
  delete(key: string): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Deletes everything below a folder; `prefix` ends with `/`. */
  deletePrefix(prefix: string): Promise<void>;
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<ObjectPage>;
  /**
   * Moves an object to another class; its content stays. Succeeds when it is there already.
   * @throws CodedError `object.archived` when it has to be restored first, `storageClass.unsupported` when the server does not know the class
   */
  setClass(key: string, storageClass: StorageClass): Promise<void>;
  /**
   * Requests that an archived object can be read for some days. Repeating it changes nothing but the days. Resolves with `restored` when the
   * object can be read now: it was restored before, or is in a class from which it is read at once.
   */
  restore(key: string, days: number): Promise<'requested' | 'restored'>;
  /** A URL from which anybody can read the object for this long; undefined when browsers cannot reach the store. */
  presignGet(key: string, lifetimeSeconds: number): Promise<string> | undefined;
  /** The file of an object, for programs that read it in place; undefined when it is not on this machine. It must not be changed. */
  fileOf?(key: string): string | undefined;
  close(): Promise<void>;
}
