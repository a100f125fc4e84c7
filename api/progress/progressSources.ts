import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AttendanceStore } from './AttendanceStore.ts';
import { WatchedStore } from './WatchedStore.ts';

/** Which parts of videos the person has watched. */
export const watchedPersonalData: OpenPersonalSource = ({ database }) => {
  const watched = new WatchedStore(database);
  return {
    name: 'watched',
    collections: ['watched'],
    rows: async ({ userId }) => (await watched.ofUser(userId)).map(({ videoId, courseId, ranges, updatedAt }) => ({ videoId, courseId, ranges, updatedAt })),
    erase: ({ userId }) => watched.forget(userId),
  };
};

/** How long the person was present in lectures. */
export const attendancePersonalData: OpenPersonalSource = ({ database }) => {
  const attendance = new AttendanceStore(database);
  return {
    name: 'attendance',
    collections: ['attendance'],
    rows: async ({ userId }) => (await attendance.ofUser(userId)).map(({ lectureId, courseId, presentMs, lectureMs }) => ({ lectureId, courseId, presentMs, lectureMs })),
    erase: ({ userId }) => attendance.forget(userId),
  };
};
