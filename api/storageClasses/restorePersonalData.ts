import { openRestoreRequests } from '#recorder';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';

/** The archived videos that the person has asked for and that are not back yet. */
export const restorePersonalData: OpenPersonalSource = ({ database }) => {
  const requests = openRestoreRequests(database);
  return {
    name: 'video-restores',
    collections: ['restoreRequests'],
    rows: async ({ userId }) => (await requests.find({ userId })).map(({ videoId, requestedAt }) => ({ videoId, requestedAt })),
    erase: async ({ userId }) => void (await requests.deleteMany({ userId })),
  };
};
