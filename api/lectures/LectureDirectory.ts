import type { ChatPage, ChatPageRequest, LectureChange, LectureFacts, LectureRow, NewLecture, SeriesPlace } from '#engine';
import type { CourseId, CourseRole, Lecture, LectureId, UserId } from '#engine/contract';

/** A lecture in any state, with fields that the pages need beside the engine's view. */
export interface LectureEntry extends Lecture {
  durationMinutes: number | null;
  /** People in the room now; 0 unless the lecture is live. */
  participantCount: number;
  series: SeriesPlace | null;
}

/** The API's port to the engine's lectures. */
export interface LectureDirectory extends LectureFacts {
  schedule(lecture: NewLecture): Promise<LectureEntry>;
  /** @throws CodedError `lecture.notFound` */
  get(lectureId: LectureId): Promise<LectureEntry>;
  /** As it is stored. @throws CodedError `lecture.notFound` */
  row(lectureId: LectureId): Promise<LectureRow>;
  /** Of lectures that were read just now, in their order. Reads nothing but the number of people in lectures that are live elsewhere. */
  entriesOf(rows: readonly LectureRow[]): Promise<LectureEntry[]>;
  /** In no particular order. */
  ofCourse(courseId: CourseId): Promise<LectureEntry[]>;
  /** Those of several courses that are live or scheduled. */
  currentOf(courseIds: readonly CourseId[]): Promise<LectureEntry[]>;
  /** Those of all courses that are live or interrupted. */
  onAir(): Promise<LectureEntry[]>;
  /** @throws CodedError `lecture.alreadyLive` for the schedule of a lecture that has started */
  update(lectureId: LectureId, change: LectureChange): Promise<LectureEntry>;
  /** @throws CodedError `lecture.alreadyLive` once the lecture is starting */
  cancel(lectureId: LectureId): Promise<void>;
  /** @throws CodedError `lecture.alreadyLive` with the `lectureId` of the lecture of this course that is live or starting; `lecture.ended` */
  start(lectureId: LectureId): Promise<LectureEntry>;
  /** A lecture that is live or starting, when it is live. @throws CodedError `lecture.notLive` if it does not start */
  untilLive(lectureId: LectureId): Promise<LectureEntry>;
  /** @throws CodedError `lecture.notLive`, `lecture.ended` */
  end(lectureId: LectureId): Promise<LectureEntry>;
  removedFrom(lectureId: LectureId): Promise<UserId[]>;
  /** Lifts a removal. @throws CodedError `participant.notFound` without one */
  readmit(lectureId: LectureId, readmitted: { userId: UserId; byUserId: UserId }): Promise<void>;
  chatPage(lectureId: LectureId, request: ChatPageRequest): Promise<ChatPage>;
  /** Ends the participation of a person who left the course or was removed from it: live rooms, media and chat. */
  expel(request: { courseId: CourseId; userId: UserId; byUserId: UserId }): Promise<void>;
  /** Ends the live lecture of a course, and cancels its scheduled ones unless they are kept. @throws the first error, when all that can be closed are */
  closeCourse(courseId: CourseId, options?: { keepsScheduled: boolean }): Promise<void>;
  /** Applies a person's new course role to the live rooms of the course. */
  setRole(change: { courseId: CourseId; userId: UserId; role: CourseRole }): Promise<void>;
}
