// Responsible for how much of the object store each course uses. A job measures it: recordings that have changed since the last
// time, then the sums of their courses. Owns the collections `recordingUsage` and `courseUsage`.
import type { Collection, Database } from '#engine/kernel';
import { Journal } from '../journal/Journal.ts';
import type { RecordingRow } from '../journal/rows.ts';

interface Amount {
  bytes: number;
  objects: number;
}

interface RecordingUsageRow extends Amount {
  _id: string;
  courseId: string;
  /** It is finished and stored: it is not measured again. */
  isFinal: boolean;
}

export interface CourseUsageRow extends Amount {
  /** `crs_…`, or `site` for the sum of all. */
  _id: string;
  /** False for the sum. */
  isCourse: boolean;
  recordings: number;
  /** ISO 8601. Of the sum: when all was measured last. */
  measuredAt: string;
  /** Of the sum: recordings that began before this are final. */
  finalBefore?: string;
}

const site = 'site';

export class StorageUsage {
  readonly #recordings: Collection<RecordingUsageRow>;
  readonly courses: Collection<CourseUsageRow>;
  readonly #journal: Journal;

  constructor(database: Database) {
    this.#recordings = database.collection<RecordingUsageRow>({ name: 'recordingUsage', indexes: [{ keys: { courseId: 1 } }] });
    this.courses = database.collection<CourseUsageRow>({ name: 'courseUsage', indexes: [{ keys: { isCourse: 1, bytes: -1, _id: -1 } }] });
    this.#journal = new Journal(database);
  }

  /** The sum of all courses; undefined before it was measured the first time. */
  async total(): Promise<CourseUsageRow | undefined> {
    return (await this.courses.findOne({ _id: site })) ?? undefined;
  }

  async ofCourse(courseId: string): Promise<CourseUsageRow | undefined> {
    return (await this.courses.findOne({ _id: courseId })) ?? undefined;
  }

  /** What each recording of a course stores, as it was measured last. */
  async ofRecordings(courseId: string): Promise<Map<string, number>> {
    const bytes = new Map<string, number>();
    for await (const row of this.#recordings.iterate({ courseId })) bytes.set(row._id, row.bytes);
    return bytes;
  }

  /** Measures what has changed. Repeating it changes nothing; it goes on from where an aborted one was. */
  async measure({ now, signal }: { now: string; signal: AbortSignal }): Promise<void> {
    const from = (await this.total())?.finalBefore ?? '';
    const changed = new Set<string>();
    let finalBefore = from;
    let isAllFinal = true;
    for await (const recording of this.#journal.startedSince(from)) {
      signal.throwIfAborted();
      const isFinal = await this.#measureRecording(recording);
      changed.add(recording.courseId);
      isAllFinal &&= isFinal;
      if (isAllFinal) finalBefore = recording.startedAt;
    }
    for (const courseId of changed) {
      signal.throwIfAborted();
      await this.#sumCourse(courseId, now);
    }
    await this.#sumAll(now, finalBefore);
  }

  async #measureRecording({ _id, courseId, state, isStored }: RecordingRow): Promise<boolean> {
    const known = await this.#recordings.findOne({ _id });
    if (known?.isFinal) return true;
    const isFinal = state === 'finished' && isStored;
    const amount = await this.#journal.storedAmount(_id);
    await this.#recordings.replaceOne({ _id }, { courseId, ...amount, isFinal }, { upsert: true });
    return isFinal;
  }

  async #sumCourse(courseId: string, measuredAt: string): Promise<void> {
    const sum = { bytes: 0, objects: 0, recordings: 0 };
    for await (const { bytes, objects } of this.#recordings.iterate({ courseId })) {
      sum.bytes += bytes;
      sum.objects += objects;
      sum.recordings += 1;
    }
    await this.courses.replaceOne({ _id: courseId }, { isCourse: true, ...sum, measuredAt }, { upsert: true });
  }

  async #sumAll(measuredAt: string, finalBefore: string): Promise<void> {
    const sum = { bytes: 0, objects: 0, recordings: 0 };
    for await (const { bytes, objects, recordings } of this.courses.iterate({ isCourse: true })) {
      sum.bytes += bytes;
      sum.objects += objects;
      sum.recordings += recordings;
    }
    await this.courses.replaceOne({ _id: site }, { isCourse: false, ...sum, measuredAt, finalBefore }, { upsert: true });
  }
}
