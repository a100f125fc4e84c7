import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { CalendarFeedStore } from './CalendarFeedStore.ts';

/** The calendar links of the person, without their secrets. */
export const calendarPersonalData: OpenPersonalSource = ({ database }) => {
  const store = new CalendarFeedStore(database);
  return {
    name: 'calendar-links',
    collections: ['calendarFeeds'],
    rows: async ({ userId }) => (await store.ofUser(userId)).map(({ courseId, createdAt }) => ({ courseId, createdAt })),
    erase: ({ userId }) => store.removeAll(userId),
  };
};
