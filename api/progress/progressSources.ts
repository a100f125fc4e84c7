import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AttendanceStore } from './AttendanceStore.ts';
import { WatchedStore } from './WatchedStore.ts';

/** How long the person was in each lecture. */
export const attendancePersonalData: OpenPersonalSource = ({ database }) => {
  const store = new AttendanceStore(database);
  return {
    name: 'attendance',
    collections: ['attendance'],
    rows: async ({ userId }) => (await store.ofUser(userId)).map(({ lectureId, courseId, presentMs, lectureMs }) => ({ lectureId, courseId, presentMs, lectureMs })),
    erase: ({ userId }) => store.forget(userId),
  };
};

/** What the person has watched of each video. */
export const watchedPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new WatchedStore(database);
  return {
    name: 'watched',
    collections: ['watched'],
    rows: async ({ userId }) => (await store.ofUser(userId)).map(({ videoId, courseId, ranges, updatedAt }) => ({ videoId, courseId, ranges, updatedAt })),
    erase: ({ userId }) => store.forget(userId),
  };
};
