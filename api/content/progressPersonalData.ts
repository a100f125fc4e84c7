import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { ProgressStore } from './ProgressStore.ts';

/** Where the person stopped in each video. */
export const progressPersonalData: OpenPersonalSource = ({ database }) => {
  const progress = new ProgressStore(database);
  return {
    name: 'progress',
    collections: ['progress'],
    rows: async ({ userId }) => (await progress.ofUser(userId)).map(({ videoId, positionSeconds, isFinished, updatedAt }) => ({ videoId, positionSeconds, isFinished, updatedAt })),
    erase: ({ userId }) => progress.removeAllOf(userId),
  };
};
