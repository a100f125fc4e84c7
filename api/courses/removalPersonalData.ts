import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { RemovalStore } from './RemovalStore.ts';

/** The courses from which the person was removed. */
export const removalPersonalData: OpenPersonalSource = ({ database }) => {
  const removals = new RemovalStore(database);
  return {
    name: 'removals',
    collections: ['courseRemovals'],
    rows: async ({ userId }) => (await removals.ofUser(userId)).map(({ courseId, removedAt }) => ({ courseId, removedAt })),
    erase: ({ userId }) => removals.erase(userId),
  };
};
