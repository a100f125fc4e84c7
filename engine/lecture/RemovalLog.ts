import { CodedError } from '../contract/index.ts';
import type { LectureEventType, LectureId, UserId } from '../contract/index.ts';
import { KeyedMutex } from '../kernel/KeyedMutex.ts';
import type { EventLogs } from './EventLog.ts';
import type { LiveLecture } from './LiveLecture.ts';
import { projectRoom } from './projectRoom.ts';

const removalEvents = ['participant.removed', 'participant.readmitted'] as const satisfies readonly LectureEventType[];

/** Who was removed from a lecture, live or ended. */
export class RemovalLog {
  readonly #logs: EventLogs;
  readonly #live: (lectureId: LectureId) => LiveLecture | undefined;
  readonly #mutex = new KeyedMutex();

  constructor(logs: EventLogs, live: (lectureId: LectureId) => LiveLecture | undefined) {
    this.#logs = logs;
    this.#live = live;
  }

  async of(lectureId: LectureId): Promise<UserId[]> {
    const live = this.#live(lectureId);
    if (live) return live.removals.all();
    return [...projectRoom(await this.#logs.read(lectureId, removalEvents)).removedUsers];
  }

  /** Lifts a removal. @throws CodedError `participant.notFound` without one */
  async lift(lectureId: LectureId, userId: UserId, byUserId: UserId): Promise<void> {
    await this.#mutex.run(lectureId, async () => {
      if (!(await this.of(lectureId)).includes(userId)) throw new CodedError('participant.notFound', 'This person was not removed from the lecture. Reload the page.');
      const live = this.#live(lectureId);
      if (live) return live.removals.lift(userId, byUserId);
      const last = (await this.#logs.read(lectureId)).at(-1);
      const stamp = { seq: (last?.seq ?? 0) + 1, atMs: last?.atMs ?? 0 };
      await this.#logs.write(lectureId, { ...stamp, type: 'participant.readmitted', data: { userId, byUserId } });
    });
  }
}
