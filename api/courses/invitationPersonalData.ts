import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { InvitationStore } from './InvitationStore.ts';

/** The invitations that the person has made or used. */
export const invitationPersonalData: OpenPersonalSource = ({ database }) => {
  const invitations = new InvitationStore(database);
  return {
    name: 'invitations',
    collections: ['invitations', 'invitationUses'],
    rows: async ({ userId }) => {
      const made = (await invitations.ofUser(userId)).map(({ _id, courseId, role, createdAt, expiresAt, createdBy }) => ({ invitationId: _id, courseId, role, createdAt, expiresAt, isMade: createdBy === userId }));
      return [...made, ...(await invitations.usesOfUser(userId)).map((invitationId) => ({ invitationId, isUsed: true }))];
    },
    erase: ({ userId }) => invitations.erase(userId),
  };
};
