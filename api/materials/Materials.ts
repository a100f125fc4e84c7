import type { AccessPolicy, OpenLogins } from '#engine';
import { CodedError, may } from '#engine/contract';
import type { CourseId, CourseRole, LectureId, UserId, VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { ObjectStore } from '#recorder';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import { maxMaterialsOfCourse } from '../contract/index.ts';
import type { FileContent, Material } from '../contract/index.ts';
import { fileHeaders, formatOf } from './fileHeaders.ts';
import { materialBytesOfRole, materialUrlSeconds } from './limits.ts';
import { materialNotFound, newMaterialId } from './MaterialStore.ts';
import type { MaterialChange, MaterialFile, MaterialRow, MaterialStore } from './MaterialStore.ts';
import { receiveFile } from './receiveFile.ts';

export interface MaterialsOptions {
  store: MaterialStore;
  objects: ObjectStore;
  tokens: TokenSigner;
  logins: Pick<OpenLogins, 'isOpen'>;
  policy: AccessPolicy;
  lectures: { courseOf(lectureId: LectureId): Promise<CourseId> };
  videoCatalog: Pick<VideoCatalog, 'get'>;
  clock: Clock;
  logger: Logger;
}

export interface MaterialViewer {
  userId: UserId;
  loginId: string;
  role: CourseRole;
}

type Place = Pick<MaterialRow, 'lectureId' | 'videoId' | 'atSeconds' | 'visibleFrom'>;

/** Files and links of courses. Owns the objects below `materials/` in the object store. */
export class Materials {
  readonly #options: MaterialsOptions;

  constructor(options: MaterialsOptions) {
    this.#options = options;
  }

  /** In their order; those that the viewer may see. */
  async list(courseId: CourseId, viewer: MaterialViewer, { lectureId, videoId }: { lectureId?: LectureId; videoId?: VideoId }): Promise<Material[]> {
    const lectureOfVideo = videoId && (await this.#options.videoCatalog.get(videoId)).lectureId;
    const rows = (await this.#options.store.ofCourse(courseId)).filter((row) => {
      if (lectureId) return row.lectureId === lectureId;
      return videoId === undefined || row.videoId === videoId || (row.lectureId !== null && row.lectureId === lectureOfVideo);
    });
    const visible = await Promise.all(rows.map((row) => this.#isVisible(row, viewer)));
    return rows.filter((_, index) => visible[index]).map(viewOf);
  }

  /** @throws CodedError `material.notFound`, also for one that the viewer may not see */
  async get(courseId: CourseId, materialId: string, viewer: MaterialViewer): Promise<MaterialRow> {
    const row = await this.#options.store.get(courseId, materialId);
    if (!(await this.#isVisible(row, viewer))) throw materialNotFound();
    return row;
  }

  /** A link, or a file that is stored already. @throws CodedError `request.invalid`, `lecture.notFound`, `video.notFound` */
  async add(courseId: CourseId, material: Place & Pick<MaterialRow, 'title' | 'url' | 'file'> & { _id?: string }): Promise<Material> {
    await this.#requirePlace(courseId, material);
    const all = await this.#options.store.ofCourse(courseId);
    requireRoom(all.length);
    return viewOf(await this.#options.store.add({ courseId, ...material, position: (all.at(-1)?.position ?? 0) + 1, createdAt: this.#now() }));
  }

  /** @throws CodedError `request.tooLarge`, `request.invalid`, `store.unavailable` */
  async upload(courseId: CourseId, { role }: MaterialViewer, { body, fileName, title }: { body: AsyncIterable<Uint8Array>; fileName: string; title: string }): Promise<Material> {
    requireRoom((await this.#options.store.ofCourse(courseId)).length);
    const _id = newMaterialId();
    const file = await this.#receive({ courseId, materialId: _id, role, fileName }, body);
    try {
      return await this.add(courseId, { _id, title, url: null, file, lectureId: null, videoId: null, atSeconds: null, visibleFrom: null });
    } catch (error) {
      await this.#forget(file);
      throw error;
    }
  }

  /** The file that was there is deleted when the new one is in its place. @throws CodedError as `upload`, `material.notFound`, `material.notReady` for a link */
  async replace(courseId: CourseId, { role }: MaterialViewer, { body, fileName, materialId }: { body: AsyncIterable<Uint8Array>; fileName: string; materialId: string }): Promise<Material> {
    if (!(await this.#options.store.get(courseId, materialId)).file) throw noFile();
    const file = await this.#receive({ courseId, materialId, role, fileName }, body);
    try {
      const { before, after } = await this.#options.store.update(courseId, materialId, { file, updatedAt: this.#now() });
      await this.#forget(before.file);
      return viewOf(after);
    } catch (error) {
      await this.#forget(file);
      throw error;
    }
  }

  /** @throws CodedError `material.notFound`, `request.invalid`, `lecture.notFound`, `video.notFound` */
  async update(courseId: CourseId, materialId: string, { url, ...change }: Required<Omit<MaterialChange, 'file'>>): Promise<Material> {
    const row = await this.#options.store.get(courseId, materialId);
    if (row.file === null && url === null) throw new CodedError('request.invalid', 'Enter a link that begins with https:// or http://.', { details: { field: 'url' } });
    await this.#requirePlace(courseId, change);
    const { after } = await this.#options.store.update(courseId, materialId, { ...change, ...(row.file === null && { url }), updatedAt: this.#now() });
    return viewOf(after);
  }

  async order(courseId: CourseId, materialIds: readonly string[]): Promise<void> {
    const all = (await this.#options.store.ofCourse(courseId)).map(({ _id }) => _id);
    const known = [...new Set(materialIds)].filter((id) => all.includes(id));
    const ordered = [...known, ...all.filter((id) => !known.includes(id))];
    for (const [index, materialId] of ordered.entries()) await this.#options.store.setPosition(courseId, materialId, index + 1);
  }

  /** @throws CodedError `material.notFound` */
  async remove(courseId: CourseId, materialId: string): Promise<void> {
    await this.#forget((await this.#options.store.remove(courseId, materialId)).file);
  }

  /** A signed path of the file. @throws CodedError `material.notFound`, `material.notReady` for a link */
  async address(courseId: CourseId, viewer: MaterialViewer, { materialId, isDownload }: { materialId: string; isDownload: boolean }): Promise<string> {
    const { file } = await this.get(courseId, materialId, viewer);
    if (!file) throw noFile();
    const { userId, loginId } = viewer;
    return `/api/v1/materials/${this.#options.tokens.sign('material', { userId, loginId, materialId, isDownload }, materialUrlSeconds)}`;
  }

  /** The file of a signed path, if the person may still see it. @throws CodedError `auth.invalid`, `auth.expired`, `access.denied`, `material.notFound`, `store.unavailable` */
  async open(token: string): Promise<FileContent> {
    const { tokens, logins, policy, store, objects } = this.#options;
    const { userId, loginId, materialId, isDownload } = tokens.verify('material', token);
    if (!(await logins.isOpen({ userId, loginId }))) throw new CodedError('auth.invalid', 'Your session has ended. Sign in again.');
    const row = await store.find(materialId);
    if (!row?.file) throw materialNotFound();
    const role = await policy.requireInCourse(userId, row.courseId, 'material.read');
    if (!(await this.#isVisible(row, { userId, role }))) throw materialNotFound();
    const { head, body } = await objects.get(row.file.key);
    return { contentType: row.file.contentType, body, headers: { ...fileHeaders(row.file, isDownload), 'Content-Length': String(head.bytes) } };
  }

  async #receive({ courseId, materialId, role, fileName }: { courseId: CourseId; materialId: string; role: CourseRole; fileName: string }, body: AsyncIterable<Uint8Array>): Promise<MaterialFile> {
    return receiveFile(body, materialBytesOfRole[role], async ({ path: source, bytes, sha256, contentType }) => {
      const key = `${materialsFolder(courseId)}${materialId}/${newId('mat')}`;
      await this.#options.objects.put(key, { file: source }, { contentType, sha256 });
      return { key, fileName, contentType, bytes, sha256 };
    });
  }

  /** A material of a lecture is for those who may watch the lecture; one with a date for students from then on. */
  async #isVisible({ visibleFrom, lectureId, courseId }: MaterialRow, { userId, role }: Pick<MaterialViewer, 'userId' | 'role'>): Promise<boolean> {
    if (may(role, 'material.edit')) return true;
    if (visibleFrom !== null && visibleFrom > this.#now()) return false;
    return lectureId === null || this.#options.policy.mayWatchVideo(userId, { courseId, lectureId, hidden: null });
  }

  async #requirePlace(courseId: CourseId, { lectureId, videoId }: Pick<Place, 'lectureId' | 'videoId'>): Promise<void> {
    if (lectureId !== null && (await this.#options.lectures.courseOf(lectureId)) !== courseId) throw new CodedError('lecture.notFound', 'This lecture is not in this course.');
    if (videoId !== null && (await this.#options.videoCatalog.get(videoId)).courseId !== courseId) throw new CodedError('video.notFound', 'This video is not in this course.');
  }

  /** A file that stays behind goes with its course. */
  async #forget(file: MaterialFile | null): Promise<void> {
    if (!file) return;
    await this.#options.objects.delete(file.key).catch((err: unknown) => this.#options.logger.warn({ err, key: file.key }, 'material.notDeleted'));
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}

/** The folder of the materials of a course in the object store. */
export function materialsFolder(courseId: CourseId): string {
  return `materials/${courseId}/`;
}

export function viewOf({ _id, courseId, title, lectureId, videoId, atSeconds, visibleFrom, url, file, revision, updatedAt }: MaterialRow): Material {
  return {
    id: _id,
    courseId,
    title,
    lectureId,
    videoId,
    atSeconds,
    visibleFrom,
    url,
    file: file && { fileName: file.fileName, contentType: file.contentType, format: formatOf(file.contentType), bytes: file.bytes },
    revision,
    updatedAt,
  };
}

function requireRoom(count: number): void {
  if (count >= maxMaterialsOfCourse) throw new CodedError('request.invalid', `A course can have ${maxMaterialsOfCourse} materials. Delete one first.`);
}

function noFile(): CodedError {
  return new CodedError('material.notReady', 'This material is a link and has no file.');
}
