import type { CourseId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';

interface AdmissionRow {
  /** The course. */
  _id: string;
  /** Students at most; null: no limit. */
  capacity: number | null;
}

/** How many students each course admits. Owns the collection `courseAdmissions`. */
export class AdmissionSettings {
  readonly #rows: Collection<AdmissionRow>;

  constructor(database: Database) {
    this.#rows = database.collection<AdmissionRow>({ name: 'courseAdmissions', indexes: [] });
  }

  /** Null: no limit. */
  async capacityOf(courseId: CourseId): Promise<number | null> {
    return (await this.#rows.findOne({ _id: courseId }))?.capacity ?? null;
  }

  async setCapacity(courseId: CourseId, capacity: number | null): Promise<void> {
    await this.#rows.updateOne({ _id: courseId }, { $set: { capacity } }, { upsert: true });
  }

  async forget(courseId: CourseId): Promise<void> {
    await this.#rows.deleteOne({ _id: courseId });
  }
}
