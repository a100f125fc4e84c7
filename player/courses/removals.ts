import type { RemovedPerson } from '#api/contract';
import { api } from '../app/services.ts';
import { text } from '../text/index.ts';

/** The people who were removed from a course or a lecture, and the way back in. */
export interface Removals {
  /** Of the course or the lecture. */
  id: string;
  list: (signal: AbortSignal) => Promise<{ people: readonly Omit<RemovedPerson, 'removedAt'>[] }>;
  readmit: (userId: string) => Promise<unknown>;
  /** Not in a studio, whose screen students may see. */
  showsEmail: boolean;
  /** Says that a person can join again. */
  readmitted: (name: string) => string;
}

export function removalsFromCourse(courseId: string): Removals {
  return {
    id: courseId,
    list: (signal) => api.listRemovedMembers({ params: { courseId } }, { signal }),
    readmit: (userId) => api.readmitMember({ params: { courseId, userId } }),
    showsEmail: true,
    readmitted: text.course.readmitted,
  };
}

export function removalsFromLecture(lectureId: string): Removals {
  return {
    id: lectureId,
    list: (signal) => api.listRemovedParticipants({ params: { lectureId } }, { signal }),
    readmit: (userId) => api.readmitParticipant({ params: { lectureId, userId } }),
    showsEmail: false,
    readmitted: text.room.readmitted,
  };
}
