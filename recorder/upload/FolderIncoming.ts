import { mkdir, readdir, rename, rm, stat, statfs, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import type { Upload } from '@tus/server';
import { CodedError, isCoded } from '#engine/contract';
import { syncPath } from '#engine/kernel';
import { folderError, isAbsent } from '../storage/folderError.ts';
import { appendToFile } from './appendToFile.ts';
import type { IncomingStore, TransferOf, UploadPlace } from './IncomingStore.ts';
import { unknownUploadMs } from './limits.ts';
import { incomingKeyOf, sourceKeyOf } from './UploadRow.ts';
import { uploadNotFound } from './UploadStore.ts';

/** What is known of an upload beside its bytes. */
export interface UploadFacts {
  get(storeId: string): Promise<Upload | undefined>;
  set(storeId: string, upload: Upload): Promise<void>;
  delete(storeId: string): Promise<void>;
}

export interface FolderIncomingOptions {
  /** The folder of the object store. */
  root: string;
  facts: UploadFacts;
  transferOf: TransferOf;
}

/** Collects uploads in files of the folder store. A complete one becomes an object by a rename. Owns `uploads/` in the folder. */
export class FolderIncoming implements IncomingStore {
  readonly data: FolderData;
  readonly hasChecksums = true;
  readonly #root: string;

  constructor({ root, facts, transferOf }: FolderIncomingOptions) {
    this.#root = root;
    this.data = new FolderData({ root, facts, transferOf });
  }

  idOf(place: UploadPlace): string {
    return incomingKeyOf(place);
  }

  async finish(place: UploadPlace, bytes: number): Promise<void> {
    const [from, to] = [path.join(this.#root, incomingKeyOf(place)), path.join(this.#root, sourceKeyOf(place))];
    try {
      if ((await sizeOf(from)) === undefined && (await sizeOf(to)) === bytes) return;
      await syncPath(from);
      await mkdir(path.dirname(to), { recursive: true });
      await rename(from, to);
      for (let folder = path.dirname(to); folder.length >= this.#root.length; folder = path.dirname(folder)) await syncPath(folder);
    } catch (err) {
      if (isAbsent(err)) throw uploadNotFound(place._id);
      throw folderError(place._id, err);
    }
  }

  async remove(place: UploadPlace): Promise<void> {
    await rm(path.join(this.#root, incomingKeyOf(place)), { force: true });
  }

  async removeUnknown(known: (uploadIds: readonly string[]) => Promise<Set<string>>, nowMs: number): Promise<number> {
    const folder = path.join(this.#root, 'uploads');
    const names = await readdir(folder).catch((err: unknown) => {
      if (isAbsent(err)) return [];
      throw folderError('uploads', err);
    });
    const kept = await known(names);
    let removed = 0;
    for (const name of names.filter((each) => !kept.has(each))) {
      const file = path.join(folder, name);
      const { mtimeMs } = await stat(file);
      if (nowMs - mtimeMs < unknownUploadMs) continue;
      await rm(file, { force: true });
      removed += 1;
    }
    return removed;
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize;
  }
}

/** The file store of tus, with errors of the port, checksums, and large writes. */
class FolderData extends FileStore {
  override readonly extensions: string[] = ['creation', 'creation-with-upload', 'termination'];
  readonly #transferOf: TransferOf;

  constructor({ root, facts, transferOf }: FolderIncomingOptions) {
    super({ directory: root, configstore: facts });
    this.#transferOf = transferOf;
  }

  override async create(upload: Upload): Promise<Upload> {
    return super.create(upload).catch((err: unknown) => {
      throw writeError(upload.id, err);
    });
  }

  override async getUpload(id: string): Promise<Upload> {
    return super.getUpload(id).catch((err: unknown) => {
      // The store of tus throws plain objects where something is missing.
      throw err instanceof Error ? writeError(id, err) : uploadNotFound(path.basename(id));
    });
  }

  override async write(empty: Readable, id: string, offset: number): Promise<number> {
    const file = path.join(this.directory, id);
    const transfer = this.#transferOf(id);
    if (!transfer) throw new Error(`${id} has no transfer`);
    empty.resume();
    let reached = offset;
    try {
      reached += await appendToFile(file, offset, { open: () => transfer.open(offset), release: transfer.release });
      transfer.requireChecksum();
    } catch (err) {
      if (isCoded(err, 'upload.checksumWrong')) await truncate(file, offset);
      throw writeError(id, err);
    }
    transfer.keepHash(reached);
    return reached;
  }
}

function writeError(id: string, err: unknown): unknown {
  const code = (err as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull();
  if (isAbsent(err)) return uploadNotFound(path.basename(id));
  return folderError(id, err);
}

export function diskFull(): CodedError {
  return new CodedError('disk.full', 'The disk of the server has no room for this file. Tell your administrator to free some space; the upload can then be continued.', { details: { retryAfterSeconds: 60 } });
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (err) {
    if (isAbsent(err)) return undefined;
    throw err;
  }
}
