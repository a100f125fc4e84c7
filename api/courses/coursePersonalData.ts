import { erasedUserId } from '#engine/contract';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { CourseStore } from './CourseStore.ts';

/** The courses that the person owns. They stay, and their owner becomes a former instructor. */
export const coursePersonalData: OpenPersonalSource = ({ database }) => {
  const courses = new CourseStore(database);
  return {
    name: 'courses',
    collections: ['courses'],
    rows: async ({ userId }) => (await courses.ownedBy(userId)).map(({ _id, title, description, createdAt }) => ({ courseId: _id, title, description, createdAt })),
    erase: ({ userId }) => courses.replaceOwner(userId, erasedUserId),
  };
};
