import { CodedError } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import { maxCountedUploads } from './limits.ts';
import type { UploadRow, UploadState } from './UploadRow.ts';

type Change = Partial<Omit<UploadRow, '_id'>>;

/** States that the person still has to know about. */
const unfinished = ['receiving', 'arrived', 'refused'] as const satisfies readonly UploadState[];

/** Owns the collection `uploads`. Each change is one conditional write of one document. */
export class UploadStore {
  readonly #rows: Collection<UploadRow>;

  constructor(database: Database) {
    this.#rows = database.collection<UploadRow>({
      name: 'uploads',
      indexes: [{ keys: { userId: 1, state: 1, createdAt: -1 } }, { keys: { courseId: 1 } }, { keys: { state: 1, expiresAt: 1 } }],
    });
  }

  async add(row: UploadRow): Promise<void> {
    await this.#rows.insertOne(row);
  }

  async find(uploadId: string): Promise<UploadRow | undefined> {
    return (await this.#rows.findOne({ _id: uploadId })) ?? undefined;
  }

  /** @throws CodedError `upload.notFound` */
  async get(uploadId: string): Promise<UploadRow> {
    const row = await this.find(uploadId);
    if (!row) throw uploadNotFound(uploadId);
    return row;
  }

  /** What a person has not finished, the newest first. */
  async unfinishedOf(userId: string): Promise<UploadRow[]> {
    return this.#rows.find({ userId, state: { $in: unfinished } }, { sort: { createdAt: -1 }, limit: maxCountedUploads });
  }

  /** What counts towards the quota of a person. */
  async countedOf(userId: string): Promise<UploadRow[]> {
    return this.#rows.find({ userId, state: { $in: ['receiving', 'arrived', 'stored'] } }, { limit: maxCountedUploads });
  }

  async allOf(userId: string): Promise<UploadRow[]> {
    return this.#rows.find({ userId }, { limit: maxCountedUploads });
  }

  async ofCourse(courseId: string): Promise<UploadRow[]> {
    return this.#rows.find({ courseId });
  }

  /** Those of these ids that exist. */
  async known(uploadIds: readonly string[]): Promise<Set<string>> {
    return new Set((await this.#rows.find({ _id: { $in: uploadIds } })).map(({ _id }) => _id));
  }

  /** Those in the state that have expired by then, the oldest first. */
  async expired(state: UploadState, now: string, limit: number): Promise<UploadRow[]> {
    return this.#rows.find({ state, expiresAt: { $lte: now } }, { sort: { expiresAt: 1 }, limit });
  }

  async inState(state: UploadState, limit: number): Promise<UploadRow[]> {
    return this.#rows.find({ state }, { sort: { expiresAt: 1 }, limit });
  }

  /** Changes the upload if it is in the state. Resolves with the changed row; undefined if it is not, or is gone. */
  async change(uploadId: string, state: UploadState, change: Change): Promise<UploadRow | undefined> {
    return (await this.#rows.findOneAndUpdate({ _id: uploadId, state }, { $set: change }, { returnDocument: 'after' })) ?? undefined;
  }

  async remove(uploadId: string): Promise<void> {
    await this.#rows.deleteOne({ _id: uploadId });
  }
}

export function uploadNotFound(uploadId: string): CodedError {
  return new CodedError('upload.notFound', 'This upload does not exist. It may have been cancelled, or have expired. Begin again.', { details: { uploadId } });
}
