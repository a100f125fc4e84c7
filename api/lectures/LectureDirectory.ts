import type { LectureChange, LectureFacts, NewLecture } from '#engine';
import type { ChatMessage, CourseId, CourseRole, Lecture, LectureId, UserId } from '#engine/contract';

/** A lecture, live or not, with what the pages want to know beside the engine's view. */
export interface LectureEntry extends Lecture {
  durationMinutes: number | null;
  /** In the room now; 0 when it is not on the air. */
  participantCount: number;
}

/** The lectures, as the API needs them of the engine, which keeps and runs them. */
export interface LectureDirectory extends LectureFacts {
  schedule(lecture: NewLecture): Promise<LectureEntry>;
  /** @throws CodedError `lecture.notFound` */
  get(lectureId: LectureId): Promise<LectureEntry>;
  /** In no particular order. */
  ofCourse(courseId: CourseId): Promise<LectureEntry[]>;
  /** @throws CodedError `lecture.alreadyLive` for a plan that is past changing */
  update(lectureId: LectureId, change: LectureChange): Promise<LectureEntry>;
  /** @throws CodedError `lecture.alreadyLive` once it is on its way to the air */
  cancel(lectureId: LectureId): Promise<void>;
  /** @throws CodedError `lecture.alreadyLive` with the `lectureId` that is on the air or on its way there, this one or another of its course; `lecture.ended` */
  start(lectureId: LectureId): Promise<LectureEntry>;
  /** @throws CodedError `lecture.notLive`, `lecture.ended` */
  end(lectureId: LectureId): Promise<LectureEntry>;
  /** The undeleted messages in their order. */
  chatOf(lectureId: LectureId): Promise<readonly ChatMessage[]>;
  /** Someone left or was removed from the course: they are out of its live rooms, the media and the chat at once. */
  expel(request: { courseId: CourseId; userId: UserId; byUserId: UserId }): Promise<void>;
  /** Someone is something else in the course from now on, in its live rooms too. */
  setRole(change: { courseId: CourseId; userId: UserId; role: CourseRole }): Promise<void>;
}
