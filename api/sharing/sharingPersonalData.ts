import { systemClock } from '#engine/kernel';
import { VideoTrash } from '#recorder';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { LinkStore } from './LinkStore.ts';

/** The sharing links that the person has created, without their secrets, and who deleted a video. Links and videos stay with their course. */
export const sharingPersonalData: OpenPersonalSource = ({ database }) => {
  const [links, trash] = [new LinkStore(database), new VideoTrash({ database, clock: systemClock })];
  return {
    name: 'sharing-links',
    collections: ['sharingLinks'],
    rows: async ({ userId }) => (await links.createdBy(userId)).map(({ videoId, label, sites, expiresAt, createdAt }) => ({ videoId, label, sites, expiresAt, createdAt })),
    erase: async ({ userId }) => {
      await links.forgetCreator(userId);
      await trash.forgetPerson(userId);
    },
  };
};
