import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { SeriesStore } from './SeriesStore.ts';

/** The series of lectures that the person has made. They stay with their courses. */
export const seriesPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new SeriesStore(database);
  return {
    name: 'series',
    collections: ['lectureSeries'],
    rows: async ({ userId }) => (await store.madeBy(userId)).map(({ courseId, title, weekdays, startTime, firstDate, createdAt }) => ({ courseId, title, weekdays, startTime, firstDate, createdAt })),
    erase: ({ userId }) => store.eraseCreator(userId),
  };
};
