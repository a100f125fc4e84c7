import type { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export type ExportState = 'waiting' | 'running' | 'ready' | 'failed';

/** A download of everything that is stored about a person. */
export interface ExportRow {
  _id: string;
  userId: string;
  state: ExportState;
  requestedAt: string;
  /** From 0 to 1. */
  progress: number;
  /** Of the ZIP in the object store; null before it is ready. */
  bytes: number | null;
  /** When the ZIP is removed; null before it is ready. */
  expiresAt: string | null;
}

/** The exports of people's data. Owns the collection `personalExports`. */
export class ExportStore {
  readonly #exports: Collection<ExportRow>;

  constructor(database: Database) {
    this.#exports = database.collection<ExportRow>({ name: 'personalExports', indexes: [{ keys: { userId: 1, requestedAt: -1 } }, { keys: { requestedAt: 1 } }] });
  }

  async add(userId: UserId, requestedAt: string): Promise<ExportRow> {
    const row: ExportRow = { _id: newId('exp'), userId, state: 'waiting', requestedAt, progress: 0, bytes: null, expiresAt: null };
    await this.#exports.insertOne(row);
    return row;
  }

  async find(exportId: string): Promise<ExportRow | undefined> {
    return (await this.#exports.findOne({ _id: exportId })) ?? undefined;
  }

  /** The newest first. */
  async ofUser(userId: UserId): Promise<ExportRow[]> {
    return this.#exports.find({ userId }, { sort: { requestedAt: -1 } });
  }

  /** False when it was removed. */
  async update(exportId: string, change: Partial<Omit<ExportRow, '_id' | 'userId'>>): Promise<boolean> {
    return (await this.#exports.updateOne({ _id: exportId }, { $set: change })).matchedCount > 0;
  }

  async remove(exportId: string): Promise<void> {
    await this.#exports.deleteOne({ _id: exportId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#exports.deleteMany({ userId });
  }

  /** Those that were asked for before this time. */
  async requestedBefore(requestedAt: string): Promise<ExportRow[]> {
    return this.#exports.find({ requestedAt: { $lt: requestedAt } }, { sort: { requestedAt: 1 } });
  }
}

/** The folder of a person's exports in the object store. */
export function exportFolder(userId: string): string {
  return `exports/${userId}/`;
}

export function exportKey({ _id, userId }: Pick<ExportRow, '_id' | 'userId'>): string {
  return `${exportFolder(userId)}${_id}.zip`;
}
