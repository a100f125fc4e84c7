import type { DataStore } from '@tus/server';
import type { Transfer } from './Transfer.ts';
import type { UploadRow } from './UploadRow.ts';

export type UploadPlace = Pick<UploadRow, '_id' | 'videoId'>;

/** The transfer that brings the bytes of an upload now, by the id that the store has for it. */
export type TransferOf = (storeId: string) => Transfer | undefined;

/**
 * Collects the bytes of uploads until they are complete, in the object store itself: nothing is copied afterwards. Every adapter passes
 * `testing/incomingStoreConformance.ts`. Expected failures: `upload.notFound`, `store.unavailable`, `disk.full`, and those of the transfer.
 */
export interface IncomingStore {
  /** What the tus server creates, appends to and reads the offset of. */
  readonly data: DataStore;
  /** tus: the store verifies checksums, because it can drop the bytes of one request. */
  readonly hasChecksums: boolean;
  /** The id of the upload in `data`. */
  idOf(place: UploadPlace): string;
  /** Makes so many bytes the object `sourceKeyOf(place)`. Does nothing after it has succeeded. */
  finish(place: UploadPlace, bytes: number): Promise<void>;
  /** Removes an unfinished upload. Succeeds when there is none. */
  remove(place: UploadPlace): Promise<void>;
  /** Removes unfinished uploads that nobody knows any more. Resolves with their number. */
  removeUnknown(known: (uploadIds: readonly string[]) => Promise<Set<string>>, nowMs: number): Promise<number>;
  /** Free bytes of the disk that uploads fill; undefined where no disk limits them. */
  freeBytes(): Promise<number | undefined>;
}
