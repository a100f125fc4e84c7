// Responsible for deleting the chats of lectures that ended long ago. Everything else of their logs stays.
import type { CourseId } from '../contract/index.ts';
import type { Bus } from '../kernel/bus/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import { eventIndexes } from './eventIndexes.ts';
import type { EventRow } from './LectureLog.ts';
import { LectureStore } from './LectureStore.ts';
import { logsRewritten } from './PersonalLectures.ts';

const chatTypes = ['chat.posted', 'chat.deleted'] as const;

export class ChatErasure {
  readonly #lectures: LectureStore;
  readonly #events: Collection<EventRow>;
  readonly #bus: Bus;

  constructor({ database, bus }: { database: Database; bus: Bus }) {
    this.#bus = bus;
    this.#lectures = new LectureStore(database);
    this.#events = database.collection<EventRow>({ name: 'lectureEvents', indexes: eventIndexes });
  }

  /** Resolves with the number of lectures that had a chat. */
  async eraseBefore(courseId: CourseId, endedAt: string): Promise<number> {
    let erased = 0;
    for await (const { _id: lectureId } of this.#lectures.endedBefore(courseId, endedAt)) {
      const { deletedCount } = await this.#events.deleteMany({ lectureId, type: { $in: [...chatTypes] } });
      if (deletedCount > 0) erased += 1;
    }
    if (erased > 0) this.#bus.publish(logsRewritten, {});
    return erased;
  }
}
