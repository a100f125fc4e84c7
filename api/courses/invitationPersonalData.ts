import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { InvitationStore } from './InvitationStore.ts';

/** The invitations that the person has made or used. */
export const invitationPersonalData: OpenPersonalSource = ({ database }) => {
  const invitations = new InvitationStore(database);
  return {
    name: 'invitations',
    collections: ['invitations'],
    rows: async ({ userId }) =>
      (await invitations.ofUser(userId)).map(({ courseId, role, createdBy, createdAt, expiresAt, usedBy }) => ({ courseId, role, createdAt, expiresAt, isMade: createdBy === userId, isUsed: usedBy === userId })),
    erase: ({ userId }) => invitations.erase(userId),
  };
};
