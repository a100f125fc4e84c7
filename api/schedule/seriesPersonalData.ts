import { erasedUserId } from '#engine/contract';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { SeriesStore } from './SeriesStore.ts';

/** The series that the person has planned. They stay. */
export const seriesPersonalData: OpenPersonalSource = ({ database }) => {
  const series = new SeriesStore(database);
  return {
    name: 'series',
    collections: ['lectureSeries'],
    rows: async ({ userId }) => (await series.createdBy(userId)).map(({ _id, courseId, title, createdAt }) => ({ seriesId: _id, courseId, title, createdAt })),
    erase: ({ userId }) => series.replaceCreator(userId, erasedUserId),
  };
};
