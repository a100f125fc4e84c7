import { CodedError } from '../contract/index.ts';
import type { LectureEventType, LectureId, UserId } from '../contract/index.ts';
import { KeyedMutex } from '../kernel/KeyedMutex.ts';
import type { EventLogs } from './EventLog.ts';
import type { LectureOwnership } from './LectureOwnership.ts';
import type { LiveLecture } from './LiveLecture.ts';
import { projectRoom } from './projectRoom.ts';

const removalEvents = ['participant.removed', 'participant.readmitted'] as const satisfies readonly LectureEventType[];

export interface RemovalLogOptions {
  logs: EventLogs;
  ownership: LectureOwnership;
  /** The lecture, if it is live in this process. */
  live: (lectureId: LectureId) => LiveLecture | undefined;
}

/** Who was removed from a lecture, live or ended. */
export class RemovalLog {
  readonly #options: RemovalLogOptions;
  readonly #mutex = new KeyedMutex();

  constructor(options: RemovalLogOptions) {
    this.#options = options;
  }

  async of(lectureId: LectureId): Promise<UserId[]> {
    const live = this.#options.live(lectureId);
    if (live) return live.removals.all();
    return [...projectRoom(await this.#options.logs.read(lectureId, removalEvents)).removedUsers];
  }

  /** Lifts a removal. @throws CodedError `participant.notFound` without one; `lecture.elsewhere` while the lecture is live in another process */
  async lift(lectureId: LectureId, userId: UserId, byUserId: UserId): Promise<void> {
    await this.#mutex.run(lectureId, async () => {
      if (!(await this.of(lectureId)).includes(userId)) throw new CodedError('participant.notFound', 'This person was not removed from the lecture. Reload the page.');
      const live = this.#options.live(lectureId);
      if (live) return live.removals.lift(userId, byUserId);
      await this.#options.ownership.run(lectureId, async ({ log }) => {
        await log.append({ atMs: log.lastAtMs, type: 'participant.readmitted', data: { userId, byUserId } }).written;
      });
    });
  }
}
