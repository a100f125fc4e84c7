import { erasedUserId, formerInstructorName } from '#engine/contract';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { CourseSearch } from './CourseSearch.ts';
import { CourseStore } from './CourseStore.ts';

/** The courses that the person owns. They stay, and their owner becomes a former instructor, by whose name they are found. */
export const coursePersonalData: OpenPersonalSource = ({ database }) => {
  const [courses, search] = [new CourseStore(database), new CourseSearch(database)];
  return {
    name: 'courses',
    collections: ['courses', 'courseWords'],
    rows: async ({ userId }) => (await courses.ownedBy(userId)).map(({ _id, title, description, tags, state, createdAt }) => ({ courseId: _id, title, description, tags, state, createdAt })),
    erase: async ({ userId }) => {
      for (const course of await courses.ownedBy(userId)) if (course.deletedAt === null) await search.put(course, formerInstructorName);
      await courses.replaceOwner(userId, erasedUserId);
    },
  };
};
