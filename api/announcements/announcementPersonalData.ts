import { withoutName } from '#engine';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { AnnouncementStore } from './AnnouncementStore.ts';

/** The announcements of the person, which stay with their courses, and how far the person has read those of others. */
export const announcementPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new AnnouncementStore(database);
  return {
    name: 'announcements',
    collections: ['announcements', 'announcementReads'],
    rows: async ({ userId }) => [
      ...(await store.byAuthor(userId)).map(({ courseId, title, text, createdAt, editedAt }) => ({ courseId, title, text, createdAt, editedAt })),
      ...(await store.readsOf(userId)),
    ],
    erase: (person) => store.erasePerson(person.userId, (text) => withoutName(text, { names: [person.displayName], marks: [person.email, person.userId] }, true)),
  };
};
