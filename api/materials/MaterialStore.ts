import { CodedError, CourseId, VideoId } from '#engine/contract';
import type { LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

/** A file in the object store. */
export interface MaterialFile {
  key: string;
  fileName: string;
  contentType: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

export interface MaterialRow {
  _id: string;
  courseId: CourseId;
  title: string;
  lectureId: LectureId | null;
  videoId: VideoId | null;
  atSeconds: number | null;
  visibleFrom: string | null;
  url: string | null;
  file: MaterialFile | null;
  /** The place in the course; materials at the same place are ordered by their time. */
  position: number;
  revision: number;
  createdAt: string;
  updatedAt: string;
}

interface UsageRow {
  /** The course, or `site` for all. */
  _id: string;
  bytes: number;
}

export type MaterialChange = Partial<Pick<MaterialRow, 'title' | 'lectureId' | 'videoId' | 'atSeconds' | 'visibleFrom' | 'url' | 'file'>>;

/** The materials of courses, and how many bytes their files have. Owns the collections `materials` and `materialUsage`. */
export class MaterialStore {
  readonly #materials: Collection<MaterialRow>;
  readonly #usage: Collection<UsageRow>;

  constructor(database: Database) {
    this.#materials = database.collection<MaterialRow>({ name: 'materials', indexes: [{ keys: { courseId: 1, position: 1, createdAt: 1 } }] });
    this.#usage = database.collection<UsageRow>({ name: 'materialUsage', indexes: [] });
  }

  async add(material: Omit<MaterialRow, '_id' | 'revision' | 'updatedAt'> & { _id?: string }): Promise<MaterialRow> {
    const row: MaterialRow = { _id: newMaterialId(), ...material, revision: 1, updatedAt: material.createdAt };
    await this.#materials.insertOne(row);
    await this.#count(row.courseId, row.file?.bytes ?? 0);
    return row;
  }

  /** @throws CodedError `material.notFound` */
  async get(courseId: CourseId, materialId: string): Promise<MaterialRow> {
    const row = await this.#materials.findOne({ _id: materialId, courseId });
    if (!row) throw materialNotFound();
    return row;
  }

  async find(materialId: string): Promise<MaterialRow | undefined> {
    return (await this.#materials.findOne({ _id: materialId })) ?? undefined;
  }

  /** In their order. */
  async ofCourse(courseId: CourseId): Promise<MaterialRow[]> {
    return this.#materials.find({ courseId }, { sort: { position: 1, createdAt: 1 } });
  }

  /** Returns the material before and after the change. @throws CodedError `material.notFound` */
  async update(courseId: CourseId, materialId: string, change: MaterialChange & { updatedAt: string }): Promise<{ before: MaterialRow; after: MaterialRow }> {
    const before = await this.#materials.findOneAndUpdate({ _id: materialId, courseId }, { $set: change, $inc: { revision: 1 } });
    if (!before) throw materialNotFound();
    if (change.file) await this.#count(courseId, change.file.bytes - (before.file?.bytes ?? 0));
    return { before, after: { ...before, ...change, revision: before.revision + 1 } };
  }

  async setPosition(courseId: CourseId, materialId: string, position: number): Promise<void> {
    await this.#materials.updateOne({ _id: materialId, courseId }, { $set: { position } });
  }

  /** Returns what was removed. @throws CodedError `material.notFound` */
  async remove(courseId: CourseId, materialId: string): Promise<MaterialRow> {
    const row = await this.get(courseId, materialId);
    const { deletedCount } = await this.#materials.deleteOne({ _id: materialId, courseId });
    if (deletedCount === 0) throw materialNotFound();
    await this.#count(courseId, -(row.file?.bytes ?? 0));
    return row;
  }

  /** The bytes of the files of a course, or of `site` for all. */
  async bytesOf(courseIds: readonly string[]): Promise<Map<string, number>> {
    return new Map((await this.#usage.find({ _id: { $in: courseIds } })).map(({ _id, bytes }) => [_id, bytes]));
  }

  /** The course is deleted. */
  /** The materials of a moment of a video that is removed stay in its course. */
  async detachVideo(courseId: string, videoId: string): Promise<void> {
    await this.#materials.updateMany({ courseId: CourseId.parse(courseId), videoId: VideoId.parse(videoId) }, { $set: { videoId: null, atSeconds: null } });
  }

  async forgetCourse(courseId: CourseId): Promise<void> {
    const bytes = (await this.bytesOf([courseId])).get(courseId) ?? 0;
    await this.#materials.deleteMany({ courseId });
    await this.#usage.deleteOne({ _id: courseId });
    await this.#usage.updateOne({ _id: site }, { $inc: { bytes: -bytes } });
  }

  async #count(courseId: CourseId, bytes: number): Promise<void> {
    if (bytes === 0) return;
    for (const _id of [courseId, site]) await this.#usage.updateOne({ _id }, { $inc: { bytes } }, { upsert: true });
  }
}

const site = 'site';

export function newMaterialId(): string {
  return newId('mat');
}

export function materialNotFound(): CodedError {
  return new CodedError('material.notFound', 'This material was deleted, or it is not visible yet. Reload the page.');
}
