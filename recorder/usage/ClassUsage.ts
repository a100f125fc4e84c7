// Responsible for how much each course stores in each storage class, and how that has changed from day to day. A job measures it from the rows
// of videos. Owns the collections `classUsage` and `storageDays`.
import { fromInstant, toInstant } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { StorageClass } from '../contract/index.ts';
import type { VideoRow } from '../library/VideoRow.ts';
import { StoredVideos } from '../storageClasses/StoredVideos.ts';
import { dayMs, keptStorageDays } from '../limits.ts';
import type { StorageUsage } from './StorageUsage.ts';

export type ClassBytes = Record<StorageClass, number>;

export interface ClassUsageRow extends ClassBytes {
  /** `crs_…`, or `site` for the sum of all. */
  _id: string;
  /** False for the sum. */
  isCourse: boolean;
  bytes: number;
  videos: number;
  /** ISO 8601 */
  measuredAt: string;
}

/** What the site stored on a day (UTC), as it was measured last on it. */
export interface StorageDayRow extends ClassBytes {
  /** `2030-01-31` */
  _id: string;
  videos: number;
}

const site = 'site';
const nothing = (): Omit<ClassUsageRow, '_id' | 'isCourse' | 'measuredAt'> => ({ bytes: 0, videos: 0, standard: 0, infrequent: 0, archive: 0 });

export class ClassUsage {
  readonly courses: Collection<ClassUsageRow>;
  readonly #days: Collection<StorageDayRow>;
  readonly #videos: StoredVideos;
  readonly #recordings: Pick<StorageUsage, 'ofRecordings'>;

  constructor(database: Database, recordings: Pick<StorageUsage, 'ofRecordings'>) {
    this.courses = database.collection<ClassUsageRow>({ name: 'classUsage', indexes: [{ keys: { isCourse: 1, bytes: -1, _id: -1 } }, { keys: { measuredAt: 1 } }] });
    this.#days = database.collection<StorageDayRow>({ name: 'storageDays', indexes: [] });
    this.#videos = new StoredVideos(database);
    this.#recordings = recordings;
  }

  async total(): Promise<ClassUsageRow | undefined> {
    return (await this.courses.findOne({ _id: site })) ?? undefined;
  }

  async ofCourses(courseIds: readonly string[]): Promise<Map<string, ClassUsageRow>> {
    return new Map((await this.courses.find({ _id: { $in: courseIds } })).map((row) => [row._id, row]));
  }

  /** The days from this one on, in order. */
  async daysSince(day: string): Promise<StorageDayRow[]> {
    return this.#days.find({ _id: { $gte: day } }, { sort: { _id: 1 } });
  }

  /** Measures all courses, and keeps the sum as that of the day. */
  async measure({ now, signal }: { now: string; signal: AbortSignal }): Promise<void> {
    const total = nothing();
    let course: { courseId: string; sum: ReturnType<typeof nothing>; recordings: ReadonlyMap<string, number> } | undefined;
    const keep = async () => {
      if (course) await this.courses.replaceOne({ _id: course.courseId }, { ...course.sum, isCourse: true, measuredAt: now }, { upsert: true });
    };
    for await (const video of this.#videos.all()) {
      signal.throwIfAborted();
      if (course?.courseId !== video.courseId) {
        await keep();
        course = { courseId: video.courseId, sum: nothing(), recordings: await this.#recordings.ofRecordings(video.courseId) };
      }
      const bytes = bytesOf(video, course.recordings);
      for (const sum of [course.sum, total]) add(sum, video.storageClass, bytes);
    }
    await keep();
    // Courses whose last video is gone.
    await this.courses.deleteMany({ measuredAt: { $lt: now }, isCourse: true });
    await this.courses.replaceOne({ _id: site }, { ...total, isCourse: false, measuredAt: now }, { upsert: true });
    const { standard, infrequent, archive, videos } = total;
    await this.#days.replaceOne({ _id: dayOf(now) }, { standard, infrequent, archive, videos }, { upsert: true });
    await this.#days.deleteMany({ _id: { $lt: dayOf(toInstant(fromInstant(now) - keptStorageDays * dayMs)) } });
  }
}

/** A recording without renditions of its video has no size there. */
function bytesOf({ bytes, recordingId }: VideoRow, recordings: ReadonlyMap<string, number>): number {
  return bytes > 0 ? bytes : ((recordingId === null ? undefined : recordings.get(recordingId)) ?? 0);
}

function add(sum: ReturnType<typeof nothing>, storageClass: StorageClass, bytes: number): void {
  sum[storageClass] += bytes;
  sum.bytes += bytes;
  sum.videos += 1;
}

const dayOf = (instant: string) => instant.slice(0, 10);
