import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { LinkStore } from './LinkStore.ts';

/** The sharing links that the person has created, without their secrets. They stay with their course. */
export const sharingPersonalData: OpenPersonalSource = ({ database }) => {
  const links = new LinkStore(database);
  return {
    name: 'sharing-links',
    collections: ['sharingLinks'],
    rows: async ({ userId }) => (await links.createdBy(userId)).map(({ videoId, label, sites, expiresAt, createdAt }) => ({ videoId, label, sites, expiresAt, createdAt })),
    erase: ({ userId }) => links.forgetCreator(userId),
  };
};
