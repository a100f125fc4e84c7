import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { EnrolmentStore } from './EnrolmentStore.ts';

/** The person's role in each course. */
export const enrolmentPersonalData: OpenPersonalSource = ({ database }) => {
  const enrolments = new EnrolmentStore(database);
  return {
    name: 'enrolments',
    collections: ['enrolments'],
    rows: async ({ userId }) => (await enrolments.ofUser(userId)).map(({ courseId, role, enrolledAt }) => ({ courseId, role, enrolledAt })),
    erase: ({ userId }) => enrolments.removeAllOf(userId),
  };
};
