import { erasedUserId } from '#engine/contract';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AnnouncementStore } from './AnnouncementStore.ts';

/** The announcements of the person, which stay without the author, and how far the person has read those of others. */
export const announcementPersonalData: OpenPersonalSource = ({ database }) => {
  const announcements = new AnnouncementStore(database);
  return {
    name: 'announcements',
    collections: ['announcements', 'announcementReads'],
    rows: async ({ userId }) => (await announcements.byAuthor(userId)).map(({ courseId, title, text, createdAt, editedAt }) => ({ courseId, title, text, createdAt, editedAt })),
    erase: async ({ userId }) => {
      await announcements.forgetReader(userId);
      await announcements.replaceAuthor(userId, erasedUserId);
    },
  };
};
