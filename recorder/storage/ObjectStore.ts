import type { Readable } from 'node:stream';

export interface ObjectHead {
  key: string;
  bytes: number;
  /** Opaque; changes when the content does. */
  etag: string;
  contentType: string;
  /** Lower-case hex; null where the store keeps none. */
  sha256: string | null;
}

/** A file that stays as it is until `put` has settled, or bytes in memory. */
export type ObjectSource = { file: string } | { bytes: Uint8Array };

export interface PutOptions {
  contentType: string;
  /** Lower-case hex of the whole content. What is read from the source is held to it, and so is what the store received. */
  sha256: string;
}

/** Both ends are part of it, counted from 0. */
export interface ByteRange {
  first: number;
  last: number;
}

export interface GetOptions {
  range?: ByteRange;
  /** Of the whole object; without a range the body fails with `object.corrupt` instead of ending when it is another. */
  sha256?: string;
}

export interface StoredObject {
  head: ObjectHead;
  /** What was asked for: the range, or all of it. Whoever asked destroys it if they do not read it to its end. */
  body: Readable;
}

export interface ListedObject {
  key: string;
  bytes: number;
}

export interface ObjectPage {
  /** In the order of their keys, byte by byte. */
  objects: ListedObject[];
  /** Give it back as `after` for the next page; null when this was the last. */
  next: string | null;
}

/**
 * Where recordings lie. Keys are segments joined by `/` (`isObjectKey`); another key is a bug and a plain Error.
 * Expected failures: `object.notFound`, `object.corrupt`, and `store.unavailable` for everything a retry may mend.
 */
export interface ObjectStore {
  /** Whole or not at all; replaces what was there. @throws CodedError `object.corrupt`, and nothing has changed */
  put(key: string, source: ObjectSource, options: PutOptions): Promise<void>;
  get(key: string, options?: GetOptions): Promise<StoredObject>;
  head(key: string): Promise<ObjectHead>;
  /** What is not there counts as deleted. */
  delete(key: string): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Everything below a folder; `prefix` ends with `/`. */
  deletePrefix(prefix: string): Promise<void>;
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<ObjectPage>;
  /** An address that anybody can read the object at for so long; undefined when this store cannot be reached from outside. */
  presignGet(key: string, lifetimeSeconds: number): Promise<string> | undefined;
  close(): Promise<void>;
}
