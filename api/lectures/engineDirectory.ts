import { lectureView } from '#engine';
import type { LectureRegistry, LectureRow } from '#engine';
import { LectureId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { LectureDirectory, LectureEntry } from './LectureDirectory.ts';

export interface EngineDirectoryOptions {
  registry: LectureRegistry;
  /** A person lost access to these lectures; cached permissions must be dropped. */
  onExpelled: (expelled: { userId: UserId; lectureIds: readonly LectureId[] }) => void;
  /** Its video has the title of the lecture. */
  onRenamed: (lectureId: LectureId, title: string) => Promise<void>;
}

/** The `LectureDirectory` over the engine's `LectureRegistry`. */
export function engineDirectory({ registry, onExpelled, onRenamed }: EngineDirectoryOptions): LectureDirectory {
  const entry = (row: LectureRow): LectureEntry => {
    const live = registry.live(LectureId.parse(row._id));
    return { ...lectureView(row), ...live?.view, durationMinutes: row.durationMinutes, participantCount: live?.roster.peopleCount ?? 0 };
  };
  const get = async (lectureId: LectureId) => entry(await registry.get(lectureId));
  return {
    get,
    schedule: async (lecture) => entry(await registry.schedule(lecture)),
    ofCourse: async (courseId) => (await registry.ofCourse(courseId)).map(entry),
    currentOf: async (courseIds) => (await registry.currentOf(courseIds)).map(entry),
    update: async (lectureId, change) => {
      const row = await registry.update(lectureId, change);
      if (change.title !== undefined) await onRenamed(lectureId, change.title);
      return entry(row);
    },
    cancel: (lectureId) => registry.cancel(lectureId),
    start: async (lectureId) => {
      await registry.start(lectureId);
      return get(lectureId);
    },
    untilLive: async (lectureId) => {
      await registry.requireLive(lectureId);
      return get(lectureId);
    },
    end: async (lectureId) => {
      await registry.end(lectureId, 'presenter');
      return get(lectureId);
    },
    removedFrom: (lectureId) => registry.removals.of(lectureId),
    readmit: (lectureId, { userId, byUserId }) => registry.removals.lift(lectureId, userId, byUserId),
    chatPage: (lectureId, request) => registry.chatPage(lectureId, request),
    courseOf: (lectureId) => registry.courseOf(lectureId),
    isRemoved: (userId, lectureId) => registry.isRemoved(userId, lectureId),
    setRole: async ({ courseId, userId, role }) => registry.setRole(userId, courseId, role),
    closeCourse: (courseId) => registry.closeCourse(courseId),
    expel: async ({ courseId, userId, byUserId }) => {
      registry.expel(userId, courseId, byUserId === userId ? 'left' : 'expelled');
      const lectures = await registry.ofCourse(courseId);
      onExpelled({ userId, lectureIds: lectures.map(({ _id }) => LectureId.parse(_id)) });
    },
  };
}
