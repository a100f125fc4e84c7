import { isOnAir, lectureView, removalsChanged, rightsChanged } from '#engine';
import type { LectureOwners, LectureRegistry, LectureRow } from '#engine';
import { LectureId } from '#engine/contract';
import type { Bus, Clock, Presence } from '#engine/kernel';
import { closeCourse } from './closeCourse.ts';
import type { LectureDirectory, LectureEntry } from './LectureDirectory.ts';

export interface EngineDirectoryOptions {
  registry: LectureRegistry;
  owners: LectureOwners;
  /** Carries changes of rights to the rooms and the media of every process. */
  bus: Bus;
  /** Who is in the rooms of other processes. */
  presence: Presence;
  /** Its video has the title of the lecture. */
  onRenamed: (lectureId: LectureId, title: string) => Promise<void>;
  clock: Clock;
}

/** The `LectureDirectory` over the engine: what is stored is read here; what a lecture's owner does is requested of it. */
export function engineDirectory({ registry, owners, bus, presence, onRenamed, clock }: EngineDirectoryOptions): LectureDirectory {
  const entry = async (row: LectureRow): Promise<LectureEntry> => {
    const live = registry.live(LectureId.parse(row._id));
    const participantCount = live?.roster.peopleCount ?? (isOnAir(row.state) ? await presence.countPeople(row._id) : 0);
    return { ...lectureView(row), ...live?.view, durationMinutes: row.durationMinutes, participantCount, series: row.series ?? null };
  };
  const get = async (lectureId: LectureId) => entry(await registry.get(lectureId));
  return {
    get,
    row: (lectureId) => registry.get(lectureId),
    schedule: async (lecture) => entry(await registry.schedule(lecture)),
    entriesOf: (rows) => Promise.all(rows.map(entry)),
    ofCourse: async (courseId) => Promise.all((await registry.ofCourse(courseId)).map(entry)),
    currentOf: async (courseIds) => Promise.all((await registry.currentOf(courseIds)).map(entry)),
    onAir: async () => Promise.all((await registry.onAir()).map(entry)),
    update: async (lectureId, change) => {
      const row = await registry.update(lectureId, change);
      if (change.title !== undefined) {
        owners.renamed(lectureId);
        await onRenamed(lectureId, change.title);
      }
      return entry(row);
    },
    cancel: (lectureId) => registry.cancel(lectureId),
    start: async (lectureId) => {
      await owners.start(lectureId);
      return get(lectureId);
    },
    untilLive: async (lectureId) => {
      await owners.untilLive(lectureId);
      return get(lectureId);
    },
    end: async (lectureId) => {
      await owners.end(lectureId, 'presenter');
      return get(lectureId);
    },
    removedFrom: (lectureId) => registry.removals.of(lectureId),
    readmit: async (lectureId, { userId, byUserId }) => {
      await owners.readmit(lectureId, { userId, byUserId });
      bus.publish(removalsChanged, { userId, lectureId });
    },
    chatPage: (lectureId, request) => registry.chats.page(lectureId, request),
    courseOf: (lectureId) => registry.courseOf(lectureId),
    isRemoved: (userId, lectureId) => registry.isRemoved(userId, lectureId),
    setRole: async ({ courseId, userId, role }) => {
      registry.setRole(userId, courseId, role);
      bus.publish(rightsChanged, { userId, courseId, hasLeft: false });
    },
    closeCourse: (courseId, options) => closeCourse(courseId, { registry, owners, clock, ...options }),
    expel: async ({ courseId, userId, byUserId }) => {
      const hasLeft = byUserId === userId;
      registry.expel(userId, courseId, hasLeft ? 'left' : 'expelled');
      bus.publish(rightsChanged, { userId, courseId, hasLeft });
    },
  };
}
